import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Workspace } from '../../src/process/workspace.ts';
import { AgentProcess } from '../../src/providers/acp/agent-process.ts';

/**
 * A small agent that speaks the Agent Client Protocol. It does what the prompt's lines say: `say <text>`,
 * `think <text>`, `call <tool> <arguments as JSON>` (at the first MCP server it was given), `ask <title>` (for leave),
 * `wait` (until it is cancelled), `fail <code> <message>`, `leave`; then it ends its turn.
 */
const program = `
import { createInterface } from 'node:readline';
const send = (line) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...line }) + '\\n');
const sessions = new Map();
const asked = new Map();
let next = 1;
let making = 0;
if (process.env.NOISE) process.stdout.write(process.env.NOISE + '\\n');

async function call(session, name, given) {
  const id = next++;
  send({ method: 'session/update', params: { sessionId: session.id, update: { sessionUpdate: 'tool_call', toolCallId: name + id } } });
  const response = await fetch(session.url, { method: 'POST', body: JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: given } }) });
  const { result } = JSON.parse(/^data: (.*)$/m.exec(await response.text())[1]);
  return result.content.map((block) => block.text).join('');
}

const methods = {
  initialize: () => (process.env.SILENT ? new Promise(() => {}) : { protocolVersion: 1 }),
  'session/new': async ({ mcpServers }) => {
    making += 1;
    const atOnce = making;
    await new Promise((resolve) => setTimeout(resolve, 20));
    making -= 1;
    const id = 'session-' + next++;
    sessions.set(id, { id, url: mcpServers?.[0]?.url });
    return { sessionId: id, atOnce };
  },
  'session/prompt': async ({ sessionId, prompt }) => {
    const session = sessions.get(sessionId);
    const tell = (sessionUpdate, text) =>
      send({ method: 'session/update', params: { sessionId, update: { sessionUpdate, content: { type: 'text', text } } } });
    for (const line of prompt.map(({ text }) => text).join('\\n').split('\\n')) {
      const [, word, rest] = /^(\\w+) ?(.*)$/.exec(line) ?? [];
      if (word === 'say') tell('agent_message_chunk', rest);
      if (word === 'think') tell('agent_thought_chunk', rest);
      if (word === 'call') {
        const [, name, given] = /^(\\S+) (.*)$/.exec(rest);
        const cancelled = new Promise((resolve) => { session.cancel = resolve; });
        const said = await Promise.race([call(session, name, JSON.parse(given)), cancelled]);
        if (said === undefined) return { stopReason: 'cancelled' };
        tell('agent_message_chunk', said);
      }
      if (word === 'ask') {
        const options = ['allow_always', 'allow_once', 'reject_once'].map((kind) => ({ optionId: 'the-' + kind, kind }));
        const id = 'ask-' + next++;
        send({ id, method: 'session/request_permission', params: { sessionId, toolCall: { toolCallId: id, title: rest }, options } });
        const { outcome } = await new Promise((resolve) => asked.set(id, resolve));
        tell('agent_message_chunk', outcome.optionId);
      }
      if (word === 'wait') {
        await new Promise((resolve) => { session.cancel = resolve; });
        return { stopReason: 'cancelled' };
      }
      if (word === 'fail') throw { code: Number(rest.split(' ')[0]), message: rest.split(' ').slice(1).join(' ') };
      if (word === 'leave') process.exit(3);
    }
    return { stopReason: 'end_turn' };
  },
};

createInterface(process.stdin).on('line', async (text) => {
  const { id, method, params, result } = JSON.parse(text);
  if (method === 'session/cancel') sessions.get(params.sessionId)?.cancel?.();
  if (method === undefined) asked.get(id)?.(result);
  if (method === undefined || id === undefined) return;
  try {
    send({ id, result: await methods[method](params) });
  } catch (error) {
    send({ id, error });
  }
});
process.stdin.on('end', () => {});
setInterval(() => {}, 1_000);
`;

/** A folder in which stand-ins for agents run. Disposing of it ends them. */
export class AgentStage implements AsyncDisposable {
  readonly directory = realpathSync(mkdtempSync(join(tmpdir(), 'agents-')));
  #workspace: Promise<Workspace>;
  #processes: AgentProcess[] = [];

  constructor() {
    writeFileSync(join(this.directory, 'agent.mjs'), program);
    this.#workspace = Workspace.open(join(this.directory, 'state'));
  }

  /** Starts one. */
  async start(options: { environment?: Record<string, string>; startTimeoutMs?: number } = {}): Promise<AgentProcess> {
    const agent = new AgentProcess({
      executable: process.execPath,
      arguments: [join(this.directory, 'agent.mjs')],
      environment: options.environment ?? {},
      directory: this.directory,
      workspace: await this.#workspace,
      startTimeoutMs: options.startTimeoutMs ?? 20_000,
    });
    this.#processes.push(agent);
    return agent;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map((agent) => agent.end()));
    await (await this.#workspace)[Symbol.asyncDispose]();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
