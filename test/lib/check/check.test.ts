import { App, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { CheckPlan } from '../../../contract/checks';
import { AlarmRef, AlreadyRed, BakePreset, Check, MissingData } from '../../../lib/check';
import { bindChecks } from '../../../lib/check/bind-checks';

const ENV = { account: '111111111111', region: 'eu-west-1' };

function stackOf(env: { account?: string; region?: string } | undefined = ENV): Stack {
  return new Stack(new App(), 'Gates', { env });
}

function planOf(check: Check, stack = stackOf()): any {
  const [plan] = bindChecks(stack, [check]).plans;
  return stack.resolve(plan);
}

function statementsOf(check: Check, stack = stackOf()): any[] {
  return stack.resolve(bindChecks(stack, [check]).statements.map((statement) => statement.toJSON()));
}

describe('an alarm check', () => {
  test('has defaults that forgive nothing but a few errors', () => {
    expect(planOf(Check.alarm(AlarmRef.named('shop-5xx')))).toEqual({
      kind: 'alarm',
      id: 'alarm-shop-5xx',
      title: 'alarm shop-5xx',
      alarmName: 'shop-5xx',
      region: 'eu-west-1',
      missingData: 'INCONCLUSIVE',
      alreadyRed: 'FAIL',
      initialDelay: 0,
      interval: 60,
      failureLimit: 0,
      consecutiveErrorLimit: 4,
      inconclusiveLimit: 0,
      minSamples: 1,
      observeOnly: false,
    });
  });

  test('of an alarm by its ARN is where the ARN says, not where the construct is', () => {
    const stack = stackOf();
    const arn = 'arn:aws:cloudwatch:us-east-1:111111111111:alarm:edge-5xx';
    const check = Check.alarm(cloudwatch.Alarm.fromAlarmArn(stack, 'Edge', arn));

    expect(planOf(check, stack)).toMatchObject({ alarmName: 'edge-5xx', region: 'us-east-1' });
  });

  test('takes every option', () => {
    const plan = planOf(
      Check.alarm(AlarmRef.named('shop-5xx', { region: 'us-east-1', account: ENV.account }), {
        title: 'Errors of the shop',
        initialDelay: Duration.minutes(2),
        interval: Duration.minutes(5),
        failureLimit: 1,
        consecutiveErrorLimit: 0,
        inconclusiveLimit: 5,
        minSamples: 3,
        missingData: MissingData.HEALTHY,
        alreadyRed: AlreadyRed.IGNORE_UNTIL_GREEN,
      }),
    );
    expect(plan).toMatchObject({
      id: 'errors-of-the-shop',
      region: 'us-east-1',
      initialDelay: 120,
      interval: 300,
      failureLimit: 1,
      consecutiveErrorLimit: 0,
      inconclusiveLimit: 5,
      minSamples: 3,
      missingData: 'HEALTHY',
      alreadyRed: 'IGNORE_UNTIL_GREEN',
    });
  });

  test('may read the history of this alarm, and describe the alarms of its account and Region', () => {
    const check = Check.alarm(AlarmRef.named('shop-5xx', { region: 'us-east-1' }));

    expect(statementsOf(check)).toEqual([
      {
        Effect: 'Allow',
        Action: 'cloudwatch:DescribeAlarms',
        Resource: {
          'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':cloudwatch:us-east-1:111111111111:alarm:*']],
        },
      },
      {
        Effect: 'Allow',
        Action: 'cloudwatch:DescribeAlarmHistory',
        Resource: {
          'Fn::Join': [
            '',
            ['arn:', { Ref: 'AWS::Partition' }, ':cloudwatch:us-east-1:', { Ref: 'AWS::AccountId' }, ':alarm:shop-5xx'],
          ],
        },
      },
    ]);
  });

  test('watches an alarm of the same app by construct', () => {
    const stack = stackOf();
    const alarm = new cloudwatch.Alarm(stack, 'ServerErrors', {
      metric: new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Errors' }),
      threshold: 1,
      evaluationPeriods: 1,
    });

    const check = Check.alarm(alarm);

    expect(planOf(check, stack)).toMatchObject({
      title: 'alarm ServerErrors',
      alarmName: { Ref: expect.stringMatching(/^ServerErrors/) },
      region: 'eu-west-1',
    });
    expect(statementsOf(check, stack)[1].Resource).toEqual({
      'Fn::GetAtt': [expect.stringMatching(/^ServerErrors/), 'Arn'],
    });
  });

  test.each([
    [
      'a construct',
      (stack: Stack) =>
        new cloudwatch.CompositeAlarm(stack, 'All', { alarmRule: cloudwatch.AlarmRule.fromBoolean(true) }),
    ],
    ['a name', () => AlarmRef.named('all', { composite: true })],
  ])('may see every alarm when it watches a composite one, because CloudWatch asks for that (%s)', (_, make) => {
    const stack = stackOf();
    const check = Check.alarm(make(stack));

    expect(planOf(check, stack).composite).toBe(true);
    expect(statementsOf(check, stack).map(({ Resource }) => Resource)).toEqual(['*', '*']);
  });

  test('of an agnostic stack is in that stack, wherever it goes', () => {
    expect(planOf(Check.alarm(AlarmRef.named('x')), new Stack(new App(), 'Gates')).region).toEqual({
      Ref: 'AWS::Region',
    });
  });

  test.each([
    ['', /1 to 255 characters/],
    ['x'.repeat(256), /1 to 255 characters/],
    ['a\nb', /without control characters/],
    ['shop-*', /must hold neither/],
    ['shop-?', /must hold neither/],
  ])('fails for the name %j', (name, message) => {
    expect(() => AlarmRef.named(name)).toThrow(message);
  });

  test.each([
    [{ account: '12345678901' }, /`AlarmRef.named account` is '12345678901', but has to be the 12 digits/],
    [{ region: 'Ireland' }, /`AlarmRef.named region` is 'Ireland', but has to be a Region/],
  ])('fails for the place %j', (options, message) => {
    expect(() => AlarmRef.named('x', options)).toThrow(message);
  });
});

describe('an http check', () => {
  test('is a GET that nobody has to allow', () => {
    const check = Check.http('https://shop.example.com/health?deep=1', { contains: 'ok' });

    expect(planOf(check)).toMatchObject({
      kind: 'http',
      id: 'http-shop-example-com',
      title: 'http shop.example.com',
      url: 'https://shop.example.com/health?deep=1',
      minStatus: 200,
      maxStatus: 299,
      contains: 'ok',
      timeoutSeconds: 5,
    });
    expect(statementsOf(check)).toEqual([]);
  });

  test.each([
    ['http://shop.example.com/', /has to be https.*allowPlainHttp: true/],
    ['ftp://shop.example.com/', /has to be `https:\/\/…`/],
    ['shop.example.com', /has to be `https:\/\/…`/],
    ['', /has to be `https:\/\/…`/],
    ['https://user:secret@shop.example.com/', /holds a user name or password/],
    ['https://localhost/', /loopback and link-local addresses are never asked/],
    ['https://127.0.0.1/', /loopback and link-local addresses are never asked/],
    ['https://2130706433/', /loopback and link-local addresses are never asked/],
    ['https://0x7f.1/', /loopback and link-local addresses are never asked/],
    ['https://169.254.169.254/latest/meta-data', /loopback and link-local addresses are never asked/],
    ['https://10.1.2.3/', /has to be a public host/],
    ['https://172.31.0.1/', /has to be a public host/],
    ['https://192.168.0.1/', /has to be a public host/],
    ['https://[::1]/', /loopback and link-local addresses are never asked/],
    ['https://db.internal/', /has to be a public host/],
  ])('fails for the address %s', (url, message) => {
    expect(() => Check.http(url)).toThrow(message);
  });

  test('never repeats a password in its message', () => {
    expect(() => Check.http('https://user:s3cret@shop.example.com/')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('s3cret') }),
    );
  });

  test('allows plain http when asked, and says so to the function', () => {
    expect(planOf(Check.http('http://shop.example.com/', { allowPlainHttp: true })).insecure).toBe(true);
    expect(planOf(Check.http('https://shop.example.com/'))).not.toHaveProperty('insecure');
  });

  test('takes an address that only deployment knows', () => {
    const url = `https://${Lazy.string({ produce: () => 'abc.example.com' })}/health`;

    expect(planOf(Check.http(url))).toMatchObject({ url: 'https://abc.example.com/health', title: 'http', id: 'http' });
    expect(() => Check.http(`http://${Lazy.string({ produce: () => 'abc' })}`)).toThrow(/starts with 'http:\/\/'/);
  });

  test.each([
    [{ minStatus: 99 }, /`Check.http minStatus` is 99, but has to be a whole number from 100 to 599/],
    [{ maxStatus: 600 }, /`Check.http maxStatus` is 600/],
    [{ minStatus: 300 }, /`Check.http minStatus` is 300, but has to be at most `maxStatus`, which is 299/],
    [{ contains: '' }, /`Check.http contains` has 0 characters/],
    [{ contains: 'x'.repeat(201) }, /`Check.http contains` has 201 characters/],
    [
      { timeout: Duration.millis(999) },
      /`Check.http timeout` is .* but has to be whole seconds from 1 second to 20 seconds/,
    ],
    [{ timeout: Duration.seconds(21) }, /`Check.http timeout`/],
  ])('fails for %j', (options, message) => {
    expect(() => Check.http('https://shop.example.com/', options)).toThrow(message);
  });
});

