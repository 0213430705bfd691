import { App, Aws, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AlarmRef, Check, HealthCheckAction, type HealthCheckActionProps } from '../../../lib';

const checks = () => [Check.alarm(AlarmRef.named('shop-5xx'))];
const late = (initialDelay: Duration) => [Check.alarm(AlarmRef.named('a'), { initialDelay })];
const metric = (metricName: string, period = Duration.minutes(1)) =>
  new cloudwatch.Metric({ namespace: 'Shop', metricName, period });

interface Made {
  readonly pipelineProps?: Partial<codepipeline.PipelineProps>;
  readonly alone?: boolean;
}

function pipelineWith(
  props: Partial<HealthCheckActionProps> | ((stack: Stack) => Partial<HealthCheckActionProps>) = {},
  { pipelineProps = { pipelineType: codepipeline.PipelineType.V2 }, alone = false }: Made = {},
) {
  const stack = new Stack(new App(), 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
  const own = typeof props === 'function' ? props(stack) : props;
  const action = new HealthCheckAction({ actionName: 'Healthy', runOrder: 2, checks: checks(), ...own });
  const code = new codepipeline.Artifact();
  const bucket = s3.Bucket.fromBucketName(stack, 'Source', 'source');
  const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', pipelineProps);
  pipeline.addStage({
    stageName: 'Source',
    actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'shop.zip', output: code })],
  });
  const deploy = new actions.CloudFormationCreateUpdateStackAction({
    actionName: 'Deploy',
    runOrder: 1,
    stackName: 'shop',
    templatePath: code.atPath('template.json'),
    adminPermissions: false,
  });
  pipeline.addStage({ stageName: 'Prod', actions: alone ? [action] : [deploy, action] });
  return { stack, action };
}

const prodOf = (stack: Stack): any => {
  const [pipeline] = Object.values(Template.fromStack(stack).findResources('AWS::CodePipeline::Pipeline')) as any[];
  return pipeline.Properties.Stages[1];
};

describe('a role', () => {
  const acting = (arn: string) =>
    pipelineWith((stack) => ({ role: iam.Role.fromRoleArn(stack, 'Role', arn, { mutable: false }) }));

  test('of another account would find no function there, and is refused', () => {
    expect(() => acting('arn:aws:iam::222222222222:role/release')).toThrow(
      /`role` of action 'Healthy' is in account 222222222222, but the function that a `HealthCheckAction` invokes .*, in 111111111111, .*: give a role of 111111111111.*RoleElsewhere/,
    );
  });

  test.each([
    ['the pipeline', '111111111111'],
    ['the deployment', Aws.ACCOUNT_ID],
  ])('in the account of %s is taken', (_whose, account) => {
    const { stack } = acting(`arn:aws:iam::${account}:role/release`);

    expect(JSON.stringify(prodOf(stack).Actions[1].RoleArn)).toContain(':role/release');
  });
});

test('is an action of category Invoke that tells its function the run', () => {
  const { stack, action } = pipelineWith();

  expect(prodOf(stack).Actions[1]).toMatchObject({
    Name: 'Healthy',
    RunOrder: 2,
    ActionTypeId: { Category: 'Invoke', Owner: 'AWS', Provider: 'Lambda', Version: '1' },
    Configuration: {
      FunctionName: stack.resolve(action.handler.functionName),
      UserParameters: '#{codepipeline.PipelineExecutionId}',
    },
  });
});

test('its roles may do what they have to, and nothing else', () => {
  const { stack, action } = pipelineWith();
  const template = Template.fromStack(stack);
  const statementsOf = (name: RegExp) =>
    Object.entries(template.findResources('AWS::IAM::Policy'))
      .filter(([logicalId]) => name.test(logicalId))
      .flatMap(([, { Properties }]: [string, any]) => Properties.PolicyDocument.Statement as any[])
      .map(({ Action, Resource }) => [Action, Resource]);
  const alarms = (what: string) => ({ 'Fn::Join': ['', expect.arrayContaining([expect.stringContaining(what)])] });

  expect(statementsOf(/HealthyCodePipelineActionRole/)).toEqual([
    ['lambda:InvokeFunction', stack.resolve(action.handler.functionArn)],
    ['lambda:ListFunctions', '*'],
  ]);
  expect(statementsOf(/HealthyChecksRole/)).toEqual([
    [['logs:CreateLogStream', 'logs:PutLogEvents'], expect.anything()],
    ['cloudwatch:DescribeAlarms', alarms(':alarm:*')],
    ['cloudwatch:DescribeAlarmHistory', alarms(':alarm:shop-5xx')],
    [['codepipeline:PutJobFailureResult', 'codepipeline:PutJobSuccessResult'], '*'],
  ]);
});

