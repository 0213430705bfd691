import { Duration, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { GateError } from '../errors';
import { versionMetric } from './version-metric';
import type { WatchedVersion } from './version-metric';

/** How the new version is compared with what else the alias serves, which is the old one while traffic moves. */
export interface VersionComparisonOptions {
  /**
   * Percentage points by which the share of failed calls of the new version may be above that of the old version. With 1, the new version
   * may fail 2.9 % of its calls while the old one fails 2 %.
   *
   * More than 0, less than 100.
   *
   * @default 1
   */
  readonly maxMoreErrorPercent?: number;

  /**
   * Calls of the new version within a window, below which nothing is compared.
   *
   * By default so many that a new version without any excess of errors would seldom look as if it had one: with 1 percentage point 300
   * calls, of which at least three would have to fail. Fewer calls take chance for a difference: one failed call of 20 is 5 %.
   *
   * @default - 300 / maxMoreErrorPercent
   */
  readonly minCalls?: number;

  /**
   * Over how long calls are counted.
   *
   * Whole minutes, from 1 minute to 1 hour. A canary has to bake longer, or nothing is compared before all traffic has moved.
   *
   * @default Duration.minutes(5)
   */
  readonly window?: Duration;
}

/** The options with their defaults, checked. */
export interface VersionComparison {
  readonly maxMore: number;
  readonly minCalls: number;
  readonly minutes: number;
}

/** Three errors in so many calls are this share: fewer errors say little. */
const ERRORS_THAT_TELL = 300;

const PROP = 'watch.comparedWithOld';

export function versionComparison(options: VersionComparisonOptions): VersionComparison {
  const { maxMoreErrorPercent: maxMore = 1, window = Duration.minutes(5) } = options;
  if (!Token.isUnresolved(maxMore) && !(maxMore > 0 && maxMore < 100)) {
    throw new GateError(
      'PercentOutOfRange',
      `\`${PROP}.maxMoreErrorPercent\` is ${maxMore}, but has to be more than 0 and less than 100 percentage points`,
    );
  }
  if (Token.isUnresolved(maxMore) && options.minCalls === undefined) {
    throw new GateError(
      'TokenWithoutMinCalls',
      `\`${PROP}.maxMoreErrorPercent\` is known only at deployment, so nobody can derive \`minCalls\` from it: give \`minCalls\`, too`,
    );
  }
  const minCalls = options.minCalls ?? Math.ceil(ERRORS_THAT_TELL / maxMore);
  if (!Token.isUnresolved(minCalls) && !(Number.isInteger(minCalls) && minCalls >= 1)) {
    throw new GateError(
      'NumberOutOfRange',
      `\`${PROP}.minCalls\` is ${minCalls}, but has to be a whole number, 1 or more`,
    );
  }
  return { maxMore, minCalls, minutes: minutesOf(window) };
}

/**
 * How many percentage points more of its calls the new version fails than the old one; 0 where too few calls say nothing.
 *
 * CloudWatch counts the calls of the alias, and those of the new version behind it: the rest is the old version, whose number no template
 * knows.
 */
export function moreErrors(
  watched: WatchedVersion,
  { minCalls, minutes }: VersionComparison,
): cloudwatch.MathExpression {
  const period = Duration.minutes(minutes);
  const sum = { statistic: cloudwatch.Stats.SUM, period };
  const ofAlias = (metricName: string): cloudwatch.Metric => {
    const { handler, aliasName } = watched;
    const dimensionsMap = { FunctionName: handler.functionName, Resource: `${handler.functionName}:${aliasName}` };
    return new cloudwatch.Metric({ ...sum, namespace: 'AWS/Lambda', metricName, dimensionsMap });
  };
  const newShare = '100 * FILL(newErrors, 0) / newCalls';
  const oldShare = '100 * (FILL(allErrors, 0) - FILL(newErrors, 0)) / (allCalls - newCalls)';
  return new cloudwatch.MathExpression({
    // Without calls of the old version there is nothing to compare with: all traffic has moved.
    expression: `IF(newCalls >= ${minCalls}, IF(allCalls > newCalls, ${newShare} - ${oldShare}, 0), 0)`,
    usingMetrics: {
      newErrors: versionMetric(watched, 'Errors', cloudwatch.Stats.SUM, sum),
      newCalls: versionMetric(watched, 'Invocations', cloudwatch.Stats.SUM, sum),
      allErrors: ofAlias('Errors'),
      allCalls: ofAlias('Invocations'),
    },
    period,
    label: 'percentage points more errors than the old version',
  });
}

function minutesOf(window: Duration): number {
  if (window.isUnresolved()) {
    throw new GateError(
      'TokenDuration',
      `\`${PROP}.window\` is known only at deployment, but CloudWatch's period has to be whole minutes: give it as a number, such as \`Duration.minutes(5)\``,
    );
  }
  const minutes = window.toMinutes({ integral: false });
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > 60) {
    throw new GateError(
      'DurationOutOfRange',
      `\`${PROP}.window\` is ${window.toSeconds({ integral: false })} seconds, but has to be whole minutes, from 1 minute to 1 hour`,
    );
  }
  return minutes;
}
