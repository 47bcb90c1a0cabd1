/** JSON as people write it, with comments; undefined where it is not even that. */
export function parseCommentedJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '').replace(pieces, (piece) => (piece.startsWith('"') ? piece : ' ')));
  } catch {
    return undefined;
  }
}

/** Strings come first: what looks like a comment in one is none. */
const pieces = /"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