test('checks and bake time stand in the environment', () => {
  const { stack } = pipelineWith({ bakeTime: Duration.hours(2) });

  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { GATES_HOOK_BAKE_MINUTES: '120', GATES_HOOK_CHECKS: Match.anyValue() } },
  });
});

test('a canary is compared: the action goes on after its bake until the last data are there', () => {
  const canary = Check.canaryAnalysis({ metrics: [{ canary: metric('Errors'), baseline: metric('Before') }] });

  expect(() => pipelineWith({ checks: [canary], bakeTime: Duration.hours(2) })).not.toThrow();
});

test('rolls the stage back when that is asked for', () => {
  expect(prodOf(pipelineWith({ rollbackOnFailure: true }).stack).OnFailure).toEqual({ Result: 'ROLLBACK' });
  expect(prodOf(pipelineWith().stack).OnFailure).toBeUndefined();
});

test.each<[string, () => unknown, RegExp]>([
  ['no checks', () => pipelineWith({ checks: [] }), /`checks` is empty/],
  [
    'a bake longer than the action can go on',
    () => pipelineWith({ bakeTime: Duration.hours(23) }),
    /`HealthCheckAction bakeTime` is 23 hours, but must be between 0 minutes and 22 hours/,
  ],
  ['parts of a minute', () => pipelineWith({ bakeTime: Duration.seconds(90) }), /must be whole minutes/],
  [
    'a bake that only deployment knows',
    () => pipelineWith({ bakeTime: Duration.minutes(Lazy.number({ produce: () => 5 })) }),
    /`HealthCheckAction bakeTime` is known only at deployment, .* whole minutes, up to 22 hours: give .* `Duration.minutes\(10\)`/,
  ],
  [
    'a check that tells too late',
    () => pipelineWith({ checks: late(Duration.hours(23)) }),
    /`checks` has check 'alarm a', which needs 23 hours .* but a `HealthCheckAction` has 22 hours/,
  ],
  [
    'a bake that is too short for its checks',
    () => pipelineWith({ checks: late(Duration.minutes(10)), bakeTime: Duration.minutes(5) }),
    /`bakeTime` is 5 minutes, but check 'alarm a' needs 10 minutes/,
  ],
  [
    'a check of what the run has built',
    () =>
      pipelineWith((stack) => ({
        checks: [Check.testReport(codebuild.ReportGroup.fromReportGroupName(stack, 'Tests', 'unit'))],
      })),
    /which judges what a run of the pipeline has built, but a `HealthCheckAction` does not know that: put the check into a gate/,
  ],
  [
    'a check in another account',
    () => pipelineWith({ checks: [Check.alarm(AlarmRef.named('a', { account: '222222222222' }))] }),
    /but a `HealthCheckAction` in 111111111111 reads there alone: put the check into a gate/,
  ],
  ['a bad name', () => pipelineWith({ actionName: 'Is it?' }), /`actionName`/],
  ['a bad order', () => pipelineWith({ runOrder: 0 }), /`runOrder`/],
  [
    'a rollback in a pipeline that does none',
    () => pipelineWith({ rollbackOnFailure: true }, { pipelineProps: { pipelineType: codepipeline.PipelineType.V1 } }),
    /`rollbackOnFailure` of action 'Healthy' in stage 'Prod' cannot work: only pipelines of type V2 roll back/,
  ],
  [
    'a rollback of nothing',
    () => Template.fromStack(pipelineWith({ rollbackOnFailure: true, runOrder: 1 }, { alone: true }).stack),
    /`rollbackOnFailure` of action 'Healthy' .* nothing is deployed before it in its stage/,
  ],
  [
    'its function before there is one',
    () => new HealthCheckAction({ actionName: 'Healthy', checks: checks() }).handler,
    /`handler` of action 'Healthy' is made with its pipeline: add the action to a stage first/,
  ],
])('refuses %s', (_, make, message) => {
  expect(make).toThrow(message);
});

test('a bake of 22 hours is taken', () => {
  expect(() => pipelineWith({ bakeTime: Duration.hours(22) })).not.toThrow();
});
