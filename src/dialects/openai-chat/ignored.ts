import { isObject } from '../read.ts';

/** Settings of the chat API that nothing behind this server can honour, and when each of them asks for something. */
const asksFor: Record<string, (value: unknown) => boolean> = {
  logit_bias: (value) => isObject(value) && Object.keys(value).length > 0,
  logprobs: (value) => value === true,
  top_logprobs: (value) => typeof value === 'number' && value > 0,
  prediction: isObject,
  modalities: (value) => Array.isArray(value) && value.includes('audio'),
  audio: isObject,
  moderation: isObject,
  service_tier: (value) => typeof value === 'string' && value !== 'auto' && value !== 'default',
  store: (value) => value === true,
};

/** Names of what the body asks for in vain. */
export function findIgnored(body: Record<string, unknown>): string[] {
  return Object.keys(asksFor).filter((name) => asksFor[name]?.(body[name]));
}
