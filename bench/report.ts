import { type Figures, misses, type RowFigures } from './figures.ts';
import type { Header } from './header.ts';

/** The run's conditions and figures as Markdown. */
export function report(header: Header, { rows, yardsticks }: Figures): string {
  const { conditions, commit, cli, node, system, processor, load, date, command } = header;
  return [
    `Time to first token, ${conditions}`,
    `commit ${commit} · Claude Code ${cli} · Node ${node} · ${system} · ${processor} · load ${load.join(' ')} · ${date}`,
    `command: ${command}`,
    ...Object.entries(header.commands).map(([title, spelled]) => `${title}: ${spelled}`),
    '',
    table([
      ['Yardstick', 'median ms', 'p95 ms', 'n'],
      ...yardsticks.map(({ title, first }) => [title, whole(first.median), whole(first.p95), String(first.n)]),
    ]),
    '',
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
    '',
    table([
      ['Where it goes, median ms', 'to model API', 'of it our server', 'back', 'of it our server'],
      ...rows.map(({ title, there, ownThere, back, ownBack }) => [
        title,
        ...[there, ownThere, back, ownBack].map(({ median }) => median.toFixed(1)),
      ]),
    ]),
  ].join('\n');
}

function verdict(row: RowFigures): string {
  if (row.target === undefined) return '';
  return `${row.target.toFixed(2)} ${misses(row, 1) ? 'missed' : 'met'}`;
}

function whole(milliseconds: number): string {
  return milliseconds.toFixed(0);
}

/** Columns of one width each: the first is text, the others are numbers. */
function table(lines: readonly (readonly string[])[]): string {
  const [head = []] = lines;
  const widths = head.map((_, column) => Math.max(3, ...lines.map((line) => (line[column] ?? '').length)));
  const cells = (line: readonly string[]) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)));
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const [first = [], ...rest] = lines.map(cells);
  return [first, rule, ...rest].map((line) => `| ${line.join(' | ')} |`).join('\n');
}
