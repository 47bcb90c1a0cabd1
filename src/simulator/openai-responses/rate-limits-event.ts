import type { JsonObject } from '../json.ts';

type Headers = Readonly<Record<string, string>>;

/** A subscription's limits, as a WebSocket tells what HTTP has headers for; undefined when there are no such headers. */
export function rateLimitsEvent(headers: Headers): JsonObject | undefined {
  const primary = readWindow(headers, 'primary');
  const secondary = readWindow(headers, 'secondary');
  if (!primary && !secondary) return undefined;
  const reached = [primary, secondary].some((window) => window && window.used_percent >= 100);
  return {
    type: 'codex.rate_limits',
    plan_type: headers['x-codex-plan-type'] ?? 'plus',
    rate_limits: { allowed: !reached, limit_reached: reached, primary, secondary },
    credits: null,
  };
}

function readWindow(headers: Headers, name: 'primary' | 'secondary') {
  const read = (field: string) => {
    const value = headers[`x-codex-${name}-${field}`];
    return value === undefined ? null : Number(value);
  };
  const used = read('used-percent');
  return used === null
    ? null
    : { used_percent: used, window_minutes: read('window-minutes'), reset_at: read('reset-at') };
}
