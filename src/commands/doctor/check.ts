/** One thing that was tried, and how it went. */
export interface Check {
  name: string;
  ok: boolean;
  /** One line: what was seen, or what is wrong and what to do about it. */
  detail: string;
  /** Milliseconds it took. */
  durationMs: number;
}

const longestCause = 300;

/** Runs a check that says what it saw, and throws an Error that says what is wrong. */
export async function runCheck(name: string, run: () => Promise<string>): Promise<Check> {
  const startedAt = performance.now();
  const done = (ok: boolean, detail: string): Check => {
    return { name, ok, detail, durationMs: Math.round(performance.now() - startedAt) };
  };
  try {
    return done(true, await run());
  } catch (error) {
    return done(false, explain(error));
  }
}

/** What is wrong, and where a cause is known that too: here it may say what an answer to a caller must not. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause === undefined) return error.message;
  const cause = error.cause instanceof Error ? error.cause.message : String(error.cause);
  return `${error.message} (${cause.replace(/\s+/g, ' ').trim().slice(0, longestCause)})`;
}
