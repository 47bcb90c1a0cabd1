import { editDistance } from './edit-distance.ts';

/** Words that say how finished a model is, not which it is. */
const stages = new Set(['latest', 'preview']);

/** Whether a name is another version of one of these models: the same words, whatever their order, with other numbers. */
export function isOtherVersion(name: string, ids: readonly string[]): boolean {
  const words = sortedWords(name);
  return words !== '' && ids.some((id) => sortedWords(id) === words);
}

/**
 * Whether a name that is on no list must be a slip of the pen: all but one of its words are those of a model that is
 * there, and that one is nearly the same. Anything else may be a model that is newer than the list.
 */
export function isMisspelt(name: string, ids: readonly string[]): boolean {
  if (isOtherVersion(name, ids)) return false;
  return ids.some((id) => {
    const typed = wordsOf(name);
    const meant = wordsOf(id);
    if (typed.length !== meant.length) return false;
    const odd = typed.filter((word) => !meant.includes(word));
    const missing = meant.filter((word) => !typed.includes(word));
    const [slip = '', word = ''] = [odd[0], missing[0]];
    return odd.length === 1 && missing.length === 1 && isSlip(slip, word);
  });
}

/** One slip, or two in a long word. Short words are too easily another one. */
function isSlip(typed: string, meant: string): boolean {
  const length = Math.min(typed.length, meant.length);
  return length >= 4 && editDistance(typed, meant) <= (length >= 7 ? 2 : 1);
}

function wordsOf(name: string): string[] {
  const words =
    name
      .slice(0, 200)
      .toLowerCase()
      .match(/[a-z]{2,}/g) ?? [];
  return words.filter((word) => !stages.has(word));
}

function sortedWords(name: string): string {
  return wordsOf(name).sort().join(' ');
}
