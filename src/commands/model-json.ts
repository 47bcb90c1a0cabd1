import type { ModelRecord } from '../providers/provider.ts';

/** What a program may want to know of a model. */
export function modelJson(model: ModelRecord): object {
  const { id, aliases, title, ownedBy, contextWindow, maxOutputTokens, inputs, parameters, efforts, webTools } = model;
  return { id, aliases, title, ownedBy, contextWindow, maxOutputTokens, inputs, parameters, efforts, webTools };
}
