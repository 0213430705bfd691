import { Stack, Token } from 'aws-cdk-lib';
import type * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { mustHave } from '../private/types';
import type { CheckBinding } from './check-binding';
import { nameInStack } from './construct-name';
import { reachableReportGroupArn } from './other-stage';
import type { TestReportCheckOptions } from './test-report-options';
import { placeOfResource } from './place-of';
import { timingOf, wholeNumber } from './timing';

const METHOD = 'Check.testReport';
const MOST_TESTS = 1_000_000;

/** Validates at once; who reads is known with the gate's stack. */
export function bindTestReport(
  reportGroup: codebuild.IReportGroup,
  options: TestReportCheckOptions,
): (scope: Construct) => CheckBinding {
  mustHave(
    METHOD,
    reportGroup,
    ['reportGroupArn', 'reportGroupName'],
    'give a report group, or import one by `ReportGroup.fromReportGroupName`',
  );
  const { minTests = 1, maxSkipped } = options;
  const limits = {
    minTests: wholeNumber(`${METHOD} minTests`, minTests, 1, MOST_TESTS),
    ...(maxSkipped === undefined ? {} : { maxSkipped: wholeNumber(`${METHOD} maxSkipped`, maxSkipped, 0, MOST_TESTS) }),
  };
  const timing = timingOf(METHOD, options, `tests ${nameOf(reportGroup)}`.slice(0, 80));
  return (scope) => {
    const reportGroupArn = reachableReportGroupArn(reportGroup, scope);
    return {
      draft: { ...timing, kind: 'testReport', reportGroupArn, ...limits },
      statements: [
        new iam.PolicyStatement({
          actions: ['ListReportsForReportGroup', 'BatchGetReports', 'DescribeTestCases'].map(
            (action) => `codebuild:${action}`,
          ),
          resources: [reportGroupArn],
        }),
      ],
      place: placeOfResource(reportGroup, Stack.of(scope)),
    };
  };
}

function nameOf(reportGroup: codebuild.IReportGroup): string {
  return Token.isUnresolved(reportGroup.reportGroupName) ? nameInStack(reportGroup) : reportGroup.reportGroupName;
}
