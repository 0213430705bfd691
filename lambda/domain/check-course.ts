/** How the course of a check grows: short enough to be kept with its running state, and shorter for lists. */
import { STEP_VERDICTS, type Course, type Step, type StepVerdict } from '../../contract/check-course';
import type { Measurement } from '../../contract/messages';
import { millis, SECOND } from './time';

/** So many can be told apart on a phone. */
export const MOST_STEPS = 48;
/** So many in a list of requests, whose rows hold them. */
export const MOST_STEPS_IN_LIST = 24;

/** The course with one measurement more. Where it gets too long, two neighbours become one step: its verdict is the worse of the two. */
export function withStep(course: Course | undefined, measurement: Measurement): Course {
  const { at, verdict, drawn } = measurement;
  const { from, steps, limit, ...others }: Course = course ?? { from: at, steps: [] };
  const { value, baseline } = { value: numberOf(drawn?.value), baseline: numberOf(drawn?.baseline) };
  const end = Math.round((millis(at) - millis(from)) / SECOND);
  const step = stepOf(end, verdict === 'IN_PROGRESS' ? 'WORKING' : verdict, value, value, baseline);
  const longer = [...steps, step];
  const newLimit = numberOf(drawn?.limit) ?? limit;
  return {
    from,
    steps: longer.length > MOST_STEPS ? shortened(longer) : longer,
    ...(newLimit === undefined ? {} : { limit: newLimit }),
    ...(drawn?.unit === undefined ? others : { unit: drawn.unit }),
  };
}

/**
 * The course for a list of requests. The one that the list has already stays while nothing could be seen of the difference, so that
 * few measurements change the row of the request.
 */
export function courseInList(course: Course, before: Course | undefined): Course {
  const last = course.steps.at(-1);
  const shown = before?.from === course.from ? before.steps.at(-1) : undefined;
  const isSeen =
    last === undefined ||
    shown === undefined ||
    last[1] !== shown[1] ||
    (last[0] - shown[0]) * MOST_STEPS_IN_LIST >= last[0];
  if (!isSeen && before !== undefined) {
    return before;
  }
  let { steps } = course;
  while (steps.length > MOST_STEPS_IN_LIST) {
    steps = shortened(steps);
  }
  return { ...course, steps };
}

/** Joins the two neighbours that together took the least time, so that all steps stay about as long. */
function shortened(steps: readonly Step[]): Step[] {
  const endOf = (index: number): number => steps[index]?.[0] ?? 0;
  const spanFrom = (index: number): number => endOf(index + 1) - endOf(index - 1);
  const pairs = steps.slice(1).map((_, index) => index);
  const shortest = pairs.reduce((best, index) => (spanFrom(index) < spanFrom(best) ? index : best), 0);
  return steps.flatMap((step, index) => {
    const next = steps[index + 1];
    return index === shortest && next !== undefined ? [joined(step, next)] : index === shortest + 1 ? [] : [step];
  });
}

function joined([, verdict, low, high, baseline]: Step, [end, later, lowLater, highLater, baselineLater]: Step): Step {
  return stepOf(
    end,
    STEP_VERDICTS.find((one) => one === verdict || one === later) ?? 'INCONCLUSIVE',
    least(low, lowLater),
    most(high, highLater),
    baselineLater ?? baseline,
  );
}

/** Without places at its end that hold nothing: tables keep no undefined values. */
function stepOf(end: number, verdict: StepVerdict, low?: number, high?: number, baseline?: number): Step {
  if (low === undefined || high === undefined) {
    return [end, verdict];
  }
  return baseline === undefined ? [end, verdict, low, high] : [end, verdict, low, high, baseline];
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

function most(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}

/** Four digits are more than can be seen. */
function numberOf(value: number | undefined): number | undefined {
  const short = value === undefined ? NaN : Number(value.toPrecision(4));
  return Number.isFinite(short) ? short : undefined;
}
