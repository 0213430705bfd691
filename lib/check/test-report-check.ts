import type * as codebuild from 'aws-cdk-lib/aws-codebuild';
import type { Construct } from 'constructs';
import { mustBeOneOf } from '../private/types';
import type { CheckBinding } from './check-binding';
import { mustBeReportGroup, nameOfReportGroup, reportGroupToRead } from './report-group';
import { TestFailures, type TestReportCheckOptions } from './test-report-options';
import { timingOf, wholeNumber } from './timing';

const METHOD = 'Check.testReport';
const MOST_TESTS = 1_000_000;

/** Validates at once; who reads is known with the gate's stack. */
export function bindTestReport(
  reportGroup: codebuild.IReportGroup,
  options: TestReportCheckOptions,
): (scope: Construct) => CheckBinding {
  mustBeReportGroup(METHOD, reportGroup, 'TEST');
  const { minTests = 1, maxSkipped, failures = TestFailures.ALL } = options;
  mustBeOneOf(`${METHOD} failures`, failures, Object.values(TestFailures), 'take it from `TestFailures`');
  const limits = {
    failures,
    minTests: wholeNumber(`${METHOD} minTests`, minTests, 1, MOST_TESTS),
    ...(maxSkipped === undefined ? {} : { maxSkipped: wholeNumber(`${METHOD} maxSkipped`, maxSkipped, 0, MOST_TESTS) }),
  };
  const timing = timingOf(METHOD, options, `tests ${nameOfReportGroup(reportGroup)}`.slice(0, 80));
  return (scope) => {
    const { reportGroupArn, ...read } = reportGroupToRead(
      METHOD,
      reportGroup,
      ['ListReportsForReportGroup', 'BatchGetReports', 'DescribeTestCases'],
      scope,
    );
    return { draft: { ...timing, kind: 'testReport', reportGroupArn, ...limits }, ...read };
  };
}
