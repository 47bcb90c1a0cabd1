import assert from 'node:assert/strict';
import { it } from 'node:test';
import { skipWithoutClaude } from '../support/claude-cli.ts';
import { SimulatedServer, usualModel } from '../support/simulated-server.ts';

const tool = { type: 'function', function: { name: 'step', parameters: { type: 'object', properties: {} } } };

/** An agent that has called one tool so many times, its last result not answered yet. */
function agent(steps: number, callId: (step: number) => string) {
  const messages: unknown[] = [{ role: 'user', content: 'Begin.' }];
  for (let step = 0; step < steps; step += 1) {
    const id = callId(step);
    messages.push(
      { role: 'assistant', tool_calls: [{ id, type: 'function', function: { name: 'step', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: id, content: `result ${step}` },
    );
  }
  return messages;
}

interface Block {
  type: string;
  is_error?: boolean;
  content?: { text: string }[];
}

function results(body: unknown): (string | undefined)[] {
  const { messages } = body as { messages: { role: string; content: Block[] | string }[] };
  const blocks = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
  return blocks.filter(({ type }) => type === 'tool_result').map((block) => block.content?.[0]?.text);
}

it('brings every result of a long agent loop to the model, whatever its ids look like', {
  skip: skipWithoutClaude,
}, async () => {
  await using server = await SimulatedServer.start();
  for (const [steps, callId] of [
    [65, (step: number) => `toolu_${step}x`],
    [4, () => 'call_0'],
    [3, (step: number) => (step === 0 ? 'x' : `x_${step + 1}`)],
    [2, (step: number) => `functions.step:${step}`],
  ] as const) {
    const response = await server.post({ model: usualModel, tools: [tool], messages: agent(steps, callId) });
    assert.equal(response.status, 200, await response.text());
    const expected = Array.from({ length: steps }, (_, step) => `result ${step}`);
    assert.deepEqual(results(server.simulator.lastRequest()?.body), expected);
  }
});

it('refuses a tool whose schema the CLI would leave out, and names it', { skip: skipWithoutClaude }, async () => {
  await using server = await SimulatedServer.start();
  const bad = { type: 'object', properties: { 'bad key': { type: 'string' } } };
  const tools = [tool, { type: 'function', function: { name: 'odd', parameters: bad } }];
  const response = await server.post({ model: usualModel, tools, messages: [{ role: 'user', content: 'Hi' }] });
  assert.equal(response.status, 400);
  assert.match(await response.text(), /'odd'/);
});
