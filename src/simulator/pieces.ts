/** A text in the pieces in which it is streamed: words with the blanks before them, or `size` characters each. */
export function pieces(text: string, size?: number): readonly string[] {
  if (text === '') return [];
  if (size === undefined) return text.match(/\s*\S+(?:\s+$)?/g) ?? [text];
  // By code point: half a surrogate pair is not text.
  const characters = Array.from(text);
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, index) =>
    characters.slice(index * size, (index + 1) * size).join(''),
  );
}
