import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { clientClis, runClient, skipWithoutClients } from '../support/client-clis.ts';
import { SimulatedServer } from '../support/simulated-server.ts';

const models = {
  'Claude Code': 'claude-sonnet-5',
  Codex: 'gpt-5.5',
  'Gemini CLI': 'gemini-2.5-pro',
  'Qwen Code': 'qwen3-coder-plus',
};
const prompt = 'Which word does the file notes.txt hold?';

describe('each CLI as a client of this server, in front of each', {
  skip: skipWithoutClients,
  timeout: 600_000,
}, () => {
  let server: SimulatedServer;
  before(async () => {
    server = await SimulatedServer.start({ clis: 'all' });
  });
  after(() => server[Symbol.asyncDispose]());

  for (const client of clientClis) {
    for (const [title, model] of Object.entries(models)) {
      it(`${client.title}: ${title} answers`, async () => {
        const word = `zebra-${Math.random().toString(36).slice(2, 8)}`;
        const directory = mkdtempSync(join(server.home.directory, 'project-'));
        const file = join(directory, 'notes.txt');
        writeFileSync(file, `${word}\n`);
        using _ = server.simulator.script(
          ({ rawBody }) => rawBody.includes(prompt),
          ({ prompt: { toolResults }, rawBody }) => {
            const [result] = toolResults.slice(-1);
            if (result !== undefined)
              return [{ type: 'text', text: `It says: ${/zebra-\w+/.exec(result)?.[0] ?? result}` }];
            const call = client.readCall(file);
            // As the model knows it: some CLIs give a tool a name of their own.
            const [, name = call.name] = new RegExp(`"name": ?"(\\w*${call.name}\\w*)"`).exec(rawBody) ?? [];
            return [{ type: 'call', ...call, name }];
          },
        );
        const { code, output, errors } = await runClient(client, {
          directory,
          home: server.home,
          url: server.url,
          model,
          prompt,
        });
        assert.ok(output.includes(`It says: ${word}`), `${code}\n${output.slice(-2_000)}\n${errors.slice(-2_000)}`);
      });
    }
  }
});
