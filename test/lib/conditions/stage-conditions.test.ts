import { App, Aws, Duration, Lazy, Stack, Stage, TimeZone, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { DeploymentWindow } from '../../../lib/approval';
import { AlarmRef } from '../../../lib/check';
import { StageConditions, StageRules, type StageRule } from '../../../lib/conditions';
import { deployAction, newApp, newPipeline, newStack } from '../approval/stacks';

const ALARM = AlarmRef.named('shop-5xx');
const VARIABLE = StageRules.variableIs('#{Source.BranchName}', 'main');
const WINDOW = DeploymentWindow.weekly(TimeZone.EUROPE_BERLIN, { from: '09:00', to: '16:00' });

type Given = Pick<codepipeline.StageProps, 'beforeEntry' | 'onSuccess' | 'onFailure'>;

/** A pipeline whose stage `Prod` has these conditions. */
function withConditions(given: (conditions: StageConditions) => Given, props: codepipeline.PipelineProps = {}) {
  const stack = newStack();
  const pipeline = newPipeline(stack, 'Pipeline', props);
  pipeline.addStage({
    stageName: 'Prod',
    actions: [deployAction(stack)],
    ...given(StageConditions.of(pipeline)),
  });
  return stack;
}

function prodOf(stack: Stack): any {
  const [pipeline] = Object.values(Template.fromStack(stack).findResources('AWS::CodePipeline::Pipeline'));
  return pipeline!.Properties.Stages.find(({ Name }: any) => Name === 'Prod');
}

/** Rules of a condition, in the template. */
function rulesOf(condition: any): any[] {
  expect(condition.Conditions).toHaveLength(1);
  return condition.Conditions[0].Rules;
}

function statementsOfPipeline(stack: Stack): any[] {
  const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy');
  const [policy] = Object.entries(policies).filter(([id]) => id.startsWith('PipelineRoleDefaultPolicy'));
  return policy![1].Properties.PolicyDocument.Statement;
}

describe('rules, in the template', () => {
  test('an alarm bake says minutes, and lets the pipeline describe alarms', () => {
    const stack = withConditions((conditions) => ({
      onSuccess: conditions.rollbackUnless(StageRules.alarmBake(ALARM, Duration.hours(1))),
    }));

    const { OnSuccess } = prodOf(stack);
    expect(OnSuccess.Conditions[0].Result).toBe('ROLLBACK');
    expect(rulesOf(OnSuccess)).toEqual([
      {
        Name: 'AlarmBake-shop-5xx',
        RuleTypeId: { Category: 'Rule', Owner: 'AWS', Provider: 'CloudWatchAlarm', Version: '1' },
        Configuration: { AlarmName: 'shop-5xx', WaitTime: '60' },
      },
    ]);
    const describes = statementsOfPipeline(stack).filter(({ Action }) => Action === 'cloudwatch:DescribeAlarms');
    expect(describes).toHaveLength(1);
    expect(JSON.stringify(describes[0].Resource)).toMatch(/:cloudwatch:.*:alarm:\*/);
  });

  test('a composite alarm is shown only to whoever may see all', () => {
    const composite = AlarmRef.named('shop', { composite: true });
    const stack = withConditions((conditions) => ({
      onSuccess: conditions.failUnless(StageRules.alarmBake(composite, Duration.minutes(1))),
    }));

    expect(statementsOfPipeline(stack)).toContainEqual(
      expect.objectContaining({ Action: 'cloudwatch:DescribeAlarms', Resource: '*' }),
    );
  });

  test('a rule of an alarm whose name only the deployment knows has the same name in every synthesis', () => {
    const named = (): unknown[] => {
      const parameter = { Ref: 'Alarm' };
      const alarm = AlarmRef.named(Token.asString(parameter));
      const { OnSuccess } = prodOf(
        withConditions((conditions) => ({
          onSuccess: conditions.failUnless(
            StageRules.alarmBake(alarm, Duration.minutes(5)),
            StageRules.alarmBake(AlarmRef.named(`${Token.asString(parameter)}-5xx`), Duration.minutes(5)),
          ),
        })),
      );
      return rulesOf(OnSuccess).map(({ Name }) => Name);
    };

    expect(named()).toEqual(['AlarmBake', 'AlarmBake-2']);
    expect(named()).toEqual(['AlarmBake', 'AlarmBake-2']);
  });

  test('an alarm is asked before entry with its patience, and on failure for its state', () => {
    const stack = withConditions((conditions) => ({
      beforeEntry: conditions.failEntryUnless(StageRules.alarmIsOk(ALARM, { waitTime: Duration.minutes(20) })),
      onFailure: conditions.rollbackOnFailureIf(StageRules.alarmIsRed(ALARM)),
    }));

    const { BeforeEntry, OnFailure } = prodOf(stack);
    expect(BeforeEntry.Conditions[0].Result).toBe('FAIL');
    expect(rulesOf(BeforeEntry)[0].Configuration).toEqual({ AlarmName: 'shop-5xx', WaitTime: '20' });
    expect(OnFailure.Conditions[0].Result).toBe('ROLLBACK');
    expect(rulesOf(OnFailure)[0].Configuration).toEqual({ AlarmName: 'shop-5xx', AlarmStates: 'ALARM' });
  });

  test('a window is one cron expression on the clock of its time zone', () => {
    const stack = withConditions((conditions) => ({
      beforeEntry: conditions.failEntryUnless(StageRules.deploymentWindow(WINDOW)),
    }));

    expect(rulesOf(prodOf(stack).BeforeEntry)[0]).toMatchObject({
      RuleTypeId: { Provider: 'DeploymentWindow', Version: '1' },
      Configuration: { Cron: '* * 9-15 ? * MON-FRI *', TimeZone: 'Europe/Berlin' },
    });
    expect(statementsOfPipeline(stack).filter(({ Action }) => String(Action).startsWith('cloudwatch'))).toEqual([]);
  });

  test('a function may be invoked, exactly this one, and may answer its jobs', () => {
    const stack = newStack();
    const handler = new lambda.Function(stack, 'Ready', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => undefined;'),
    });
    const pipeline = newPipeline(stack);
    pipeline.addStage({
      stageName: 'Prod',
      actions: [deployAction(stack)],
      beforeEntry: StageConditions.of(pipeline).skipUnless(
        StageRules.lambda(handler, { userParameters: { run: '#{codepipeline.PipelineExecutionId}' } }),
      ),
    });

    const arn = { 'Fn::GetAtt': [stack.getLogicalId(handler.node.defaultChild as lambda.CfnFunction), 'Arn'] };
    const { BeforeEntry } = prodOf(stack);
    expect(BeforeEntry.Conditions[0].Result).toBe('SKIP');
    expect(rulesOf(BeforeEntry)[0]).toMatchObject({
      Name: 'Lambda-Ready',
      RuleTypeId: { Provider: 'LambdaInvoke' },
      Configuration: { UserParameters: '{"run":"#{codepipeline.PipelineExecutionId}"}' },
    });
    expect(statementsOfPipeline(stack)).toContainEqual({
      Action: 'lambda:InvokeFunction',
      Effect: 'Allow',
      Resource: arn,
    });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Action: ['codepipeline:PutJobSuccessResult', 'codepipeline:PutJobFailureResult'],
            Effect: 'Allow',
            Resource: '*',
          },
        ],
      },
      PolicyName: Match.stringLikeRegexp('Ready'),
    });
  });

  test.each<[string, (variable: string, value: string) => StageRule, string]>([
    ['variableIs', (variable, value) => StageRules.variableIs(variable, value), 'EQ'],
    ['variableIsNot', (variable, value) => StageRules.variableIsNot(variable, value), 'NE'],
    ['variableContains', (variable, value) => StageRules.variableContains(variable, value), 'CONTAINS'],
    ['variableMatches', (variable, value) => StageRules.variableMatches(variable, value), 'MATCHES'],
  ])('%s compares by %s', (_, rule, Operator) => {
    const stack = withConditions((conditions) => ({
      beforeEntry: conditions.skipUnless(rule('#{Source.BranchName}', 'main')),
    }));

    expect(rulesOf(prodOf(stack).BeforeEntry)[0]).toMatchObject({
      Name: 'VariableCheck-Source.BranchName',
      RuleTypeId: { Provider: 'VariableCheck' },
      Configuration: { Variable: '#{Source.BranchName}', Operator, Value: 'main' },
    });
  });

  test('a stage rolls back or retries without any rule', () => {
    const onFailure = (given: (conditions: StageConditions) => codepipeline.FailureConditions) =>
      prodOf(withConditions((conditions) => ({ onFailure: given(conditions) }))).OnFailure;

    expect(onFailure((conditions) => conditions.rollbackOnFailure())).toEqual({ Result: 'ROLLBACK' });
    expect(onFailure((conditions) => conditions.retryOnFailure())).toEqual({
      Result: 'RETRY',
      RetryConfiguration: { RetryMode: 'FAILED_ACTIONS' },
    });
    expect(onFailure((conditions) => conditions.retryOnFailure(codepipeline.RetryMode.ALL_ACTIONS))).toEqual({
      Result: 'RETRY',
      RetryConfiguration: { RetryMode: 'ALL_ACTIONS' },
    });
  });

  test('names of rules are unique in their pipeline', () => {
    const bake = StageRules.alarmBake(ALARM, Duration.minutes(5));
    const stack = withConditions((conditions) => ({ onSuccess: conditions.failUnless(bake, bake) }));

    expect(rulesOf(prodOf(stack).OnSuccess).map(({ Name }) => Name)).toEqual([
      'AlarmBake-shop-5xx',
      'AlarmBake-shop-5xx-2',
    ]);
  });
});

