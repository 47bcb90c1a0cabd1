export interface Route {
  /** Left out for the list of models. */
  readonly model?: string;
  /** Left out where the model itself is asked for. */
  readonly verb?: string;
}

/** What a path names; undefined for a path that the API does not have. */
export function parseRoute(path: string): Route | undefined {
  const match = /^\/v1(?:beta)?\/models(?:\/([^/:]+)(?::(\w+))?)?$/.exec(path);
  return match ? { model: match[1], verb: match[2] } : undefined;
}

const VERBS: readonly unknown[] = ['generateContent', 'streamGenerateContent', 'countTokens'];

/** What may be done with a model. */
export function isVerb(verb: string | undefined): boolean {
  return VERBS.includes(verb);
}

/** Whether a path belongs to this API: `/v1/models` alone is another's too, so there only what is done with a model. */
export function isGeminiPath(path: string): boolean {
  return path.startsWith('/v1beta/') || isVerb(parseRoute(path)?.verb);
}
