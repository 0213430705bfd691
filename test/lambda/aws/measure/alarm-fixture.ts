/** An alarm and its history, as CloudWatch tells them. */
import { CloudWatchClient, DescribeAlarmHistoryCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { AlarmHistoryItem, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import type { CheckCommand } from '../../../../contract/messages';
import type { AlarmCheckPlan } from '../../../../contract/checks';
import { measure } from '../../../../lambda/aws/measure/measure';
import { TIMING } from '../../check-timing';

export const SINCE = '2026-11-23T10:00:00.000Z';
export const at = (minute: number) => new Date(Date.parse(SINCE) + minute * 60_000);
export const NOW = at(10).toISOString();

export const plan: AlarmCheckPlan = {
  kind: 'alarm',
  id: 'alarm-shop-5xx',
  title: 'alarm shop-5xx',
  alarmName: 'shop-5xx',
  region: 'eu-west-1',
  missingData: 'INCONCLUSIVE',
  alreadyRed: 'FAIL',
  ...TIMING,
};

export const cloudwatch = mockClient(CloudWatchClient);

export function eachTestHasNoAlarm(): void {
  beforeEach(() => cloudwatch.reset());
}

export function measured(check: Partial<AlarmCheckPlan> = {}, command: Partial<CheckCommand> = {}) {
  return measure(
    { requestId: 'a'.repeat(32), check: { ...plan, ...check }, role: 'arn', since: SINCE, now: NOW, ...command },
    {
      of: (Service, region) => new Service({ region, maxAttempts: 1 }),
      get: () => Promise.reject(new Error('not an http check')),
    },
  );
}

/** As CloudWatch writes it. */
export function change(minute: number, from: string, to: string): AlarmHistoryItem {
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

export function given(state: string, changes: AlarmHistoryItem[] = [], alarm: Partial<MetricAlarm> = {}) {
  cloudwatch.reset();
  cloudwatch.on(DescribeAlarmsCommand).resolves({
    MetricAlarms: [{ AlarmName: 'shop-5xx', StateValue: state as MetricAlarm['StateValue'], ...alarm }],
    CompositeAlarms: [],
  });
  cloudwatch.on(DescribeAlarmHistoryCommand).resolves({ AlarmHistoryItems: changes });
}
