import type { Operation } from '../../core/operation.ts';
import type { ResponsesOptions } from './options.ts';

const instruction = [
  'Write a summary of this conversation. It will take the place of everything above: you will go on from it and from',
  'nothing else. Say what the user asked for, wants and has decided; what has been done and found out, with names,',
  'paths, figures and exact wording wherever they matter; what is unfinished, and what was about to be done next. Leave',
  'nothing out that is needed to go on, and write nothing but the summary.',
].join(' ');

/** What a summary has no use for. */
const dropped = ['toolChoice', 'outputFormat', 'verbosity', 'webSearch'] as const;

/** The same conversation, asked to be summed up. Its tools stay in sight, so that nothing of it has to be read anew. */
export function askForSummary(operation: Operation<ResponsesOptions>): Operation<ResponsesOptions> {
  const request = { ...operation.request };
  const asked = { ...operation.asked };
  for (const parameter of dropped) {
    delete request[parameter];
    delete asked[parameter];
  }
  if (request.tools.length > 0) request.toolChoice = { mode: 'none' };
  request.messages = [...request.messages, { role: 'user', content: [{ type: 'text', text: instruction }] }];
  return { ...operation, request, asked, options: { ...operation.options, compacts: true } };
}
