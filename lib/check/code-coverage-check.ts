import { Token } from 'aws-cdk-lib';
import type * as codebuild from 'aws-cdk-lib/aws-codebuild';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { mustBeOptions, shown } from '../private/types';
import type { CheckBinding } from './check-binding';
import type { CodeCoverageCheckOptions } from './code-coverage-options';
import { mustBeReportGroup, nameOfReportGroup, reportGroupToRead } from './report-group';
import { timingOf } from './timing';

const METHOD = 'Check.codeCoverage';

/** Validates at once; who reads is known with the gate's stack. */
export function bindCodeCoverage(
  reportGroup: codebuild.IReportGroup,
  options: CodeCoverageCheckOptions,
): (scope: Construct) => CheckBinding {
  mustBeReportGroup(METHOD, reportGroup, 'CODE_COVERAGE');
  mustBeOptions(METHOD, options, '`{ minLinePercent: 80 }`');
  const { minLinePercent, minBranchPercent, maxDropPoints } = options;
  if (minLinePercent === undefined && minBranchPercent === undefined) {
    throw new GateError(
      'NoLimit',
      `\`${METHOD}\` has neither \`minLinePercent\` nor \`minBranchPercent\`, so ${maxDropPoints === undefined ? 'it could never fail' : 'it could not fail where there is nothing to compare with'}: give one of them`,
    );
  }
  const minimums = [minLinePercent, minBranchPercent].filter((percent) => percent !== undefined);
  const limits = {
    ...(minLinePercent === undefined ? {} : { minLinePercent: percentOf('minLinePercent', minLinePercent) }),
    ...(minBranchPercent === undefined ? {} : { minBranchPercent: percentOf('minBranchPercent', minBranchPercent) }),
    ...(maxDropPoints === undefined ? {} : { maxDropPoints: dropOf(maxDropPoints, minimums) }),
  };
  const timing = timingOf(METHOD, options, `coverage ${nameOfReportGroup(reportGroup)}`.slice(0, 80));
  return (scope) => {
    const { reportGroupArn, ...read } = reportGroupToRead(
      METHOD,
      reportGroup,
      ['ListReportsForReportGroup', 'BatchGetReports'],
      scope,
    );
    return { draft: { ...timing, kind: 'codeCoverage', reportGroupArn, ...limits }, ...read };
  };
}

function percentOf(prop: string, percent: number): number {
  if (Token.isUnresolved(percent) || (typeof percent === 'number' && percent > 0 && percent <= 100)) {
    return percent;
  }
  throw new GateError(
    'BadPercent',
    `\`${METHOD} ${prop}\` is ${shown(percent)}, but has to be more than 0, and at most 100: write 80 for eighty percent`,
  );
}

/** What falls by more than from 100 % to the minimum fails by the minimum already. */
function dropOf(points: number, minimums: readonly number[]): number {
  const known = minimums.every((minimum) => !Token.isUnresolved(minimum));
  const furthest = known ? 100 - Math.min(...minimums) : 100;
  if (Token.isUnresolved(points) || (typeof points === 'number' && points >= 0 && points < furthest)) {
    return points;
  }
  throw new GateError(
    'BadDrop',
    `\`${METHOD} maxDropPoints\` is ${shown(points)}, but has to be 0 or more, and less than ${furthest}, the points from all to the minimum: ` +
      'write 0.5 for half a percentage point, or leave it out',
  );
}
