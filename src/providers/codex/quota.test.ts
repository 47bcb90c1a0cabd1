import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CodexQuota } from './quota.ts';

const reset = 1_800_000_000;

describe('CodexQuota', () => {
  it('remembers each limit as it was last told', () => {
    const quota = new CodexQuota();
    assert.deepEqual(quota.windows, []);
    quota.update({
      primary: { usedPercent: 12, windowDurationMins: 300, resetsAt: reset },
      secondary: { usedPercent: 40, windowDurationMins: 10_080, resetsAt: null },
    });
    quota.update({ primary: { usedPercent: 13, windowDurationMins: 300, resetsAt: reset }, secondary: null });
    quota.update({ primary: null, secondary: null });
    assert.deepEqual(quota.windows, [
      { window: 'five_hour', utilization: 0.13, exhausted: false, resetsAt: new Date(reset * 1_000) },
      { window: 'seven_day', utilization: 0.4, exhausted: false },
    ]);
    assert.equal(quota.resetsAt, undefined);
  });

  it('knows when the last of the spent limits is there again', () => {
    const quota = new CodexQuota();
    quota.update({
      primary: { usedPercent: 100, windowDurationMins: 300, resetsAt: reset },
      secondary: { usedPercent: 100, windowDurationMins: 7, resetsAt: reset + 60 },
    });
    assert.deepEqual(quota.resetsAt, new Date((reset + 60) * 1_000));
    assert.equal(quota.windows[1]?.window, '7_minutes');
    quota.update({ primary: null, secondary: { usedPercent: 1, windowDurationMins: 7, resetsAt: reset + 99 } });
    assert.deepEqual(quota.resetsAt, new Date(reset * 1_000));
  });
});
