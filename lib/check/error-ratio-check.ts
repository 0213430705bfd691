import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { beginningOf } from '../private/text';
import { mustBeOneOf, mustBeOptions, shown } from '../private/types';
import { MissingData } from './alarm-options';
import type { CheckBinding } from './check-binding';
import type { ErrorRatioCheckOptions } from './error-ratio-options';
import { metricTiming, readMetrics } from './metric-check';
import { findMetric, samePlace, type FoundMetric } from './metric-source';
import { LONGEST_TITLE, wholeNumber } from './timing';

const METHOD = 'Check.errorRatio';
const MOST_REQUESTS = 1e12;

/** Validates at once; place and permissions follow when the gate's stack is known. */
export function bindErrorRatio(options: ErrorRatioCheckOptions): (scope: Construct) => CheckBinding {
  mustBeOptions(METHOD, options, '`{ errors, requests, maxPercent: 1 }`');
  const { maxPercent, missingData = MissingData.INCONCLUSIVE } = options;
  mustBeOneOf(`${METHOD} missingData`, missingData, Object.values(MissingData), 'take it from `MissingData`');
  const errors = findMetric(`${METHOD} errors`, options.errors);
  const requests = findMetric(`${METHOD} requests`, options.requests);
  mustBeCounts(errors, requests);
  mustBePercent(maxPercent);
  const least = options.minRequests ?? leastFor(maxPercent);
  const minRequests = wholeNumber(`${METHOD} minRequests`, least, 1, MOST_REQUESTS);
  const timing = metricTiming(
    METHOD,
    options,
    requests.period,
    beginningOf(`error ratio of ${errors.name}`, LONGEST_TITLE),
  );
  return (scope) => {
    const [ofErrors, ofRequests] = [errors.in(scope), requests.in(scope)];
    return {
      draft: {
        ...timing,
        kind: 'errorRatio',
        errors: ofErrors.source,
        requests: ofRequests.source,
        maxPercent,
        minRequests,
        missingData,
      },
      statements: [readMetrics()],
      place: samePlace(METHOD, ofErrors, ofRequests, scope),
    };
  };
}

/** The rule of three: no error in n requests means, with a confidence of 95 %, that fewer than 3 in n are errors. */
function leastFor(maxPercent: number): number {
  if (Token.isUnresolved(maxPercent)) {
    throw new GateError(
      'MinimumUnknown',
      `\`${METHOD} maxPercent\` is known only at deployment, so \`minRequests\` has no default: give it, too`,
    );
  }
  return maxPercent === 0 ? 300 : Math.ceil(300 / maxPercent);
}

function mustBePercent(maxPercent: number): void {
  const isPercent = typeof maxPercent === 'number' && maxPercent >= 0 && maxPercent < 100;
  if (!Token.isUnresolved(maxPercent) && !isPercent) {
    throw new GateError(
      'BadPercent',
      `\`${METHOD} maxPercent\` is ${shown(maxPercent)}, but has to be from 0 to less than 100, or the check could never fail: ` +
        'write 1 for one percent',
    );
  }
}

function mustBeCounts(errors: FoundMetric, requests: FoundMetric): void {
  Object.entries({ errors, requests }).forEach(([prop, { name, statistic }]) => {
    if (statistic !== undefined && !/^sum$/i.test(statistic)) {
      throw new GateError(
        'NoCount',
        `\`${METHOD} ${prop}\` is '${name}' with the statistic ${statistic}, but has to be a count: give it \`statistic: 'Sum'\``,
      );
    }
  });
  if (errors.period !== requests.period) {
    throw new GateError(
      'OtherPeriods',
      `\`${METHOD} errors\` has a period of ${errors.period} seconds and \`requests\` one of ${requests.period}, but both have to be ` +
        'counted over the same periods: give them the same period',
    );
  }
}
