/** Why the real API would refuse a request. */
export interface Problem {
  readonly message: string;
  /** The parameter at fault, as the real API writes it. */
  readonly param: string | null;
  readonly code: string | null;
}

/** A parameter with a value that cannot be. */
export function invalid(param: string, message: string, code: string | null = 'invalid_value'): Problem {
  return { message, param, code };
}

/** A parameter that has to be there. */
export function missing(param: string): Problem {
  return invalid(param, `Missing required parameter: '${param}'.`, 'missing_required_parameter');
}

/** An array that needs elements. */
export function empty(param: string): Problem {
  const message = `Invalid '${param}': empty array. Expected an array with minimum length 1, but got an empty array instead.`;
  return invalid(param, message, 'empty_array');
}

/** The first problem among elements. */
export function firstProblem<Element>(
  elements: readonly Element[],
  find: (element: Element, index: number) => Problem | undefined,
): Problem | undefined {
  for (const [index, element] of elements.entries()) {
    const problem = find(element, index);
    if (problem) return problem;
  }
  return undefined;
}
