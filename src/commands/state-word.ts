import { styleText } from 'node:util';
import type { ProviderState } from '../providers/provider.ts';

/** A CLI's state for people, coloured where the terminal has colours and NO_COLOR is not set. */
export function stateWord(state: ProviderState): string {
  if (state === 'ready') return styleText('green', 'ready');
  const words = { missing: 'not found', outdated: 'too old', 'signed-out': 'not signed in', failed: 'not working' };
  return styleText('red', words[state]);
}
