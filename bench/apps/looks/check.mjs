// Stands for the check of an alarm: its state, and its history since the last look.
import { CloudWatchClient, DescribeAlarmHistoryCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';

const client = new CloudWatchClient({});

export async function handler({ now, alarm }) {
  const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [alarm] }));
  const { AlarmHistoryItems = [] } = await client.send(
    new DescribeAlarmHistoryCommand({
      AlarmName: alarm,
      HistoryItemType: 'StateUpdate',
      StartDate: new Date(Date.parse(now) - 60_000),
      EndDate: new Date(now),
    }),
  );
  return { state: MetricAlarms[0]?.StateValue, changes: AlarmHistoryItems.length };
}
