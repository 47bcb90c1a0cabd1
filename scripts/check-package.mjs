// `npm run check:package`: packs the published form, installs it in an empty folder and uses it from there.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

const startTimeoutMs = 60_000;
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'published-'));
const environment = { ...process.env, HOME: folder, CLIS_WRAPPER_HOME: join(folder, 'state'), PORT: '0' };
const run = (command, args, options) => execFileSync(command, args, { encoding: 'utf8', ...options });

try {
  const [{ filename, files, size }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder]));
  console.log(`packed ${files.length} files, ${Math.round(size / 1024)} KiB`);
  const strange = files
    .map(({ path }) => path)
    .filter((path) => /\.test\.|test-client|\.ts$/.test(path.replace('.d.ts', '')));
  assert.deepEqual(strange, [], 'files that have no place in the published form');

  run('npm', ['init', '--yes'], { cwd: folder });
  run('npm', ['install', '--omit=dev', '--no-audit', '--no-fund', join(folder, filename)], { cwd: folder });
  assert.equal(run('npx', ['clis-wrapper', '--version'], { cwd: folder }).trim(), version);
  console.log(`npx clis-wrapper --version: ${version}`);

  const program = join(folder, 'node_modules', '.bin', 'clis-wrapper');
  const server = spawn(program, ['start'], { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  const timer = setTimeout(() => server.kill('SIGKILL'), startTimeoutMs);
  let answer;
  for await (const line of createInterface(server.stdout)) {
    const { url } = JSON.parse(line);
    if (url === undefined) continue;
    answer = await (await fetch(`${new URL(url).origin}/health`)).json();
    break;
  }
  assert.equal(answer?.status, 'healthy');
  const exited = once(server, 'exit');
  server.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
  clearTimeout(timer);
  console.log('clis-wrapper start: healthy, and stops on SIGTERM');

  // The package's own folder may not be ours to write in. An npm that only says where it runs saves the download.
  const tools = join(folder, 'tools');
  const clis = join(environment.CLIS_WRAPPER_HOME, 'clis');
  mkdirSync(tools);
  writeFileSync(join(tools, 'npm'), '#!/bin/sh\nprintf "npm %s in %s\\n" "$1" "$PWD"\nexit 1\n', { mode: 0o755 });
  const { status, stdout, stderr } = spawnSync(program, ['start', 'demo'], {
    cwd: folder,
    env: { ...environment, PATH: [tools, process.env.PATH].join(delimiter) },
    encoding: 'utf8',
  });
  assert.ok(stdout.endsWith(`npm ci in ${clis}\n`), stdout);
  assert.ok(stderr.startsWith(`The demo's CLIs could not be installed in ${clis}:`), stderr);
  assert.equal(status, 1);
  for (const file of ['package.json', 'package-lock.json']) assert.ok(existsSync(join(clis, file)), file);
  console.log('clis-wrapper start demo: installs its CLIs among the state, and says so in a sentence when it cannot');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
