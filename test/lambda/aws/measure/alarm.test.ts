import { DescribeAlarmHistoryCommand, DescribeAlarmsCommand, ResourceNotFound } from '@aws-sdk/client-cloudwatch';
import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { at, change, cloudwatch, eachTestHasNoAlarm, given, measured, NOW, SINCE } from './alarm-fixture';

eachTestHasNoAlarm();

test('green the whole time passes, and says what was looked at', async () => {
  given('OK');

  expect(await measured()).toEqual({
    checkId: 'alarm-shop-5xx',
    at: NOW,
    from: SINCE,
    to: NOW,
    verdict: 'PASS',
    reason: "Alarm 'shop-5xx' is green.",
    healthySince: SINCE,
    value: 'OK',
    threshold: 'OK',
    link: 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/shop-5xx',
  });
  const [history] = cloudwatch.commandCalls(DescribeAlarmHistoryCommand);
  expect(history!.args[0].input).toMatchObject({
    AlarmName: 'shop-5xx',
    AlarmTypes: ['MetricAlarm'],
    HistoryItemType: 'StateUpdate',
    StartDate: new Date(SINCE),
  });
});

test.each<[string, Partial<MetricAlarm>]>([
  ['a metric', { Namespace: 'AWS/Lambda', Dimensions: [{ Name: 'FunctionName', Value: 'shop' }] }],
  [
    'an expression',
    {
      Metrics: [
        { Id: 'e', Expression: 'm / 2' },
        {
          Id: 'm',
          MetricStat: {
            Metric: { Namespace: 'AWS/Lambda', Dimensions: [{ Name: 'FunctionName', Value: 'shop' }] },
            Period: 60,
            Stat: 'Sum',
          },
        },
      ],
    },
  ],
])('%s of a function leads to its log and its traces, too', async (_, alarm) => {
  given('ALARM', [], alarm);

  expect(await measured()).toMatchObject({
    verdict: 'FAIL',
    logs: expect.stringContaining('$252Faws$252Flambda$252Fshop/log-events'),
    traces: expect.stringContaining('*22shop*22'),
  });
});

test.each([undefined, 'BLUE'])('an alarm in the state %j is an error that says so', async (StateValue) => {
  given('OK', [], { StateValue: StateValue as never });

  expect(await measured()).toMatchObject({
    verdict: 'ERROR',
    reason: "Alarm 'shop-5xx' is in a state that is not known.",
  });
});

test('an alarm on a later page is found, by its name', async () => {
  cloudwatch.reset();
  cloudwatch
    .on(DescribeAlarmsCommand)
    .resolvesOnce({ MetricAlarms: [{ AlarmName: 'shop-5xx-2', StateValue: 'ALARM' }], NextToken: 'more' })
    .resolvesOnce({ MetricAlarms: [{ AlarmName: 'shop-5xx', StateValue: 'OK' }] });
  cloudwatch.on(DescribeAlarmHistoryCommand).resolves({ AlarmHistoryItems: [] });

  expect((await measured()).verdict).toBe('PASS');
  const asked = cloudwatch.commandCalls(DescribeAlarmsCommand).map(({ args }) => args[0].input);
  expect(asked.map(({ AlarmNames, NextToken }) => [AlarmNames, NextToken])).toEqual([
    [['shop-5xx'], undefined],
    [['shop-5xx'], 'more'],
  ]);
});

test('an alarm that turned red and still is says only when', async () => {
  given('ALARM', [change(3, 'OK', 'ALARM')]);

  expect(await measured()).toMatchObject({ reason: "Alarm 'shop-5xx' turned red at 2026-11-23 10:03 UTC." });
});

test.each([
  ['INSUFFICIENT_DATA', 'INCONCLUSIVE', "Alarm 'shop-5xx' has not enough data."],
  ['INSUFFICIENT_DATA', 'HEALTHY', "Alarm 'shop-5xx' has no data, which counts as healthy."],
  ['OK', 'HEALTHY', "Alarm 'shop-5xx' is green."],
] as const)('%s where missing data is %s says what that means', async (state, missingData, reason) => {
  given(state);

  expect((await measured({ missingData })).reason).toBe(reason);
});

test('an alarm that was red and has not been green since says so', async () => {
  given('ALARM', [], { StateTransitionedTimestamp: at(-30) });

  expect((await measured({ alreadyRed: 'IGNORE_UNTIL_GREEN' })).reason).toBe(
    "Alarm 'shop-5xx' was red when the gate began and has not been green since.",
  );
});

test('red now fails', async () => {
  given('ALARM', [change(3, 'OK', 'ALARM')]);
  expect(await measured()).toMatchObject({ verdict: 'FAIL', value: 'ALARM' });

  given('ALARM', [], { StateTransitionedTimestamp: at(5) });
  expect(await measured()).toMatchObject({ verdict: 'FAIL' });
});

