import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { readConfig } from '../../config.ts';
import { createLog } from './log.ts';
import { createPrinter } from './printer.ts';

function open(environment: Record<string, string>, terminal?: { colours: boolean }) {
  const written: string[] = [];
  const output = {
    isTTY: terminal !== undefined,
    hasColors: () => terminal?.colours ?? false,
    write: (text: string) => written.push(text),
  };
  const log = createLog({ config: readConfig({ environment, directory: '/nowhere' }), output });
  return { log, output, text: () => written.join('') };
}

describe('the log', () => {
  it('is JSON, one object a line, where nobody watches', () => {
    const { log, text } = open({});
    log.info({ model: 'm' }, 'two\nlines');
    assert.equal(JSON.parse(text().trimEnd()).msg, 'two\nlines');
    assert.equal(text().trimEnd().split('\n').length, 1);
  });

  it('is for people in a terminal, in colour only where there are colours', () => {
    const plain = open({}, { colours: false });
    plain.log.info('hello');
    assert.match(plain.text(), /^\[\d\d:\d\d:\d\d\] INFO: hello\n$/);
    const coloured = open({}, { colours: true });
    coloured.log.info('hello');
    assert.ok(coloured.text().includes('\u001b['));
  });

  it('is as talkative as the settings say', () => {
    for (const [environment, said] of [
      [{}, 'info'],
      [{ VERBOSE: 'true' }, 'debug info'],
      [{ DEBUG_MODE: 'true' }, 'trace debug info'],
    ] as const) {
      const { log, text } = open(environment);
      for (const level of ['trace', 'debug', 'info'] as const) log[level](level);
      const levels = text().trimEnd().split('\n');
      assert.equal(levels.map((line) => JSON.parse(line).msg).join(' '), said);
    }
  });

  it('holds no key: no header that carries one, no secret of the settings wherever it stands', () => {
    const secrets = { API_KEY: 'first-key-1,second-key-2', ANTHROPIC_API_KEY: 'sk-ant-"quoted"-3' };
    const { log, text } = open(secrets);
    log.error({ headers: { authorization: 'Bearer unknown', 'x-api-key': 'unknown' } }, 'key second-key-2');
    log.error({ err: new Error('refused: sk-ant-"quoted"-3') }, 'failed');
    log.error({ req: { headers: { cookie: 'unknown' } }, note: ['first-key-1'] }, 'more');
    assert.doesNotMatch(text(), /unknown|first-key-1|second-key-2|quoted/);
    for (const line of text().trimEnd().split('\n')) JSON.parse(line);
  });

  it('holds no short key either, as a word of its own, and is JSON all the same', () => {
    const { log, text } = open({ API_KEY: 'k1,a"b,level', ANTHROPIC_AUTH_TOKEN: 'sk-1234', SOME_TOKEN: 'yes' });
    log.warn({ header: 'Bearer k1', list: ['a"b', 'line\nk1'] }, 'key k1 and sk-1234, not k12 nor a-k1-b: yes');
    const { level, header, list, msg } = JSON.parse(text());
    assert.deepEqual([level, header, list], [40, 'Bearer [redacted]', ['[redacted]', 'line\n[redacted]']]);
    assert.equal(msg, 'key [redacted] and [redacted], not k12 nor a-k1-b: yes');
  });

  it('carries the banner: plain lines in a terminal, lines of the log elsewhere', () => {
    const terminal = open({}, { colours: false });
    const printer = createPrinter(terminal);
    printer.say(['Listening', '  indented']);
    printer.warn('Watch out.');
    assert.equal(stripVTControlCharacters(terminal.text()), 'Listening\n  indented\n\nWarning: Watch out.\n\n');
    const file = open({});
    createPrinter(file).say(['Listening', '  indented'], { url: 'http://x' });
    createPrinter(file).warn('Watch out.');
    const lines = file.text().trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)).map(({ level, msg, url }) => [level, msg, url]),
      [
        [30, 'Listening', 'http://x'],
        [30, 'indented', undefined],
        [40, 'Watch out.', undefined],
      ],
    );
  });
});
