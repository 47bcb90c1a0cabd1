import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { processStart, unknownStart } from './process-start.ts';

/** A name with brackets and blanks must not shift what is read. */
const renamed = `
  try { require('node:fs').writeFileSync('/proc/self/comm', 'a) Z ( b') } catch {}
  console.log(1);
  setInterval(() => {}, 1000)`;

describe('processStart', { timeout: 60_000 }, () => {
  it('is the same word for the same process, whoever asks and when', async () => {
    const first = await processStart(process.pid);
    assert.ok(first);
    await sleep(20);
    assert.equal(await processStart(process.pid), first);
  });

  it('is another word for a process started later, and no word for one that is gone', async (test) => {
    const own = await processStart(process.pid);
    await sleep(1_100);
    const child = spawn(process.execPath, ['-e', renamed]);
    test.after(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    const pid = child.pid as number;
    const start = await processStart(pid);
    assert.ok(start);
    assert.notEqual(start, own);
    assert.equal(await processStart(pid), start);
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(await processStart(pid), undefined);
  });

  it('is neither where the system does not tell, unless there is no such process', async (test) => {
    const before = { platform: process.platform, path: process.env.PATH };
    test.after(() => {
      Object.defineProperty(process, 'platform', { value: before.platform });
      process.env.PATH = before.path;
    });
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    Object.defineProperty(process, 'platform', { value: 'darwin' });
    process.env.PATH = '/nowhere';
    assert.equal(await processStart(process.pid), unknownStart);
    assert.equal(await processStart(child.pid as number), undefined);
    for (const none of [Number.NaN, 0, -1]) assert.equal(await processStart(none), undefined);
  });

  it('takes a process that only waits for its parent to notice as gone', {
    skip: process.platform !== 'linux',
  }, async (test) => {
    const script = 'sleep 0 & echo $!; exec sleep 60';
    const parent = spawn('/bin/sh', ['-c', script]);
    test.after(() => parent.kill('SIGKILL'));
    const [data] = await once(parent.stdout, 'data');
    await sleep(200);
    assert.equal(await processStart(Number(String(data))), undefined);
  });
});
