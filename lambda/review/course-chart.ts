/** The course of a check as a small chart: its verdicts over time and, where it has them, its values beside limit and stable version. */
import { html } from 'hono/html';
import type { Course, Step, StepVerdict } from '../../contract/check-course';
import { cleanText } from '../domain/clean-text';
import { iso, millis, SECOND } from '../domain/time';
import { NOTHING, type Html } from './markup';

// In units of the drawing, which is as wide as its place.
const WIDTH = 480;
const PLOT = 64;
const STRIP = 14;
const GAP = 6;

/** How high a step stands in the strip: what is wrong is seen without colours, too. */
const HEIGHTS: Readonly<Record<StepVerdict, number>> = {
  PASS: 5,
  WORKING: 5,
  INCONCLUSIVE: 10,
  ERROR: 10,
  FAIL: STRIP,
};

const WORDS: readonly (readonly [StepVerdict, string])[] = [
  ['FAIL', 'failed'],
  ['ERROR', 'had an error'],
  ['INCONCLUSIVE', 'could not tell'],
];

/** Nothing for a single step: the sentence beside it says the same. */
export function courseChart(course: Course | undefined): Html {
  const steps = course?.steps ?? [];
  const last = steps[steps.length - 1];
  if (course === undefined || last === undefined || steps.length < 2) {
    return NOTHING;
  }
  const span = Math.max(last[0], 1);
  const x = (seconds: number): number => rounded((seconds / span) * WIDTH);
  const range = rangeOf(course);
  const top = range === undefined ? 0 : PLOT + GAP;
  return html`<figure class="course">
    <div class="drawn" aria-hidden="true">
      ${
        range === undefined
          ? NOTHING
          : html`<p class="scale small soft">
              <span>${scaled(range.most, course)}</span><span>${scaled(range.least, course)}</span>
            </p>`
      }
      <svg viewBox="0 0 ${WIDTH} ${top + STRIP}" preserveAspectRatio="none" focusable="false">
        ${range === undefined ? NOTHING : plotOf(course, range, x)}${steps.map((step, index) => stripOf(step, x(steps[index - 1]?.[0] ?? 0), x, top))}
      </svg>
    </div>
    <figcaption class="small soft">${captionOf(course, last)}</figcaption>
  </figure>`;
}

function stripOf([end, verdict]: Step, begin: number, x: (seconds: number) => number, top: number): Html {
  const height = HEIGHTS[verdict];
  const width = Math.max(rounded(x(end) - begin - 1), 1);
  return html`<rect class="${verdict}" x="${begin}" y="${top + STRIP - height}" width="${width}" height="${height}" />`;
}

interface Range {
  readonly least: number;
  readonly most: number;
}

/** Values from zero up, unless one is below it. Undefined where no step has a value. */
function rangeOf({ steps, limit = 0 }: Course): Range | undefined {
  const all = withValues(steps).flatMap(([, , low = 0, high = 0, baseline = low]) => [low, high, baseline]);
  return all.length === 0 ? undefined : { least: Math.min(0, ...all, limit), most: Math.max(0, ...all, limit) };
}

function withValues(steps: readonly Step[]): readonly Step[] {
  return steps.filter(([, , low, high]) => low !== undefined && high !== undefined);
}

function plotOf({ steps, limit }: Course, { least, most }: Range, x: (seconds: number) => number): Html {
  const drawn = withValues(steps);
  const range = most - least || 1;
  const y = (value: number): number => rounded(PLOT - ((value - least) / range) * (PLOT - 2) - 1);
  const line = (pick: (step: Step) => number | undefined): string =>
    drawn.flatMap((step) => (pick(step) === undefined ? [] : [`${x(step[0])},${y(pick(step) ?? 0)}`])).join(' ');
  const band = `${line(([, , , high]) => high)} ${line(([, , low]) => low)
    .split(' ')
    .reverse()
    .join(' ')}`;
  const baseline = line(([, , , , value]) => value);
  return html`<polygon class="band" points="${band}" /><polyline
      class="value"
      points="${line(([, , , high]) => high)}"
    />${
      baseline === '' ? NOTHING : html`<polyline class="baseline" points="${baseline}" />`
    }${limit === undefined ? NOTHING : html`<line class="limit" x1="0" x2="${WIDTH}" y1="${y(limit)}" y2="${y(limit)}" />`}`;
}

/** All that the drawing says, in words. */
function captionOf(course: Course, [end, , , , baseline]: Step): Html {
  const { from, steps, limit } = course;
  const wrong = WORDS.flatMap(([verdict, words]) => {
    const until = steps.find((step) => step[1] === verdict)?.[0];
    return until === undefined ? [] : [`${words} first by ${timeAt(from, until)}`];
  });
  const values = steps.flatMap(([, , low, high]) => (low === undefined || high === undefined ? [] : [low, high]));
  const [lowest, highest] = [Math.min(...values), Math.max(...values)].map((value) => said(value, course));
  const times = [
    `${timeAt(from, 0)} to ${timeAt(from, end)} UTC`,
    ...(wrong.length > 0
      ? wrong
      : [steps.some(([, verdict]) => verdict === 'WORKING') ? 'nothing wrong' : 'passed every time']),
  ];
  const numbers = [
    ...(values.length === 0 ? [] : [lowest === highest ? `value ${highest}` : `values from ${lowest} to ${highest}`]),
    ...(limit === undefined ? [] : [`limit ${said(limit, course)} (dashed)`]),
    ...(baseline === undefined ? [] : [`stable version ${said(baseline, course)} (dotted)`]),
  ];
  return html`${times.join(' · ')}${numbers.map((number) => html`<span class="number"> · ${number}</span>`)}`;
}

/** A number keeps its unit beside it. */
function said(value: number, { unit }: Course): string {
  return unit === undefined ? `${value}` : `${value}\u00a0${cleanText(unit, 12)}`;
}

/** As short as a scale has to be. */
function scaled(value: number, course: Course): string {
  return said(Number(value.toPrecision(2)), course);
}

/** With its day where that is not the day on which the course began. */
function timeAt(from: string, seconds: number): string {
  const at = iso(millis(from) + seconds * SECOND);
  const isFirstDay = seconds > 0 && at.slice(0, 10) === from.slice(0, 10);
  return isFirstDay ? at.slice(11, 16) : at.slice(0, 16).replace('T', ' ');
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
