import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawing } from './drawing.ts';
import { summarize } from './statistics.ts';

const header = {
  conditions: 'scripted model API, not a live account',
  commit: 'abc1234',
  versions: ['Some <CLI> 1.2.3'],
  node: 'v24',
  system: 'linux',
  processor: 'one',
  load: [],
  date: '2026-01-02T03:04:05.000Z',
  command: 'bench',
  commands: [],
} as const;
const none = summarize([]);
const split = { there: none, back: none, ownThere: none, ownBack: none };

test('the picture has a bar for the command and one a fifth as long for the server, and says when it was made', () => {
  const row = { id: 'new-0', title: 'new conversation', first: summarize([100]), toOneShot: 0.2, toLeanest: 1 };
  const svg = drawing(header, [
    {
      id: 'some',
      title: 'Some CLI',
      yardsticks: [{ id: 'default', title: 'one-shot', first: summarize([500]) }],
      rows: [{ ...row, ...split, overModelApi: 90 }],
      memory: undefined,
    },
  ]);
  const [command = Number.NaN, server] = [...svg.matchAll(/<rect class="\w+" x[^>]* width="([\d.]+)"/g)].map(([, w]) =>
    Number(w),
  );
  assert.equal(server, command / 5);
  assert.match(svg, /0\.20 \(100 ms\)/);
  assert.match(svg, /Some &lt;CLI> 1\.2\.3 · commit abc1234 · 2026-01-02/);
  assert.match(svg, /scripted model API, not a live account/);
});
