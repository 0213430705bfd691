import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LambdaRollout, RolloutStrategy } from '../../../lib/rollout';
import type { LambdaRolloutProps } from '../../../lib/rollout';

const ENV = { account: '111111111111', region: 'eu-west-1' };

function fixture(props: Partial<lambda.FunctionProps> = {}) {
  const app = new App();
  const stack = new Stack(app, 'Shop', { env: ENV });
  const handler = new lambda.Function(stack, 'Fn', {
    code: lambda.Code.fromInline('exports.handler = async () => 1'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
    ...props,
  });
  return { app, stack, handler };
}

function rolledOut(props: Partial<LambdaRolloutProps> = {}, setting = fixture()) {
  const strategy = RolloutStrategy.canary(10, Duration.minutes(10));
  const rollout = new LambdaRollout(setting.stack, 'Rollout', { handler: setting.handler, strategy, ...props });
  return { ...setting, rollout };
}

const findings = (stack: Stack): readonly string[] =>
  Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ entry }) => JSON.stringify(entry.data))
    .filter((text) => text.includes('LambdaRollout'));

describe('endpoints behind the alias', () => {
  test('the address of a function leads to the alias', () => {
    const { stack, rollout } = rolledOut();
    rollout.alias.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE });

    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Url', { Qualifier: 'live' });
    expect(findings(stack)).toEqual([]);
  });

  test('REST and HTTP APIs call the alias, and nobody calls the function itself', () => {
    const { stack, rollout } = rolledOut();
    new apigateway.RestApi(stack, 'Rest').root.addMethod('GET', new apigateway.LambdaIntegration(rollout.alias));
    new apigatewayv2.HttpApi(stack, 'Http', {
      defaultIntegration: new HttpLambdaIntegration('Shop', rollout.alias),
    });

    const template = Template.fromStack(stack);
    const alias = Object.keys(template.findResources('AWS::Lambda::Alias'))[0]!;
    const method = Object.values(template.findResources('AWS::ApiGateway::Method'))[0]!;
    expect(JSON.stringify(method.Properties.Integration.Uri)).toContain(`{"Ref":"${alias}"}`);
    template.hasResourceProperties('AWS::ApiGatewayV2::Integration', { IntegrationUri: { Ref: alias } });
    expect(findings(stack)).toEqual([]);
  });

  test.each<[string, string, (stack: Stack, handler: lambda.Function) => void]>([
    [
      'a REST API',
      "'Shop/Rest'",
      (stack, handler) =>
        new apigateway.RestApi(stack, 'Rest').root.addMethod('GET', new apigateway.LambdaIntegration(handler)),
    ],
    [
      'an HTTP API',
      'Shop/Http/DefaultRoute',
      (stack, handler) =>
        new apigatewayv2.HttpApi(stack, 'Http', { defaultIntegration: new HttpLambdaIntegration('Shop', handler) }),
    ],
    ['an address of its own', 'Shop/Fn/FunctionUrl', (_stack, handler) => handler.addFunctionUrl()],
    [
      'a rule',
      'Shop/Rule/AllowEventRule',
      (stack, handler) =>
        new events.Rule(stack, 'Rule', {
          schedule: events.Schedule.rate(Duration.hours(1)),
          targets: [new targets.LambdaFunction(handler)],
        }),
    ],
    [
      'a queue or a stream',
      'Shop/Fn/Source',
      (_stack, handler) =>
        handler.addEventSourceMapping('Source', { eventSourceArn: 'arn:aws:sqs:eu-west-1:111111111111:orders' }),
    ],
  ])('%s that calls the function itself is a finding', (_what, path, call) => {
    const setting = rolledOut();
    call(setting.stack, setting.handler);

    const found = findings(setting.stack);
    expect(found).toHaveLength(1);
    expect(found.join()).toContain(path);
    expect(found.join()).toContain('LambdaRollout.pastTheAlias');
  });

  test('an API in another stack is found, too', () => {
    const { app, stack, handler } = rolledOut();
    const other = new Stack(app, 'Api', { env: ENV });
    new lambda.CfnPermission(other, 'Permission', {
      functionName: handler.functionArn,
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
    });

    expect(findings(stack).join()).toContain("'Api/Permission' lets the function itself be called");
  });

  test('calls of other functions are none of its business', () => {
    const { stack } = rolledOut();
    new lambda.Function(stack, 'Other', {
      code: lambda.Code.fromInline('exports.handler = async () => 1'),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
    }).addFunctionUrl();

    expect(findings(stack)).toEqual([]);
  });
});

