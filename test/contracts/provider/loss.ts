import type { TestContext } from 'node:test';

/** Notes for the table of providers that this one cannot do what the test is about, in the CLI's own terms. */
export function noteLoss(t: TestContext, ...losses: (string | undefined)[]): void {
  for (const loss of losses) if (loss !== undefined && loss !== '') t.diagnostic(`loss: ${loss}`);
}
