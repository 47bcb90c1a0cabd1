import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../core/error.ts';
import { readSocketMessage, socketError, socketMessage } from './socket.ts';

describe('messages over a WebSocket', () => {
  it('are requests for streamed answers', () => {
    const body = { model: 'm', input: 'hi' };
    const message = { type: 'response.create', ...body, generate: false, stream_id: 's' };
    assert.deepEqual(readSocketMessage(message), { body: { ...body, stream: true }, generate: false, streamId: 's' });
    assert.deepEqual(readSocketMessage({ type: 'response.create', ...body, stream: false }), {
      body: { ...body, stream: true },
      generate: true,
      streamId: undefined,
    });
    assert.throws(() => readSocketMessage({ type: 'response.steer' }), { param: 'type' });
    assert.throws(() => readSocketMessage([]), { kind: 'invalid-request' });
  });

  it('are answered by the same events, which say whose they are', () => {
    const frame = { event: 'response.created', data: { type: 'response.created', sequence_number: 0 } };
    assert.deepEqual(JSON.parse(socketMessage(frame)), frame.data);
    assert.deepEqual(JSON.parse(socketMessage(frame, 's')), { ...frame.data, stream_id: 's' });
    const error = new GatewayError('not-found', 'Gone.', { param: 'previous_response_id' });
    assert.deepEqual(JSON.parse(socketError(error, 404)), {
      type: 'error',
      status: 404,
      error: {
        message: 'Gone.',
        type: 'invalid_request_error',
        param: 'previous_response_id',
        code: 'previous_response_not_found',
      },
    });
  });
});