describe('provisioned concurrency', () => {
  test('is that of the alias, which Lambda moves to the new version', () => {
    const { stack } = rolledOut({ provisionedConcurrency: 5 }, fixture({ reservedConcurrentExecutions: 10 }));

    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Alias', {
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 5 },
    });
  });

  test('may be known only at deployment', () => {
    const { stack } = rolledOut({ provisionedConcurrency: Token.asNumber({ Ref: 'Many' }) });

    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Alias', {
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: { Ref: 'Many' } },
    });
  });

  test.each([0, 1.5, NaN])('%s environments are refused', (provisionedConcurrency) => {
    expect(() => rolledOut({ provisionedConcurrency })).toThrow(
      `\`provisionedConcurrency\` is ${provisionedConcurrency}, but has to be a whole number`,
    );
  });

  test.each([
    [10, false],
    [9, true],
    [5, true],
    [Token.asNumber({ Ref: 'Many' }), false],
    [undefined, false],
  ])('five of %s reserved: too little room for two versions is a finding: %s', (reservedConcurrentExecutions, told) => {
    const { stack } = rolledOut({ provisionedConcurrency: 5 }, fixture({ reservedConcurrentExecutions }));

    expect(findings(stack)).toEqual(
      told ? [expect.stringMatching(/reserve 10 or more.*LambdaRollout.tightConcurrency/)] : [],
    );
  });

  test('is refused for a function that starts from a snapshot, as Lambda does', () => {
    const java = () => ({ runtime: lambda.Runtime.JAVA_21, code: lambda.Code.fromAsset(__dirname) });
    const made = (snapStart?: lambda.SnapStartConf) => () =>
      rolledOut({ provisionedConcurrency: 5 }, fixture({ ...java(), snapStart }));

    expect(made(lambda.SnapStartConf.ON_PUBLISHED_VERSIONS)).toThrow(
      /`provisionedConcurrency` is given, but `snapStart` of the function is on.*SnapStartProvisioned/,
    );
    expect(made()).not.toThrow();
  });

  test('more than the function has reserved is refused', () => {
    expect(() => rolledOut({ provisionedConcurrency: 6 }, fixture({ reservedConcurrentExecutions: 5 }))).toThrow(
      /`provisionedConcurrency` is 6, but `reservedConcurrentExecutions` of the function is 5/,
    );
  });
});

