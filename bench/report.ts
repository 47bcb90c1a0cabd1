import { misses, type RowFigures, type SubjectFigures } from './figures.ts';
import type { Header } from './header.ts';
import { keptConversations, type Memory } from './memory.ts';
import { table } from './table.ts';

const megabyte = 1024 * 1024;

/** The run's conditions and figures as Markdown. */
export function report(header: Header, figures: readonly SubjectFigures[]): string {
  const { conditions, commit, versions, node, system, processor, load, date, command } = header;
  const facts = [`commit ${commit}`, ...versions, `Node ${node}`, system, processor, `load ${load.join(' ')}`, date];
  return [
    `Time to first token, ${conditions}.`,
    ['```', facts.join(' · '), `command: ${command}`, '```'].join('\n'),
    ...figures.flatMap((subject) => section(header, subject)),
    ...memorySection(figures),
  ].join('\n\n');
}

function section(header: Header, { title, yardsticks, rows }: SubjectFigures): string[] {
  const commands = header.commands.filter(({ subject }) => subject === title);
  return [
    `### ${title}`,
    ['```', ...commands.map((one) => `${one.title}:\n  ${one.command}`), '```'].join('\n'),
    table([
      ['Yardstick', 'median ms', 'p95 ms', 'n'],
      ...yardsticks.map(({ title, first }) => [title, whole(first.median), whole(first.p95), String(first.n)]),
    ]),
    table([
      ['Our server', 'median ms', 'p95 ms', 'n', 'to one-shot', 'target', 'to leanest', 'over model API ms'],
      ...rows.map((row) => [
        row.title,
        whole(row.first.median),
        whole(row.first.p95),
        String(row.first.n),
        row.toOneShot.toFixed(3),
        verdict(row),
        row.toLeanest.toFixed(3),
        whole(row.overModelApi),
      ]),
    ]),
    whereItGoes(rows),
  ];
}

function whereItGoes(rows: readonly RowFigures[]): string {
  const withOwn = rows.some(({ ownThere }) => ownThere.n > 0);
  const own = (heading: string) => (withOwn ? [heading] : []);
  return table([
    ['Where it goes, median ms', 'to model API', ...own('of it our server'), 'back', ...own('of it our server')],
    ...rows.map(({ title, there, ownThere, back, ownBack }) => {
      const columns = withOwn ? [there, ownThere, back, ownBack] : [there, back];
      return [title, ...columns.map(({ median }) => median.toFixed(1))];
    }),
  ]);
}

function memorySection(figures: readonly SubjectFigures[]): string[] {
  const lines = figures.flatMap(({ title, memory }) => {
    if (memory === undefined) return [];
    const { idle, busy, server } = memory;
    const each = (of: keyof Memory) => ((busy[of] - idle[of]) / keptConversations / megabyte).toFixed(1);
    return [
      [
        title,
        String(idle.processes),
        megabytes(idle.resident),
        megabytes(idle.proportional),
        each('resident'),
        each('proportional'),
        megabytes(server.resident),
      ],
    ];
  });
  if (lines.length === 0) return [];
  const head = ['Memory in MB', 'processes', 'idle RSS', 'idle PSS', 'a conversation RSS', 'PSS', 'our server RSS'];
  return ['### Memory', table([head, ...lines])];
}

function verdict(row: RowFigures): string {
  if (row.target === undefined) return '';
  return `${row.target.toFixed(2)} ${misses(row, 1) ? 'missed' : 'met'}`;
}

function whole(milliseconds: number): string {
  return milliseconds.toFixed(0);
}

function megabytes(bytes: number): string {
  return (bytes / megabyte).toFixed(0);
}
