import { GatewayError } from '../core/error.ts';

/** Anything thrown while a request is handled, Fastify's own refusals included, as the one error that callers see. */
export function requestFailure(thrown: unknown, settings: { maxBodyBytes: number }): GatewayError {
  switch (codeOf(thrown)) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new GatewayError(
        'payload-too-large',
        `The request body is larger than ${settings.maxBodyBytes} bytes, the limit set by MAX_BODY_BYTES.`,
      );
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return new GatewayError('unsupported-media-type', 'The request body must be sent as application/json.');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new GatewayError('invalid-request', 'The request body is not as long as its content-length says.');
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new GatewayError('invalid-request', 'The path of this request cannot be read.');
    case 'ECONNRESET':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return new GatewayError('cancelled', 'The caller hung up.', { cause: thrown });
    default:
      return GatewayError.from(thrown);
  }
}

function codeOf(thrown: unknown): unknown {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
}
