import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import type { StoredResponse } from '../../core/stored-response.ts';
import { settled, underway } from './interrupted.ts';

const stored: StoredResponse = {
  id: 'resp_1',
  caller: 'ada',
  createdAt: new Date(),
  previousId: undefined,
  input: [],
  response: { id: 'resp_1', status: 'in_progress' },
};
const longestMs = 60_000;
/** The same, as another process would have left it. */
const madeBy = (pid: number, rest: Partial<StoredResponse> = {}): StoredResponse => ({
  ...stored,
  ...rest,
  response: { ...stored.response, made_by_process: pid },
});
const statusOf = (response: StoredResponse, isMadeHere = false) =>
  settled(response, { isMadeHere, longestMs }).response.status;

describe('a response that was being made', () => {
  it('is still made as long as its server lives, this one or another', () => {
    assert.deepEqual(settled(underway(stored), { isMadeHere: true, longestMs }), stored);
    assert.equal(statusOf(madeBy(process.ppid)), 'in_progress');
  });

  it('has failed when its server is gone, or has had all the time there is', () => {
    const { pid } = spawnSync('true');
    assert.equal(statusOf(madeBy(pid)), 'failed');
    assert.equal(statusOf(underway(stored)), 'failed');
    assert.equal(statusOf(madeBy(process.ppid, { createdAt: new Date(Date.now() - 600_000) })), 'failed');
  });

  it('stays as it is once it is over', () => {
    const over = { ...stored, response: { id: 'resp_1', status: 'cancelled' } };
    assert.equal(settled(over, { isMadeHere: false, longestMs }), over);
  });
});
