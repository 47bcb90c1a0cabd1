import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directives } from './directives.ts';
import { parseDirectives } from './parse-directives.ts';

test('every directive is read from its own example', () => {
  for (const [name, { example }] of Object.entries(directives)) {
    const [step, ...more] = parseDirectives(`Please ${example} now`) ?? [];
    assert.deepEqual(more, [], name);
    assert.doesNotMatch(JSON.stringify(step), /is wrong/, name);
  }
});

test('several directives make one script, in order', () => {
  assert.deepEqual(parseDirectives('a [[think Hm]] b\n[[text Hello\nthere]][[cut]]'), [
    { type: 'thinking', text: 'Hm' },
    { type: 'text', text: 'Hello\nthere' },
    { type: 'cut' },
  ]);
});

test('brackets nest in JSON arguments, in their strings and in texts', () => {
  const nested = { a: [[1, 2], [3]], b: 'x]] y "[[" {', c: { d: [] } };
  assert.deepEqual(parseDirectives(`[[call f ${JSON.stringify(nested)}]] [[text see [1] and [[2]] ]]`), [
    { type: 'call', name: 'f', arguments: nested },
    { type: 'text', text: 'see [1] and [[2]]' },
  ]);
});

test('an unpaired bracket in a text ends nothing too early', () => {
  assert.deepEqual(parseDirectives('[[text :[ ]]'), [{ type: 'text', text: ':[' }]);
});

test('a call without arguments has none', () => {
  assert.deepEqual(parseDirectives('[[call list_files]]'), [{ type: 'call', name: 'list_files', arguments: {} }]);
});

test('brackets that name nothing are no directives', () => {
  for (const text of ['', 'plain', '[[1,2],[3]]', 'if [[ -f x ]]; then', '[[Home]]', '[[a,b],[c]]']) {
    assert.equal(parseDirectives(text), undefined, text);
  }
});

const wrong: readonly [prompt: string, says: RegExp][] = [
  ['[[txt Hello]]', /\[\[txt …\]\].*no such directive.*Known: \[\[text Hello there\]\]/],
  ['[[call]]', /needs a tool's name.*\[\[call get_weather/],
  ['[[call f {"a":}]]', /not valid JSON.*Write it like \[\[call get_weather/],
  ['[[call f [1]]]', /must be a JSON object/],
  ['[[text never closed', /no closing \]\]/],
  ['[[text]]', /needs a text/],
  ['[[wait soon]]', /whole number from 0 to 3600000 \(milliseconds\), not "soon"/],
  ['[[status 200]]', /from 400 to 599/],
  ['[[fragment 0]]', /from 1 /],
  ['[[repeat 200]]', /needs a word/],
  ['[[cut now]]', /takes nothing/],
];
for (const [prompt, says] of wrong) {
  test(`${prompt} is answered with what is wrong`, () => {
    const script = parseDirectives(`[[text fine]] ${prompt}`) ?? [];
    assert.equal(script.length, 1);
    assert.ok(script[0]?.type === 'text');
    assert.match(script[0].text, says);
  });
}