test.each([
  ['INCONCLUSIVE', 'INCONCLUSIVE'],
  ['HEALTHY', 'PASS'],
] as const)('without data it is what `missingData: %s` says', async (missingData, verdict) => {
  given('INSUFFICIENT_DATA');

  expect(await measured({ missingData })).toMatchObject({ verdict });
});

test.each(['PARTIAL_DATA', 'EVALUATION_ERROR', 'EVALUATION_FAILURE'] as const)(
  '%s is not green',
  async (EvaluationState) => {
    given('OK', [], { EvaluationState });

    expect(await measured()).toMatchObject({
      verdict: 'INCONCLUSIVE',
      reason: expect.stringContaining(EvaluationState),
    });
  },
);

test('an alarm that is not there is an error, never a pass', async () => {
  given('OK', [], { AlarmName: 'shop-5xx-old' });
  expect(await measured()).toMatchObject({
    verdict: 'ERROR',
    reason: "There is no metric or log alarm 'shop-5xx' in eu-west-1.",
  });

  cloudwatch.on(DescribeAlarmsCommand).resolves({});
  expect(await measured({ composite: true })).toMatchObject({
    verdict: 'ERROR',
    reason: "There is no alarm 'shop-5xx' in eu-west-1.",
  });
});

test('a composite alarm is found among both kinds', async () => {
  cloudwatch
    .on(DescribeAlarmsCommand, { AlarmTypes: ['CompositeAlarm', 'MetricAlarm'] })
    .resolves({ CompositeAlarms: [{ AlarmName: 'shop-5xx', StateValue: 'OK' }], MetricAlarms: [] });
  cloudwatch.on(DescribeAlarmHistoryCommand).resolves({ AlarmHistoryItems: [] });

  expect(await measured({ composite: true })).toMatchObject({ verdict: 'PASS' });
  const [history] = cloudwatch.commandCalls(DescribeAlarmHistoryCommand);
  expect(history!.args[0].input).toMatchObject({ AlarmTypes: ['CompositeAlarm'] });
});

describe('other types of alarms (A17)', () => {
  const named = { AlarmName: 'shop-5xx', StateValue: 'OK' } as const;

  test('a log alarm is found where there is no metric alarm', async () => {
    cloudwatch
      .on(DescribeAlarmsCommand, { AlarmTypes: ['MetricAlarm'] })
      .resolves({})
      .on(DescribeAlarmsCommand, { AlarmTypes: ['LogAlarm'] })
      .resolves({ LogAlarms: [named] })
      .on(DescribeAlarmHistoryCommand, { AlarmTypes: ['LogAlarm'] })
      .resolves({ AlarmHistoryItems: [change(3, 'OK', 'ALARM'), change(4, 'ALARM', 'OK')] });

    expect(await measured()).toMatchObject({ verdict: 'FAIL', reason: expect.stringContaining('10:03') });
  });

  test('a log alarm that CloudWatch cannot evaluate is not green', async () => {
    cloudwatch
      .on(DescribeAlarmsCommand)
      .resolves({ LogAlarms: [{ ...named, EvaluationState: 'PARTIAL_DATA' }] })
      .on(DescribeAlarmHistoryCommand)
      .resolves({});

    expect(await measured()).toMatchObject({ verdict: 'INCONCLUSIVE' });
  });

  test('an alarm of a type that was not asked for is not taken for another', async () => {
    cloudwatch
      .on(DescribeAlarmsCommand)
      .resolves({ CompositeAlarms: [named], MetricAlarms: [{ ...named, AlarmName: 'shop-5xx-2' }] });
    expect(await measured()).toMatchObject({ verdict: 'ERROR' });

    cloudwatch.on(DescribeAlarmsCommand).resolves({ LogAlarms: [named] });
    expect(await measured({ composite: true })).toMatchObject({ verdict: 'ERROR' });
  });

  test('a Region that does not know log alarms has none', async () => {
    cloudwatch
      .on(DescribeAlarmsCommand, { AlarmTypes: ['MetricAlarm'] })
      .resolves({})
      .on(DescribeAlarmsCommand, { AlarmTypes: ['LogAlarm'] })
      .rejects(Object.assign(new Error('unknown type'), { name: 'ValidationError' }));
    expect(await measured()).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining('There is no metric') });

    cloudwatch
      .on(DescribeAlarmsCommand, { AlarmTypes: ['LogAlarm'] })
      .rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));
    expect(await measured()).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining('AccessDenied') });
  });
});

test('a refusal is an error that repeats nothing of what was sent', async () => {
  cloudwatch
    .on(DescribeAlarmsCommand)
    .rejects(new ResourceNotFound({ $metadata: {}, message: 'arn:aws:iam::111111111111:role/secret' }));

  const measurement = await measured();

  expect(measurement).toMatchObject({
    verdict: 'ERROR',
    reason: 'The check could not be carried out: ResourceNotFound.',
  });
  expect(JSON.stringify(measurement)).not.toContain('secret');
});
