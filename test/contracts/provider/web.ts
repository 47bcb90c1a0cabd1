import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { Step } from '../../../src/simulator/script.ts';
import type { Asker } from './asking.ts';
import { noteLoss } from './loss.ts';

export function webContract(asker: () => Asker): void {
  describe('web', () => {
    it('tools are the only ones of the CLI’s own, and absent where not asked for', async () => {
      const { ask, request, fixture } = asker();
      const plain = await ask(request('[[text Ready]]'));
      assert.deepEqual(plain.upstream.tools, []);
      if (!fixture.model.webTools) return;
      const { upstream } = await ask(request('[[text Ready]]'), { web: true });
      assert.deepEqual(upstream.tools.map(({ name }) => name).sort(), [...fixture.model.reservedToolNames].sort());
    });

    it('search names its sources, and stays between the model and the CLI', async (t) => {
      const { ask, request, fixture } = asker();
      const [search] = fixture.model.reservedToolNames;
      if (!fixture.model.webTools || search === undefined)
        return noteLoss(
          t,
          'There are no such web tools, or none that can be kept from this machine: a request for them is named in x-ignored-params.',
        );
      const { searchesUpstream = false } = fixture;
      const link = '[sunny](https://example.com/first)';
      const answer = `It is ${link} there.`;
      const query = 'weather in Paris';
      let asked = 0;
      using _ = fixture.simulator.script(
        ({ rawBody, prompt }) => rawBody.includes('look it up') && prompt.webSearch === searchesUpstream,
        () => {
          asked += 1;
          if (asked > 1) return [{ type: 'text', text: answer }];
          const opening: Step = { type: 'text', text: 'Let me look.' };
          if (!searchesUpstream) return [opening, { type: 'call', name: search, arguments: { query } }];
          const results = [{ title: 'A made-up result', url: 'https://example.com/first' }];
          return [opening, { type: 'web-search', query, results }, { type: 'text', text: answer, citations: results }];
        },
      );
      const { completion, text, events } = await ask(request('look it up'), { web: true });
      assert.equal(asked, searchesUpstream ? 1 : 2);
      assert.equal(completion.reason, 'stop');
      assert.equal(
        events.some(({ type }) => type.startsWith('tool-call')),
        false,
      );
      assert.ok(text.startsWith('Let me look.') && text.endsWith(answer), text);
      // An API that searches itself says which part of its text a source is for.
      const [citation] = completion.citations;
      assert.equal(citation?.url, 'https://example.com/first');
      assert.equal(text.slice(citation.start, citation.end), searchesUpstream ? answer : link);
      assert.notEqual(citation.title, '');
    });

    it('fetch reaches nothing of this machine or its networks', async (t) => {
      const { ask, request, fixture } = asker();
      const { fetchCall } = fixture;
      if (!fixture.model.webTools || fetchCall === undefined)
        return noteLoss(
          t,
          'There are no such web tools, or none that can be kept from this machine: a request for them is named in x-ignored-params.',
        );
      let hits = 0;
      const canary = createServer((_, response) => {
        hits += 1;
        response.end('caught');
      });
      canary.listen(0, '127.0.0.1');
      await once(canary, 'listening');
      const { port } = canary.address() as AddressInfo;
      const urls = [
        `http://127.0.0.1:${port}/`,
        `http://localhost:${port}/`,
        `http://[::ffff:127.0.0.1]:${port}/`,
        `http://2130706433:${port}/`,
        `http://0.0.0.0:${port}/`,
        'http://10.0.0.1/',
        'http://192.168.1.1/',
        'http://169.254.169.254/latest/meta-data/',
        'http://[fd00::1]/',
      ];
      let asked = 0;
      using _ = fixture.simulator.script(
        ({ rawBody }) => rawBody.includes('fetch them all'),
        () => {
          asked += 1;
          return asked > 1 ? [{ type: 'text', text: 'Refused.' }] : urls.map(fetchCall);
        },
      );
      try {
        const { text, completion, upstream } = await ask(request('fetch them all'), { web: true });
        assert.equal(text, 'Refused.');
        assert.deepEqual(completion.citations, []);
        const results = upstream.messages.flatMap(({ content }) => content.filter((part) => 'result' in part));
        assert.equal(results.length, urls.length);
        for (const [index, part] of results.entries())
          assert.match(JSON.stringify(part), /public|not a URL/i, urls[index]);
        assert.equal(hits, 0);
      } finally {
        canary.close();
        canary.closeAllConnections();
      }
    });
  });
}
