import type { Command } from 'commander';
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
    .option('--server <url>', 'try this running server instead, which costs it two short answers')
    .option('--key <key>', 'the key that the server wants')
    .option('--model <model>', 'the model to ask the server for, if not the first that it lists')
    .option('--json', 'print JSON, all at once at the end')
    .addHelpText('after', exitCodeHelp)
    .action(async ({ server, key, model, json = false }: DoctorFlags) => {
      const say: Say = json ? () => {} : (lines) => console.log(lines.join('\n'));
      const report =
        server === undefined ? await reportClis(say) : await reportServer({ url: server, key, model }, say);
      if (json) console.log(JSON.stringify(report, undefined, 2));
      process.exitCode = report.ok ? exitCode.good : exitCode.wrong;
    });
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
  say([`clis-wrapper ${version}, Node ${process.versions.node}, ${process.platform} ${process.arch}`]);
  let told = false;
  const examinations = await examineClis(currentConfig(), {
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
