import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  ResourceNotFound,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmHistoryItem, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import type { CheckCommand } from '../../../../contract/messages';
import type { AlarmCheckPlan } from '../../../../contract/checks';
import { measure } from '../../../../lambda/aws/measure/measure';
import { withMeasurement, type CheckTally } from '../../../../lambda/domain/check-tally';
import { evaluate } from '../../../../lambda/domain/evaluate';
import { TIMING } from '../../check-timing';

const SINCE = '2026-11-23T10:00:00.000Z';
const at = (minute: number) => new Date(Date.parse(SINCE) + minute * 60_000);
const NOW = at(10).toISOString();

const plan: AlarmCheckPlan = {
  kind: 'alarm',
  id: 'alarm-shop-5xx',
  title: 'alarm shop-5xx',
  alarmName: 'shop-5xx',
  region: 'eu-west-1',
  missingData: 'INCONCLUSIVE',
  alreadyRed: 'FAIL',
  ...TIMING,
};

const cloudwatch = mockClient(CloudWatchClient);
beforeEach(() => cloudwatch.reset());

function measured(check: Partial<AlarmCheckPlan> = {}, command: Partial<CheckCommand> = {}) {
  return measure(
    { requestId: 'a'.repeat(32), check: { ...plan, ...check }, role: 'arn', since: SINCE, now: NOW, ...command },
    {
      of: (Service, region) => new Service({ region, maxAttempts: 1 }),
      get: () => Promise.reject(new Error('not an http check')),
    },
  );
}

/** As CloudWatch writes it. */
function change(minute: number, from: string, to: string): AlarmHistoryItem {
  return {
    AlarmName: 'shop-5xx',
    AlarmType: 'MetricAlarm',
    Timestamp: at(minute),
    HistoryItemType: 'StateUpdate',
    HistorySummary: `Alarm updated from ${from} to ${to}`,
    HistoryData: JSON.stringify({
      version: '1.0',
      oldState: { stateValue: from, stateReason: 'x' },
      newState: { stateValue: to, stateReason: 'y' },
    }),
  };
}

function given(state: string, changes: AlarmHistoryItem[] = [], alarm: Partial<MetricAlarm> = {}) {
  cloudwatch.reset();
  cloudwatch.on(DescribeAlarmsCommand).resolves({
    MetricAlarms: [{ AlarmName: 'shop-5xx', StateValue: state as MetricAlarm['StateValue'], ...alarm }],
    CompositeAlarms: [],
  });
  cloudwatch.on(DescribeAlarmHistoryCommand).resolves({ AlarmHistoryItems: changes });
}

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

describe('the history of a state that stood since before the window', () => {
  const histories = () => cloudwatch.commandCalls(DescribeAlarmHistoryCommand).length;

  test('is empty, so it is not asked for, and the whole window was healthy', async () => {
    given('OK', [], { StateTransitionedTimestamp: at(-1) });

    expect(await measured()).toMatchObject({ verdict: 'PASS', healthySince: SINCE });
    expect(histories()).toBe(0);
  });

  test('is asked for when the state changed within the window, its overlap, or at its very start', async () => {
    for (const changed of [at(0), at(5), at(7.5)]) {
      given('OK', [change((changed.getTime() - at(0).getTime()) / 60_000, 'ALARM', 'OK')], {
        StateTransitionedTimestamp: changed,
      });

      await measured({}, { lastFinding: changed.getTime() < at(6).getTime() ? undefined : at(9).toISOString() });
      expect(histories()).toBe(1);
    }
  });

  test('is asked for when nobody says since when the state stands', async () => {
    given('OK');

    await measured();
    expect(histories()).toBe(1);
  });

  test('says nothing of a red that began before: red is red', async () => {
    given('ALARM', [], { StateTransitionedTimestamp: at(-30) });

    expect(await measured()).toMatchObject({
      verdict: 'FAIL',
      reason: "Alarm 'shop-5xx' was red already when the gate began.",
    });
    expect(histories()).toBe(0);
  });
});

