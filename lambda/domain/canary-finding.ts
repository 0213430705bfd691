/** What a look at a canary means for its gate: the bake goes on until the last look, unless the canary fails before. */
import type { CanaryCheckPlan } from '../../contract/checks';
import type { CheckCommand, Measurement } from '../../contract/messages';
import { longestGap } from './check-tally';
import { judgeCanary, type CanaryJudgement, type MetricSeries } from './judge/judge-canary';
import { lookSchedule } from './judge/looks';
import { Judging } from './limits';
import { beginning, LATE, settledAt, settledFrom, type MetricWindow } from './metric-window';
import { iso, millis, SECOND } from './time';

type Finding = Omit<Measurement, 'checkId' | 'at'>;

/** When it is worth asking again for data that is late, in seconds. */
const RETRY = 30;

/** Which data the latest look that is due needs. Empty = no look is due yet. */
export function canaryWindow(
  plan: Pick<CanaryCheckPlan, 'initialDelay' | 'period' | 'points' | 'minPoints'>,
  command: Pick<CheckCommand, 'since' | 'now'>,
): MetricWindow {
  const period = plan.period * SECOND;
  const from = beginning(command.since, plan.initialDelay, period);
  const finished = Math.max(0, settledAt(millis(command.now), period) - from) / period;
  const due = lookSchedule(plan.minPoints, plan.points).findLast((points) => points <= finished) ?? 0;
  return { from, to: from + due * period, period };
}

export function canaryFinding(
  plan: CanaryCheckPlan,
  { from, to, period }: MetricWindow,
  series: readonly MetricSeries[],
  now: string,
): Finding {
  const judgement = judgeCanary(
    { ...plan, errorBudget: Judging.ERROR_BUDGET, bakePoints: plan.points, longestGap: longestGap(plan), score: plan },
    series,
    {
      from,
      finished: (to - from) / period,
    },
  );
  const { verdict, score, next, looks } = judgement;
  const read = {
    reason: sentence(judgement),
    from: iso(from),
    to: iso(to),
    threshold: `score ${plan.pass}`,
    ...(score === undefined ? {} : { value: `score ${Math.round(score)}` }),
    ...drawnOf(plan, judgement),
  };
  if (verdict === 'FAIL' || (looks === 0 && verdict === 'INCONCLUSIVE')) {
    return { ...read, verdict };
  }
  if (next !== undefined) {
    const settled = settledFrom(from + next * period, period);
    const wait = Math.max(Math.ceil((settled - millis(now)) / SECOND), 1);
    return { ...read, verdict: 'IN_PROGRESS', callBackDelay: wait, waitsUntil: iso(settled) };
  }
  if (verdict === 'PASS') {
    return { ...read, verdict, healthySince: iso(from) };
  }
  return millis(now) < to + LATE
    ? { ...read, verdict: 'IN_PROGRESS', callBackDelay: RETRY, waitsUntil: iso(to + LATE) }
    : { ...read, verdict: 'INCONCLUSIVE' };
}

/** Of the metrics that decide, the one that failed or differs most. In per cent, so that metrics of any unit fit into one chart. */
function drawnOf({ metrics }: Pick<CanaryCheckPlan, 'metrics'>, judgement: CanaryJudgement): Pick<Finding, 'drawn'> {
  const compared = metrics.flatMap(({ name, criticality, worseWhen, minEffect }) => {
    const { verdict, effectPercent = NaN } = judgement.metrics.find((one) => one.name === name) ?? {};
    const isDrawn = criticality !== 'REPORT_ONLY' && Number.isFinite(effectPercent);
    const isDown = worseWhen === 'LOWER' || (worseWhen === 'DIFFERENT' && effectPercent < 0);
    const limit = (isDown ? -100 : 100) * minEffect;
    return isDrawn ? [{ value: effectPercent, limit, hasFailed: verdict === 'FAIL' }] : [];
  });
  const [most] = compared.sort(
    (a, b) => Number(b.hasFailed) - Number(a.hasFailed) || Math.abs(b.value) - Math.abs(a.value),
  );
  return most === undefined ? {} : { drawn: { value: most.value, limit: most.limit, baseline: 0, unit: '%' } };
}

function sentence({ look, looks, reason }: CanaryJudgement): string {
  return look === 0 ? reason : `Look ${look} of ${looks}: ${reason}`;
}
