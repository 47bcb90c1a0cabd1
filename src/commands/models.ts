import type { Command } from 'commander';
import type { ModelRecord } from '../providers/provider.ts';
import { createProviders } from '../providers/registry.ts';
import { openWorkspace } from '../server.ts';
import { Loopback } from '../tool-bridge/loopback.ts';
import { currentConfig } from './environment.ts';
import { exitCode, exitCodeHelp } from './exit-code.ts';
import { modelJson } from './model-json.ts';

const inspectTimeoutMs = 60_000;

/** `clis-wrapper models`. */
export function addModels(program: Command): void {
  program
    .command('models')
    .description('list the models that your CLIs offer, without a server')
    .option('--json', 'print JSON')
    .addHelpText('after', exitCodeHelp)
    .action(async ({ json = false }: { json?: boolean }) => {
      const found = await findModels();
      const models = found.flatMap(({ models }) => models);
      if (json) console.log(JSON.stringify(models.map(modelJson), undefined, 2));
      else if (models.length > 0) console.log(table(models.map(columns)));
      // Whoever asks for models wants to know why there are none.
      for (const { advice } of found) if (advice !== undefined) console.error(advice);
      process.exitCode = models.length > 0 ? exitCode.good : exitCode.wrong;
    });
}

async function findModels(): Promise<{ models: ModelRecord[]; advice?: string }[]> {
  const config = currentConfig();
  const { commands, agents, environment, home: stateHome, http } = config;
  await using workspace = await openWorkspace(config);
  await using loopback = new Loopback();
  const timeoutMs = http.maxTimeoutMs;
  const providers = createProviders({ commands, agents, environment, workspace, loopback, stateHome, timeoutMs });
  // Awaited here: what is not would be asked in a workspace that is already closed.
  return await Promise.all(
    providers.map(async (own) => {
      await using provider = own;
      // Awaited here: what is not would be asked of a provider that is already closed.
      return await provider.inspect(AbortSignal.timeout(inspectTimeoutMs));
    }),
  );
}

function columns({ id, aliases, contextWindow, inputs, efforts, webTools }: ModelRecord): string[] {
  const abilities = [
    inputs.images && 'images',
    inputs.documents && 'documents',
    inputs.audio && 'audio',
    webTools && 'web',
    efforts.length > 0 && `effort ${efforts.join('|')}`,
  ];
  const context = contextWindow === undefined ? '' : `${contextWindow.toLocaleString('en')} tokens`;
  return [id, aliases.join(', '), context, abilities.filter(Boolean).join(', ')];
}

function table(rows: string[][]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
