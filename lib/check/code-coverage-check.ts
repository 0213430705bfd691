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
  const { minLinePercent, minBranchPercent } = options;
  if (minLinePercent === undefined && minBranchPercent === undefined) {
    throw new GateError(
      'NoLimit',
      `\`${METHOD}\` has neither \`minLinePercent\` nor \`minBranchPercent\`, so it could never fail: give one of them`,
    );
  }
  const limits = {
    ...(minLinePercent === undefined ? {} : { minLinePercent: percentOf('minLinePercent', minLinePercent) }),
    ...(minBranchPercent === undefined ? {} : { minBranchPercent: percentOf('minBranchPercent', minBranchPercent) }),
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
