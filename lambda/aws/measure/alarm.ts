/**
 * An alarm: its state now, and the history of its states, because a minute in which it was red between two measurements leaves
 * no trace in its state.
 */
import { CloudWatchClient, DescribeAlarmHistoryCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { AlarmHistoryItem, AlarmType, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { CheckCommand } from '../../../contract/messages';
import type { AlarmCheckPlan } from '../../../contract/checks';
import { DAY, iso, millis, MINUTE, SECOND } from '../../domain/time';
import type { MeasureClients } from './clients';
import { alarmLink, linked } from './console-link';
import type { Finding } from './measure';
import { serviceIn, serviceLinks, type ObservedMetric } from './observed-service';

/** 100 items a page: more than this is an alarm that flaps every second, and nothing to open a gate on. */
const MAX_PAGES = 50;
const STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];
/** The times in the history and in the alarm may differ by rounding. */
const ROUNDING = SECOND;
/** A change may appear in the history a while after it happened: measurements overlap by so much. */
const HISTORY_LAG = 2 * MINUTE;
/** When it is worth asking again for a change that the history does not show yet, in seconds. */
const HISTORY_RETRY = 30;
/** CloudWatch keeps the history at least for so long: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html */
const HISTORY_KEPT = 14 * DAY;

/** What the kinds of alarms have in common. */
type Described = Pick<MetricAlarm, 'AlarmName' | 'StateValue' | 'StateTransitionedTimestamp'> &
  Pick<MetricAlarm, 'Namespace' | 'Dimensions' | 'Metrics'> & { readonly EvaluationState?: string };

interface Present {
  readonly type: AlarmType;
  readonly state: string;
  /** When the state changed last. */
  readonly changed?: number;
  /** Set when CloudWatch could not evaluate the alarm properly. */
  readonly evaluation?: string;
  /** What it watches; none of a composite alarm. */
  readonly metrics: readonly ObservedMetric[];
}

/** One change of state. */
interface Change {
  readonly at: number;
  readonly from: string;
  readonly to: string;
}

/** All that was read. */
interface Reading {
  readonly plan: AlarmCheckPlan;
  readonly present: Present;
  /** The changes from the window's start on, oldest first. */
  readonly changes: readonly Change[];
  readonly window: Window;
}

interface Window {
  readonly start: number;
  readonly now: number;
  /** The window begins with the gate: nothing was found out before. */
  readonly isFirst: boolean;
}

type Command = Pick<CheckCommand, 'since' | 'lastFinding' | 'now'>;

export async function measureAlarm(plan: AlarmCheckPlan, command: Command, clients: MeasureClients): Promise<Finding> {
  const client = clients.of(CloudWatchClient, plan.region);
  const present = await presentOf(plan, client);
  if (present === undefined) {
    const kind = plan.composite ? 'alarm' : 'metric or log alarm';
    return { verdict: 'ERROR', reason: `There is no ${kind} '${plan.alarmName}' in ${plan.region}.` };
  }
  if (!STATES.includes(present.state)) {
    return { verdict: 'ERROR', reason: `Alarm '${plan.alarmName}' is in a state that is not known.` };
  }
  const window = windowOf(command);
  const read = {
    from: iso(window.start),
    to: command.now,
    value: present.state,
    threshold: 'OK',
    ...linked({ link: alarmLink(plan.region, plan.alarmName) }),
    ...serviceLinks(serviceIn(present.metrics), plan.region, command),
  };
  // A state that has stood since before the window has no history in it: one call less, in nearly every measurement.
  const changes = isOlder(present, window) ? [] : await changesSince(plan, present.type, window.start, client);
  return changes === undefined
    ? { ...read, verdict: 'ERROR', reason: `The history of alarm '${plan.alarmName}' cannot be read completely.` }
    : { ...read, ...judge({ plan, present, changes, window }) };
}

/**
 * From the last finding on, and a little more for what the history told too late for it. CloudWatch forgets old history, so
 * what was read once is not read again.
 */
function windowOf({ since, lastFinding, now }: Command): Window {
  const began = millis(since);
  const start = lastFinding === undefined ? began : Math.max(began, millis(lastFinding) - HISTORY_LAG);
  return { start, now: millis(now), isFirst: lastFinding === undefined };
}

function isOlder({ changed }: Present, { start }: Window): boolean {
  return changed !== undefined && changed < start - ROUNDING;
}

async function presentOf(plan: AlarmCheckPlan, client: CloudWatchClient): Promise<Present | undefined> {
  if (plan.composite) {
    // Asking for composite alarms needs a wider permission, so only checks on one ask for them.
    return described(plan, ['CompositeAlarm', 'MetricAlarm'], client);
  }
  return (await described(plan, ['MetricAlarm'], client)) ?? (await describedLogAlarm(plan, client));
}

/** Log alarms are newer than this service is in some Regions: one that does not know the type has no such alarm. */
async function describedLogAlarm(plan: AlarmCheckPlan, client: CloudWatchClient): Promise<Present | undefined> {
  try {
    return await described(plan, ['LogAlarm'], client);
  } catch (error) {
    if ((error as Partial<Error>).name === 'ValidationError') {
      return undefined;
    }
    throw error;
  }
}

async function described(
  { alarmName }: AlarmCheckPlan,
  types: AlarmType[],
  client: CloudWatchClient,
): Promise<Present | undefined> {
  let NextToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await client.send(
      new DescribeAlarmsCommand({ AlarmNames: [alarmName], AlarmTypes: types, NextToken }),
    );
    const lists: Record<AlarmType, readonly Described[] | undefined> = {
      MetricAlarm: answer.MetricAlarms,
      CompositeAlarm: answer.CompositeAlarms,
      LogAlarm: answer.LogAlarms,
    };
    for (const type of types) {
      const alarm = lists[type]?.find(({ AlarmName }) => AlarmName === alarmName);
      if (alarm !== undefined) {
        return {
          type,
          state: alarm.StateValue ?? '',
          changed: alarm.StateTransitionedTimestamp?.getTime(),
          evaluation: type === 'CompositeAlarm' ? undefined : alarm.EvaluationState,
          metrics: metricsOf(alarm),
        };
      }
    }
    NextToken = answer.NextToken;
    if (NextToken === undefined) {
      return undefined;
    }
  }
  return undefined;
}

