import { App, CfnOutput, Duration, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlarmRef, Check } from '../../../lib/check';
import { LambdaRollout, RolloutStrategy } from '../../../lib/rollout';
import type { LambdaRolloutProps } from '../../../lib/rollout';

function fixture(code = 'exports.handler = async () => 1') {
  const stack = new Stack(new App(), 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
  const handler = new lambda.Function(stack, 'Fn', {
    code: lambda.Code.fromInline(code),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });
  return { stack, handler };
}

function rolledOut(props: Partial<LambdaRolloutProps> = {}, { stack, handler } = fixture()) {
  const rollout = new LambdaRollout(stack, 'Rollout', {
    handler,
    strategy: RolloutStrategy.canary(10, Duration.minutes(10)),
    ...props,
  });
  return { stack, rollout, template: Template.fromStack(stack) };
}

function only(template: Template, type: string, id: RegExp): any {
  const found = Object.entries(template.findResources(type)).filter(([key]) => id.test(key));
  expect(found).toHaveLength(1);
  return { id: found[0]![0], ...found[0]![1] };
}

const metric = (metricName: string, period = Duration.minutes(1)) =>
  new cloudwatch.Metric({ namespace: 'Shop', metricName, period });

const redIsRed = (stack: Stack, id: string) =>
  new cloudwatch.Alarm(stack, id, {
    metric: new cloudwatch.Metric({ namespace: 'Shop', metricName: id }),
    threshold: 1,
    evaluationPeriods: 1,
  });

test('rolls back when the deployment fails, is stopped, or an alarm turns red', () => {
  const { template } = rolledOut();

  template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
    AutoRollbackConfiguration: {
      Enabled: true,
      Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
    },
    DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent10Minutes',
    AlarmConfiguration: {
      Enabled: true,
      Alarms: [
        { Name: { Ref: Match.stringLikeRegexp('^RolloutErrors') } },
        { Name: { Ref: Match.stringLikeRegexp('^RolloutThrottles') } },
      ],
    },
  });
});

test('its alarms look at the new version alone', () => {
  const { template } = rolledOut({ watch: { errors: 3, p99Duration: Duration.seconds(2) } });

  template.resourceCountIs('AWS::CloudWatch::Alarm', 3);
  const version = only(template, 'AWS::Lambda::Version', /./).id;
  const fn = only(template, 'AWS::Lambda::Function', /./).id;
  for (const [metric, threshold] of [
    ['Errors', 3],
    ['Throttles', 1],
    ['Duration', 2000],
  ] as const) {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: metric,
      Threshold: threshold,
      TreatMissingData: 'notBreaching',
      Dimensions: [
        { Name: 'ExecutedVersion', Value: { 'Fn::GetAtt': [version, 'Version'] } },
        { Name: 'FunctionName', Value: { Ref: fn } },
        { Name: 'Resource', Value: { 'Fn::Join': ['', [{ Ref: fn }, ':live']] } },
      ],
    });
  }
});

test('the shift begins only when alarms, deployment group and role are in place', () => {
  const { template } = rolledOut({ before: [Check.alarm(AlarmRef.named('x'))] });

  const { DependsOn } = only(template, 'AWS::Lambda::Alias', /./);
  for (const part of [/^RolloutErrors/, /^RolloutThrottles/, /^RolloutGroup/, /^RolloutRole/, /^RolloutInvokeHooks/]) {
    expect(DependsOn).toContainEqual(expect.stringMatching(part));
  }
});

test('a new version has alarms of its own, so that a red one of the old version never blocks the fix', () => {
  const ids = ['one', 'one', 'two'].map((code) => {
    const { template } = rolledOut({}, fixture(code));
    return only(template, 'AWS::CloudWatch::Alarm', /^RolloutErrors/).id;
  });

  expect(ids[0]).toBe(ids[1]);
  expect(ids[0]).not.toBe(ids[2]);
});

