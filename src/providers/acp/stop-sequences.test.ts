import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StopSequences } from './stop-sequences.ts';

function cut(sequences: string[], pieces: string[]) {
  const stops = new StopSequences(sequences);
  const said = pieces.map((piece) => stops.feed(piece));
  return { said, rest: stops.flush(), found: stops.found };
}

describe('StopSequences', () => {
  it('passes text on at once where nothing can stop it', () => {
    assert.deepEqual(cut([], ['one', ' two']), { said: ['one', ' two'], rest: '', found: undefined });
    assert.deepEqual(cut(['END'], ['one', ' two']), { said: ['one', ' two'], rest: '', found: undefined });
  });

  it('cuts at a sequence, also where it is split between pieces', () => {
    assert.deepEqual(cut(['END'], ['one END two']), { said: ['one '], rest: '', found: 'END' });
    assert.deepEqual(cut(['END'], ['one E', 'N', 'D two', ' three']), {
      said: ['one ', '', '', ''],
      rest: '',
      found: 'END',
    });
  });

  it('gives back what only looked like a beginning', () => {
    assert.deepEqual(cut(['END'], ['one E', 'very', ' E']), {
      said: ['one ', 'Every', ' '],
      rest: 'E',
      found: undefined,
    });
  });

  it('cuts at the first of several, and names the longer of two in one place', () => {
    assert.equal(cut(['two', 'one'], ['one two']).found, 'one');
    assert.equal(cut(['E', 'END'], ['END']).found, 'END');
  });

  it('takes blank sequences and repeated characters', () => {
    assert.deepEqual(cut(['\n\n'], ['a\n', '\nb']), { said: ['a', ''], rest: '', found: '\n\n' });
    assert.deepEqual(cut(['aab'], ['aa', 'ab']), { said: ['', 'a'], rest: '', found: 'aab' });
    assert.equal(cut([''], ['text']).found, undefined);
  });
});