describe('the new version compared with the old one', () => {
  test('an alarm has the difference of their shares of failed calls, which only enough calls tell', () => {
    const { stack } = rolledOut({ watch: { comparedWithOld: {} } });

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 1,
      TreatMissingData: 'notBreaching',
      Metrics: Match.arrayWith([
        Match.objectLike({
          Expression:
            'IF(newCalls >= 300, IF(allCalls > newCalls, 100 * FILL(newErrors, 0) / newCalls - ' +
            '100 * (FILL(allErrors, 0) - FILL(newErrors, 0)) / (allCalls - newCalls), 0), 0)',
        }),
      ]),
    });
    const [alarm] = Object.values(template.findResources('AWS::CloudWatch::Alarm')).filter(
      ({ Properties }) => Properties.Metrics !== undefined,
    );
    const dimensions = Object.fromEntries(
      alarm!.Properties.Metrics.filter((one: any) => one.MetricStat !== undefined).map((one: any) => [
        one.Id,
        [
          one.MetricStat.Metric.MetricName,
          one.MetricStat.Metric.Dimensions.map(({ Name }: any) => Name),
          one.MetricStat.Period,
        ],
      ]),
    );
    expect(dimensions).toEqual({
      newErrors: ['Errors', ['ExecutedVersion', 'FunctionName', 'Resource'], 300],
      newCalls: ['Invocations', ['ExecutedVersion', 'FunctionName', 'Resource'], 300],
      allErrors: ['Errors', ['FunctionName', 'Resource'], 300],
      allCalls: ['Invocations', ['FunctionName', 'Resource'], 300],
    });
  });

  test.each([
    [{ comparedWithOld: {} }, ['MoreErrors', 'Throttles']],
    [{ comparedWithOld: {}, errors: 50 }, ['Errors', 'MoreErrors', 'Throttles']],
    [{}, ['Errors', 'Throttles']],
  ])('takes the place of the number of errors, unless that is asked for (%j)', (watch, ids) => {
    const { rollout } = rolledOut({ watch });

    expect(rollout.alarms.map(({ node }) => node.id)).toEqual(ids);
  });

  test.each([
    [{ maxMoreErrorPercent: 0.5 }, 600],
    [{ maxMoreErrorPercent: 7 }, 43],
    [{ maxMoreErrorPercent: 1, minCalls: 20 }, 20],
    [{ maxMoreErrorPercent: Token.asNumber({ Ref: 'Percent' }), minCalls: 20 }, 20],
  ])('%j needs %i calls', (comparedWithOld, calls) => {
    const { stack } = rolledOut({ watch: { comparedWithOld } });

    expect(JSON.stringify(Template.fromStack(stack).toJSON())).toContain(`IF(newCalls >= ${calls},`);
  });

  test.each([
    [{ maxMoreErrorPercent: 0 }, /maxMoreErrorPercent` is 0, but has to be more than 0 and less than 100/],
    [{ maxMoreErrorPercent: 100 }, /maxMoreErrorPercent` is 100/],
    [{ maxMoreErrorPercent: NaN }, /maxMoreErrorPercent` is NaN/],
    [
      { maxMoreErrorPercent: Token.asNumber({ Ref: 'Percent' }) },
      /known only at deployment, so nobody can derive `minCalls`/,
    ],
    [{ minCalls: 0 }, /minCalls` is 0, but has to be a whole number, 1 or more/],
    [{ minCalls: 1.5 }, /minCalls` is 1.5/],
    [{ window: Duration.seconds(90) }, /window` is 90 seconds, but has to be whole minutes/],
    [{ window: Duration.minutes(0) }, /window` is 0 seconds/],
    [{ window: Duration.minutes(61) }, /window` is 3660 seconds/],
    [{ window: Duration.minutes(Token.asNumber({ Ref: 'Minutes' })) }, /window` is known only at deployment/],
  ])('is refused with %j', (comparedWithOld, message) => {
    expect(() => rolledOut({ watch: { comparedWithOld } })).toThrow(message);
  });

  test.each([Duration.minutes(1), Duration.hours(1)])('takes a window of %s', (window) => {
    const strategy = RolloutStrategy.canary(10, Duration.minutes(90));
    expect(() => rolledOut({ watch: { comparedWithOld: { window } }, strategy })).not.toThrow();
  });

  test('is refused where all traffic moves at once', () => {
    expect(() => rolledOut({ watch: { comparedWithOld: {} }, strategy: RolloutStrategy.allAtOnce() })).toThrow(
      /`watch.comparedWithOld` is given, but with `RolloutStrategy.allAtOnce\(\)` no old version serves/,
    );
  });

  test.each([
    [5, true],
    [6, false],
  ])('a canary of %i minutes that ends within a window is a finding: %s', (minutes, found) => {
    const strategy = RolloutStrategy.canary(10, Duration.minutes(minutes));
    const { stack } = rolledOut({ watch: { comparedWithOld: {} }, strategy });

    expect(findings(stack).join().includes('LambdaRollout.comparedTooLate')).toBe(found);
  });
});

describe('the slowest of few calls', () => {
  test('is not judged below `minCallsForP99`', () => {
    const { stack } = rolledOut({ watch: { p99Duration: Duration.seconds(2), minCallsForP99: 100 } });

    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold: 2000,
      Metrics: Match.arrayWith([Match.objectLike({ Expression: 'IF(calls >= 100, duration, 0)' })]),
    });
  });

  test.each([
    [{ minCallsForP99: 100 }, /`watch.minCallsForP99` is given, but the duration is not watched/],
    [{ minCallsForP99: 0, p99Duration: Duration.seconds(1) }, /`watch.minCallsForP99` is 0, but has to be 1 or more/],
  ])('%j is refused', (watch, message) => {
    expect(() => rolledOut({ watch })).toThrow(message);
  });
});

describe('a function that is seldom called', () => {
  test.each<[number, RolloutStrategy, string | undefined]>([
    [30, RolloutStrategy.canary(10, Duration.minutes(10)), '0.5'],
    [5999, RolloutStrategy.canary(10, Duration.minutes(10)), '99'],
    [6000, RolloutStrategy.canary(10, Duration.minutes(10)), undefined],
    // 25, 50 and 75 % for 10 minutes each: 15 minutes of all calls.
    [399, RolloutStrategy.linear(25, Duration.minutes(10)), '99'],
    [400, RolloutStrategy.linear(25, Duration.minutes(10)), undefined],
    [1, RolloutStrategy.allAtOnce(), undefined],
    [Token.asNumber({ Ref: 'Calls' }), RolloutStrategy.canary(10, Duration.minutes(10)), undefined],
    [30, RolloutStrategy.canary(Token.asNumber({ Ref: 'Percent' }), Duration.minutes(10)), undefined],
    [30, RolloutStrategy.canary(10, Duration.minutes(Token.asNumber({ Ref: 'Minutes' }))), undefined],
  ])('%d calls an hour: what alarms cannot see is a finding (%#)', (callsPerHour, strategy, calls) => {
    const found = findings(rolledOut({ callsPerHour, strategy }).stack).filter((text) => text.includes('.fewCalls'));

    expect(found).toEqual(
      calls === undefined
        ? []
        : [
            expect.stringContaining(
              `of ${callsPerHour} calls an hour, the new version gets ${calls} before it gets all of them`,
            ),
          ],
    );
  });

  test.each([
    [35_999, true],
    [36_000, false],
  ])('%i calls an hour: versions that are never compared are a finding: %s', (callsPerHour, found) => {
    const { stack } = rolledOut({ callsPerHour, watch: { comparedWithOld: {} } });

    expect(findings(stack).join().includes('LambdaRollout.neverCompared')).toBe(found);
  });

  // In the five minutes before the last step, it has 50, 60, 70, 80 and 90 %: 3.5 minutes of all calls.
  test.each([
    [5142, '299'],
    [5143, undefined],
    [4200, '245'],
  ])('%i calls an hour in steps: the best window decides, in which the share still grows', (callsPerHour, most) => {
    const watch = { comparedWithOld: { window: Duration.minutes(5), minCalls: 300 } };
    const { stack } = rolledOut({ callsPerHour, watch, strategy: RolloutStrategy.linear(10, Duration.minutes(1)) });

    expect(findings(stack).filter((text) => text.includes('neverCompared'))).toEqual(
      most === undefined ? [] : [expect.stringContaining(`gets at most ${most} within`)],
    );
  });

  test.each([0, -1, NaN, Infinity])('%s calls an hour are refused', (callsPerHour) => {
    expect(() => rolledOut({ callsPerHour })).toThrow(`\`callsPerHour\` is ${callsPerHour}, but has to be more than 0`);
  });
});
