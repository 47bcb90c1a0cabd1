import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { AgentsFileError, readAgentsFile } from './agents-file.ts';

describe('readAgentsFile', () => {
  const home = mkdtempSync(join(tmpdir(), 'agents-file-'));
  after(() => rmSync(home, { recursive: true }));
  const options = { named: undefined, directory: home, home, environment: { KEY: 'secret' }, taken: ['claude'] };
  const file = join(home, 'agents.json');

  function read(content: unknown, more: Partial<Parameters<typeof readAgentsFile>[0]> = {}) {
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return readAgentsFile({ ...options, named: 'agents.json', ...more });
  }

  function problemOf(content: unknown): string {
    try {
      read(content);
    } catch (error) {
      assert.ok(error instanceof AgentsFileError, String(error));
      assert.ok(error.message.startsWith(`ACP_AGENTS (${file}) `) && error.message.endsWith('.'), error.message);
      return error.message.slice(`ACP_AGENTS (${file}) `.length, -1);
    }
    return assert.fail('nothing wrong');
  }

  it('finds no agents where no file is named and none is there', () => {
    assert.deepEqual(readAgentsFile(options), []);
  });

  it('finds the file in the state folder where none is named', () => {
    const usual = join(home, 'acp-agents.json');
    writeFileSync(usual, '[{"id":"goose","command":["goose","acp"]}]');
    assert.deepEqual(
      readAgentsFile(options).map(({ id }) => id),
      ['goose'],
    );
    rmSync(usual);
  });

  it('fills in what is left out', () => {
    assert.deepEqual(read([{ id: 'goose', command: ['goose', 'acp'] }]), [
      {
        id: 'goose',
        title: 'goose',
        command: ['goose', 'acp'],
        environment: {},
        prefix: 'goose/',
        tools: true,
        parallelToolCalls: true,
        options: {},
      },
    ]);
  });

  it('takes variables from our environment where they are asked for', () => {
    const env = { A: '$KEY', B: '$$KEY', C: 'cost: $5', D: '$' };
    const [entry] = read([{ id: 'x', command: ['x'], env }]);
    assert.deepEqual(entry?.environment, { A: 'secret', B: '$KEY', C: 'cost: $5', D: '$' });
  });

  it('names the file and the field that is wrong, and repeats no value', () => {
    const entry = { id: 'x', command: ['x'] };
    assert.equal(problemOf('{ sk-secret'), 'is not valid JSON');
    assert.equal(problemOf({}), 'is wrong: must be a list');
    assert.equal(
      problemOf([entry, { ...entry, id: 'X Y' }]),
      'is wrong: [1].id must be lower-case letters, digits and dashes',
    );
    assert.equal(problemOf([{ id: 'x' }]), 'is wrong: [0].command must be a list');
    assert.equal(problemOf([{ ...entry, command: [] }]), 'is wrong: [0].command must name a program');
    assert.equal(problemOf([{ ...entry, command: ['x', 1] }]), 'is wrong: [0].command[1] must be a text');
    assert.equal(problemOf([{ ...entry, env: { KEY: 1 } }]), 'is wrong: [0].env.KEY must be a text');
    assert.equal(problemOf([{ ...entry, env: { 'a b': '' } }]), 'is wrong: [0].env.a b must be the name of a variable');
    assert.equal(
      problemOf([{ ...entry, env: { KEY: '$MISSING' } }]),
      'is wrong: [0].env.KEY takes $MISSING, which is not set',
    );
    assert.equal(problemOf([{ ...entry, modells: [] }]), 'is wrong: [0] has no field modells');
    assert.equal(problemOf([{ ...entry, models: [] }]), 'is wrong: [0].models must name a model');
    assert.equal(
      problemOf([{ ...entry, prefix: 'x' }]),
      'is wrong: [0].prefix must be a word that ends in / or :, or nothing',
    );
    assert.equal(
      problemOf([{ ...entry, prefix: '' }]),
      'is wrong: [0].prefix may be empty only where models are listed',
    );
    assert.equal(problemOf([{ ...entry, vision: 'yes' }]), 'is wrong: [0].vision must be true or false');
    assert.equal(
      problemOf([{ ...entry, options: { mode: 1 } }]),
      'is wrong: [0].options.mode must be a text, true or false',
    );
    assert.equal(problemOf([{ ...entry, toolServer: 'sse' }]), 'is wrong: [0].toolServer must be http or stdio');
    for (const id of ['claude', 'claude-acp']) {
      assert.equal(
        problemOf([{ ...entry, id }]),
        'is wrong: [0].id is, or begins with, the name of another provider: claude',
      );
    }
    assert.equal(
      problemOf([{ ...entry, prefix: 'claude:' }]),
      'is wrong: [0].prefix begins with the name of another provider: claude',
    );
    assert.equal(problemOf([entry, entry]), 'is wrong: [1].id is given twice');
    assert.equal(problemOf([entry, { ...entry, id: 'y', prefix: 'x/' }]), 'is wrong: [1].prefix is given twice');
  });

  it('takes the examples of the docs', () => {
    const docs = readFileSync(join(import.meta.dirname, '../../../docs/acp-agents.md'), 'utf8');
    const examples = [...docs.matchAll(/^```json\n(.*?)^```$/gms)].map(([, json = '']) => json);
    assert.equal(examples.length, 3);
    for (const example of examples) read(example, { environment: { ANTHROPIC_API_KEY: 'secret' } });
  });

  it('says why a file that is named cannot be read', () => {
    const named = (path: string) => () => readAgentsFile({ ...options, named: path });
    assert.throws(named('none.json'), {
      message: `ACP_AGENTS (${join(home, 'none.json')}) cannot be read: there is no such file.`,
    });
    assert.throws(named('.'), { message: `ACP_AGENTS (${home}) cannot be read: it is a folder.` });
  });
});
