import type { JsonObject } from '../json.ts';
import type { PlayedStep } from '../plan-script.ts';

/** The citations of all texts; each spans the text that cites it, counted in the whole content. */
export function annotations(steps: readonly PlayedStep[]): readonly JsonObject[] {
  const found: JsonObject[] = [];
  let start = 0;
  for (const step of steps) {
    if (step.type !== 'text') continue;
    const end = start + step.text.length;
    for (const { title, url } of step.citations ?? []) {
      found.push({ type: 'url_citation', url_citation: { start_index: start, end_index: end, title, url } });
    }
    start = end;
  }
  return found;
}