describe('a window that is no single cron expression', () => {
  const cronOf = (...hours: Parameters<typeof DeploymentWindow.weekly> extends [unknown, ...infer H] ? H : never) => {
    const stack = withConditions((conditions) => ({
      beforeEntry: conditions.failEntryUnless(
        StageRules.deploymentWindow(DeploymentWindow.weekly(TimeZone.ETC_UTC, ...hours)),
      ),
    }));
    return rulesOf(prodOf(stack).BeforeEntry)[0].Configuration.Cron;
  };
  const every = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as any[];

  test.each<[any[], string]>([
    [[{ from: '00:00', to: '24:00' }], '* * * ? * MON-FRI *'],
    [[{ days: ['SUNDAY', 'TUESDAY', 'SATURDAY'], from: '08:00', to: '09:00' }], '* * 8 ? * SUN,TUE,SAT *'],
    [
      [
        { from: '09:00', to: '12:00' },
        { from: '14:00', to: '16:00' },
      ],
      '* * 9-11,14-15 ? * MON-FRI *',
    ],
    [[{ days: every, from: '22:00', to: '06:00' }], '* * 0-5,22-23 ? * * *'],
    [[{ days: ['MONDAY'], from: '09:15', to: '09:45' }], '* 15-44 9 ? * MON *'],
  ])('%j is %s', (hours, cron) => {
    expect(cronOf(...hours)).toBe(cron);
  });

  test.each<[string, any[]]>([
    ['begins within an hour', [{ from: '09:30', to: '16:00' }]],
    ['leads past midnight on some days', [{ from: '22:00', to: '06:00' }]],
    [
      'has other hours on Friday',
      [
        { days: ['MONDAY'], from: '09:00', to: '16:00' },
        { days: ['FRIDAY'], from: '09:00', to: '12:00' },
      ],
    ],
  ])('is refused when it %s', (_, hours) => {
    expect(() => cronOf(...hours)).toThrow(/WindowNotOneCron/);
  });

  test('is refused when its time zone has three parts', () => {
    const window = DeploymentWindow.weekly(TimeZone.of('America/Argentina/Salta'), { from: '09:00', to: '16:00' });
    expect(() => StageRules.deploymentWindow(window)).toThrow(/'America\/Argentina\/Salta'.*WindowZone/);
  });
});

