import { createInterface } from 'node:readline';
import { now } from './clock.ts';

/**
 * Stands in for `claude` where the time that our own server takes is measured: it answers each message at once, with a
 * text that says when the message was here and when the answer left. A prompt with `[[call name …]]` is answered by
 * that call.
 */
export interface StandInTimes {
  readonly receivedAt: number;
  readonly answeredAt: number;
}

interface InputLine {
  type: string;
  uuid?: string;
  request_id?: string;
  request?: { subtype: string };
  shouldQuery?: boolean;
  message?: { content: { type: string; text?: string }[] };
}

function write(...lines: object[]): void {
  process.stdout.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function read(line: InputLine): void {
  const receivedAt = now();
  if (line.type === 'control_request') {
    const response = line.request?.subtype === 'list_models' ? { models: [] } : {};
    write({ type: 'control_response', response: { subtype: 'success', request_id: line.request_id, response } });
  } else if (line.type === 'user' && line.shouldQuery === false) {
    write({ type: 'command_lifecycle', command_uuid: line.uuid, state: 'completed' });
  } else if (line.type === 'user') {
    answer(line, receivedAt);
  }
}

function answer({ uuid, message }: InputLine, receivedAt: number): void {
  const text = message?.content.map((block) => block.text ?? '').join('') ?? '';
  const name = /\[\[call (\S+)/.exec(text)?.[1];
  const event = (event: object) => ({ type: 'stream_event', event });
  write(event({ type: 'message_start', message: { model: 'claude-sonnet-5', usage: {} } }));
  if (name === undefined) {
    write(event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }));
    const times: StandInTimes = { receivedAt, answeredAt: now() };
    write(event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: JSON.stringify(times) } }));
  } else {
    write(
      event({ type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: `call-${uuid}`, name } }),
    );
  }
  write(
    event({ type: 'content_block_stop', index: 0 }),
    event({ type: 'message_delta', delta: { stop_reason: name === undefined ? 'end_turn' : 'tool_use' } }),
    event({ type: 'message_stop' }),
    { type: 'result', subtype: 'success', is_error: false, user_message_uuid: uuid, usage: {} },
  );
}

if (process.argv.includes('--version')) console.log('99.0.0 (stand-in)');
else if (process.argv.includes('auth')) console.log('{"loggedIn":true,"authMethod":"api_key"}');
else createInterface(process.stdin).on('line', (line) => read(JSON.parse(line)));
