import { encodeFrame, type Frame, keepAliveComment } from '../stream/sse.ts';

/** How frames follow each other on the wire. */
export interface Framing {
  readonly headers: Record<string, string>;
  /** `sent` frames have left before this one. */
  frame(frame: Frame, sent: number): string;
  /** What is sent while there is nothing to say. */
  readonly keepAlive: string;
  /** What follows the last frame. */
  end(sent: number): string;
}

const unbuffered = { 'cache-control': 'no-cache', 'x-accel-buffering': 'no' };

/** Server-sent events; `keepAlive` is a frame where clients know one. */
export function eventStream(keepAlive?: Frame): Framing {
  return {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', ...unbuffered },
    frame: encodeFrame,
    keepAlive: keepAlive === undefined ? keepAliveComment : encodeFrame(keepAlive),
    end: () => '',
  };
}

/** The elements of one JSON array. White space keeps it alive. */
export const jsonArray: Framing = {
  headers: { 'content-type': 'application/json; charset=utf-8', ...unbuffered },
  frame: ({ data }, sent) => `${sent === 0 ? '[' : ',\n'}${JSON.stringify(data)}`,
  keepAlive: '\n',
  end: (sent) => (sent === 0 ? '[]' : ']'),
};
