/**
 * An alarm: its state now, and its history since the gate began, because a red minute between two looks leaves no trace
 * in the state.
 */
import { DescribeAlarmHistoryCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { AlarmHistoryItem, AlarmType, CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { CheckCommand } from '../../contract/messages';
import type { AlarmCheckPlan } from '../../contract/policy';
import type { Finding } from './measure';

/** 100 items a page: more than this is an alarm that flaps every second, and nothing to open a gate on. */
const MAX_PAGES = 50;
const STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];
const HISTORY_SLACK_MS = 1000;
/** A change may stand in the history a while after it happened: looks overlap by so much. */
const HISTORY_LAG = 2 * 60_000;

interface Present {
  readonly state: string;
  /** When the state changed last. */
  readonly changed?: Date;
  /** Set when CloudWatch could not evaluate the alarm properly. */
  readonly evaluation?: string;
}

/** One change of state. */
export interface Change {
  readonly at: number;
  readonly from: string;
  readonly to: string;
}

export async function measureAlarm(
  plan: AlarmCheckPlan,
  command: Pick<CheckCommand, 'since' | 'lastLook' | 'now'>,
  client: CloudWatchClient,
): Promise<Finding> {
  const present = await presentOf(plan, client);
  if (present === undefined) {
    const kind = plan.composite ? 'alarm' : 'metric alarm';
    return { verdict: 'ERROR', reason: `There is no ${kind} '${plan.alarmName}' in ${plan.region}.` };
  }
  if (!STATES.includes(present.state)) {
    return { verdict: 'ERROR', reason: `Alarm '${plan.alarmName}' is in a state that is not known.` };
  }
  const window = { from: command.lastLook ?? command.since, to: command.now, value: present.state, threshold: 'OK' };
  const changes = await changesSince(plan, command.since, client);
  return changes === undefined
    ? { ...window, verdict: 'ERROR', reason: `The history of alarm '${plan.alarmName}' cannot be read completely.` }
    : { ...window, ...judge(plan, command, present, changes) };
}

async function presentOf(plan: AlarmCheckPlan, client: CloudWatchClient): Promise<Present | undefined> {
  let NextToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await client.send(
      new DescribeAlarmsCommand({ AlarmNames: [plan.alarmName], AlarmTypes: typesOf(plan), NextToken }),
    );
    const metric = answer.MetricAlarms?.find((alarm) => alarm.AlarmName === plan.alarmName);
    if (metric !== undefined) {
      return {
        state: metric.StateValue ?? '',
        changed: metric.StateTransitionedTimestamp,
        evaluation: metric.EvaluationState,
      };
    }
    const composite = answer.CompositeAlarms?.find((alarm) => alarm.AlarmName === plan.alarmName);
    if (composite !== undefined) {
      return { state: composite.StateValue ?? '', changed: composite.StateTransitionedTimestamp };
    }
    NextToken = answer.NextToken;
    if (NextToken === undefined) {
      return undefined;
    }
  }
  return undefined;
}

/** Asking for composite alarms needs a wider permission, so only checks on one ask. */
function typesOf(plan: AlarmCheckPlan): AlarmType[] {
  return plan.composite ? ['CompositeAlarm', 'MetricAlarm'] : ['MetricAlarm'];
}

/** Undefined when a part is missing or not understood. */
async function changesSince(
  plan: AlarmCheckPlan,
  since: string,
  client: CloudWatchClient,
): Promise<Change[] | undefined> {
  const changes: Change[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await client.send(
      new DescribeAlarmHistoryCommand({
        AlarmName: plan.alarmName,
        AlarmTypes: typesOf(plan),
        HistoryItemType: 'StateUpdate',
        StartDate: new Date(since),
        ScanBy: 'TimestampAscending',
        MaxRecords: 100,
        NextToken,
      }),
    );
    for (const item of answer.AlarmHistoryItems ?? []) {
      const change = changeOf(item);
      if (change === undefined) {
        return undefined;
      }
      changes.push(change);
    }
    NextToken = answer.NextToken;
    if (NextToken === undefined) {
      return changes.sort((a, b) => a.at - b.at);
    }
  }
  return undefined;
}

