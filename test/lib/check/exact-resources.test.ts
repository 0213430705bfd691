import { App, Fn, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { AlarmRef, ChangeSetRef, Check } from '../../../lib/check';
import { bindChecks } from '../../../lib/check/bind-checks';

const env = { account: '111111111111', region: 'eu-west-1' };
const bound = (make: (stack: Stack) => Check) => {
  const stack = new Stack(new App(), 'Gates', { env });
  return bindChecks(stack, [make(stack)]).statements;
};
const QUERY = 'filter level = "ERROR"';
const logGroup = (arn: string) => (stack: Stack) =>
  Check.logQuery(logs.LogGroup.fromLogGroupArn(stack, 'Log', arn), QUERY);
const secret = (name: string) => (stack: Stack) =>
  Check.http('https://example.com', {
    secretHeaders: [{ name: 'X-Key', secret: secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', name) }],
  });

describe('a name with a wildcard of IAM is refused', () => {
  test.each<[string, (stack: Stack) => Check]>([
    ['every log group', (stack) => Check.logQuery(logs.LogGroup.fromLogGroupName(stack, 'Log', '*'), QUERY)],
    ['log groups', (stack) => Check.logQuery(logs.LogGroup.fromLogGroupName(stack, 'Log', 'shop-?'), QUERY)],
    ['log groups, by their ARN', logGroup('arn:aws:logs:eu-west-1:111111111111:log-group:shop-*:*')],
    ['every repository', (stack) => Check.imageScan(ecr.Repository.fromRepositoryName(stack, 'Images', '*'))],
    [
      'coverage',
      (stack) =>
        Check.codeCoverage(codebuild.ReportGroup.fromReportGroupName(stack, 'Tests', 'p-*'), { minLinePercent: 1 }),
    ],
    ['report groups', (stack) => Check.testReport(codebuild.ReportGroup.fromReportGroupName(stack, 'Tests', 'p-*'))],
    ['functions', (stack) => Check.lambda(lambda.Function.fromFunctionName(stack, 'Judge', 'judge*'))],
    [
      'alarms',
      (stack) =>
        Check.alarm(cloudwatch.Alarm.fromAlarmArn(stack, 'Alarm', 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm:*')),
    ],
    ['secrets', secret('shop/*')],
  ])('%s', (_, make) => {
    expect(() => bound(make)).toThrow(/wildcards in IAM, so it would read more: give the exact name/);
  });
});

describe('a wildcard that belongs to the permission is not', () => {
  test.each<[string, (stack: Stack) => Check]>([
    ['the streams of a log group', (stack) => Check.logQuery(logs.LogGroup.fromLogGroupName(stack, 'Log', 'x'), QUERY)],
    ['those of one that deployment knows', logGroup(Fn.importValue('LogGroup'))],
    ['the end of the ARN of a secret', secret('shop/key')],
    ['the id of a stack', () => Check.changeSet(ChangeSetRef.named('shop', 'release'))],
    ['the alarms that are described together', () => Check.alarm(AlarmRef.named('shop-5xx'))],
    ['every composite alarm', () => Check.alarm(AlarmRef.named('shop', { composite: true }))],
    ['every metric', () => Check.metric(new cloudwatch.Metric({ namespace: 'A', metricName: 'b' }), { atMost: 1 })],
  ])('%s', (_, make) => {
    expect(bound(make).flatMap(({ resources }) => resources)).toContainEqual(expect.stringMatching(/[*?]$/));
  });
});
