import type { Part } from './message.ts';
import type { GenerateRequest, Parameter } from './request.ts';

/** A caller's request, decoded: what is asked of the model, and what the dialect needs to know to write the answer. */
export interface Operation<Options = unknown> {
  /** Whether the request is to be answered, or only measured: a count answers with the tokens that its model would read. */
  kind: 'generate' | 'count-tokens';
  request: GenerateRequest;
  /** More requests of the same body, answered like the first: their choices follow its own, in order. */
  further?: readonly GenerateRequest[];
  /** How many answers to the same request. */
  choices: number;
  stream: boolean;
  /** The settings that the caller named, with the name that it used for each. */
  asked: Partial<Record<Parameter, string>>;
  /** Names of what the caller asked for and no model behind this server can do. */
  ignored: string[];
  /** Where in the caller's body its images, files and sounds stand, in the caller's spelling: `messages[0].content[1]`. */
  places: ReadonlyMap<Part, string>;
  /** The dialect's own notes for the answer: nobody else reads them. */
  options: Options;
}
