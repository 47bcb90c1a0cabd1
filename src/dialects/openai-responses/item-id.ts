/** The id of an item: it names the response that the item belongs to, so that a reference to it can be followed. */
export function itemId(prefix: string, answerId: string, index: number): string {
  return `${prefix}_${answerId}_${index}`;
}

/** The id of a response. */
export function responseId(answerId: string): string {
  return `resp_${answerId}`;
}

/** The id of the response that an item belongs to; undefined for an id that was not made here. */
export function responseIdOfItem(id: string): string | undefined {
  const answerId = /^[a-z]+_(.+)_i?\d+$/.exec(id)?.[1];
  return answerId === undefined ? undefined : responseId(answerId);
}
