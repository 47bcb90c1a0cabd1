import { isObject } from '../read.ts';

/** Settings that nothing behind this server can honour, and when each of them asks for something. */
const asksFor: Record<string, (value: unknown) => boolean> = {
  top_logprobs: (value) => typeof value === 'number' && value > 0,
  max_tool_calls: (value) => typeof value === 'number',
  truncation: (value) => value === 'auto',
  service_tier: (value) => typeof value === 'string' && value !== 'auto' && value !== 'default',
  context_management: (value) => Array.isArray(value) && value.length > 0,
  moderation: isObject,
};

/** What the API can add to an answer and this server has no more than the caller: images that it sent. */
const granted: readonly unknown[] = ['reasoning.encrypted_content', 'message.input_image.image_url'];

/** Names of what the body asks for in vain. */
export function findIgnored(body: Record<string, unknown>): string[] {
  const settings = Object.keys(asksFor).filter((name) => asksFor[name]?.(body[name]));
  const includes = Array.isArray(body.include) ? body.include : [];
  return [...settings, ...includes.filter((name) => typeof name === 'string' && !granted.includes(name))];
}
