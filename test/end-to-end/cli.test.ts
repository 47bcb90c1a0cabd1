import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PrivateHome } from '../support/private-home.ts';
import { runCli } from '../support/run-cli.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

describe('the command line', { timeout: 300_000 }, () => {
  it('tells the version of the package', async () => {
    await using home = new PrivateHome();
    assert.deepEqual(await runCli(home, ['--version']), { code: 0, output: `${version}\n`, errors: '' });
  });

  it('explains itself and its exit codes, alike with --help and without a word', async () => {
    await using home = new PrivateHome();
    const help = await runCli(home, ['--help']);
    assert.equal(help.code, 0);
    for (const word of ['start', 'doctor', 'models', 'Exit codes:']) assert.ok(help.output.includes(word), word);
    assert.deepEqual(await runCli(home, []), help);
    for (const command of ['start', 'doctor', 'models']) {
      const { code, output } = await runCli(home, [command, '--help']);
      assert.equal(code, 0);
      assert.ok(output.includes('Exit codes:'));
    }
  });

  const misuse = [
    ['unknown'],
    ['start', 'here'],
    ['start', '9000', '9001'],
    ['start', '--nothing'],
    ['doctor', 'me'],
    ['doctor', '--server', 'nonsense'],
    ['doctor', '--server', 'localhost:8000'],
    ['doctor', '--key', 'k'],
    ['doctor', '--model', 'm', '--json'],
    ['doctor', '--server', 'http://127.0.0.1:9', '--key', 'schlüssel'],
  ];
  for (const words of misuse) {
    it(`says where help is when told: ${words.join(' ')}`, async () => {
      await using home = new PrivateHome();
      const { code, output, errors } = await runCli(home, words);
      assert.deepEqual([code, output], [2, '']);
      assert.match(errors, /--help/);
      assert.doesNotMatch(errors, /schlüssel/);
    });
  }

  const settings: [string, Record<string, string>, string[]][] = [
    ['PORT', { PORT: 'eighty' }, ['start']],
    ['PORT', {}, ['start', '70000']],
    ['HOST', { HOST: '0.0.0.0' }, ['start']],
    ['HOST', {}, ['start', '--host', '0.0.0.0']],
    ['MAX_TIMEOUT', { MAX_TIMEOUT: 'soon' }, ['models']],
    ['HOST', { HOST: '203.0.113.7', API_KEY: 'k' }, ['start']],
    ['CLAUDE_CODE_USE_BEDROCK', { CLAUDE_CODE_USE_BEDROCK: 'banana' }, ['start']],
    ['ANTHROPIC_BASE_URL', { ANTHROPIC_BASE_URL: 'notaurl' }, ['doctor']],
  ];
  for (const [name, environment, words] of settings) {
    it(`refuses ${JSON.stringify(environment)} ${words.join(' ')} in one sentence`, async () => {
      await using home = new PrivateHome();
      const { code, output, errors } = await runCli(home, words, environment);
      assert.deepEqual([code, output], [2, '']);
      assert.match(errors, new RegExp(`^${name}.*\\.\n$`));
    });
  }

  it('refuses all settings that it cannot read at once', async () => {
    await using home = new PrivateHome();
    const { code, errors } = await runCli(home, ['start'], { PORT: 'a', MAX_TIMEOUT: 'b', ANTHROPIC_BASE_URL: 'c' });
    assert.equal(code, 2);
    assert.deepEqual(
      errors
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ', 1)[0])
        .sort(),
      ['ANTHROPIC_BASE_URL', 'MAX_TIMEOUT', 'PORT'],
    );
  });

  for (const command of ['start', 'models', 'doctor']) {
    it(`${command} says which folder it cannot use, and the variable that names it`, async () => {
      await using home = new PrivateHome();
      const file = join(home.directory, 'file');
      writeFileSync(file, '');
      const { code, errors } = await runCli(home, [command], { CLIS_WRAPPER_HOME: file });
      assert.deepEqual([code, errors], [2, `CLIS_WRAPPER_HOME (${file}) cannot be used: it is not a folder.\n`]);
    });
  }

  it('does not blame its own folder for the temporary one', async () => {
    await using home = new PrivateHome();
    const { code, errors } = await runCli(home, ['start'], { TMPDIR: join(home.directory, 'nowhere') });
    assert.equal(code, 2);
    assert.match(errors, /^TMPDIR \(.*\) cannot be used: .*\.\n$/);
    // The next run tidies up after it.
    await runCli(home, ['models']);
  });

  it('does not start without a CLI where the settings want one first', async () => {
    await using home = new PrivateHome();
    const { code, output, errors } = await runCli(home, ['start'], { SKIP_CLI_VERIFICATION: 'false' });
    assert.deepEqual([code, output], [1, '']);
    assert.match(errors, /^(.* was not found: install it with .*\n)+$/);
  });

  it('says what is wrong where it finds no CLI, with exit code 1', async () => {
    await using home = new PrivateHome();
    const models = await runCli(home, ['models']);
    assert.deepEqual([models.code, models.output], [1, '']);
    assert.match(models.errors, /not found/);
    const doctor = await runCli(home, ['doctor', '--json']);
    assert.equal(doctor.code, 1);
    const { ok, providers } = JSON.parse(doctor.output);
    assert.deepEqual([ok, providers[0].state], [false, 'missing']);
  });

  it('has colours only where they are wanted', async () => {
    await using home = new PrivateHome();
    const coloured = (environment: Record<string, string>) =>
      runCli(home, ['doctor'], environment).then(({ output }) => output.includes('\u001b['));
    assert.equal(await coloured({}), false);
    assert.equal(await coloured({ FORCE_COLOR: '1' }), true);
    assert.equal(await coloured({ NO_COLOR: '1' }), false);
  });
});
