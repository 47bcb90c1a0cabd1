const subjects = [
  'file',
  'folder',
  'command',
  'symbol',
  'test',
  'branch',
  'issue',
  'page',
  'note',
  'task',
  'table',
  'log',
];

/** So many function tools, each about as large as a coding agent's. */
export function tools(count: number): object[] {
  return subjects.slice(0, count).map((subject) => ({
    type: 'function',
    function: {
      name: `read_${subject}`,
      description:
        `Reads one ${subject} of the project and returns what it holds. Use it before you change a ${subject}, and ` +
        `again when you are not sure that your picture of the ${subject} is still true. Long content comes in parts: ` +
        'ask for the next part with the offset that the answer names.',
      parameters: {
        type: 'object',
        properties: {
          name: { type: 'string', description: `Which ${subject}, relative to the root of the project` },
          offset: { type: 'integer', minimum: 0, description: 'Where to begin, in lines' },
          limit: { type: 'integer', minimum: 1, description: 'How many lines to read at most' },
          format: { type: 'string', enum: ['plain', 'numbered', 'json'], description: 'How to lay out the answer' },
        },
        required: ['name'],
        additionalProperties: false,
      },
    },
  }));
}
