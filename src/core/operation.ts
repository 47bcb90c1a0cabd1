import type { GenerateRequest, Parameter } from './request.ts';

/** A caller's request, decoded: what is asked of the model, and what the dialect needs to know to write the answer. */
export interface Operation<Options = unknown> {
  kind: 'generate';
  request: GenerateRequest;
  /** How many answers to the same request. */
  choices: number;
  stream: boolean;
  /** The settings that the caller named, with the name that it used for each. */
  asked: Partial<Record<Parameter, string>>;
  /** Names of what the caller asked for and no model behind this server can do. */
  ignored: string[];
  /** The dialect's own notes for the answer: nobody else reads them. */
  options: Options;
}
