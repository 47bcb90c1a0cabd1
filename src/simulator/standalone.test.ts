import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { test } from 'node:test';

type Child = ChildProcessByStdio<Writable, Readable, null>;

const endings: readonly [name: string, end: (child: Child) => void][] = [
  ['SIGTERM', (child) => child.kill('SIGTERM')],
  ['the end of its stdin', (child) => child.stdin.end()],
];
for (const [name, end] of endings) {
  test(`a simulator of its own process ends on ${name}`, { timeout: 20_000 }, async (context) => {
    const path = new URL('standalone.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [path], { stdio: ['pipe', 'pipe', 'inherit'] });
    context.after(() => child.kill('SIGKILL'));
    const [line] = await once(createInterface(child.stdout), 'line');
    const response = await fetch(`${JSON.parse(line).url}/nowhere`);
    assert.equal(response.status, 404);
    const exited = once(child, 'exit');
    end(child);
    assert.deepEqual(await exited, [0, null]);
  });
}
