/** `npm run judge-curves`: simulates bakes, and writes the numbers of docs/judge.md and its charts. Takes about ten minutes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { svg } from './chart';
import { ALIKE, CASES, WHEN } from './choices';
import { judge, kayentaGrowing, kayentaSliding, threshold, type Judge } from './judges';
import { alike, VARIATIONS } from './noise';
import { simulate, type Outcome } from './simulate';

const DOCS = join(__dirname, '../../docs');
/** Fewer for a quick look: `npm run judge-curves -- 100`. */
const BAKES = Number(process.argv[2] ?? 1_000);

const JUDGES: Readonly<Record<string, Judge>> = {
  'this judge': judge(),
  'Kayenta, all data every 30 minutes': kayentaGrowing(30),
  'Kayenta, last hour every minute': kayentaSliding(1),
  'threshold of +10 %': threshold(1.1, 3),
  'threshold of +50 %': threshold(1.5, 3),
};
const LIKENESS = [0, 0.2, 0.4, 0.6, 0.8, 0.9];
const WORSE = [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1];

const tell = (text: string): void => void process.stderr.write(`${text}\n`);
const share = ({ rejected }: Outcome): string => `${(100 * rejected).toFixed(1)} %`;
const withMinutes = (outcome: Outcome): string =>
  outcome.minutes === undefined ? share(outcome) : `${share(outcome)}, minute ${Math.round(outcome.minutes)}`;

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [headings, headings.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function falseRejections(): string {
  const judges: Readonly<Record<string, Judge>> = {
    'this judge, any difference in either direction counts': judge('DIFFERENT', 0),
    ...JUDGES,
  };
  const found = LIKENESS.map((likeness) => {
    tell(`healthy, ${likeness}`);
    // A mean of 100 with a scatter of 50 %, as of latencies.
    const values = (normal: Float64Array) => normal.map((value) => 100 * Math.exp(0.47 * value));
    return simulate(
      judges,
      (chance) => ({ canary: values(alike(chance, likeness)), baseline: values(alike(chance, likeness)) }),
      BAKES,
    );
  });
  const names = Object.keys(judges);
  const chart = svg({
    title: 'Healthy bakes of four hours that are rejected',
    across: 'how much neighbouring minutes are alike (r)',
    ticks: LIKENESS.map(String),
    top: 1,
    columns: 1,
    panels: [
      {
        title: 'latency, scatter 50 %',
        lines: Object.keys(JUDGES).map((name) => ({
          name,
          values: found.map((one) => (one[name] as Outcome).rejected),
        })),
      },
    ],
  });
  writeFileSync(join(DOCS, 'images/judge-false-rejections.svg'), chart);
  return table(
    ['healthy bakes rejected', ...LIKENESS.map((likeness) => `r = ${likeness}`)],
    names.map((name) => [name, ...found.map((one) => share(one[name] as Outcome))]),
  );
}

function power(): string {
  const bakes = Math.ceil(BAKES / 4);
  const panels = VARIATIONS.map((variation) => {
    tell(variation.name);
    const found = WORSE.map((worse) => simulate(JUDGES, (chance) => variation.draw(chance, worse), bakes));
    return { title: variation.name, found };
  });
  const chart = svg({
    title: 'Bakes of four hours that are rejected, by how much worse the canary is',
    across: 'how much worse the canary is',
    ticks: WORSE.map((worse) => `${Math.round(100 * worse)}%`),
    top: 1,
    columns: 2,
    panels: panels.map(({ title, found }) => ({
      title,
      lines: Object.keys(JUDGES).map((name) => ({ name, values: found.map((one) => (one[name] as Outcome).rejected) })),
    })),
  });
  writeFileSync(join(DOCS, 'images/judge-power.svg'), chart);
  return panels
    .map(({ title, found }) =>
      table(
        [title, ...WORSE.map((worse) => (worse === 0 ? 'healthy' : `+${Math.round(100 * worse)} %`))],
        Object.keys(JUDGES).map((name) => [name, ...found.map((one) => withMinutes(one[name] as Outcome))]),
      ),
    )
    .join('\n\n');
}

function choices(ways: Readonly<Record<string, Judge>>, heading: string): string {
  const found = Object.entries(CASES).map(([name, draw]) => {
    tell(`${heading}: ${name}`);
    return simulate(ways, draw, BAKES);
  });
  return table(
    [heading, ...Object.keys(CASES)],
    Object.keys(ways).map((name) => [name, ...found.map((one) => withMinutes(one[name] as Outcome))]),
  );
}

const sections: Readonly<Record<string, () => string>> = {
  'false-rejections': falseRejections,
  when: () => choices(WHEN, 'looks'),
  alike: () => choices(ALIKE, 'minutes that are alike'),
  power,
};

const page = join(DOCS, 'judge.md');
const text = Object.entries(sections).reduce(
  (before, [name, make]) =>
    before.replace(
      new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- end -->)`),
      (_all, start: string, end: string) => `${start}\n${make()}\n\n${end}`,
    ),
  readFileSync(page, 'utf8'),
);
writeFileSync(page, text);
tell(`wrote ${page}`);