test("CodeDeploy's role may move this alias and watch these alarms, and has no managed policy", () => {
  const { template } = rolledOut();

  const role = only(template, 'AWS::IAM::Role', /^RolloutRole/).Properties;
  const fn = { 'Fn::GetAtt': [expect.stringMatching(/^Fn/), 'Arn'] };
  expect(role).not.toHaveProperty('ManagedPolicyArns');
  expect(role.AssumeRolePolicyDocument.Statement).toEqual([
    { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'codedeploy.amazonaws.com' } },
  ]);
  expect(role.Policies).toHaveLength(1);
  expect(role.Policies[0].PolicyDocument.Statement).toEqual([
    {
      Sid: 'MoveTraffic',
      Effect: 'Allow',
      Action: ['lambda:GetAlias', 'lambda:UpdateAlias'],
      Resource: [fn, { 'Fn::Join': ['', [fn, ':live']] }],
    },
    {
      Sid: 'LookAtVersions',
      Effect: 'Allow',
      Action: 'lambda:GetProvisionedConcurrencyConfig',
      Resource: { 'Fn::Join': ['', [fn, ':*']] },
    },
    {
      Sid: 'WatchAlarms',
      Effect: 'Allow',
      Action: 'cloudwatch:DescribeAlarms',
      Resource: [
        { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:cloudwatch:eu-west-1:111111111111:alarm:*`]] },
      ],
    },
  ]);
  expect(Object.keys(template.findResources('AWS::IAM::Policy'))).toEqual([]);
});

test('a new version changes nothing in the role of CodeDeploy, whose permissions would not hold everywhere in time', () => {
  const [one, two] = ['one', 'two'].map((code) => {
    const setting = fixture(code);
    return only(
      rolledOut({ alarms: [redIsRed(setting.stack, 'Red')] }, setting).template,
      'AWS::IAM::Role',
      /^RolloutRole/,
    );
  });

  expect(one.Properties).toEqual(two.Properties);
});

test('hooks run checks with the permissions that they need, and report to this deployment group alone', () => {
  const setting = fixture();
  const { template } = rolledOut(
    {
      before: [Check.lambda(setting.handler.currentVersion), Check.alarm(AlarmRef.named('shop-5xx'))],
      after: [Check.http('https://shop.example.com/health')],
    },
    setting,
  );

  const hook = only(template, 'AWS::Lambda::Function', /^RolloutBefore/);
  const role = hook.Properties.Role['Fn::GetAtt'][0];
  const policies = Object.values(template.findResources('AWS::IAM::Policy')).filter(
    ({ Properties }) => Properties.Roles[0].Ref === role,
  );
  expect(policies).toHaveLength(1);
  const statements = policies[0]!.Properties.PolicyDocument.Statement;
  expect(statements.map((one: any) => one.Action)).toEqual([
    ['logs:CreateLogStream', 'logs:PutLogEvents'],
    'lambda:InvokeFunction',
    'cloudwatch:DescribeAlarms',
    'cloudwatch:DescribeAlarmHistory',
    'codedeploy:PutLifecycleEventHookExecutionStatus',
  ]);
  const wide = statements.filter((one: any) => JSON.stringify(one.Resource).includes('*'));
  expect(wide.map((one: any) => one.Action)).toEqual(['cloudwatch:DescribeAlarms']);
  expect(JSON.stringify(statements[4].Resource)).toMatch(/:deploymentgroup:.*RolloutApplication.*RolloutGroup/);

  const invoke = only(template, 'AWS::IAM::Policy', /^RolloutInvokeHooks/).Properties.PolicyDocument.Statement;
  expect(invoke).toEqual([
    {
      Sid: 'InvokeHooks',
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: [
        { 'Fn::GetAtt': [expect.stringMatching(/^RolloutBefore/), 'Arn'] },
        { 'Fn::GetAtt': [expect.stringMatching(/^RolloutAfter/), 'Arn'] },
      ],
    },
  ]);
  template.hasResource('AWS::Lambda::Alias', {
    UpdatePolicy: {
      CodeDeployLambdaAliasUpdate: {
        BeforeAllowTrafficHook: { Ref: hook.id },
        AfterAllowTrafficHook: { Ref: Match.stringLikeRegexp('^RolloutAfter') },
      },
    },
  });
  const document = JSON.stringify(hook.Properties.Environment.Variables.GATES_HOOK_CHECKS);
  // A version that is seconds old often has no data yet.
  expect(document.match(/inconclusiveLimit[^,}]*/g)).toEqual(Array(2).fill('inconclusiveLimit\\":4'));
  expect(document).toContain('alarm-shop-5xx');
});

test('given alarms are watched too, composite ones with the permission that CloudWatch asks for', () => {
  const setting = fixture();
  const composite = new cloudwatch.CompositeAlarm(setting.stack, 'All', {
    alarmRule: cloudwatch.AlarmRule.fromBoolean(true),
  });
  const { template, rollout } = rolledOut({ alarms: [composite] }, setting);

  expect(rollout.alarms).toHaveLength(3);
  const [, , watch] = only(template, 'AWS::IAM::Role', /^RolloutRole/).Properties.Policies[0].PolicyDocument.Statement;
  expect(watch.Resource).toEqual(['*']);
});

test('takes at most the alarms that CodeDeploy takes', () => {
  const eight = fixture();
  const alarms = Array.from({ length: 9 }, (_, n) => redIsRed(eight.stack, `A${n}`));

  expect(() => rolledOut({ alarms: alarms.slice(0, 8) }, eight)).not.toThrow();
  const nine = fixture();
  expect(() => rolledOut({ alarms: Array.from({ length: 9 }, (_, n) => redIsRed(nine.stack, `A${n}`)) }, nine)).toThrow(
    /`alarms` has 9 alarms, which makes 11 with the 2 on the new version, but CodeDeploy allows 10/,
  );
});

describe('a finding', () => {
  const unwatched = 'cdk-approval-gates:LambdaRollout.unwatched';
  const warnings = (props: Partial<LambdaRolloutProps>) =>
    Annotations.fromStack(rolledOut(props).stack)
      .findWarning('*', Match.anyValue())
      .map(({ entry }) => JSON.stringify(entry));

  test('is a canary that nothing looks at', () => {
    expect(warnings({ versionAlarms: false })).toEqual([expect.stringContaining(unwatched)]);
    expect(warnings({ versionAlarms: false, strategy: RolloutStrategy.linear(10, Duration.minutes(1)) })).toEqual([
      expect.stringContaining(unwatched),
    ]);
  });

  test('is a canary that is looked at before it begins, and not in it', () => {
    expect(warnings({ versionAlarms: false, before: [Check.http('https://shop.example.com/')] })).toEqual([
      expect.stringContaining(unwatched),
    ]);
  });

  test('is a rollout that ignores its alarms', () => {
    const found = warnings({ ignoreAlarms: true });

    expect(found).toHaveLength(2);
    expect(found.join()).toContain('cdk-approval-gates:LambdaRollout.alarmsIgnored');
    rolledOut({ ignoreAlarms: true }).template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      AlarmConfiguration: { Enabled: false },
    });
  });

  test('is a shift that its checks may make longer than CloudFormation waits', () => {
    const longShift = 'cdk-approval-gates:LambdaRollout.longShift';
    const checks = [Check.http('https://shop.example.com/health')];
    const canary = (minutes: number) => RolloutStrategy.canary(10, Duration.minutes(minutes));

    expect(warnings({ strategy: canary(106), after: checks })).toEqual([
      expect.stringMatching(new RegExp(`up to 121 minutes.*${longShift}`)),
    ]);
    expect(warnings({ strategy: canary(105), after: checks })).toEqual([]);
    expect(warnings({ strategy: canary(91), before: checks, after: [...checks] })).toHaveLength(1);
    expect(warnings({ strategy: canary(90), before: checks, after: [...checks] })).toEqual([]);
    expect(warnings({ strategy: canary(120) })).toEqual([]);
    expect(warnings({ strategy: canary(121) })).toEqual([expect.stringMatching(/takes up to 121 minutes, but/)]);
    expect(warnings({ strategy: RolloutStrategy.linear(10, Duration.minutes(13)) })).toEqual([]);
    expect(warnings({ strategy: RolloutStrategy.linear(10, Duration.minutes(14)) })).toHaveLength(1);
    expect(warnings({ strategy: canary(Token.asNumber({ Ref: 'Number' })) })).toEqual([]);
  });

  test('is nothing that is watched, or has nothing to watch', () => {
    expect(warnings({})).toEqual([]);
    expect(warnings({ versionAlarms: false, after: [Check.http('https://shop.example.com/')] })).toEqual([]);
    expect(warnings({ versionAlarms: false, strategy: RolloutStrategy.allAtOnce() })).toEqual([]);
  });
});

test.each([
  [{ aliasName: '1' }, /`aliasName` is '1'/],
  [{ aliasName: 'a b' }, /`aliasName` is 'a b'/],
  [{ aliasName: 'x'.repeat(129) }, /but has to be 1 to 128 letters/],
  [{ versionAlarms: false, watch: { errors: 1 } }, /`watch` is given, but `versionAlarms` is false/],
  [{ watch: { errors: 0 } }, /`watch.errors` is 0, but has to be 1 or more/],
  [{ watch: { throttles: NaN } }, /`watch.throttles` is NaN/],
  [{ watch: { p99Duration: Duration.minutes(16) } }, /`watch.p99Duration` is 960000 milliseconds/],
  [{ before: [] }, /`before` is empty/],
  [{ after: [] }, /`after` is empty/],
  [
    { after: [Check.testReport(codebuild.ReportGroup.fromReportGroupName(new Stack(), 'Reports', 'shop'))] },
    /`after` has check 'tests shop', which judges what a run of the pipeline has built, but a hook/,
  ],
  [
    { before: [Check.http('https://shop.example.com/', { initialDelay: Duration.minutes(11) })] },
    /`before` has check 'http shop.example.com', which needs 11 minutes .* but a hook of a deployment has 10 minutes/,
  ],
  [
    { before: [Check.metric(metric('Orders', Duration.hours(1)), { atMost: 5 })] },
    /`before` has check 'metric Orders', which needs 2 hours 2 minutes .* a hook of a deployment has 10 minutes/,
  ],
  [
    { before: [Check.canaryAnalysis({ metrics: [{ canary: metric('Errors'), baseline: metric('Before') }] })] },
    /`before` has check 'canary Errors', which compares for a whole bake, .* gate with a `bakeTime`/,
  ],
  [
    {
      after: Array.from({ length: 20 }, (_, n) =>
        Check.http(`https://shop.example.com/${n}`, { contains: 'x'.repeat(200) }),
      ),
    },
    /`after` makes up to \d+ bytes of environment .* but it holds 4096: give fewer checks/,
  ],
] as [Partial<LambdaRolloutProps>, RegExp][])('fails for wrong props (%#)', (props, message) => {
  expect(() => rolledOut(props)).toThrow(message);
});

describe('a topic', () => {
  test('hears of the alarms on the new version, which may publish there', () => {
    const { stack, handler } = fixture();
    const topic = new sns.Topic(stack, 'Team');
    const { template } = rolledOut({ alarmTopic: topic, alarms: [redIsRed(stack, 'Given')] }, { stack, handler });

    const told = Object.entries(template.findResources('AWS::CloudWatch::Alarm')).map(
      ([id, { Properties }]) => [id.slice(0, 5), Properties.AlarmActions?.length ?? 0] as const,
    );
    expect(told.sort()).toEqual([
      ['Given', 0],
      ['Rollo', 1],
      ['Rollo', 1],
    ]);
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          {
            Action: 'sns:Publish',
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
          },
        ],
      },
    });
  });

  test('without alarms on the new version would hear nothing', () => {
    const { stack, handler } = fixture();
    const alarmTopic = new sns.Topic(stack, 'Team');

    expect(() => rolledOut({ alarmTopic, versionAlarms: false }, { stack, handler })).toThrow(
      /`alarmTopic` is given, but `versionAlarms` is false.*remove one of them/,
    );
  });
});