/** An alarm has one metric, or an expression of several. */
function metricsOf({ Namespace, Dimensions, Metrics = [] }: Described): readonly ObservedMetric[] {
  const all = [{ Namespace, Dimensions }, ...Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? [])];
  return all.map((metric) => ({
    namespace: metric.Namespace ?? '',
    dimensions: Object.fromEntries((metric.Dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value])),
  }));
}

/** Oldest first; undefined when a part is missing or not understood. */
async function changesSince(
  { alarmName }: AlarmCheckPlan,
  type: AlarmType,
  start: number,
  client: CloudWatchClient,
): Promise<Change[] | undefined> {
  const changes: Change[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await client.send(
      new DescribeAlarmHistoryCommand({
        AlarmName: alarmName,
        AlarmTypes: [type],
        HistoryItemType: 'StateUpdate',
        StartDate: new Date(start),
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

function judge(reading: Reading): Finding {
  const { plan, present, changes, window } = reading;
  const name = `Alarm '${plan.alarmName}'`;
  const redAtStart = stateAtStart(reading) === 'ALARM';
  if (redAtStart && window.isFirst && plan.alreadyRed === 'FAIL') {
    return { verdict: 'FAIL', reason: `${name} was red already when the gate began.` };
  }
  const ignoring = redAtStart && plan.alreadyRed === 'IGNORE_UNTIL_GREEN';
  const countFrom = ignoring ? (firstGreen(reading) ?? Infinity) : window.start;
  if (countFrom === Infinity && window.isFirst && present.state === 'ALARM') {
    return { verdict: 'INCONCLUSIVE', reason: `${name} was red when the gate began and has not been green since.` };
  }
  const turnedRed = changes.find((change, index) => change.at >= countFrom && showsRed(change, changes[index - 1]));
  if (turnedRed !== undefined) {
    const when = turnedRed.to === 'ALARM' ? 'turned red at' : 'was red before';
    const still = present.state === 'ALARM' ? '' : `, and is ${present.state} now`;
    return { verdict: 'FAIL', reason: `${name} ${when} ${clock(turnedRed.at)}${still}.` };
  }
  return present.state === 'ALARM' ? { verdict: 'FAIL', reason: `${name} is red.` } : notRed(reading, name);
}

function firstGreen({ plan, changes }: Reading): number | undefined {
  return changes.find(({ to }) => isHealthy(plan, to))?.at;
}

/** The alarm turned red, or it was red before this change though the change before that says otherwise. */
function showsRed({ from, to }: Change, before: Change | undefined): boolean {
  return to === 'ALARM' || (from === 'ALARM' && before !== undefined && before.to !== 'ALARM');
}

/** Nothing red was seen. That is healthy only if everything was seen. */
function notRed(reading: Reading, name: string): Finding {
  const { plan, present } = reading;
  const incomplete = `${name} is ${present.state}, but its history is not complete yet.`;
  if (mayChangeYet(reading)) {
    return { verdict: 'IN_PROGRESS', callBackDelay: HISTORY_RETRY, reason: incomplete };
  }
  if (lacksLastChange(reading)) {
    return { verdict: 'INCONCLUSIVE', reason: incomplete };
  }
  if (present.evaluation !== undefined) {
    return { verdict: 'INCONCLUSIVE', reason: `${name} cannot be evaluated properly: ${present.evaluation}.` };
  }
  if (!isHealthy(plan, present.state)) {
    return { verdict: 'INCONCLUSIVE', reason: `${name} has not enough data.` };
  }
  const reason = present.state === 'OK' ? `${name} is green.` : `${name} has no data, which counts as healthy.`;
  return { verdict: 'PASS', reason, healthySince: iso(healthySince(reading)) };
}

/** The state changed a moment ago and the history does not show that yet: it may have been red for a moment before. */
function mayChangeYet({ present: { changed }, changes, window }: Reading): boolean {
  const shown = changes[changes.length - 1]?.at ?? window.start;
  return changed !== undefined && changed > shown + ROUNDING && window.now - changed < HISTORY_LAG;
}

/** The history does not explain the present state. */
function lacksLastChange({ present, changes, window }: Reading): boolean {
  const last = changes[changes.length - 1];
  return last === undefined ? changedWithin(present, window) : last.to !== present.state;
}

function changedWithin({ changed }: Present, { start }: Window): boolean {
  return changed !== undefined && changed > start + ROUNDING;
}

/** Undefined when a change after the start is not in the history yet: what was before it is not known. */
function stateAtStart({ present, changes, window }: Reading): string | undefined {
  return changes[0]?.from ?? (changedWithin(present, window) ? undefined : present.state);
}

/**
 * The start of the time until now in which the alarm was healthy, as its history says without a hole: a state that does not
 * follow from the one before means that a change is missing. Red from before the gate counts for nothing, if the plan says so.
 */
function healthySince(reading: Reading): number {
  const { plan, changes, window } = reading;
  const ignored = window.isFirst && plan.alreadyRed === 'IGNORE_UNTIL_GREEN' && changes[0]?.from === 'ALARM';
  const ignoredUntil = ignored ? (firstGreen(reading) ?? -Infinity) : -Infinity;
  const interruption = changes.findLastIndex(({ at, from }, index) => {
    const follows = index === 0 || changes[index - 1]?.to === from;
    return at > ignoredUntil && !(follows && isHealthy(plan, from));
  });
  const since = changes[interruption]?.at ?? window.start;
  return Math.min(Math.max(since, window.now - HISTORY_KEPT), window.now);
}

function isHealthy({ missingData }: AlarmCheckPlan, state: string): boolean {
  return state === 'OK' || (state === 'INSUFFICIENT_DATA' && missingData === 'HEALTHY');
}

function clock(at: number): string {
  return `${iso(at).slice(0, 16).replace('T', ' ')} UTC`;
}
