import { Duration, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CANARY_POINTS, type CheckPlan, type ComparedMetricPlan } from '../../contract/checks';
import { GateError } from '../errors';
import { human } from '../private/human';
import { beginningOf } from '../private/text';
import { mustBeOneOf, mustBeOptions, mustBeText } from '../private/types';
import { MetricCriticality, WorseWhen, type CanaryAnalysisCheckOptions, type ComparedMetric } from './canary-options';
import type { CheckBinding } from './check-binding';
import type { CheckPlace } from './fits-gate';
import { metricTiming, readMetrics } from './metric-check';
import { findMetric, samePlace, type PlacedMetric } from './metric-source';
import { LONGEST_TITLE, wholeNumber } from './timing';

const METHOD = 'Check.canaryAnalysis';
/** All of them have to fit into a parameter of Systems Manager. */
const MOST_METRICS = 10;
const DAY = 24 * 60 * 60;
const SHORTEST_PERIOD = 60;

/** Validates at once; how long it compares follows when the gate is known. */
export function bindCanary(options: CanaryAnalysisCheckOptions): (scope: Construct, place: CheckPlace) => CheckBinding {
  mustBeOptions(METHOD, options, '`{ metrics: [{ canary, baseline }] }`');
  const { metrics = [], groupWeights = {}, passScore = 95 } = options;
  if (metrics.length < 1 || metrics.length > MOST_METRICS) {
    throw new GateError(
      'CanaryMetrics',
      `\`${METHOD} metrics\` has ${metrics.length} metrics, but has to have 1 to ${MOST_METRICS}: give those that tell best`,
    );
  }
  const compared = metrics.map(comparedMetric);
  const pass = wholeNumber(`${METHOD} passScore`, passScore, 1, 100);
  const marginal = wholeNumber(`${METHOD} marginalScore`, options.marginalScore ?? Math.min(75, pass), 1, pass);
  const minPoints = wholeNumber(
    `${METHOD} minPoints`,
    options.minPoints ?? CANARY_POINTS.usual,
    CANARY_POINTS.fewest,
    1000,
  );
  mustDecide(compared);
  mustBeWeights(groupWeights, compared);
  const period = onePeriod(compared);
  const title = beginningOf(`canary ${compared.map(({ name }) => name).join(', ')}`, LONGEST_TITLE);
  const timing = metricTiming(METHOD, options, period, title);
  if ([timing.initialDelay, period, minPoints].some((value) => Token.isUnresolved(value))) {
    throw new GateError(
      'TokenDuration',
      `\`${METHOD}\` has to know its numbers at synth: give \`initialDelay\`, \`minPoints\` and the period of its metrics without tokens`,
    );
  }
  return (scope, { bakeTime }) => {
    const placed = compared.map((metric) => metric.in(scope));
    const places = placed.flatMap(({ canary, baseline }) => [canary, baseline]);
    return {
      draft: {
        ...timing,
        kind: 'canary',
        period,
        points: Math.floor((secondsOf(bakeTime) - timing.initialDelay) / period),
        minPoints,
        metrics: placed.map(({ canary, baseline, ...rest }) => ({
          ...rest,
          canary: canary.source,
          baseline: baseline.source,
        })),
        groupWeights,
        pass,
        marginal,
      },
      statements: [readMetrics()],
      place: places.reduce((one, other) => ({ ...one, place: samePlace(METHOD, one, other, scope) })).place,
    };
  };
}

interface Compared {
  readonly name: string;
  readonly group: string;
  readonly criticality: MetricCriticality;
  readonly periods: readonly number[];
  readonly in: (scope: Construct) => PlacedComparison;
}

type PlacedComparison = Omit<ComparedMetricPlan, 'canary' | 'baseline'> & {
  readonly canary: PlacedMetric;
  readonly baseline: PlacedMetric;
};

function comparedMetric(metric: ComparedMetric): Compared {
  mustBeOptions(`${METHOD} metrics`, metric, '`{ canary, baseline }`');
  const canary = findMetric(`${METHOD} canary`, metric.canary);
  const baseline = findMetric(`${METHOD} baseline`, metric.baseline);
  const { worseWhen = WorseWhen.HIGHER, criticality = MetricCriticality.NORMAL, group = 'all' } = metric;
  const name = oneLine('name', metric.name ?? beginningOf(canary.name, 60));
  mustBeOneOf(`${METHOD} worseWhen`, worseWhen, Object.values(WorseWhen), 'take it from `WorseWhen`');
  mustBeOneOf(
    `${METHOD} criticality`,
    criticality,
    Object.values(MetricCriticality),
    'take it from `MetricCriticality`',
  );
  const percent = wholeNumber(`${METHOD} minEffectPercent`, metric.minEffectPercent ?? 10, 0, 1000);
  return {
    name,
    group: oneLine('group', group),
    criticality,
    periods: [canary.period, baseline.period],
    in: (scope) => {
      const plan = {
        name,
        canary: canary.in(scope),
        baseline: baseline.in(scope),
        worseWhen,
        minEffect: percent / 100,
        group,
        criticality,
      };
      if (JSON.stringify(plan.canary.source) === JSON.stringify(plan.baseline.source)) {
        throw new GateError(
          'SameMetric',
          `\`${METHOD}\` compares '${name}' with itself, so it could never fail: give \`baseline\` the dimensions of the stable version`,
        );
      }
      return plan;
    },
  };
}

