import { type Command, InvalidArgumentError } from 'commander';
import { isWebAddress, secretText } from '../settings/readers.ts';
import type { Check } from './doctor/check.ts';
import { checkServer } from './doctor/check-server.ts';
import { examineClis, isWell } from './doctor/examine-clis.ts';
import { checkLine, examinationJson, statusLines } from './doctor/report.ts';
import { currentConfig } from './environment.ts';
import { exitCode, exitCodeHelp } from './exit-code.ts';
import { version } from './package.ts';

interface DoctorFlags {
  server?: string;
  key?: string;
  model?: string;
  json?: boolean;
}

/** `clis-wrapper doctor`. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('look at each CLI and try what we rely on, without spending tokens; or try a running server')
    .option('--server <url>', 'try this running server instead, which costs it two short answers', readUrl)
    .option('--key <key>', 'the key that the server wants')
    .option('--model <model>', 'the model to ask the server for, if not the first that it lists')
    .option('--json', 'print JSON, all at once at the end')
    .addHelpText('after', exitCodeHelp)
    .action(async ({ server, key, model, json = false }: DoctorFlags, command: Command) => {
      const problem = misuse({ server, key, model });
      if (problem !== undefined) command.error(`error: ${problem}`);
      const say: Say = json ? () => {} : (lines) => console.log(lines.join('\n'));
      const report =
        server === undefined ? await reportClis(say) : await reportServer({ url: server, key, model }, say);
      if (json) console.log(JSON.stringify(report, undefined, 2));
      process.exitCode = report.ok ? exitCode.good : exitCode.wrong;
    });
}

function readUrl(text: string): string {
  if (isWebAddress(text)) return text;
  throw new InvalidArgumentError('It takes an http or https address, like http://127.0.0.1:8000.');
}

function misuse({ server, key, model }: DoctorFlags): string | undefined {
  const lonely = server === undefined && (key !== undefined ? '--key' : model !== undefined && '--model');
  if (lonely) return `${lonely} is for a server: name it with --server.`;
  // Said without the key itself.
  if (key === undefined || secretText.safeParse(key).success) return undefined;
  return 'the key of --key must be visible ASCII characters only, without spaces.';
}

type Say = (lines: readonly string[]) => void;

async function reportServer(options: { url: string; key?: string; model?: string }, say: Say) {
  const checks: Check[] = [];
  for await (const check of checkServer(options)) {
    checks.push(check);
    say([checkLine(check)]);
  }
  return { ok: checks.every(({ ok }) => ok), server: options.url, checks };
}

async function reportClis(say: Say) {
  const config = currentConfig();
  say([`clis-wrapper ${version}, Node ${process.versions.node}, ${process.platform} ${process.arch}`]);
  let told = false;
  const examinations = await examineClis(config, {
    onStatus: (provider, status) => {
      told = false;
      say(['', ...statusLines(provider, status)]);
    },
    onCheck: (check) => {
      if (!told) say(['  tried with a scripted model API, away from your login:']);
      told = true;
      say([checkLine(check)]);
    },
  });
  return { ok: isWell(examinations), version, providers: examinations.map(examinationJson) };
}
