import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  ResourceNotFound,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmHistoryItem, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import type { CheckCommand } from '../../../contract/messages';
import type { AlarmCheckPlan } from '../../../contract/policy';
import { measure } from '../../../lambda/aws/measure';
import { TIMING } from '../check-timing';

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

function look(check: Partial<AlarmCheckPlan> = {}, command: Partial<CheckCommand> = {}) {
  return measure(
    { requestId: 'a'.repeat(32), check: { ...plan, ...check }, role: 'arn', since: SINCE, now: NOW, ...command },
    {
      cloudwatch: () => new CloudWatchClient({ region: 'eu-west-1' }),
      lambda: () => {
        throw new Error('not a function check');
      },
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

  expect(await look()).toEqual({
    checkId: 'alarm-shop-5xx',
    at: NOW,
    from: SINCE,
    to: NOW,
    verdict: 'PASS',
    reason: "Alarm 'shop-5xx' is green.",
    value: 'OK',
    threshold: 'OK',
  });
  const [history] = cloudwatch.commandCalls(DescribeAlarmHistoryCommand);
  expect(history!.args[0].input).toMatchObject({
    AlarmName: 'shop-5xx',
    AlarmTypes: ['MetricAlarm'],
    HistoryItemType: 'StateUpdate',
    StartDate: new Date(SINCE),
  });
});

test('a red minute between two looks is seen', async () => {
  given('OK', [change(3, 'OK', 'ALARM'), change(4, 'ALARM', 'OK')]);

  expect(await look()).toMatchObject({
    verdict: 'FAIL',
    reason: "Alarm 'shop-5xx' turned red at 2026-11-23 10:03 UTC, and is OK now.",
  });
});

test('red now fails', async () => {
  given('ALARM', [change(3, 'OK', 'ALARM')]);
  expect(await look()).toMatchObject({ verdict: 'FAIL', value: 'ALARM' });

  given('ALARM', [], { StateTransitionedTimestamp: at(5) });
  expect(await look()).toMatchObject({ verdict: 'FAIL' });
});

test('a failure that was counted long before the last look is not counted again', async () => {
  given('OK', [change(3, 'OK', 'ALARM'), change(4, 'ALARM', 'OK')]);

  expect(await look({}, { lastLook: at(5.1).toISOString() })).toMatchObject({ verdict: 'PASS' });
  expect(await look({}, { lastLook: at(2).toISOString() })).toMatchObject({ verdict: 'FAIL' });
});

test('a failure that the history may have told too late for the last look is counted', async () => {
  given('OK', [change(3, 'OK', 'ALARM'), change(4, 'ALARM', 'OK')]);

  expect(await look({}, { lastLook: at(4.9).toISOString() })).toMatchObject({ verdict: 'FAIL' });
});

describe('red when the gate began', () => {
  test('fails by default', async () => {
    given('ALARM', [], { StateTransitionedTimestamp: at(-30) });
    expect(await look()).toMatchObject({ verdict: 'FAIL', reason: expect.stringContaining('was red already') });

    given('OK', [change(2, 'ALARM', 'OK')]);
    expect(await look()).toMatchObject({ verdict: 'FAIL', reason: expect.stringContaining('was red already') });
  });

  test('can be ignored until it has been green once', async () => {
    const ignore = { alreadyRed: 'IGNORE_UNTIL_GREEN' } as const;

    given('ALARM', [], { StateTransitionedTimestamp: at(-30) });
    expect(await look(ignore)).toMatchObject({ verdict: 'INCONCLUSIVE' });

    given('ALARM', [change(2, 'ALARM', 'INSUFFICIENT_DATA'), change(3, 'INSUFFICIENT_DATA', 'ALARM')]);
    expect(await look(ignore)).toMatchObject({ verdict: 'INCONCLUSIVE' });

    given('OK', [change(2, 'ALARM', 'OK')]);
    expect(await look(ignore)).toMatchObject({ verdict: 'PASS' });

    given('OK', [change(2, 'ALARM', 'OK'), change(5, 'OK', 'ALARM'), change(6, 'ALARM', 'OK')]);
    expect(await look(ignore)).toMatchObject({ verdict: 'FAIL', reason: expect.stringContaining('10:05') });
  });

  test('is not ignored when it was green at the start', async () => {
    given('ALARM', [change(1, 'OK', 'ALARM')]);

    expect(await look({ alreadyRed: 'IGNORE_UNTIL_GREEN' })).toMatchObject({ verdict: 'FAIL' });
  });
});

test.each([
  ['INCONCLUSIVE', 'INCONCLUSIVE'],
  ['HEALTHY', 'PASS'],
] as const)('without data it is what `missingData: %s` says', async (missingData, verdict) => {
  given('INSUFFICIENT_DATA');

  expect(await look({ missingData })).toMatchObject({ verdict });
});

test.each(['PARTIAL_DATA', 'EVALUATION_ERROR', 'EVALUATION_FAILURE'] as const)(
  '%s is not green',
  async (EvaluationState) => {
    given('OK', [], { EvaluationState });

    expect(await look()).toMatchObject({ verdict: 'INCONCLUSIVE', reason: expect.stringContaining(EvaluationState) });
  },
);

test('green with a history that lags behind is not green yet', async () => {
  given('OK', [], { StateTransitionedTimestamp: at(5) });
  expect(await look()).toMatchObject({ verdict: 'INCONCLUSIVE' });

  given('OK', [change(3, 'OK', 'INSUFFICIENT_DATA')]);
  expect(await look()).toMatchObject({ verdict: 'INCONCLUSIVE' });
});

test('an alarm that is not there is an error, never a pass', async () => {
  given('OK', [], { AlarmName: 'shop-5xx-old' });
  expect(await look()).toMatchObject({
    verdict: 'ERROR',
    reason: "There is no metric alarm 'shop-5xx' in eu-west-1.",
  });

  cloudwatch.on(DescribeAlarmsCommand).resolves({});
  expect(await look({ composite: true })).toMatchObject({ verdict: 'ERROR' });
});

test('a composite alarm is found among both kinds', async () => {
  cloudwatch
    .on(DescribeAlarmsCommand, { AlarmTypes: ['CompositeAlarm', 'MetricAlarm'] })
    .resolves({ CompositeAlarms: [{ AlarmName: 'shop-5xx', StateValue: 'OK' }], MetricAlarms: [] });
  cloudwatch.on(DescribeAlarmHistoryCommand).resolves({ AlarmHistoryItems: [] });

  expect(await look({ composite: true })).toMatchObject({ verdict: 'PASS' });
});

test('every page of the history counts', async () => {
  given('OK');
  cloudwatch
    .on(DescribeAlarmHistoryCommand)
    .resolves({ AlarmHistoryItems: [change(1, 'INSUFFICIENT_DATA', 'OK')], NextToken: 'more' })
    .on(DescribeAlarmHistoryCommand, { NextToken: 'more' })
    .resolves({ AlarmHistoryItems: [change(7, 'OK', 'ALARM'), change(8, 'ALARM', 'OK')] });

  expect(await look()).toMatchObject({ verdict: 'FAIL', reason: expect.stringContaining('10:07') });
});

test('a history without end is an error', async () => {
  given('OK');
  cloudwatch.on(DescribeAlarmHistoryCommand).resolves({ AlarmHistoryItems: [], NextToken: 'again' });

  expect(await look()).toMatchObject({
    verdict: 'ERROR',
    reason: expect.stringContaining('cannot be read completely'),
  });
});

test('a refusal is an error that repeats nothing of what was sent', async () => {
  cloudwatch
    .on(DescribeAlarmsCommand)
    .rejects(new ResourceNotFound({ $metadata: {}, message: 'arn:aws:iam::111111111111:role/secret' }));

  const measurement = await look();

  expect(measurement).toMatchObject({
    verdict: 'ERROR',
    reason: 'The check could not be carried out: ResourceNotFound.',
  });
  expect(JSON.stringify(measurement)).not.toContain('secret');
});

test('whatever CloudWatch answers, PASS means: green now, nothing red since the last look, everything seen', async () => {
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

        const { verdict, reason } = await look({
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
        }
      },
    ),
    { numRuns: 300 },
  );
});