function changeOf(item: AlarmHistoryItem): Change | undefined {
  const at = item.Timestamp?.getTime();
  const [from, to] = statesOf(item);
  if (at === undefined || from === undefined || to === undefined || !STATES.includes(from) || !STATES.includes(to)) {
    return undefined;
  }
  return { at, from, to };
}

function statesOf(item: AlarmHistoryItem): (string | undefined)[] {
  try {
    const data = JSON.parse(item.HistoryData ?? '');
    return [data.oldState.stateValue, data.newState.stateValue];
  } catch {
    const summary = /from (\w+) to (\w+)/.exec(item.HistorySummary ?? '');
    return [summary?.[1], summary?.[2]];
  }
}

function judge(
  plan: AlarmCheckPlan,
  command: Pick<CheckCommand, 'since' | 'lastLook'>,
  present: Present,
  changes: readonly Change[],
): Finding {
  const name = `Alarm '${plan.alarmName}'`;
  const since = new Date(command.since).getTime();
  const redAtStart = stateAtStart(present, changes, since) === 'ALARM';
  const ignoring = redAtStart && plan.alreadyRed === 'IGNORE_UNTIL_GREEN';
  const greenAt = ignoring ? changes.find((change) => change.to === 'OK')?.at : since;
  if (greenAt === undefined && present.state === 'ALARM') {
    return { verdict: 'INCONCLUSIVE', reason: `${name} was red when the gate began and has not been green since.` };
  }
  const countFrom = Math.max(
    greenAt ?? Infinity,
    command.lastLook === undefined ? since : Math.max(since, Date.parse(command.lastLook) - HISTORY_LAG),
  );
  const turnedRed = changes.find((change) => change.to === 'ALARM' && change.at >= countFrom);
  if (redAtStart && !ignoring && command.lastLook === undefined) {
    return { verdict: 'FAIL', reason: `${name} was red already when the gate began.` };
  }
  if (turnedRed !== undefined) {
    const still = present.state === 'ALARM' ? '' : `, and is ${present.state} now`;
    return { verdict: 'FAIL', reason: `${name} turned red at ${clock(turnedRed.at)}${still}.` };
  }
  if (present.state === 'ALARM') {
    return { verdict: 'FAIL', reason: `${name} is red.` };
  }
  return notRed(plan, name, present, changes, since);
}

/** Nothing red was seen. That is healthy only if everything was seen. */
function notRed(
  plan: AlarmCheckPlan,
  name: string,
  present: Present,
  changes: readonly Change[],
  since: number,
): Finding {
  const last = changes[changes.length - 1];
  const changed = present.changed?.getTime();
  const missing =
    last === undefined ? changed !== undefined && changed > since + HISTORY_SLACK_MS : last.to !== present.state;
  if (missing) {
    return { verdict: 'INCONCLUSIVE', reason: `${name} is ${present.state}, but its history is not complete yet.` };
  }
  if (present.evaluation !== undefined) {
    return { verdict: 'INCONCLUSIVE', reason: `${name} cannot be evaluated properly: ${present.evaluation}.` };
  }
  if (present.state === 'OK') {
    return { verdict: 'PASS', reason: `${name} is green.` };
  }
  return plan.missingData === 'HEALTHY'
    ? { verdict: 'PASS', reason: `${name} has no data, which counts as healthy.` }
    : { verdict: 'INCONCLUSIVE', reason: `${name} has not enough data.` };
}

function stateAtStart(present: Present, changes: readonly Change[], since: number): string | undefined {
  const first = changes[0];
  if (first !== undefined) {
    return first.from;
  }
  // A change after the start that the history does not show yet: what was before is not known.
  const changed = present.changed?.getTime();
  return changed === undefined || changed <= since + HISTORY_SLACK_MS ? present.state : undefined;
}

function clock(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
