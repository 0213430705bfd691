import { Duration, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { human } from '../private/human';
import { beginningOf } from '../private/text';
import { mustBeOneOf, mustBeOptions, shown } from '../private/types';
import { MissingData } from './alarm-options';
import type { CheckBinding } from './check-binding';
import type { MetricCheckOptions } from './metric-options';
import { findMetric, type FoundMetric } from './metric-source';
import { LONGEST_TITLE, timingOf, type Timing } from './timing';
import type { CheckOptions } from './check-options';

const METHOD = 'Check.metric';

/** Validates at once; place and permissions follow when the gate's stack is known. */
export function bindMetric(
  metric: cloudwatch.IMetric,
  options: MetricCheckOptions,
): (scope: Construct) => CheckBinding {
  mustBeOptions(METHOD, options, '`{ atMost: 5 }`');
  const found = findMetric(METHOD, metric);
  const { atMost, atLeast, missingData = MissingData.INCONCLUSIVE } = options;
  mustBeOneOf(`${METHOD} missingData`, missingData, Object.values(MissingData), 'take it from `MissingData`');
  mustBeLimits(found, atLeast, atMost);
  const timing = metricTiming(METHOD, options, found.period, beginningOf(`metric ${found.name}`, LONGEST_TITLE));
  return (scope) => {
    const { source, place } = found.in(scope);
    return {
      draft: {
        ...timing,
        kind: 'metric',
        source,
        missingData,
        ...(atLeast === undefined ? {} : { atLeast }),
        ...(atMost === undefined ? {} : { atMost }),
      },
      statements: [readMetrics()],
      place,
    };
  };
}

/** CloudWatch judges this action on `*` only: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
export function readMetrics(): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] });
}

/** No more often than there is new data: by default once a period, or once a minute where that is longer. */
export function metricTiming(method: string, options: CheckOptions, period: number, defaultTitle: string): Timing {
  const timing = timingOf(
    method,
    { ...options, interval: options.interval ?? Duration.seconds(Math.max(period, 60)) },
    defaultTitle,
  );
  const { interval } = timing;
  if (Token.isUnresolved(interval) || Token.isUnresolved(period)) {
    return timing;
  }
  if (interval < period) {
    throw new GateError(
      'IntervalUnderPeriod',
      `\`${method} interval\` is ${human(interval)}, but has to be at least the period of the metric, ${human(period)}: ` +
        'there is no new data sooner; lengthen it, or take a shorter period of the metric',
    );
  }
  if (period < 60 && interval > LONGEST_OF_SHORT) {
    throw new GateError(
      'IntervalOverRetention',
      `\`${method} interval\` is ${human(interval)}, but CloudWatch keeps the data of a period of ${human(period)} for 3 hours: ` +
        `shorten it to ${human(LONGEST_OF_SHORT)} or less, or take a period of a minute or more`,
    );
  }
  return timing;
}

/** A measurement looks back two intervals, and data of periods under a minute is kept for three hours. */
const LONGEST_OF_SHORT = 90 * 60;

function mustBeLimits(found: FoundMetric, atLeast: number | undefined, atMost: number | undefined): void {
  if (atLeast === undefined && atMost === undefined) {
    throw new GateError(
      'NoLimit',
      `\`${METHOD}\` of '${found.name}' has neither \`atMost\` nor \`atLeast\`, so it could never fail: give at least one of them`,
    );
  }
  Object.entries({ atLeast, atMost }).forEach(([prop, limit]) => {
    if (limit !== undefined && !Token.isUnresolved(limit) && !Number.isFinite(limit)) {
      throw new GateError('BadLimit', `\`${METHOD} ${prop}\` is ${shown(limit)}, but has to be a number: give one`);
    }
  });
  const [least, most] = [atLeast, atMost].map((limit) => (Token.isUnresolved(limit) ? undefined : limit));
  if (least !== undefined && most !== undefined && least > most) {
    throw new GateError(
      'LimitsCrossed',
      `\`${METHOD} atLeast\` is ${least}, but has to be no more than \`atMost\`, which is ${most}, or no value could pass: swap them`,
    );
  }
  const range = rangeOf(found);
  if (range === undefined) {
    return;
  }
  const { low, high, what } = range;
  const refuse = (prop: string, limit: number, effect: string): never => {
    const between = high === Infinity ? `is never below ${low}` : `is always from ${low} to ${high}`;
    throw new GateError(
      'LimitOutOfRange',
      `\`${METHOD} ${prop}\` of '${found.name}' is ${limit}, but ${what} ${between}, so the check could never ${effect}: ` +
        'give a limit in between',
    );
  };
  if (most !== undefined && most < low) refuse('atMost', most, 'pass');
  if (most !== undefined && most >= high) refuse('atMost', most, 'fail by it');
  if (least !== undefined && least > high) refuse('atLeast', least, 'pass');
  if (least !== undefined && least <= low) refuse('atLeast', least, 'fail by it');
}

/** What its values can be, where unit or statistic say so. */
function rangeOf({ unit, statistic = '' }: FoundMetric): { low: number; high: number; what: string } | undefined {
  if (/^(SampleCount|n)$/i.test(statistic)) {
    return { low: 0, high: Infinity, what: 'a number of samples' };
  }
  if (unit === cloudwatch.Unit.PERCENT && !/^sum$/i.test(statistic)) {
    return { low: 0, high: 100, what: 'a percentage' };
  }
  return unit === cloudwatch.Unit.COUNT ? { low: 0, high: Infinity, what: 'a count' } : undefined;
}