function oneLine(prop: string, text: string): string {
  mustBeText(`${METHOD} ${prop}`, text);
  if (!Token.isUnresolved(text) && (text.trim() === '' || text.length > 60 || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(text))) {
    throw new GateError(
      'BadTitle',
      `\`${METHOD} ${prop}\` is ${JSON.stringify(text)}, but has to be one line of 1 to 60 characters: shorten it`,
    );
  }
  return text;
}

function mustDecide(metrics: readonly Compared[]): void {
  const names = metrics.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    throw new GateError(
      'SameNameTwice',
      `\`${METHOD}\` has two metrics named '${twice}': give each a \`name\` of its own`,
    );
  }
  if (metrics.every(({ criticality }) => criticality === MetricCriticality.REPORT_ONLY)) {
    throw new GateError(
      'OnlyObservers',
      `every one of the \`${METHOD} metrics\` is \`REPORT_ONLY\`, so it could never fail: let at least one decide`,
    );
  }
}

function mustBeWeights(weights: Readonly<Record<string, number>>, metrics: readonly Compared[]): void {
  const deciding = metrics.filter(({ criticality }) => criticality !== MetricCriticality.REPORT_ONLY);
  const groups = new Set(deciding.map(({ group }) => group));
  let sum = 0;
  Object.entries(weights).forEach(([group, weight]) => {
    if (!groups.has(group)) {
      throw new GateError(
        'UnknownGroup',
        `\`${METHOD} groupWeights\` names group '${group}', but the groups that decide are ${[...groups].join(', ')}: correct it`,
      );
    }
    sum += wholeNumber(`${METHOD} groupWeights`, weight, 1, 100);
  });
  const unnamed = [...groups].filter((group) => weights[group] === undefined);
  if (sum > 100) {
    throw new GateError(
      'WeightsOver100',
      `\`${METHOD} groupWeights\` add up to ${sum}, but are per cent: lower them to 100 in all`,
    );
  }
  if (sum === 100 && unnamed.length > 0) {
    throw new GateError(
      'WeightsOver100',
      `\`${METHOD} groupWeights\` add up to 100, which leaves nothing for ${unnamed.map((group) => `group '${group}'`).join(' and ')}: lower them, or name it there`,
    );
  }
}

function onePeriod(metrics: readonly Compared[]): number {
  const periods = [...new Set(metrics.flatMap((metric) => metric.periods))];
  const [period = 0] = periods;
  if (periods.length > 1) {
    throw new GateError(
      'PeriodsDiffer',
      `\`${METHOD}\` is given metrics with periods of ${periods.map(human).join(' and ')}, but compares the same moments: give all of them one period`,
    );
  }
  if (!Token.isUnresolved(period) && period < SHORTEST_PERIOD) {
    throw new GateError(
      'PeriodTooShort',
      `\`${METHOD}\` is given metrics with a period of ${human(period)}, which CloudWatch keeps for 3 hours only: give them a minute or more`,
    );
  }
  return period;
}

/** It compares for the whole bake, which has to be long enough, and no longer than CloudWatch keeps the metrics. */
export function mustBeComparable(plan: CheckPlan, { bakeTime }: CheckPlace): void {
  if (plan.kind !== 'canary') {
    return;
  }
  const { initialDelay, minPoints, period, points } = plan;
  const bake = secondsOf(bakeTime);
  if (points < minPoints) {
    throw new GateError(
      'BakeTooShort',
      `\`bakeTime\` is ${human(bake)}, but \`${METHOD}\` needs ${human(initialDelay + minPoints * period)} for ${minPoints} data points: ` +
        'give the gate that time, known at synth, or shorten the period of the metrics',
    );
  }
  const longest = keptFor(period);
  if (bake > longest) {
    throw new GateError(
      'BakeTooLong',
      `\`bakeTime\` is ${human(bake)}, but \`${METHOD}\` can compare no longer than ${human(longest)}, for which CloudWatch keeps a period of ` +
        `${human(period)}: shorten it, or give the metrics a period of 5 minutes`,
    );
  }
}

/** What only deployment knows is no bake that looks can be planned for. */
function secondsOf(bakeTime: Duration | undefined): number {
  return bakeTime === undefined || bakeTime.isUnresolved() ? 0 : bakeTime.toSeconds();
}

/** A day less than CloudWatch keeps them: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention */
function keptFor(period: number): number {
  return (period % 300 === 0 ? 62 : 14) * DAY;
}
