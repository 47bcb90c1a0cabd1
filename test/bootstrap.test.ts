import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { eventually } from './support/eventually.ts';

const root = join(import.meta.dirname, '..');
const original = join(root, 'scripts', 'bootstrap.mjs');

/** A small repository with one dependency, which lies beside it: npm needs no network for it. */
class Repository implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'repository-'));

  constructor() {
    mkdirSync(join(this.folder, 'scripts'));
    copyFileSync(original, join(this.folder, 'scripts', 'bootstrap.mjs'));
    this.write('dependency/package.json', { name: 'dependency', version: '1.0.0' });
    this.write('package.json', { name: 'small', version: '1.0.0', dependencies: { dependency: 'file:dependency' } });
    execFileSync('npm', ['install', '--package-lock-only', '--offline'], { cwd: this.folder, stdio: 'ignore' });
  }

  write(file: string, content: object | string): void {
    const path = join(this.folder, file);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  }

  start(...words: string[]): ChildProcess & { stdout: NonNullable<ChildProcess['stdout']> } {
    const environment = { ...process.env, npm_config_offline: 'true' };
    return spawn(process.execPath, ['scripts/bootstrap.mjs', ...words], {
      cwd: this.folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** The exit code and everything that was said. */
  async run(...words: string[]): Promise<{ code: number; said: string }> {
    const child = this.start(...words);
    const [[code], out, err] = await Promise.all([
      once(child, 'close'),
      text(child.stdout),
      text(child.stderr ?? (async function* () {})()),
    ]);
    return { code, said: out + err };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

describe('bootstrap', { timeout: 300_000 }, () => {
  it('installs what is missing, once, then runs the program with its arguments and exit code', async () => {
    using repository = new Repository();
    repository.write('program.mjs', `console.log(...process.argv.slice(2)); process.exit(7);`);
    const first = await repository.run('program.mjs', '--flag', 'two words');
    assert.equal(first.code, 7);
    assert.match(first.said, /^Installing the packages.*--flag two words\n$/s);
    assert.deepEqual(await repository.run('program.mjs', 'again'), { code: 7, said: 'again\n' });
  });

  it('installs again when the lockfile has changed', async () => {
    using repository = new Repository();
    repository.write('program.mjs', '');
    await repository.run('program.mjs');
    repository.write('second/package.json', { name: 'second', version: '1.0.0' });
    const dependencies = { dependency: 'file:dependency', second: 'file:second' };
    repository.write('package.json', { name: 'small', version: '1.0.0', dependencies });
    execFileSync('npm', ['install', '--package-lock-only', '--offline'], { cwd: repository.folder, stdio: 'ignore' });
    assert.match((await repository.run('program.mjs')).said, /^Installing/);
    assert.deepEqual(await repository.run('program.mjs'), { code: 0, said: '' });
  });

  it('installs a second folder where one is named, and says first how large all of it is', async () => {
    using repository = new Repository();
    repository.write('program.mjs', '');
    const size = 'about 2 MB on disk';
    repository.write('clis/package.json', { name: 'clis', version: '1.0.0', size, dependencies: { a: 'file:a' } });
    repository.write('clis/a/package.json', { name: 'a', version: '1.0.0' });
    const cwd = join(repository.folder, 'clis');
    execFileSync('npm', ['install', '--package-lock-only', '--offline'], { cwd, stdio: 'ignore' });
    const { code, said } = await repository.run('--with', 'clis', 'program.mjs');
    assert.equal(code, 0);
    const [packages = '', clis = ''] = said.split('\n');
    assert.match(packages, /^Installing the packages .*\(once, about \d+ MB to download, \d+ MB on disk\)/);
    assert.match(clis, /^Installing the CLIs .*in clis \(once, about 2 MB on disk\)/);
    assert.deepEqual(await repository.run('--with', 'clis', 'program.mjs'), { code: 0, said: '' });
  });

  it('needs the Node that the README and the CI script name', () => {
    const read = (file: string) => readFileSync(join(root, file), 'utf8');
    const [, oldest] = /oldestNode = (\d+);/.exec(read('scripts/bootstrap.mjs')) ?? [];
    for (const file of ['README.md', '.ci/run']) {
      const named = read(file).matchAll(/Node(?:\.js)? (\d+) or newer/g);
      assert.deepEqual(
        [...named].map(([, number]) => number),
        [oldest],
        file,
      );
    }
  });

  it('says so in a sentence when npm fails', async () => {
    using repository = new Repository();
    repository.write('package-lock.json', '{}');
    const { code, said } = await repository.run('program.mjs');
    assert.equal(code, 1);
    assert.match(said, /Installing the packages of \S+ failed: see npm's message above/);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`passes ${signal} on and waits for the program's own end`, async () => {
      using repository = new Repository();
      repository.write(
        'program.mjs',
        `process.on('${signal}', () => { console.log('bye'); clearInterval(timer); });
         const timer = setInterval(() => {}, 1000); console.log('ready');`,
      );
      const child = repository.start('program.mjs');
      let said = '';
      child.stdout.on('data', (data) => {
        said += data;
      });
      const closed = once(child, 'close');
      await eventually('the program runs', () => said.includes('ready'), 60_000);
      child.kill(signal);
      assert.deepEqual(await closed, [0, null]);
      assert.match(said, /bye\n$/);
    });
  }
});
