/** Which version had how much of the traffic, and when: a drawing for each of the latest deployments. */
import { html } from 'hono/html';
import { chip, clock, NOTHING, short, STATES, type Html } from './markup';
import type { CourseView, Snapshot } from './snapshot';

// In units of the drawing, which is as wide as its place.
const WIDTH = 300;
const HEIGHT = 60;
/** Behind the end, so that the last share is seen. */
const AFTER = 24;
/** What takes no time is seen all the same. */
const SHORTEST = 60_000;
/** Steps that are told in words; a linear shift may have a hundred. */
const MOST_STEPS = 8;

/** Nothing before the first deployment. */
export function trafficCard({ courses }: Pick<Snapshot, 'courses'>): Html {
  if (courses.length === 0) return NOTHING;
  return html`<section class="card" aria-labelledby="traffic-title">
    <h2 id="traffic-title">Traffic</h2>
    <ol class="courses">
      ${courses.map((course) => html`<li>${figure(course)}</li>`)}
    </ol>
  </section>`;
}

function figure(course: CourseView): Html {
  const { of, status, why } = course;
  const tone = STATES[status]?.[0] ?? '';
  return html`<figure class="t-${tone}">
    <div class="head"><b>${of}</b> ${chip(status)}</div>
    ${isAtOnce(course) ? NOTHING : drawing(course)}
    <figcaption class="small">${inWords(course)}${why === undefined ? NOTHING : html`<br />${short(why)}`}</figcaption>
  </figure>`;
}

/** Of these there is nothing to draw. */
function isAtOnce({ points, status }: CourseView): boolean {
  const [first, last] = [points[0], points.at(-1)];
  return status === 'Succeeded' && last?.percent === 100 && last.at === first?.at;
}

function drawing(course: CourseView): Html {
  const { from, to, points, until } = course;
  const ends = [points[0]?.at ?? until, until].map((at) => clock(new Date(at).toISOString()));
  return html`<p class="small soft"><span class="key">▆</span> ${to}, above it ${from}</p>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <polygon class="new" points="${outline(course)}" />
    </svg>
    <p class="small soft ends"><span>${ends[0]}</span><span>${ends[1]}</span></p>`;
}

/** The share of the new version as stairs. */
function outline({ points, until }: CourseView): string {
  const begin = points[0]?.at ?? until;
  const span = Math.max(until - begin, SHORTEST);
  const x = (at: number): number => Math.round(((at - begin) / span) * (WIDTH - AFTER));
  const y = (percent: number): number => HEIGHT - Math.round((percent / 100) * HEIGHT);
  const stairs = points.flatMap(({ at, percent }, index) => [
    `${x(at)},${y(points[index - 1]?.percent ?? 0)}`,
    `${x(at)},${y(percent)}`,
  ]);
  return [...stairs, `${WIDTH},${y(points.at(-1)?.percent ?? 0)}`, `${WIDTH},${HEIGHT}`].join(' ');
}

/** All that the drawing says. */
function inWords(course: CourseView): string {
  const { points, to, from } = course;
  const steps = points.slice(1).map(({ at, percent }) => `${percent} % at ${clock(new Date(at).toISOString())}`);
  if (steps.length === 0) return `${to} has no traffic yet`;
  if (isAtOnce(course)) return `From ${from} to ${to} at once, at ${clock(new Date(points[0]?.at ?? 0).toISOString())}`;
  return `${to}: ${steps.length > MOST_STEPS ? '… ' : ''}${steps.slice(-MOST_STEPS).join(', ')}`;
}