describe('what is refused at synth', () => {
  const refused = (given: (conditions: StageConditions) => Given, props?: codepipeline.PipelineProps) => () =>
    withConditions(given, props);

  test.each([
    [Duration.seconds(90), /`StageRules.alarmBake bakeTime` is .*whole minutes/],
    [Duration.seconds(59), /DurationOutOfRange/],
    [Duration.minutes(86_401), /DurationOutOfRange/],
  ])('a bake of %s', (bakeTime, message) => {
    expect(() => StageRules.alarmBake(ALARM, bakeTime)).toThrow(message);
  });

  test('no bake at its limits, and none that only the deployment knows', () => {
    for (const minutes of [1, 86_400, Token.asNumber({ Ref: 'Minutes' })]) {
      expect(() => StageRules.alarmBake(ALARM, Duration.minutes(minutes))).not.toThrow();
    }
    const minutes = Duration.minutes(Lazy.number({ produce: () => 7 }));
    const stack = withConditions((conditions) => ({
      onSuccess: conditions.failUnless(StageRules.alarmBake(ALARM, minutes)),
    }));
    expect(rulesOf(prodOf(stack).OnSuccess)[0].Configuration.WaitTime).toBe('7');
  });

  test('no rule, and more than five', () => {
    expect(refused((conditions) => ({ beforeEntry: conditions.failEntryUnless() }))).toThrow(/has 0 rules.*RuleCount/);
    const rules = (count: number): StageRule[] => Array.from({ length: count }, () => VARIABLE);
    expect(refused((conditions) => ({ beforeEntry: conditions.failEntryUnless(...rules(6)) }))).toThrow(/has 6 rules/);
    expect(refused((conditions) => ({ beforeEntry: conditions.failEntryUnless(...rules(5)) }))).not.toThrow();
  });

  test.each<[string, (conditions: StageConditions) => Given]>([
    [
      'a bake before entry',
      (c) => ({ beforeEntry: c.failEntryUnless(StageRules.alarmBake(ALARM, Duration.hours(1))) }),
    ],
    ['a question before entry on success', (c) => ({ onSuccess: c.failUnless(StageRules.alarmIsOk(ALARM)) })],
    ['a window on failure', (c) => ({ onFailure: c.rollbackOnFailureIf(StageRules.deploymentWindow(WINDOW)) })],
    ['a red alarm on success', (c) => ({ onSuccess: c.rollbackUnless(StageRules.alarmIsRed(ALARM)) })],
  ])('%s', (_, given) => {
    expect(refused(given)).toThrow(/RuleNotHere/);
  });

  test('skipping by anything but a function or a variable', () => {
    expect(refused((conditions) => ({ beforeEntry: conditions.skipUnless(StageRules.alarmIsOk(ALARM)) }))).toThrow(
      /RuleCannotSkip/,
    );
  });

  test.each([
    ['rollbackUnless', (c: StageConditions) => ({ onSuccess: c.rollbackUnless(VARIABLE) })],
    ['rollbackOnFailure', (c: StageConditions) => ({ onFailure: c.rollbackOnFailure() })],
    ['rollbackOnFailureIf', (c: StageConditions) => ({ onFailure: c.rollbackOnFailureIf(VARIABLE) })],
  ])('%s in a pipeline that runs in parallel', (_, given) => {
    const executionMode = codepipeline.ExecutionMode.PARALLEL;
    expect(refused(given, { executionMode })).toThrow(/PARALLEL.*RollbackImpossible/);
  });

  test('a pipeline of type V1, and one of another app', () => {
    const pipelineType = codepipeline.PipelineType.V1;
    expect(refused(() => ({}), { pipelineType })).toThrow(/V1.*ConditionsNeedV2/);
    const imported = codepipeline.Pipeline.fromPipelineArn(newStack(), 'P', 'arn:aws:codepipeline:eu-west-1:1:p');
    expect(() => StageConditions.of(imported as never)).toThrow(/WrongType/);
  });

  test('a name that is taken, or none for CodePipeline', () => {
    const named = (ruleName: string) => StageRules.variableIs('#{a.b}', 'c', { ruleName });
    expect(
      refused((conditions) => ({
        beforeEntry: conditions.failEntryUnless(named('one')),
        onSuccess: conditions.failUnless(named('one')),
      })),
    ).toThrow(/'one'.*DuplicateRule/);
    expect(refused((conditions) => ({ onSuccess: conditions.failUnless(named('not one')) }))).toThrow(/InvalidName/);
    expect(refused((conditions) => ({ onSuccess: conditions.failUnless(named(Aws.REGION)) }))).toThrow(/LiteralNeeded/);
  });

  test.each(['main', '#{a}', '#{a.b} and #{c.d}', ''])('%j as a variable', (variable) => {
    expect(() => StageRules.variableIs(variable, 'x')).toThrow(/NotAVariable/);
  });

  test('a value that is empty, or longer than a rule takes', () => {
    expect(() => StageRules.variableIs('#{a.b}', '')).toThrow(/BadRuleValue/);
    expect(() => StageRules.variableIs('#{a.b}', 'x'.repeat(10_001))).toThrow(/10001 characters.*BadRuleValue/);
    expect(() => StageRules.variableIs('#{a.b}', 'x'.repeat(10_000))).not.toThrow();
    expect(() => StageRules.variableIs(Aws.REGION, Aws.REGION)).not.toThrow();
  });

  test('what is no alarm, window, function or rule', () => {
    expect(() => StageRules.alarmBake('shop-5xx' as never, Duration.hours(1))).toThrow(/AlarmRef.named/);
    expect(() => StageRules.deploymentWindow({} as never)).toThrow(/WrongType/);
    expect(() => StageRules.lambda({} as never)).toThrow(/WrongType/);
    expect(refused((conditions) => ({ onSuccess: conditions.failUnless({} as never) }))).toThrow(/WrongType/);
  });
});

