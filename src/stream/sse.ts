/** One server-sent event: `data` is sent as it is when it is text, else as JSON. */
export interface Frame {
  event?: string;
  data: unknown;
}

/** A frame as bytes on the wire. */
export function encodeFrame(frame: Frame): string {
  const data = typeof frame.data === 'string' ? frame.data : JSON.stringify(frame.data);
  return frame.event === undefined ? `data: ${data}\n\n` : `event: ${frame.event}\ndata: ${data}\n\n`;
}

/** A comment line: keeps proxies from closing a quiet stream, ignored by every client. */
export const keepAliveComment = ': keepalive\n\n';
