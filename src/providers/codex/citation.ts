import type { Citation } from '../../core/event.ts';
import type { Annotation } from './wire.ts';

/**
 * A source that the model API names for a part of a message's text; undefined where it is none. `offset` is where the
 * message begins in the answer.
 */
export function citationOf(annotation: Annotation, text: string, offset: number): Citation | undefined {
  const { type, url, title, start_index: start = 0, end_index: end = start } = annotation;
  if (type !== 'url_citation' || url === undefined) return undefined;
  return { url, title: title || url, start: offset + utf16Length(text, start), end: offset + utf16Length(text, end) };
}

/** The model API counts characters, where a smiley is one; JavaScript counts it as two. */
function utf16Length(text: string, characters: number): number {
  let length = 0;
  let count = 0;
  for (const character of text) {
    if (count === characters) break;
    count += 1;
    length += character.length;
  }
  return length;
}