test('what CodeDeploy takes is accepted, and what is advised in its place, too', () => {
  const made = (strategy: RolloutStrategy) => () => rolledOut({ strategy });

  expect(made(RolloutStrategy.canary(10, Duration.minutes(3000)))).toThrow(/take at most 2880 minutes/);
  expect(made(RolloutStrategy.canary(10, Duration.minutes(2880)))).not.toThrow();
  expect(made(RolloutStrategy.linear(1, Duration.minutes(60)))).toThrow(/take at most 29 minutes/);
  expect(made(RolloutStrategy.linear(1, Duration.minutes(29)))).not.toThrow();
});

test('is the only one for its alias, of which a function has as many as it likes', () => {
  const { stack, handler } = fixture();
  const strategy = RolloutStrategy.allAtOnce();
  const again = (id: string, aliasName?: string) => () =>
    new LambdaRollout(stack, id, { handler, strategy, aliasName });
  again('One')();

  expect(again('Other', 'batch')).not.toThrow();
  expect(again('Again')).toThrow(
    /alias 'live' of `handler` is rolled out by 'Shop\/One' already: give one of the rollouts another `aliasName`/,
  );
});

test('offers the metrics of the new version', () => {
  const { rollout, stack } = rolledOut();

  for (const metric of [
    rollout.metricErrors(),
    rollout.metricThrottles(),
    rollout.metricInvocations({ period: Duration.minutes(5) }),
    rollout.metricDuration({ statistic: 'p50' }),
  ]) {
    expect(stack.resolve(metric.dimensions)).toHaveProperty('ExecutedVersion');
  }
  expect(rollout.metricDuration({ statistic: 'p50' }).statistic).toBe('p50');
});