describe('an alarm that a condition cannot look at', () => {
  const env = { account: '111111111111', region: 'eu-west-1' };
  const bakeOf = (alarm: Parameters<typeof StageRules.alarmBake>[0], app = newApp()) => {
    const stack = newStack({ env }, 'Release', app);
    const pipeline = newPipeline(stack);
    StageConditions.of(pipeline).failUnless(StageRules.alarmBake(alarm, Duration.minutes(5)));
  };

  test.each([{ account: '222222222222' }, { region: 'us-east-1' }])('of %j is refused', (elsewhere) => {
    expect(() => bakeOf(AlarmRef.named('shop-5xx', elsewhere))).toThrow(/Check.alarm.*RuleElsewhere/);
    expect(() => bakeOf(AlarmRef.named('shop-5xx', env))).not.toThrow();
  });

  test('that was imported from elsewhere, or is told by its ARN, is refused too', () => {
    const arn = 'arn:aws:cloudwatch:eu-west-1:222222222222:alarm:shop-5xx';
    const app = newApp();
    const imported = cloudwatch.Alarm.fromAlarmArn(new Stack(app, 'Other', { env }), 'Errors', arn);
    expect(() => bakeOf(imported, app)).toThrow(/RuleElsewhere/);
    expect(() => bakeOf({ alarmName: 'shop-5xx', alarmArn: arn })).toThrow(/in account 222222222222.*RuleElsewhere/);
    expect(() => bakeOf({ alarmName: 'shop-5xx', alarmArn: Lazy.string({ produce: () => arn }) })).not.toThrow();
  });

  test('of another stage of the app is refused', () => {
    const app = newApp();
    const metric = new cloudwatch.Metric({ namespace: 'Shop', metricName: '5xx' });
    const shop = new Stack(new Stage(app, 'Shop'), 'Shop', { env });
    const alarm = new cloudwatch.Alarm(shop, 'Errors', { metric, threshold: 1, evaluationPeriods: 1 });
    expect(() => bakeOf(alarm, app)).toThrow(/alarm 'Errors'.*AlarmRef.named.*RuleOutOfReach/);
  });
});

