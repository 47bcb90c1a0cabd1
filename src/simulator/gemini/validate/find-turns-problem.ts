import { elements, isObject, type JsonObject } from '../../json.ts';

interface Turn {
  readonly role: unknown;
  readonly parts: readonly JsonObject[];
  readonly calls: readonly JsonObject[];
  readonly responses: readonly JsonObject[];
}

/** The contents as a conversation: who speaks last, and that calls and their responses stand next to each other. */
export function findTurnsProblem({ contents }: JsonObject): string | undefined {
  const turns = elements(contents).filter(isObject).map(readTurn);
  for (const [index, turn] of turns.entries()) {
    const problem = findCallProblem(turn, turns[index - 1]) ?? findResponseProblem(turn, turns[index - 1]);
    if (problem) return problem;
    const next = turns[index + 1];
    if (next && turn.calls.length > 0 && next.responses.length !== turn.calls.length) return UNEQUAL;
  }
  return findEndProblem(turns);
}

const UNEQUAL =
  'Please ensure that the number of function response parts is equal to the number of function call parts of the ' +
  'function call turn.';

function readTurn({ role, parts }: JsonObject): Turn {
  const known = elements(parts).filter(isObject);
  return {
    role,
    parts: known,
    calls: known.flatMap(({ functionCall }) => (isObject(functionCall) ? [functionCall] : [])),
    responses: known.flatMap(({ functionResponse }) => (isObject(functionResponse) ? [functionResponse] : [])),
  };
}

function findCallProblem({ role, calls }: Turn, previous: Turn | undefined): string | undefined {
  if (calls.length === 0 || (role === 'model' && previous && previous.role !== 'model')) return undefined;
  return 'Please ensure that function call turn comes immediately after a user turn or after a function response turn.';
}

function findResponseProblem({ role, responses }: Turn, previous: Turn | undefined): string | undefined {
  if (responses.length === 0) return undefined;
  if (role === 'model' || !previous || previous.calls.length === 0) {
    return 'Please ensure that function response turn comes immediately after a function call turn.';
  }
  const stray = responses.find((response) => !previous.calls.some((call) => answers(response, call)));
  return stray && `No function call was found for the function response ${JSON.stringify(stray.id ?? stray.name)}.`;
}

function answers(response: JsonObject, call: JsonObject): boolean {
  if (response.name !== call.name) return false;
  return response.id === undefined || call.id === undefined || response.id === call.id;
}

function findEndProblem(turns: readonly Turn[]): string | undefined {
  const last = turns.at(-1);
  if (last?.role === 'model') {
    return turns.length > 1
      ? 'Requests ending with a model turn are not supported.'
      : 'Please ensure that single turn requests end with a user role or the role field is empty.';
  }
  return last?.parts.every(({ text }) => text === '')
    ? 'Unable to submit request because it must have a text parameter. Add a text parameter and try again.'
    : undefined;
}
