import { createInterface } from 'node:readline';

/**
 * A program of its own: an MCP server over standard streams that passes every message on to the door whose URL is in
 * `MCP_DOOR_URL`, for agents that know no other kind of server. It ends with its input.
 */
const door = process.env.MCP_DOOR_URL ?? '';

createInterface(process.stdin)
  .on('line', (line) => {
    if (line.trim() !== '') void relay(line);
  })
  // A call that still waits would keep it.
  .once('close', () => process.exit());

async function relay(message: string): Promise<void> {
  try {
    const response = await fetch(door, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: message,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the door answered with ${response.status}`);
    for (const reply of repliesIn(text)) process.stdout.write(`${reply}\n`);
  } catch {
    refuse(message);
  }
}

/** The messages of a body: an event stream holds them behind `data:`, whose heartbeats are comments. */
function repliesIn(body: string): string[] {
  if (body.startsWith('{')) return [body];
  return body.split('\n').flatMap((line) => (line.startsWith('data:') ? [line.slice('data:'.length).trim()] : []));
}

/** The door is gone: whoever waits is told, notifications are nobody's loss. */
function refuse(message: string): void {
  try {
    const { id } = JSON.parse(message) as { id?: unknown };
    if (id === undefined) return;
    const error = { code: -32_603, message: 'The tools are gone.' };
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, error })}\n`);
  } catch {
    // Not JSON, so nobody waits.
  }
}