describe('where a condition stands', () => {
  const synthesized = (given: (stack: Stack, pipeline: codepipeline.Pipeline) => void) => () => {
    const stack = newStack();
    given(stack, newPipeline(stack));
    return App.of(stack)!.synth();
  };

  test('it is a mistake to give it to another moment of the stage', () => {
    const synth = synthesized((stack, pipeline) =>
      pipeline.addStage({
        stageName: 'Prod',
        actions: [deployAction(stack)],
        beforeEntry: StageConditions.of(pipeline).failUnless(StageRules.alarmBake(ALARM, Duration.minutes(5))),
      }),
    );
    expect(synth).toThrow(/`failUnless`, stands in `beforeEntry` of stage 'Prod': give it to `onSuccess`/);
  });

  test('it is a mistake to make one for no stage, or one for two', () => {
    expect(synthesized((_, pipeline) => void StageConditions.of(pipeline).failUnless(VARIABLE))).toThrow(
      /stands in no stage/,
    );
    const twice = synthesized((stack, pipeline) => {
      const onSuccess = StageConditions.of(pipeline).failUnless(VARIABLE);
      pipeline.addStage({ stageName: 'One', actions: [deployAction(stack, 'A')], onSuccess });
      pipeline.addStage({ stageName: 'Two', actions: [deployAction(stack, 'B')], onSuccess });
    });
    expect(twice).toThrow(/stands in 2 places/);
  });

  test('the first stage of a pipeline does not roll back', () => {
    const stack = newStack();
    const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', { crossAccountKeys: false });
    const source = newPipeline(stack, 'Other').stages[0]!.actions[0]!;
    pipeline.addStage({
      stageName: 'Source',
      actions: [source],
      onFailure: StageConditions.of(pipeline).rollbackOnFailure(),
    });
    pipeline.addStage({ stageName: 'Prod', actions: [deployAction(stack)] });
    expect(() => App.of(stack)!.synth()).toThrow(/the first stage of a pipeline cannot/);
  });
});

test('what a function is told has at most 10,000 characters as JSON', () => {
  const told = (length: number) => () => {
    const stack = newStack();
    const pipeline = newPipeline(stack, 'Pipeline');
    const handler = lambda.Function.fromFunctionName(stack, 'Ready', 'ready');
    const userParameters = { note: 'x'.repeat(length - '{"note":""}'.length) };
    pipeline.addStage({
      stageName: 'Prod',
      actions: [deployAction(stack)],
      beforeEntry: StageConditions.of(pipeline).skipUnless(StageRules.lambda(handler, { userParameters })),
    });
  };

  expect(told(10_001)).toThrow(/`StageRules.lambda userParameters` has 10001 characters, but at most 10000 fit/);
  expect(told(10_000)).not.toThrow();
});