describe('a lambda check', () => {
  test('may invoke exactly the alias that it was given', () => {
    const stack = stackOf();
    const fn = lambda.Function.fromFunctionArn(stack, 'Fn', `arn:aws:lambda:eu-west-1:${ENV.account}:function:smoke`);
    const alias = lambda.Function.fromFunctionArn(stack, 'Live', `${fn.functionArn}:live`);

    const check = Check.lambda(alias, { details: 'shop' });

    expect(planOf(check, stack)).toMatchObject({
      kind: 'lambda',
      functionArn: `${fn.functionArn}:live`,
      details: 'shop',
    });
    expect(statementsOf(check, stack)).toEqual([
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: `${fn.functionArn}:live` },
    ]);
  });

  test('fails for details that are too long', () => {
    const fn = lambda.Function.fromFunctionName(stackOf(), 'Fn', 'smoke');

    expect(() => Check.lambda(fn, { details: 'x'.repeat(1001) })).toThrow(/1001 characters, but may have at most 1000/);
    expect(() => Check.lambda(fn, { details: 'x'.repeat(1000) })).not.toThrow();
  });
});

describe('the options of every check', () => {
  const make = (options: object) => Check.alarm(AlarmRef.named('x'), options);

  test.each([
    ['initialDelay', Duration.seconds(0), Duration.hours(24), undefined, Duration.seconds(86401)],
    ['interval', Duration.seconds(10), Duration.hours(24), Duration.seconds(9), Duration.seconds(86401)],
  ])('`%s` has limits', (prop, min, max, below, above) => {
    expect(() => make({ [prop]: min })).not.toThrow();
    expect(() => make({ [prop]: max })).not.toThrow();
    if (below !== undefined) {
      expect(() => make({ [prop]: below })).toThrow(`\`Check.alarm ${prop}\``);
    }
    expect(() => make({ [prop]: above })).toThrow(`\`Check.alarm ${prop}\``);
    expect(() => make({ [prop]: Duration.millis(10_500) })).toThrow(/whole seconds/);
  });

  test.each([
    ['failureLimit', 0, 1000],
    ['consecutiveErrorLimit', 0, 1000],
    ['minSamples', 1, 10_000],
  ])('`%s` has limits', (prop, min, max) => {
    expect(() => make({ [prop]: min })).not.toThrow();
    expect(() => make({ [prop]: max })).not.toThrow();
    for (const wrong of [min - 1, max + 1, min + 0.5, NaN]) {
      expect(() => make({ [prop]: wrong })).toThrow(
        `\`Check.alarm ${prop}\` is ${wrong}, but has to be a whole number from ${min} to ${max}`,
      );
    }
    expect(() => make({ [prop]: Token.asNumber({ Ref: 'Limit' }) })).not.toThrow();
  });

  test('a time that only deployment knows has to be in seconds', () => {
    const token = Token.asNumber({ Ref: 'Interval' });

    expect(planOf(make({ interval: Duration.seconds(token) })).interval).toEqual({ Ref: 'Interval' });
    expect(() => make({ interval: Duration.minutes(token) })).toThrow(/give it as `Duration.seconds/);
  });

  test.each(['', ' ', 'x'.repeat(81), 'two\nlines'])('fails for the title %j', (title) => {
    expect(() => make({ title })).toThrow(/one line of 1 to 80 characters/);
  });
});

describe('the checks of a gate', () => {
  test('have ids of their own, whatever their titles', () => {
    const titles = ['Shop!', 'shop', '日本', 'x'.repeat(80), `${'x'.repeat(79)}y`, 'Shop 2'];
    const checks = titles.map((title) => Check.alarm(AlarmRef.named('a'), { title }));

    const ids = bindChecks(stackOf(), checks).plans.map(({ id }: CheckPlan) => id);

    expect(new Set(ids).size).toBe(ids.length);
    ids.forEach((id) => expect(id).toMatch(/^[a-z0-9-]{1,40}$/));
    expect(ids.slice(0, 3)).toEqual(['shop', 'shop-2', 'alarm']);
  });

  test('fail when there are none, when none decides, and when one is there twice', () => {
    const observer = Check.alarm(AlarmRef.named('a'), { observeOnly: true });

    expect(() => bindChecks(stackOf(), [])).toThrow(/`checks` is empty/);
    expect(() => bindChecks(stackOf(), [observer])).toThrow(/at least one has to decide/);
    expect(() => bindChecks(stackOf(), [observer, observer])).toThrow(/names the same check twice/);
  });

  test('fail when the bake is too short for the samples', () => {
    const check = Check.alarm(AlarmRef.named('a'), { minSamples: 3, initialDelay: Duration.minutes(1) });

    expect(() => bindChecks(stackOf(), [check], { bakeTime: Duration.minutes(3) })).not.toThrow();
    expect(() => bindChecks(stackOf(), [check], { bakeTime: Duration.minutes(2) })).toThrow(
      /`bakeTime` is 2 minutes, but check 'alarm a' needs 3 minutes/,
    );
    expect(() => bindChecks(stackOf(), [check], { bakeTime: Duration.minutes(0) })).not.toThrow();
  });

  test('forgive what their place says, unless they say it themselves', () => {
    const limits = (inconclusiveLimit?: number) =>
      [undefined, 0, 7].map((own) => {
        const check = Check.alarm(AlarmRef.named('a'), { inconclusiveLimit: own });
        return bindChecks(stackOf(), [check], { inconclusiveLimit }).plans[0]!.inconclusiveLimit;
      });

    expect(limits()).toEqual([0, 0, 7]);
    expect(limits(4)).toEqual([4, 0, 7]);
  });

  test.each([-1, 1.5, 1001])('fail for an inconclusiveLimit of %d', (inconclusiveLimit) => {
    expect(() => Check.alarm(AlarmRef.named('a'), { inconclusiveLimit })).toThrow(
      /`Check.alarm inconclusiveLimit` is .*, but has to be a whole number from 0 to 1000/,
    );
  });

  test('fail when a time-out is too short for the samples, where there is no bake', () => {
    const check = () => Check.alarm(AlarmRef.named('a'), { initialDelay: Duration.minutes(30) });
    const place = (timeout: number) => ({ bakeTime: Duration.minutes(0), timeout: Duration.minutes(timeout) });

    expect(() => bindChecks(stackOf(), [check()], place(30))).not.toThrow();
    expect(() => bindChecks(stackOf(), [check()], place(29))).toThrow(
      /`timeout` is 29 minutes, but check 'alarm a' needs 30 minutes for its `initialDelay`.*TimeoutTooShort/,
    );
  });

  test.each([
    ['bakeTime', { bakeTime: Duration.minutes(10), timeout: Duration.days(7) }],
    ['timeout', { bakeTime: Duration.minutes(0), timeout: Duration.minutes(10) }],
  ])('fail when more failures are forgiven than there can be measurements in the %s', (prop, place) => {
    const bind = (failureLimit: number, observeOnly = false) => {
      const decides = Check.alarm(AlarmRef.named('b'), { interval: Duration.minutes(1) });
      const check = Check.alarm(AlarmRef.named('a'), {
        failureLimit,
        observeOnly,
        initialDelay: Duration.minutes(1),
        interval: Duration.minutes(2),
      });
      return () => bindChecks(stackOf(), [decides, check], place);
    };

    // After 1, 3, 5, 7 and 9 minutes.
    expect(bind(4)).not.toThrow();
    expect(bind(5)).toThrow(
      new RegExp(
        `\`failureLimit\` of check 'alarm a' is 5, but 5 measurements fit into the \`${prop}\` of 10 minutes, .*lower it to 4`,
      ),
    );
    expect(bind(5, true)).not.toThrow();
  });

  test('fail when a bake would take more measurements than are kept, also of a check that only observes', () => {
    const bind = (seconds: number) => () =>
      bindChecks(
        stackOf(),
        [
          Check.alarm(AlarmRef.named('a'), { interval: Duration.hours(1) }),
          Check.alarm(AlarmRef.named('b'), { interval: Duration.seconds(seconds), observeOnly: true }),
        ],
        { bakeTime: Duration.seconds(2_000_000) },
      );

    expect(bind(20)).not.toThrow();
    expect(bind(19)).toThrow(
      /check 'alarm b' would be measured 105264 times .*at most 100000 are kept: set its `interval` to 20 seconds or longer/,
    );
  });

  test('have presets for the bake time', () => {
    expect(BakePreset.ONE_BOX.toHours()).toBe(1);
    expect(BakePreset.FIRST_WAVE.toHours()).toBe(12);
    expect(BakePreset.LATER_WAVE.toHours()).toBe(2);
    expect(BakePreset.MIN_REQUESTS).toBe(100);
  });
});

