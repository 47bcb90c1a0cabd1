import { isObject } from '../read.ts';

/** Fields of the API that nothing behind this server can honour, and when each of them asks for something. */
const asksFor: Record<string, (value: unknown) => boolean> = {
  mcp_servers: isFilled,
  container: isGiven,
  context_management: (value) => isObject(value) && Array.isArray(value.edits) && !value.edits.every(changesNothing),
  compaction: isGiven,
  fallbacks: (value) => value === 'default' || isFilled(value),
  diagnostics: isGiven,
  inference_geo: isGiven,
  speed: (value) => value === 'fast',
  billing_policy: isGiven,
};

/** Names of what the body asks for in vain. */
export function findIgnored(body: Record<string, unknown>): string[] {
  const names = Object.keys(asksFor).filter((name) => asksFor[name]?.(body[name]));
  if (isObject(body.output_config) && isGiven(body.output_config.task_budget)) names.push('output_config.task_budget');
  return names;
}

/** The edit that keeps everything. */
function changesNothing(edit: unknown): boolean {
  return isObject(edit) && edit.type === 'clear_thinking_20251015' && edit.keep === 'all';
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}