describe('a history that cannot be understood is an error, and no green', () => {
  const { Timestamp: _Timestamp, ...timeless } = change(3, 'OK', 'INSUFFICIENT_DATA');

  test.each<[string, AlarmHistoryItem]>([
    ['a change without a time', timeless],
    ['a change from a state that is not known', change(3, 'BLUE', 'OK')],
    ['a change to a state that is not known', change(3, 'OK', 'BLUE')],
    ['a change without states', { ...change(3, 'OK', 'OK'), HistoryData: '{}', HistorySummary: 'Alarm updated' }],
    ['a change that says nothing', { Timestamp: at(3) }],
  ])('with %s', async (_, item) => {
    given('OK', [item]);

    expect(await measured()).toMatchObject({
      verdict: 'ERROR',
      reason: "The history of alarm 'shop-5xx' cannot be read completely.",
    });
  });

  test('but where only its data is no JSON, its summary counts', async () => {
    given('OK', [
      { ...change(3, 'OK', 'ALARM'), HistoryData: 'truncated' },
      { ...change(4, 'ALARM', 'OK'), HistoryData: undefined },
    ]);

    expect(await measured()).toMatchObject({
      verdict: 'FAIL',
      reason: "Alarm 'shop-5xx' turned red at 2026-11-23 10:03 UTC, and is OK now.",
    });
  });

  test('read from its first change to its last, on all pages', async () => {
    given('OK');
    cloudwatch
      .on(DescribeAlarmHistoryCommand)
      .resolvesOnce({ AlarmHistoryItems: [change(3, 'OK', 'ALARM')], NextToken: 'more' })
      .resolvesOnce({ AlarmHistoryItems: [change(4, 'ALARM', 'OK')] });

    expect((await measured()).verdict).toBe('FAIL');
    const asked = cloudwatch.commandCalls(DescribeAlarmHistoryCommand).map(({ args }) => args[0].input);
    expect(asked).toEqual([
      expect.objectContaining({ ScanBy: 'TimestampAscending', NextToken: undefined }),
      expect.objectContaining({ ScanBy: 'TimestampAscending', NextToken: 'more' }),
    ]);
  });

  test('that never ends', async () => {
    given('OK');
    cloudwatch.on(DescribeAlarmHistoryCommand).resolves({ AlarmHistoryItems: [], NextToken: 'more' });

    expect((await measured()).verdict).toBe('ERROR');
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

test('a red minute between two measurements is seen', async () => {
  given('OK', [change(3, 'OK', 'ALARM'), change(4, 'ALARM', 'OK')]);

  expect(await measured()).toMatchObject({
    verdict: 'FAIL',
    reason: "Alarm 'shop-5xx' turned red at 2026-11-23 10:03 UTC, and is OK now.",
  });
});

test('red now fails', async () => {
  given('ALARM', [change(3, 'OK', 'ALARM')]);
  expect(await measured()).toMatchObject({ verdict: 'FAIL', value: 'ALARM' });

  given('ALARM', [], { StateTransitionedTimestamp: at(5) });
  expect(await measured()).toMatchObject({ verdict: 'FAIL' });
});

test('a failure that was counted long before the last finding is not counted again', async () => {
  given('OK', [change(3, 'OK', 'ALARM'), change(4, 'ALARM', 'OK')]);

  expect(await measured({}, { lastFinding: at(5.1).toISOString() })).toMatchObject({ verdict: 'PASS' });
  expect(await measured({}, { lastFinding: at(2).toISOString() })).toMatchObject({ verdict: 'FAIL' });
});

test('a failure that the history may have told too late for the last finding is counted', async () => {
  given('OK', [change(3, 'OK', 'ALARM'), change(4, 'ALARM', 'OK')]);

  expect(await measured({}, { lastFinding: at(4.9).toISOString() })).toMatchObject({ verdict: 'FAIL' });
});

describe('red when the gate began', () => {
  test('fails by default', async () => {
    given('ALARM', [], { StateTransitionedTimestamp: at(-30) });
    expect(await measured()).toMatchObject({ verdict: 'FAIL', reason: expect.stringContaining('was red already') });

    given('OK', [change(2, 'ALARM', 'OK')]);
    expect(await measured()).toMatchObject({ verdict: 'FAIL', reason: expect.stringContaining('was red already') });
  });

  test('can be ignored until it has been green once', async () => {
    const ignore = { alreadyRed: 'IGNORE_UNTIL_GREEN' } as const;

    given('ALARM', [], { StateTransitionedTimestamp: at(-30) });
    expect(await measured(ignore)).toMatchObject({ verdict: 'INCONCLUSIVE' });

    given('ALARM', [change(2, 'ALARM', 'INSUFFICIENT_DATA'), change(3, 'INSUFFICIENT_DATA', 'ALARM')]);
    expect(await measured(ignore)).toMatchObject({ verdict: 'INCONCLUSIVE' });

    given('OK', [change(2, 'ALARM', 'OK')]);
    expect(await measured(ignore)).toMatchObject({ verdict: 'PASS' });

    given('OK', [change(2, 'ALARM', 'OK'), change(5, 'OK', 'ALARM'), change(6, 'ALARM', 'OK')]);
    expect(await measured(ignore)).toMatchObject({ verdict: 'FAIL', reason: expect.stringContaining('10:05') });
  });

  test('is not ignored when it was green at the start', async () => {
    given('ALARM', [change(1, 'OK', 'ALARM')]);

    expect(await measured({ alreadyRed: 'IGNORE_UNTIL_GREEN' })).toMatchObject({ verdict: 'FAIL' });
  });
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

test('green with a history that lags behind is not green yet', async () => {
  given('OK', [], { StateTransitionedTimestamp: at(5) });
  expect(await measured()).toMatchObject({ verdict: 'INCONCLUSIVE' });

  given('OK', [change(3, 'OK', 'INSUFFICIENT_DATA')]);
  expect(await measured()).toMatchObject({ verdict: 'INCONCLUSIVE' });
});

test('a change of a moment ago is waited for', async () => {
  given('OK', [], { StateTransitionedTimestamp: at(8.1) });
  expect(await measured()).toMatchObject({
    verdict: 'IN_PROGRESS',
    callBackDelay: 30,
    reason: "Alarm 'shop-5xx' is OK, but its history is not complete yet.",
  });

  given('OK', [], { StateTransitionedTimestamp: at(8) });
  expect(await measured()).toMatchObject({
    verdict: 'INCONCLUSIVE',
    reason: "Alarm 'shop-5xx' is OK, but its history is not complete yet.",
  });
});

test('a change of a moment ago is waited for even if the history looks complete, since it may hide a red minute', async () => {
  const calm = [change(3, 'INSUFFICIENT_DATA', 'OK')];

  given('OK', calm, { StateTransitionedTimestamp: at(8.5) });
  expect(await measured()).toMatchObject({ verdict: 'IN_PROGRESS', callBackDelay: 30 });
  given('OK', [...calm, change(8, 'OK', 'ALARM'), change(8.5, 'ALARM', 'OK')], { StateTransitionedTimestamp: at(8.5) });
  expect(await measured()).toMatchObject({ verdict: 'FAIL' });

  // The same change as the history tells, by another clock.
  given('OK', [change(9, 'INSUFFICIENT_DATA', 'OK')], { StateTransitionedTimestamp: at(9 + 1 / 60) });
  expect(await measured()).toMatchObject({ verdict: 'PASS' });
  // So long ago that the history shows all there is.
  given('OK', calm, { StateTransitionedTimestamp: at(8) });
  expect(await measured()).toMatchObject({ verdict: 'PASS' });
});

test('a change within a second of the start may be told by either', async () => {
  given('OK', [], { StateTransitionedTimestamp: at(1 / 60) });
  expect(await measured()).toMatchObject({ verdict: 'PASS' });

  given('OK', [], { StateTransitionedTimestamp: at(1.1 / 60) });
  expect(await measured()).toMatchObject({ verdict: 'INCONCLUSIVE' });
});

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

describe('what is read of the history (A12)', () => {
  const startOfHistory = () =>
    cloudwatch.commandCalls(DescribeAlarmHistoryCommand)[0]!.args[0].input.StartDate!.toISOString();

  test('begins with the gate at first, and says so', async () => {
    given('OK');

    expect(await measured()).toMatchObject({ from: SINCE, to: NOW });
    expect(startOfHistory()).toBe(SINCE);
  });

  test('begins two minutes before the last finding, and never before the gate', async () => {
    given('OK');
    expect(await measured({}, { lastFinding: at(6).toISOString() })).toMatchObject({ from: at(4).toISOString() });
    expect(startOfHistory()).toBe(at(4).toISOString());

    given('OK');
    expect(await measured({}, { lastFinding: at(1).toISOString() })).toMatchObject({ from: SINCE });
    expect(startOfHistory()).toBe(SINCE);
  });

  test('is enough for a gate that is older than the history CloudWatch keeps', async () => {
    const day = 24 * 60;
    const month = { now: at(40 * day).toISOString(), lastFinding: at(40 * day - 60).toISOString() };

    given('OK', [], { StateTransitionedTimestamp: at(10 * day) });
    expect(await measured({}, month)).toMatchObject({
      verdict: 'PASS',
      healthySince: at(40 * day - 62).toISOString(),
    });

    given('OK', [change(40 * day - 30, 'OK', 'ALARM'), change(40 * day - 29, 'ALARM', 'OK')]);
    expect(await measured({}, month)).toMatchObject({ verdict: 'FAIL' });
  });

  test('does not make an alarm fail again that was red when the gate began', async () => {
    given('OK', [change(5, 'ALARM', 'OK')]);

    expect(await measured({}, { lastFinding: at(6).toISOString() })).toMatchObject({ verdict: 'PASS' });
  });

  test('an alarm that is red again after it was green fails, also where red at the start is ignored', async () => {
    const ignore = { alreadyRed: 'IGNORE_UNTIL_GREEN' } as const;
    const later = { lastFinding: at(6).toISOString() };

    given('ALARM', [], { StateTransitionedTimestamp: at(3) });
    expect(await measured(ignore, later)).toMatchObject({ verdict: 'FAIL', reason: "Alarm 'shop-5xx' is red." });
    given('ALARM', [change(7, 'OK', 'ALARM')]);
    expect(await measured(ignore, later)).toMatchObject({ verdict: 'FAIL' });
    // The end of the red time that was ignored, seen once more because measurements overlap.
    given('OK', [
      change(4.1, 'ALARM', 'INSUFFICIENT_DATA'),
      change(4.2, 'INSUFFICIENT_DATA', 'ALARM'),
      change(5, 'ALARM', 'OK'),
    ]);
    expect(await measured(ignore, later)).toMatchObject({ verdict: 'PASS', healthySince: at(5).toISOString() });
  });
});

describe('since when it was healthy', () => {
  const since = async (changes: AlarmHistoryItem[], check: Partial<AlarmCheckPlan> = {}, state = 'OK') => {
    given(state, changes);
    return (await measured(check)).healthySince;
  };

  test('is the start of what was read, when nothing happened', async () => {
    expect(await since([])).toBe(SINCE);
  });

  test('is the end of the last time without data', async () => {
    const gap = [change(3, 'OK', 'INSUFFICIENT_DATA'), change(5, 'INSUFFICIENT_DATA', 'OK')];

    expect(await since(gap)).toBe(at(5).toISOString());
    expect(await since([change(2, 'INSUFFICIENT_DATA', 'OK')])).toBe(at(2).toISOString());
    expect(await since([change(2, 'INSUFFICIENT_DATA', 'OK'), ...gap])).toBe(at(5).toISOString());
  });

  test('is the start where no data counts as healthy', async () => {
    const gap = [change(3, 'OK', 'INSUFFICIENT_DATA'), change(5, 'INSUFFICIENT_DATA', 'OK')];

    expect(await since(gap, { missingData: 'HEALTHY' })).toBe(SINCE);
    expect(await since(gap.slice(0, 1), { missingData: 'HEALTHY' }, 'INSUFFICIENT_DATA')).toBe(SINCE);
  });

  test('is after a hole in the history', async () => {
    const recreated = [change(3, 'INSUFFICIENT_DATA', 'OK'), change(6, 'INSUFFICIENT_DATA', 'OK')];

    expect(await since(recreated, { missingData: 'HEALTHY' })).toBe(at(6).toISOString());
  });

  test('is the start where red from before the gate is ignored', async () => {
    const ignore = { alreadyRed: 'IGNORE_UNTIL_GREEN' } as const;

    expect(await since([change(6, 'ALARM', 'OK')], ignore)).toBe(SINCE);
    expect(
      await since(
        [
          change(2, 'ALARM', 'INSUFFICIENT_DATA'),
          change(4, 'INSUFFICIENT_DATA', 'ALARM'),
          change(6, 'ALARM', 'OK'),
          change(7, 'OK', 'INSUFFICIENT_DATA'),
          change(8, 'INSUFFICIENT_DATA', 'OK'),
        ],
        ignore,
      ),
    ).toBe(at(8).toISOString());
    expect(await since([change(6, 'INSUFFICIENT_DATA', 'OK')], ignore)).toBe(at(6).toISOString());
    expect(
      await since(
        [change(6, 'ALARM', 'INSUFFICIENT_DATA')],
        { ...ignore, missingData: 'HEALTHY' },
        'INSUFFICIENT_DATA',
      ),
    ).toBe(SINCE);
  });

  test('is never later than the measurement', async () => {
    expect(await since([change(11, 'INSUFFICIENT_DATA', 'OK')])).toBe(NOW);
  });

  test('is at most as long ago as CloudWatch surely remembers', async () => {
    given('OK');
    const now = '2026-12-31T10:00:00.000Z';

    expect(await measured({}, { now })).toMatchObject({ healthySince: '2026-12-17T10:00:00.000Z' });
  });

  test('is not said of anything but PASS', async () => {
    given('ALARM');
    expect(await measured()).not.toHaveProperty('healthySince');
    given('INSUFFICIENT_DATA');
    expect(await measured()).not.toHaveProperty('healthySince');
  });
});

test('changes are put in order, however the history is sorted', async () => {
  given('OK', [
    change(8, 'INSUFFICIENT_DATA', 'OK'),
    change(6, 'OK', 'INSUFFICIENT_DATA'),
    change(2, 'INSUFFICIENT_DATA', 'OK'),
  ]);
  expect(await measured()).toMatchObject({ verdict: 'PASS', healthySince: at(8).toISOString() });

  given('ALARM', [change(8, 'OK', 'ALARM'), change(6, 'ALARM', 'OK'), change(2, 'OK', 'ALARM')]);
  expect(await measured()).toMatchObject({ verdict: 'FAIL', reason: expect.stringContaining('10:02') });
});

test('red between two changes that the history tells fails, although the change to red itself is missing', async () => {
  given('OK', [change(3, 'INSUFFICIENT_DATA', 'OK'), change(7, 'ALARM', 'OK')]);

  expect(await measured()).toMatchObject({
    verdict: 'FAIL',
    reason: "Alarm 'shop-5xx' was red before 2026-11-23 10:07 UTC, and is OK now.",
  });
});

describe('in a bake of an hour', () => {
  /** Judges what is found at these minutes, as a gate does. */
  async function bake(minutes: readonly number[], check: Partial<AlarmCheckPlan> = {}) {
    const checked = { ...plan, ...check };
    let tally: CheckTally | undefined;
    for (const minute of minutes) {
      const now = at(minute).toISOString();
      tally = withMeasurement(tally, await measured(check, { now, lastFinding: tally?.lastFinding }), checked, SINCE);
    }
    const bakePlan = { checks: [checked], bakeMinutes: 60, since: SINCE };
    return evaluate(bakePlan, [tally!], at(minutes[minutes.length - 1]!).toISOString());
  }

  test('a complete history covers the time in which nobody measured', async () => {
    given('OK', [], { StateTransitionedTimestamp: at(-60) });

    expect((await bake([0, 60])).verdict).toBe('PASS');
  });

  test('a history in which the alarm had no data covers nothing', async () => {
    given('OK', [change(10, 'OK', 'INSUFFICIENT_DATA'), change(50, 'INSUFFICIENT_DATA', 'OK')]);

    expect(await bake([0, 60])).toMatchObject({
      verdict: 'INCONCLUSIVE',
      reasons: [`alarm shop-5xx cannot tell: it was not seen healthy from ${SINCE} to ${at(50).toISOString()}`],
    });
  });

  test('red from before the gate that is ignored keeps nobody from passing once it is green', async () => {
    const ignore = { alreadyRed: 'IGNORE_UNTIL_GREEN' } as const;
    given('ALARM', [], { StateTransitionedTimestamp: at(-60) });
    cloudwatch
      .on(DescribeAlarmsCommand)
      .resolvesOnce({ MetricAlarms: [{ AlarmName: 'shop-5xx', StateValue: 'ALARM' }] })
      .resolves({ MetricAlarms: [{ AlarmName: 'shop-5xx', StateValue: 'OK' }] });
    cloudwatch
      .on(DescribeAlarmHistoryCommand)
      .resolvesOnce({})
      .resolves({ AlarmHistoryItems: [change(20, 'ALARM', 'OK')] });

    expect((await bake([0, 30, 60], ignore)).verdict).toBe('PASS');
  });
});

test('every page of the history counts', async () => {
  given('OK');
  cloudwatch
    .on(DescribeAlarmHistoryCommand)
    .resolves({ AlarmHistoryItems: [change(1, 'INSUFFICIENT_DATA', 'OK')], NextToken: 'more' })
    .on(DescribeAlarmHistoryCommand, { NextToken: 'more' })
    .resolves({ AlarmHistoryItems: [change(7, 'OK', 'ALARM'), change(8, 'ALARM', 'OK')] });

  expect(await measured()).toMatchObject({ verdict: 'FAIL', reason: expect.stringContaining('10:07') });
});

test('a history without end is an error', async () => {
  given('OK');
  cloudwatch.on(DescribeAlarmHistoryCommand).resolves({ AlarmHistoryItems: [], NextToken: 'again' });

  expect(await measured()).toMatchObject({
    verdict: 'ERROR',
    reason: expect.stringContaining('cannot be read completely'),
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

test('whatever CloudWatch answers, PASS means: green now, nothing red since the last finding, everything seen', async () => {
  const state = fc.constantFrom('OK', 'ALARM', 'INSUFFICIENT_DATA', 'NEW_STATE', '');
  const changes = fc.array(fc.record({ minute: fc.integer({ min: 0, max: 10 }), to: state, broken: fc.boolean() }), {
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(
      state,
      changes,
      fc.option(fc.constantFrom('PARTIAL_DATA', 'EVALUATION_ERROR', 'SOMETHING_NEW'), { nil: undefined, freq: 2 }),
      fc.constantFrom('FAIL', 'IGNORE_UNTIL_GREEN'),
      fc.constantFrom('INCONCLUSIVE', 'HEALTHY'),
      state,
      async (now, steps, evaluation, alreadyRed, missingData, first) => {
        const sorted = [...steps].sort((a, b) => a.minute - b.minute);
        let from = first;
        const items = sorted.map(({ minute, to, broken }) => {
          const item = change(minute, from, to);
          from = to;
          return broken ? { ...item, HistoryData: '{}', HistorySummary: 'Alarm updated' } : item;
        });
        given(now, items, { EvaluationState: evaluation as MetricAlarm['EvaluationState'] });

        const { verdict, reason, healthySince } = await measured({
          alreadyRed: alreadyRed as AlarmCheckPlan['alreadyRed'],
          missingData: missingData as AlarmCheckPlan['missingData'],
        });

        expect(reason.length).toBeLessThanOrEqual(300);
        if (verdict === 'PASS') {
          expect(now === 'OK' || (now === 'INSUFFICIENT_DATA' && missingData === 'HEALTHY')).toBe(true);
          expect(evaluation).toBeUndefined();
          expect(sorted.every(({ broken }) => !broken)).toBe(true);
          const red = sorted.findIndex(({ to }) => to === 'ALARM');
          const startedRed = sorted.length > 0 && first === 'ALARM';
          if (red >= 0) {
            // Only a red that was there before and has never been interrupted by green is forgiven.
            expect(alreadyRed === 'IGNORE_UNTIL_GREEN' && startedRed).toBe(true);
            expect(sorted.slice(0, red).some(({ to }) => to === 'OK')).toBe(false);
          }
          expect(startedRed && alreadyRed === 'FAIL').toBe(false);
          const healthy = (one: string) => one === 'OK' || (one === 'INSUFFICIENT_DATA' && missingData === 'HEALTHY');
          // A state that the next change ended in the same moment lasted no time.
          const lasting = sorted.filter(({ minute }, index) => sorted[index + 1]?.minute !== minute);
          const within = lasting.filter(({ minute }) => at(minute).getTime() >= Date.parse(healthySince!));
          const excused = startedRed ? within.findIndex(({ to }) => healthy(to)) : 0;
          expect(within.slice(excused).every(({ to }) => healthy(to))).toBe(true);
          expect(healthySince! <= NOW && healthySince! >= SINCE).toBe(true);
        }
      },
    ),
    { numRuns: 300 },
  );
});
