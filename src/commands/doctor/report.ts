import { styleText } from 'node:util';
import type { Provider, ProviderStatus } from '../../providers/provider.ts';
import { modelJson } from '../model-json.ts';
import { stateWord } from '../state-word.ts';
import type { Check } from './check.ts';
import type { Examination } from './examine-clis.ts';

/** A CLI as it was found, for people. */
export function statusLines({ title, versions }: Provider, status: ProviderStatus): string[] {
  const { state, advice, version, executable, login, models } = status;
  const names = models.map(({ id, aliases }) => (aliases.length === 0 ? id : `${id} (${aliases.join(', ')})`));
  const range = versions ? ` (needs ${versions.minimum} or newer, tested up to ${versions.tested})` : '';
  return [
    `${styleText('bold', title)}: ${stateWord(state)}`,
    ...(advice === undefined ? [] : [`  ${advice}`]),
    ...(executable === undefined ? [] : [`  program  ${executable}`]),
    ...(version === undefined ? [] : [`  version  ${version}${range}`]),
    ...(login === undefined ? [] : [`  login    ${login.method}, paid by ${login.payer}`]),
    ...(names.length === 0 ? [] : [`  models   ${names.join(', ')}`]),
  ];
}

/** A check that was done, for people. */
export function checkLine({ name, ok, detail }: Check): string {
  return `  ${ok ? styleText('green', 'ok    ') : styleText('red', 'FAILED')}  ${name}: ${detail}`;
}

/** All that was found out about a CLI, for programs. */
export function examinationJson({ id, title, versions, status, behaviours }: Examination): object {
  return { id, title, versions, ...status, models: status.models.map(modelJson), behaviours };
}
