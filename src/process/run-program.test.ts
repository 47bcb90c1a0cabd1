import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { isAlive } from '../../test/support/processes.ts';
import { runProgram } from './run-program.ts';

describe('runProgram', { timeout: 120_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'run-program-'));
  after(() => rmSync(directory, { recursive: true }));

  function shell(script: string, options: { signal?: AbortSignal; timeoutMs?: number; withErrors?: boolean } = {}) {
    const { signal = new AbortController().signal, timeoutMs = 60_000, withErrors } = options;
    return runProgram('/bin/sh', ['-c', script], { environment: { ONLY: 'this' }, signal, timeoutMs, withErrors });
  }

  it('gives the exit code and all of the output', async () => {
    assert.deepEqual(await shell('printf "%s" "$ONLY$HOME"; exit 3'), { code: 3, output: 'this' });
  });

  it('gives what the program complains of where it is asked to', async () => {
    const script = 'echo said; echo complained >&2';
    assert.equal((await shell(script)).output, 'said\n');
    assert.equal((await shell(script, { withErrors: true })).output, 'said\ncomplained\n');
  });

  it('fails when there is no such program', async () => {
    const options = { environment: {}, signal: new AbortController().signal, timeoutMs: 60_000 };
    await assert.rejects(runProgram(join(directory, 'none'), [], options), { code: 'ENOENT' });
  });

  it('leaves nothing running after the time limit', async () => {
    const { code, output } = await shell('sleep 600 & echo $! $$; wait', { timeoutMs: 1_000 });
    assert.equal(code, null);
    const pids = output.trim().split(' ').map(Number);
    assert.equal(pids.length, 2);
    await eventually('both are gone', () => pids.every((pid) => !isAlive(pid)));
  });

  it('comes back from an abort when the program is gone', async () => {
    const file = join(directory, 'pid');
    const controller = new AbortController();
    const run = shell(`echo $$ > '${file}.new'; mv '${file}.new' '${file}'; sleep 600`, { signal: controller.signal });
    const pid = await eventually('it runs', () => Number(readFileSync(file, 'utf8')));
    controller.abort();
    await run;
    assert.equal(isAlive(pid), false);
  });

  it('does not let a program run that nobody waits for any more', async () => {
    const { code } = await shell('sleep 600', { signal: AbortSignal.abort() });
    assert.equal(code, null);
  });

  it('does not wait for what the program leaves behind', async () => {
    const { code, output } = await shell('sleep 600 & echo done');
    assert.deepEqual([code, output], [0, 'done\n']);
  });
});
