const longest = 1000;

/** Text that came from elsewhere, made fit for a header value or a terminal: visible ASCII, bounded in length. */
export function headerText(text: string): string {
  return text.slice(0, longest).replace(/[^\x20-\x7e]/g, '?');
}

/** Names as a comma list. */
export function headerList(names: readonly string[]): string {
  return headerText(names.map((name) => name.replaceAll(',', '?')).join(', '));
}