describe('what only callers without a type checker can write', () => {
  const alarm = AlarmRef.named('a');
  const lax = Check as unknown as { [method: string]: (...values: unknown[]) => Check };

  test.each<[string, () => unknown, RegExp]>([
    [
      'an alarm as text',
      () => lax.alarm!('shop-5xx'),
      /`Check.alarm` is given "shop-5xx": give an alarm, or name one by/,
    ],
    ['no alarm', () => lax.alarm!(), /`Check.alarm` is given nothing: give an alarm/],
    ['null for an alarm', () => lax.alarm!(null), /`Check.alarm` is given null/],
    [
      'a function as ARN',
      () => lax.lambda!('arn:aws:lambda:x'),
      /`Check.lambda` is given "arn:aws:lambda:x": give a funct/,
    ],
    ['no function', () => lax.lambda!(), /`Check.lambda` is given nothing/],
    ['no address', () => lax.http!(), /`Check.http url` is nothing, but has to be a text/],
    ['a number for an address', () => lax.http!(5), /`Check.http url` is 5, but has to be a text/],
    ['a number in the body', () => lax.http!('https://a.example.com', { contains: 5 }), /`Check.http contains` is 5/],
    [
      'a number for details',
      () => lax.lambda!({ functionArn: 'a', functionName: 'a' }, { details: 5 }),
      /details` is 5/,
    ],
    ['a number for a title', () => lax.alarm!(alarm, { title: 5 }), /`Check.alarm title` is 5, but has to be a text/],
    [
      'seconds',
      () => lax.alarm!(alarm, { interval: 60 }),
      /`Check.alarm interval` is 60, but has to be a duration: write/,
    ],
    [
      'a meaning of silence',
      () => lax.alarm!(alarm, { missingData: 'OK' }),
      /missingData` is "OK", but has to be INCONCL/,
    ],
    ['a meaning of red', () => lax.alarm!(alarm, { alreadyRed: 'OK' }), /alreadyRed` is "OK", but has to be FAIL or/],
    [
      'no name',
      () => (AlarmRef.named as (name?: string) => AlarmRef)(),
      /`AlarmRef.named name` is nothing, but has to be/,
    ],
    [
      'an address for a check',
      () => bindChecks(stackOf(), ['https://a.example.com' as never]),
      /`checks` holds "https/,
    ],
  ])('fails with an error of ours: %s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test('fails for a construct that is no alarm, without writing all of it', () => {
    expect(() => lax.alarm!(stackOf())).toThrow(/`Check.alarm` is given a construct: give an alarm/);
  });
});

describe('an http check that takes errors of the server for healthy', () => {
  const warnings = (minStatus: number, maxStatus: number) => {
    const stack = stackOf();
    bindChecks(stack, [Check.http('https://a.example.com', { minStatus, maxStatus })]);
    return Annotations.fromStack(stack).findWarning(
      '*',
      Match.stringLikeRegexp('cdk-approval-gates:Check.serverErrorsHealthy'),
    ).length;
  };

  test.each([
    [100, 599, 1],
    [200, 500, 1],
    [399, 500, 1],
    [200, 499, 0],
    [400, 599, 0],
    [503, 503, 0],
  ])('from %d to %d gives %d warnings', (minStatus, maxStatus, count) => {
    expect(warnings(minStatus, maxStatus)).toBe(count);
  });
});
