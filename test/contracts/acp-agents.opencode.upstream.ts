import type { RecordedRequest } from '../../src/simulator/recorder.ts';
import { readWritten } from './acp-agents.written.ts';
import type { Upstream, UpstreamPart } from './provider/upstream.ts';
import { readChatUpstream } from './qwen.upstream.ts';

/** What opencode says of itself and of where it runs, in one system message ahead of everything. */
const ownSystem = /^You are an assistant\.\nYou are powered by the model [\s\S]*<\/env>$/;
const toolPrefix = 'client_';

/** A chat completions request as opencode sends it: its tools are named after their server. */
export function readOpencodeUpstream(recorded: RecordedRequest): Upstream {
  const upstream = readChatUpstream(recorded);
  return readWritten({
    ...upstream,
    model: `opencode/sim/${upstream.model}`,
    system: upstream.system.replace(ownSystem, ''),
    tools: upstream.tools.map((tool) => ({ ...tool, name: bare(tool.name) })),
    messages: upstream.messages.map(({ role, content }) => ({ role, content: content.flatMap(readPart) })),
  });
}

/** Ahead of calls without a word there is an empty text. */
function readPart(part: UpstreamPart): UpstreamPart[] {
  if ('text' in part && part.text === '') return [];
  return ['call' in part ? { ...part, name: bare(part.name) } : part];
}

function bare(name: string): string {
  return name.startsWith(toolPrefix) ? name.slice(toolPrefix.length) : name;
}
