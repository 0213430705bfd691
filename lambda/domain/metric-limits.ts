/** Whether a metric kept its limits in every period of a window. Only a window of which everything is known can pass. */
import type { MetricCheckPlan, MetricLimits } from '../../contract/checks';
import { brokenIn, clock, missingFrom, span, strayIn, unfinished, type MetricFinding } from './metric-gaps';
import type { MetricPoint, MetricWindow } from './metric-window';
import { iso } from './time';

type Plan = Pick<MetricCheckPlan, 'atLeast' | 'atMost' | 'missingData'>;

/** The points may come in any order. What fails fails, whatever else is missing. */
export function judgeLimits(
  plan: Plan,
  window: MetricWindow,
  points: readonly MetricPoint[],
  now: string,
): MetricFinding {
  const threshold = limitsInWords(plan);
  if (threshold === undefined) {
    return { verdict: 'ERROR', reason: 'The check has no limit to judge the metric by.' };
  }
  const finding =
    window.from === window.to
      ? unfinished(window, now)
      : (strayIn(window, points) ??
        beyond(plan, points, threshold) ??
        brokenIn(points) ??
        (plan.missingData === 'INCONCLUSIVE' ? missingFrom(window, points, now) : undefined) ??
        within(plan, window, points, threshold));
  return { threshold, from: iso(window.from), to: iso(window.to), ...finding };
}

function beyond(plan: Plan, points: readonly MetricPoint[], threshold: string): MetricFinding | undefined {
  const bad = points.find(({ value }) => Number.isFinite(value) && !isWithin(plan, value));
  if (bad === undefined) {
    return undefined;
  }
  const said = valueOf(plan, bad.value);
  return { verdict: 'FAIL', ...said, reason: `It was ${said.value} at ${clock(bad.at)}, but has to be ${threshold}.` };
}

/** Without any data, silence counts as healthy. */
function within(plan: Plan, window: MetricWindow, points: readonly MetricPoint[], threshold: string): MetricFinding {
  const healthySince = iso(window.from);
  const [first, ...others] = points;
  if (first === undefined) {
    return { verdict: 'PASS', healthySince, reason: `It has no data ${span(window)}, which counts as healthy.` };
  }
  const nearest = others.reduce(
    (one, other) => (margin(plan, other.value) < margin(plan, one.value) ? other : one),
    first,
  );
  const said = valueOf(plan, nearest.value);
  const reason = `It was at worst ${said.value} ${span(window)}, and has to be ${threshold}.`;
  return { verdict: 'PASS', healthySince, ...said, reason };
}

/** Written so that a limit that is no number keeps nothing. */
function isWithin({ atLeast = -Infinity, atMost = Infinity }: MetricLimits, value: number): boolean {
  return value >= atLeast && value <= atMost;
}

function margin({ atLeast = -Infinity, atMost = Infinity }: MetricLimits, value: number): number {
  return Math.min(value - atLeast, atMost - value);
}

function limitsInWords({ atLeast, atMost }: MetricLimits): string | undefined {
  if (atLeast === undefined) {
    return atMost === undefined ? undefined : `at most ${atMost}`;
  }
  return atMost === undefined ? `at least ${atLeast}` : `${atLeast} to ${atMost}`;
}

/** Short, but never so that a value seems to be on the other side of its limit. Of two limits the nearer one is drawn. */
function valueOf(plan: Plan, value: number): Pick<MetricFinding, 'value' | 'drawn'> {
  const { atLeast = -Infinity, atMost = Infinity } = plan;
  const short = Number(value.toPrecision(6));
  return {
    value: String(isWithin(plan, short) === isWithin(plan, value) ? short : value),
    drawn: { value, limit: value - atLeast < atMost - value ? atLeast : atMost },
  };
}