describe('what is added later', () => {
  const statement = (template: Template, sid: string) =>
    only(template, 'AWS::IAM::Role', /^RolloutRole/).Properties.Policies[0].PolicyDocument.Statement.find(
      (one: any) => one.Sid === sid,
    );

  function later(add: (rollout: LambdaRollout, stack: Stack) => void, props: Partial<LambdaRolloutProps> = {}) {
    const { stack, handler } = fixture();
    const strategy = RolloutStrategy.canary(10, Duration.minutes(10));
    const rollout = new LambdaRollout(stack, 'Rollout', { handler, strategy, ...props });
    add(rollout, stack);
    return { template: Template.fromStack(stack) };
  }

  test.each([true, false])('an alarm may be watched (with alarms on the version: %s)', (own) => {
    const { template } = later(({ deploymentGroup }, stack) => deploymentGroup.addAlarm(redIsRed(stack, 'Orders')), {
      versionAlarms: own,
    });

    expect(JSON.stringify(statement(template, 'WatchAlarms').Resource)).toMatch(
      /:cloudwatch:eu-west-1:111111111111:alarm:\*"/,
    );
    template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      AutoRollbackConfiguration: { Events: Match.arrayWith(['DEPLOYMENT_STOP_ON_ALARM']) },
    });
  });

  test('a composite alarm needs the sight of all alarms', () => {
    const { template } = later(({ deploymentGroup }, stack) =>
      deploymentGroup.addAlarm(
        new cloudwatch.CompositeAlarm(stack, 'All', {
          alarmRule: cloudwatch.AlarmRule.fromAlarm(redIsRed(stack, 'Orders'), cloudwatch.AlarmState.ALARM),
        }),
      ),
    );

    expect(statement(template, 'WatchAlarms').Resource).toEqual(['*']);
  });

  test('an eleventh alarm is one too many', () => {
    expect(() =>
      later(({ deploymentGroup }, stack) => {
        for (let n = 1; n <= 9; n++) {
          deploymentGroup.addAlarm(redIsRed(stack, `Alarm${n}`));
        }
      }),
    ).toThrow(/`alarms` has 9 alarms, which makes 11/);
  });

  test('a hook may be called, before the shift begins', () => {
    const { template } = later(({ deploymentGroup }, stack) =>
      deploymentGroup.addPreHook(
        new lambda.Function(stack, 'Smoke', {
          code: lambda.Code.fromInline('exports.handler = async () => 1'),
          handler: 'index.handler',
          runtime: lambda.Runtime.NODEJS_24_X,
        }),
      ),
    );

    const policy = only(template, 'AWS::IAM::Policy', /^RolloutInvokeHooks/);
    expect(policy.Properties.PolicyDocument.Statement).toEqual([
      {
        Sid: 'InvokeHooks',
        Action: 'lambda:InvokeFunction',
        Effect: 'Allow',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Smoke/), 'Arn'] },
      },
    ]);
    expect(policy.Properties.Roles).toEqual([{ Ref: expect.stringMatching(/^RolloutRole/) }]);
    expect(only(template, 'AWS::Lambda::Alias', /./).DependsOn).toContainEqual(policy.id);
  });
});

