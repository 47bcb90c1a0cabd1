/** How the responses of a stream are parted from each other. */
export interface Framing {
  readonly contentType: string;
  /** The bytes of the next response. */
  response(json: string): string;
  /** The bytes of an error that ends the stream. */
  error(json: string): string;
  /** The bytes after the last response. */
  end(): string;
}

/** Server-sent events. An error among them is bare JSON. */
export function eventFraming(): Framing {
  return {
    contentType: 'text/event-stream',
    response: (json) => `data: ${json}\r\n\r\n`,
    error: (json) => json,
    end: () => '',
  };
}

/** One JSON array. */
export function arrayFraming(): Framing {
  let opened = false;
  const element = (json: string): string => {
    const before = opened ? ',\r\n' : '[';
    opened = true;
    return before + json;
  };
  return {
    contentType: 'application/json; charset=UTF-8',
    response: element,
    error: (json) => `${element(json)}]`,
    end: () => ']',
  };
}
