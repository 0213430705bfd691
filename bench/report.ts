/** The rows as text for people, in a terminal and in docs/performance.md. */
import { cpus, totalmem } from 'node:os';
import type { Bench, Row } from './row';

export interface Section {
  readonly bench: Bench;
  readonly rows: readonly Row[];
}

interface Colours {
  green(text: string): string;
  red(text: string): string;
  bold(text: string): string;
}

const HEADINGS = ['what', 'ours', 'beside', 'goal', ''];

function cells({ what, ours, beside, goal }: Row): readonly string[] {
  return [what, ours, beside, goal?.text ?? '', goal === undefined ? '' : goal.met ? 'met' : 'not met'];
}

/** One table, columns aligned, the same with and without colours. */
export function table(sections: readonly Section[], colours: Colours): string {
  const all = [HEADINGS, ...sections.flatMap(({ rows }) => rows.map(cells))];
  const widths = HEADINGS.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const padded = column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0);
        return cell === 'met' ? colours.green(padded) : cell === 'not met' ? colours.red(padded) : padded;
      })
      .join('  ')
      .trimEnd();
  return [
    line(HEADINGS),
    ...sections.flatMap(({ bench, rows }) => ['', colours.bold(bench.title), ...rows.map((row) => line(cells(row)))]),
  ].join('\n');
}

export function missed(sections: readonly Section[]): number {
  return sections.flatMap(({ rows }) => rows).filter(({ goal }) => goal?.met === false).length;
}

/** The page docs/performance.md. */
export function page(sections: readonly Section[], date: string, pairs: number): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${process.arch}, Node.js ${process.version}`;
  const escaped = (text: string): string => text.replaceAll('|', '\\|');
  return [
    '# Performance',
    '',
    'Written by `npm run bench -- --write`; do not edit by hand.',
    '',
    `Measured on ${date}: ${machine}. Other programs may have run on that machine: trust ratios more than milliseconds.`,
    '',
    'How it is measured:',
    '',
    `- **Times** are ratios within one run. Ours and the anchor run by turns (anchor, ours, anchor, ours, …), each in a fresh process, ${pairs} pairs after one that is not counted. The ratio of each pair is taken; the table shows the median and, in brackets, the quartiles.`,
    '- **Counts** (resources, calls, transitions, units) are exact: they come from synthesized templates, and from rehearsals of the bundled functions.',
    '- **Prices** are counts times the list prices in `rehearsal/cost.ts`, past every free tier. A function counts as 0.25 s an invocation there.',
    '- A goal is missed or met by the median. `npm run bench -- --strict` fails when one is missed.',
    ...sections.flatMap(({ bench, rows }) => [
      '',
      `## ${bench.title.charAt(0).toUpperCase()}${bench.title.slice(1)}`,
      '',
      '| what | ours | beside | goal | |',
      '| --- | --- | --- | --- | --- |',
      ...rows.map((row) => `| ${cells(row).map(escaped).join(' | ')} |`),
    ]),
    '',
  ].join('\n');
}