test('fails for a function that the app only refers to, whose versions it does not make', () => {
  const { stack } = fixture();
  const handler = lambda.Function.fromFunctionName(stack, 'Imported', 'shop') as lambda.Function;

  expect(() => new LambdaRollout(stack, 'Rollout', { handler, strategy: RolloutStrategy.allAtOnce() })).toThrow(
    /`handler` is a function that this app only refers to/,
  );
});

test('stands in the stack of its function', () => {
  const { stack, handler } = fixture();
  const other = new Stack(stack.node.root as App, 'Other', { env: { account: stack.account, region: stack.region } });

  expect(() => rolledOut({}, { stack: other, handler })).toThrow(
    /`handler` is made in stack 'Shop', but the rollout in 'Other': .*in the stack of the function.*HandlerElsewhere/,
  );
});

describe('its alarms in another stack', () => {
  const pair = () => {
    const made = fixture();
    const given = redIsRed(made.stack, 'Given');
    const rollout = new LambdaRollout(made.stack, 'Rollout', {
      handler: made.handler,
      strategy: RolloutStrategy.canary(10, Duration.minutes(10)),
      alarms: [given],
    });
    const other = new Stack(App.of(made.stack) as App, 'Release', {
      env: { account: '111111111111', region: 'eu-west-1' },
    });
    const watch = (stack: Stack, id: string, alarm: cloudwatch.IAlarm) =>
      new cloudwatch.CompositeAlarm(stack, id, {
        alarmRule: cloudwatch.AlarmRule.fromAlarm(alarm, cloudwatch.AlarmState.ALARM),
      });
    return { ...made, rollout, other, given, watch };
  };

  test.each([0, 1])('change their names with each version, and are refused there (%i)', (index) => {
    const { stack, rollout, other, watch } = pair();
    watch(other, 'All', rollout.alarms[index]!);

    expect(() => Template.fromStack(stack)).toThrow(
      /LambdaRollout: alarm 'Shop\/Rollout\/\w+' is used in another stack, .*`rollout.alias.metricErrors\(\)`.*ExportedVersionAlarm/,
    );
  });

  test('are refused where they are exported by hand', () => {
    const { stack, rollout } = pair();
    new CfnOutput(stack, 'Errors', { value: `alarm ${rollout.alarms[0]!.alarmName}`, exportName: 'shop-errors' });

    expect(() => Template.fromStack(stack)).toThrow(/ExportedVersionAlarm/);
  });

  test('are taken in their own stack and as an output, and so is what was given elsewhere', () => {
    const { stack, rollout, other, given, watch } = pair();
    watch(stack, 'All', rollout.alarms[0]!);
    watch(other, 'Given', given);
    watch(
      other,
      'Alias',
      rollout.alias.metricErrors().createAlarm(stack, 'Stays', { threshold: 1, evaluationPeriods: 1 }),
    );
    new CfnOutput(stack, 'Errors', { value: rollout.alarms[0]!.alarmName });

    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});

describe('another alias of the function', () => {
  const refusal = /LambdaRollout: `aliasName` is 'live', but 'Shop\/.*' makes an alias of that name .*AliasTwice/;

  test.each<[string, (made: ReturnType<typeof fixture>) => unknown]>([
    ['by the function', ({ handler }) => handler.addAlias('live')],
    [
      'of a version',
      ({ stack, handler }) => new lambda.Alias(stack, 'Other', { aliasName: 'live', version: handler.currentVersion }),
    ],
    [
      'of the newest code',
      ({ stack, handler }) =>
        new lambda.CfnAlias(stack, 'Other', {
          name: 'live',
          functionName: handler.functionName,
          functionVersion: '$LATEST',
        }),
    ],
  ])('of the same name is refused, whether made before or after (%s)', (_how, make) => {
    const before = fixture();
    make(before);
    expect(() => rolledOut({}, before)).toThrow(refusal);

    const after = fixture();
    new LambdaRollout(after.stack, 'Rollout', { handler: after.handler, strategy: RolloutStrategy.allAtOnce() });
    make(after);
    expect(() => Template.fromStack(after.stack)).toThrow(refusal);
  });

  test('of another name may be there, and one of another function may have the name', () => {
    const made = fixture();
    made.handler.addAlias('next');
    const other = new lambda.Function(made.stack, 'OtherFn', {
      code: lambda.Code.fromInline('exports.handler = async () => 1'),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
    });
    other.addAlias('live');

    expect(() => rolledOut({}, made)).not.toThrow();
  });
});

test.each([true, false])('a hook that calls a function that calls the alias is a circle, and told (%s)', (calls) => {
  const { stack, handler } = fixture();
  const smoke = new lambda.Function(stack, 'Smoke', {
    code: lambda.Code.fromInline('exports.handler = async () => 1'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });
  const rollout = new LambdaRollout(stack, 'Rollout', {
    handler,
    strategy: RolloutStrategy.canary(10, Duration.minutes(10)),
    before: [Check.lambda(smoke)],
  });
  if (calls) {
    rollout.alias.grantInvoke(smoke);
  }

  const template = () => Template.fromStack(stack);
  const circle = /LambdaRollout: `alias` refers to itself, by way of .*Smoke.*CircularReference/;
  if (calls) {
    expect(template).toThrow(circle);
  } else {
    expect(template).not.toThrow();
  }
});
