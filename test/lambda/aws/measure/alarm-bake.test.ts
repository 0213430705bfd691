/** An alarm from the beginning of a gate to its end. */
import { DescribeAlarmHistoryCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { AlarmHistoryItem, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import fc from 'fast-check';
import type { AlarmCheckPlan } from '../../../../contract/checks';
import { withMeasurement, type CheckTally } from '../../../../lambda/domain/check-tally';
import { evaluate } from '../../../../lambda/domain/evaluate';
import { at, change, cloudwatch, eachTestHasNoAlarm, given, measured, NOW, plan, SINCE } from './alarm-fixture';

eachTestHasNoAlarm();

test('a red minute between two measurements is seen', async () => {
  given('OK', [change(3, 'OK', 'ALARM'), change(4, 'ALARM', 'OK')]);

  expect(await measured()).toMatchObject({
    verdict: 'FAIL',
    reason: "Alarm 'shop-5xx' turned red at 2026-11-23 10:03 UTC, and is OK now.",
  });
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
