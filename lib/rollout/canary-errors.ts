import { Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Check, MissingData } from '../check';
import { GateError } from '../errors';
import { shown } from '../private/types';

/** How many of a canary's requests may end in an error. */
export interface CanaryLimits {
  readonly maxErrorPercent?: number;
  readonly maxClientErrorPercent?: number;
  readonly minRequests?: number;
}

/** What is counted of a canary. */
export interface CanaryCounts {
  readonly requests: cloudwatch.IMetric;
  readonly serverErrors: cloudwatch.IMetric;
  /** Where these have a limit. */
  readonly clientErrors?: cloudwatch.IMetric;
}

/** The checks that keep the errors of a canary within their limits. */
export function canaryErrors(counts: CanaryCounts, limits: CanaryLimits): Check[] {
  const { maxErrorPercent = 1, maxClientErrorPercent, minRequests } = limits;
  const ratio = (title: string, errors: cloudwatch.IMetric, maxPercent: number): Check =>
    Check.errorRatio({
      errors,
      requests: counts.requests,
      maxPercent,
      title: `${title} of the canary`,
      // A minute without requests writes no log, and so no data. A canary that stays silent has too few requests, and does not pass.
      missingData: MissingData.HEALTHY,
      ...(minRequests === undefined ? {} : { minRequests }),
    });
  const checks = [ratio('server errors', counts.serverErrors, maxErrorPercent)];
  if (counts.clientErrors !== undefined && maxClientErrorPercent !== undefined) {
    checks.push(ratio('client errors', counts.clientErrors, maxClientErrorPercent));
  }
  return checks;
}

/** Said where the limits are given, by their own names. */
export function mustBeCanaryLimits({ minRequests, ...limits }: CanaryLimits): void {
  for (const prop of ['maxErrorPercent', 'maxClientErrorPercent'] as const) {
    const percent: unknown = limits[prop];
    if (percent === undefined) {
      continue;
    }
    if (Token.isUnresolved(percent)) {
      if (minRequests === undefined) {
        throw new GateError(
          'MinimumUnknown',
          `\`${prop}\` is known only at deployment, so \`minRequests\` has no default: give it, too`,
        );
      }
    } else if (!(typeof percent === 'number' && percent >= 0 && percent < 100)) {
      throw new GateError(
        'BadPercent',
        `\`${prop}\` is ${shown(percent)}, but has to be from 0 to less than 100, or no canary could fail: write 1 for one percent`,
      );
    }
  }
}
