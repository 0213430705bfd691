/** What the history of an alarm has to tell. */
import { DescribeAlarmHistoryCommand } from '@aws-sdk/client-cloudwatch';
import type { AlarmHistoryItem } from '@aws-sdk/client-cloudwatch';
import { at, change, cloudwatch, eachTestHasNoAlarm, given, measured, NOW, SINCE } from './alarm-fixture';

eachTestHasNoAlarm();

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
