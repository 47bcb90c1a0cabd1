import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { GatewayError } from '../../src/core/error.ts';
import type { Operation } from '../../src/core/operation.ts';
import { claudeCli, skipWithoutClaude } from '../support/claude-cli.ts';
import { PrivateHome } from '../support/private-home.ts';
import { tinyImages } from '../support/tiny-images.ts';
import { answered, calling, said } from './anthropic-messages.answers.ts';
import { type Model, serve } from './anthropic-messages.server.ts';

const limitMs = 60_000;

interface Run {
  output: string;
  /** What the CLI asked, decoded, oldest first. */
  asked: Operation[];
}

/** Runs the CLI once in a directory of its own, in front of a made-up model that is told which directory that is. */
async function ask(
  prompt: string,
  model: (operation: Operation, directory: string) => ReturnType<Model>,
  ...options: string[]
): Promise<Run> {
  await using home = new PrivateHome();
  const directory = join(home.directory, 'project');
  const scratch = join(home.directory, 'scratch');
  for (const folder of [directory, scratch]) mkdirSync(folder);
  writeFileSync(join(directory, 'note.txt'), 'The answer is 42.\n');
  writeFileSync(join(directory, 'dot.png'), Buffer.from(tinyImages['image/png'], 'base64'));
  const asked: Operation[] = [];
  await using server = await serve((operation) => {
    asked.push(operation);
    return model(operation, directory);
  });
  const child = spawn(claudeCli, ['--print', prompt, '--no-session-persistence', ...options], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...home.environment,
      // What the CLI leaves behind in its own folders is not this test's affair.
      TMPDIR: scratch,
      CLAUDE_CONFIG_DIR: scratch,
      ANTHROPIC_BASE_URL: server.url,
      ANTHROPIC_API_KEY: 'none',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      CLAUDE_CODE_MAX_RETRIES: '0',
    },
  });
  const output = await untilExit(child);
  return { output, asked };
}

async function untilExit(child: ChildProcessByStdio<null, Readable, Readable>): Promise<string> {
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  try {
    const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    return said + complained;
  } finally {
    clearTimeout(timer);
  }
}

const lastOf = ({ request }: Operation) => request.messages.at(-1);
const resultsOf = ({ request }: Operation) =>
  request.messages.flatMap((message) => (message.role === 'tool' ? [message] : []));
const resultOf = (operation: Operation) => resultsOf(operation).at(-1);

describe('Claude Code as a client of anthropic-messages', { skip: skipWithoutClaude, timeout: 4 * limitMs }, () => {
  it('uses its own tools and gives the answer', async () => {
    const { output, asked } = await ask('What does the note say?', (operation, directory) =>
      resultOf(operation)
        ? said(`It says: ${JSON.stringify(resultsOf(operation))}`)
        : answered(
            'tool-calls',
            { type: 'reasoning-delta', text: 'I should read it.' },
            { type: 'reasoning-end', origin: 'someone', encrypted: 'opaque' },
            { type: 'text-delta', text: 'Let me read it.' },
            ...calling(0, 'call|1', 'Read', { file_path: join(directory, 'note.txt') }),
            ...calling(1, 'call_2', 'Read', { file_path: join(directory, 'dot.png') }),
          ),
    );
    assert.match(output, /The answer is 42\./);
    const [first, second] = asked;
    assert.ok(first && second);
    assert.equal(first.stream, true);
    assert.ok(first.request.tools.some(({ name }) => name === 'Read'));
    assert.ok(!first.request.tools.some(({ name }) => name === 'DeferredToolPlaceholder'));
    assert.doesNotMatch(first.request.system ?? '', /billing/);
    assert.deepEqual([first.ignored, second.ignored], [[], []]);
    // The thinking came back whole, though this CLI does not want to see it.
    const answer = second.request.messages.findLast(({ role }) => role === 'assistant');
    assert.deepEqual(
      answer?.content.map((part) => (part.type === 'tool-call' ? part.call.id : part)),
      [
        { type: 'reasoning', text: 'I should read it.', origin: 'someone', encrypted: 'opaque' },
        { type: 'text', text: 'Let me read it.' },
        'call|1',
        'call_2',
      ],
    );
    // In whichever order the tools were done.
    const results = new Map(resultsOf(second).map(({ callId, content }) => [callId, content[0]?.type]));
    assert.deepEqual([results.get('call|1'), results.get('call_2')], ['text', 'image']);
    assert.deepEqual(second.request.messages.slice(0, first.request.messages.length), first.request.messages);
    assert.equal(second.request.system, first.request.system);
  });

  it('loads a tool that it had held back', async () => {
    const { output, asked } = await ask('Fetch it.', (operation) =>
      resultOf(operation)
        ? said('Loaded.')
        : answered('tool-calls', ...calling(0, 'a', 'ToolSearch', { query: 'select:WebFetch' })),
    );
    assert.match(output, /Loaded\./);
    const has = (operation: Operation | undefined) => operation?.request.tools.some(({ name }) => name === 'WebFetch');
    assert.deepEqual(asked.map(has), [false, true]);
    assert.match(JSON.stringify(resultOf(asked[1] as Operation)), /WebFetch/);
  });

  it('searches the web in a request of its own', async () => {
    const { asked } = await ask(
      'What is new?',
      (operation) => {
        if (operation.request.webSearch) return said('Nothing is new.');
        return resultOf(operation)
          ? said('Done.')
          : answered('tool-calls', ...calling(0, 'a', 'WebSearch', { query: 'news' }));
      },
      '--allowedTools=WebSearch',
    );
    const [, search, last] = asked;
    assert.deepEqual(
      [search?.request.webSearch, search?.request.tools, search?.ignored],
      [true, [], ['tools.0.max_uses']],
    );
    assert.match(JSON.stringify(resultOf(last as Operation)), /Nothing is new\./);
  });

  it('shows what went wrong', async () => {
    const { output } = await ask('Hi.', () => {
      throw new GatewayError('context-length-exceeded', 'The conversation is longer than this model can read.');
    });
    assert.match(output, /prompt is too long/i);
  });

  for (const model of ['claude-haiku-4-5', 'claude-sonnet-4-6', 'gpt-5']) {
    it(`says in its way for ${model} what can be understood`, async () => {
      const { output, asked } = await ask('Hi.', () => said('Hello from afar.'), '--model', model);
      assert.match(output, /Hello from afar\./);
      assert.equal(asked[0]?.request.model.startsWith(model), true);
      assert.ok(asked[0] && ['user', 'system'].includes(lastOf(asked[0])?.role ?? ''));
    });
  }
});
