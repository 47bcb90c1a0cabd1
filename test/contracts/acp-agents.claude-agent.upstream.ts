import type { RecordedRequest } from '../../src/simulator/recorder.ts';
import { readWritten } from './acp-agents.written.ts';
import { readAnthropicUpstream } from './claude.upstream.ts';
import type { Upstream, UpstreamPart } from './provider/upstream.ts';

const ownSystem = 'You are an assistant.';
/** Where Claude Code keeps an image, told after it. */
const imageSource = /^\[Image: source: [^\]]*\]$/;
const toolPrefix = 'mcp__client__';

/** A request to Anthropic's Messages API as the adapter's Claude Code sends it: its tools are named after their server. */
export function readAdapterUpstream(recorded: RecordedRequest): Upstream {
  const upstream = readAnthropicUpstream(recorded);
  return readWritten({
    ...upstream,
    model: upstream.model.replace(/^claude-sonnet-[\d-]+$/, 'acp-claude/sonnet'),
    system: upstream.system === ownSystem ? '' : upstream.system,
    tools: upstream.tools.map((tool) => ({ ...tool, name: bare(tool.name) })),
    messages: upstream.messages.map(({ role, content }) => ({ role, content: content.flatMap(readPart) })),
  });
}

/** The adapter has every conversation named. */
export function isTitleRequest({ rawBody }: RecordedRequest): boolean {
  return rawBody.includes('You are naming a coding session');
}

function readPart(part: UpstreamPart): UpstreamPart[] {
  // It ends the text before an image's place with a line end.
  if ('text' in part) return imageSource.test(part.text) ? [] : [{ text: part.text.replace(/\n$/, '') }];
  return ['call' in part ? { ...part, name: bare(part.name) } : part];
}

function bare(name: string): string {
  return name.startsWith(toolPrefix) ? name.slice(toolPrefix.length) : name;
}
