import type { SubjectFigures } from './figures.ts';
import type { Header } from './header.ts';

const width = 760;
const left = 190;
const right = 120;
const barHeight = 14;
const lineHeight = 20;
const groupGap = 18;
const top = 62;
const bottom = 34;
/** The rows that are drawn: those that every client meets. */
const drawn = ['new-0', 'next-0', 'result-1', 'replay-8'];

interface Bar {
  readonly title: string;
  readonly ratio: number;
  readonly milliseconds: number;
  readonly kind: 'command' | 'server';
}

/** A picture (SVG) of how long each answer takes, the one-shot command with its default flags being 1. */
export function drawing(header: Header, figures: readonly SubjectFigures[]): string {
  let y = top;
  const groups = figures.map((subject) => {
    const bars = barsOf(subject);
    const group = [text(16, y + 11, subject.title, 'group')];
    y += lineHeight;
    for (const bar of bars) {
      group.push(...draw(bar, y));
      y += lineHeight;
    }
    y += groupGap;
    return group.join('\n');
  });
  const height = y - groupGap + bottom;
  const { conditions, commit, versions, date } = header;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    '<title>Time to first token, relative to the one-shot command</title>',
    `<style>${style}</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    text(16, 26, 'Time to first token: the one-shot command is 1', 'head'),
    text(16, 44, `Medians; ${conditions}`, 'note'),
    ...groups,
    text(16, height - 14, `${versions.join(' · ')} · commit ${commit} · ${date.slice(0, 10)}`, 'note'),
    '</svg>',
    '',
  ].join('\n');
}

function barsOf({ rows, yardsticks }: SubjectFigures): Bar[] {
  const [command] = yardsticks;
  const server = rows.filter(({ id }) => drawn.includes(id));
  return [
    { title: 'one-shot command', ratio: 1, milliseconds: command?.first.median ?? 0, kind: 'command' },
    ...server.map(({ title, toOneShot, first }): Bar => {
      return { title, ratio: toOneShot, milliseconds: first.median, kind: 'server' };
    }),
  ];
}

function draw({ title, ratio, milliseconds, kind }: Bar, y: number): string[] {
  const length = Math.max(1, Math.min(1, ratio) * (width - left - right));
  const label = `${ratio.toFixed(2)} (${milliseconds.toFixed(0)} ms)`;
  return [
    text(left - 8, y + 11, title, 'row'),
    `<rect class="${kind}" x="${left}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="2"/>`,
    text(left + length + 6, y + 11, label, 'value'),
  ];
}

function text(x: number, y: number, content: string, kind: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text class="${kind}" x="${x.toFixed(1)}" y="${y}">${escaped}</text>`;
}

const style = `
text { font: 12px system-ui, sans-serif; fill: #24292f }
.head { font-size: 15px; font-weight: 600 } .group { font-weight: 600 } .row { text-anchor: end }
.note { font-size: 11px; fill: #57606a }
.ground { fill: #ffffff } .command { fill: #afb8c1 } .server { fill: #1f6feb }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .note { fill: #8d96a0 }
  .ground { fill: #0d1117 } .command { fill: #484f58 } .server { fill: #58a6ff }
}`;
