import { AwsError, type Caller, type Service } from '../service';
import { accountOf } from './callers';
import type { MetricBoard } from './metrics';
import type { Surroundings } from './surroundings';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
export type AlarmListener = (name: string, state: AlarmState, reason: string) => void;

interface Alarm {
  state: AlarmState;
  reason: string;
  since: number;
}

interface HistoryItem {
  readonly name: string;
  readonly at: number;
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
}

interface Place {
  readonly account: string;
  readonly region: string;
}

/** An alarm as it is called here. */
const CALLED = /^(?:(\d{12})\/)?(?:([a-z]{2,}(?:-[a-z]+)+-\d)\/)?(.+)$/;

const COMPOSITE = 'AWS::CloudWatch::CompositeAlarm';

/**
 * CloudWatch alarms, whose states a scenario sets. Declared ones begin OK.
 *
 * Alarms of other accounts and Regions than the rehearsal's own are called `<account>/<region>/<name>`, without what is the rehearsal's own;
 * the name alone does where there is only one of it.
 */
export class AlarmBoard {
  private readonly alarms = new Map<string, Alarm>();
  private readonly history: HistoryItem[] = [];
  private readonly listeners: AlarmListener[] = [];

  constructor(private readonly around: Surroundings) {}

  /** Takes up the alarms of newly deployed templates. */
  adopt(): void {
    for (const type of ['AWS::CloudWatch::Alarm', COMPOSITE]) {
      for (const resource of this.around.resources(type)) {
        const id = this.idOf(resource.physicalId, resource);
        if (!this.alarms.has(id)) {
          this.alarms.set(id, {
            state: 'OK',
            reason: 'nothing to complain about',
            since: this.around.clock.now(),
          });
        }
      }
    }
  }

  get names(): readonly string[] {
    return [...this.alarms.keys()];
  }

  state(name: string): AlarmState | undefined {
    return this.alarms.get(this.known(name))?.state;
  }

  /** What an alarm of an account and Region is called here. */
  idOf(name: string, { account, region }: Place): string {
    const own = this.around;
    return [account === own.account ? [] : account, region === own.region ? [] : region, name].flat().join('/');
  }

  onChange(listener: AlarmListener): void {
    this.listeners.push(listener);
  }

  set(called: string, state: AlarmState, reason = `set to ${state} by the rehearsal`): void {
    const name = this.known(called);
    const before = this.alarms.get(name);
    const at = this.around.clock.now();
    if (before?.state === state) {
      this.alarms.set(name, { ...before, reason });
      return;
    }
    const from = before?.state ?? 'INSUFFICIENT_DATA';
    this.alarms.set(name, { state, reason, since: at });
    this.history.push({ name, at, from, to: state, reason });
    this.around.tell('alarm', `${name} is ${state}: ${reason}`, state === 'ALARM' ? 'warning' : 'info');
    // The bus is that of the rehearsal's own account and Region.
    const { account, region } = this.placeOf(name);
    if (account === this.around.account && region === this.around.region) {
      this.around.emit({
        source: 'aws.cloudwatch',
        'detail-type': 'CloudWatch Alarm State Change',
        resources: [this.arnOf(name)],
        detail: { alarmName: name, state: { value: state, reason }, previousState: { value: from } },
      });
    }
    this.act(name, state, reason);
    this.listeners.forEach((listener) => listener(name, state, reason));
  }

  /** CloudWatch: these alarms, and the metrics. */
  service(metrics: Pick<MetricBoard, 'operations'>): Service {
    const ofMetrics = metrics.operations();
    return {
      name: 'cloudwatch',
      signingName: 'monitoring',
      operations: {
        ...ofMetrics.operations,
        DescribeAlarms: (input, caller) => this.describe(input, this.placeOfCaller(caller)),
        DescribeAlarmHistory: (input, caller) => this.describeHistory(input, this.placeOfCaller(caller)),
        PutMetricData: () => ({}),
      },
      authorize: {
        ...ofMetrics.authorize,
        DescribeAlarms: ({ AlarmNames = [] }, caller) => ({
          action: 'cloudwatch:DescribeAlarms',
          resources: AlarmNames.length === 0 ? ['*'] : AlarmNames.map((name: string) => this.arnFor(name, caller)),
        }),
        DescribeAlarmHistory: ({ AlarmName }, caller) => ({
          action: 'cloudwatch:DescribeAlarmHistory',
          resources: [AlarmName === undefined ? '*' : this.arnFor(AlarmName, caller)],
        }),
        PutMetricData: ({ Namespace }) => ({
          action: 'cloudwatch:PutMetricData',
          resources: ['*'],
          context: { 'cloudwatch:namespace': [Namespace] },
        }),
      },
    };
  }

  /** By account, Region and name, or by its name where only one account and Region has an alarm of that name. */
  private known(called: string): string {
    const { name, ...place } = this.placeOf(called);
    const id = this.idOf(name, place);
    const found = this.names.filter((other) => other.endsWith(`/${called}`));
    return this.alarms.has(id) || found.length !== 1 ? id : (found[0] ?? id);
  }

  private placeOf(id: string): Place & { readonly name: string } {
    const { account: ownAccount, region: ownRegion } = this.around;
    const [, account = ownAccount, region = ownRegion, name = id] = CALLED.exec(id) ?? [];
    return { account, region, name };
  }

  private placeOfCaller(caller: Caller): Place {
    return { account: accountOf(caller), region: caller.region ?? this.around.region };
  }

  private arnOf(id: string): string {
    const { account, region, name } = this.placeOf(id);
    return `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;
  }

  /** An alarm as a caller means it: of the caller's own account, in the Region that is asked. */
  private arnFor(name: string, caller: Caller): string {
    return this.arnOf(this.idOf(name, this.placeOfCaller(caller)));
  }

  private declared(id: string): any {
    return [...this.around.resources('AWS::CloudWatch::Alarm'), ...this.around.resources(COMPOSITE)].find(
      (resource) => this.idOf(resource.physicalId, resource) === id,
    );
  }

  /** Notifications of the alarm's own actions. */
  private act(name: string, state: AlarmState, reason: string): void {
    const properties = this.declared(name)?.properties ?? {};
    const actions: Record<AlarmState, string> = {
      OK: 'OKActions',
      ALARM: 'AlarmActions',
      INSUFFICIENT_DATA: 'InsufficientDataActions',
    };
    for (const target of (properties[actions[state]] ?? []) as string[]) {
      const { AlarmDescription } = properties;
      const { name: AlarmName } = this.placeOf(name);
      const message = { AlarmName, AlarmDescription, NewStateValue: state, NewStateReason: reason };
      const from = { service: 'cloudwatch.amazonaws.com', arn: this.arnOf(name) };
      this.around.deliver(target, JSON.stringify(message), { subject: `${state}: "${name}"`, from });
    }
  }

  private describe(input: any, { account, region }: Place): object {
    const {
      AlarmNames,
      AlarmNamePrefix = '',
      StateValue,
      AlarmTypes = ['MetricAlarm'],
      MaxRecords = 50,
      NextToken,
    } = input;
    if (AlarmNames?.length > 100) {
      throw new AwsError('ValidationError', 'at most 100 alarm names');
    }
    const wanted = this.names
      .filter((id) => this.placeOf(id).account === account && this.placeOf(id).region === region)
      .filter((id) => AlarmNames === undefined || AlarmNames.includes(this.placeOf(id).name))
      .filter((id) => this.placeOf(id).name.startsWith(AlarmNamePrefix))
      .filter((name) => StateValue === undefined || this.state(name) === StateValue)
      .sort();
    const from = Number(NextToken ?? 0);
    const page = wanted.slice(from, from + MaxRecords);
    const composite = (name: string): boolean => this.declared(name)?.type === COMPOSITE;
    const of = (kind: string, names: string[]): object[] =>
      AlarmTypes.includes(kind) ? names.map((name) => this.present(name)) : [];
    return {
      MetricAlarms: of(
        'MetricAlarm',
        page.filter((name) => !composite(name)),
      ),
      CompositeAlarms: of('CompositeAlarm', page.filter(composite)),
      ...(from + MaxRecords < wanted.length ? { NextToken: String(from + MaxRecords) } : {}),
    };
  }

  private present(name: string): object {
    const alarm = this.alarms.get(name);
    const properties = this.declared(name)?.properties ?? {};
    const updated = new Date(alarm?.since ?? 0);
    return {
      AlarmName: this.placeOf(name).name,
      AlarmArn: this.arnOf(name),
      ActionsEnabled: true,
      StateValue: alarm?.state,
      StateReason: alarm?.reason,
      StateUpdatedTimestamp: updated,
      StateTransitionedTimestamp: updated,
      ...Object.fromEntries(
        ['Namespace', 'MetricName', 'Period', 'Statistic', 'Threshold', 'EvaluationPeriods', 'ComparisonOperator']
          .filter((key) => properties[key] !== undefined)
          .map((key) => [key, properties[key]]),
      ),
    };
  }

  private describeHistory(input: any, { account, region }: Place): object {
    const { AlarmName, HistoryItemType, StartDate = 0, EndDate = Infinity, MaxRecords = 100, NextToken } = input;
    const newestFirst = input.ScanBy !== 'TimestampAscending';
    const items = this.history
      .filter(({ name }) => this.placeOf(name).account === account && this.placeOf(name).region === region)
      .filter(({ name }) => AlarmName === undefined || this.placeOf(name).name === AlarmName)
      .filter(({ at }) => at / 1000 >= StartDate && at / 1000 <= EndDate)
      .filter(() => HistoryItemType === undefined || HistoryItemType === 'StateUpdate');
    const ordered = newestFirst ? [...items].reverse() : items;
    const from = Number(NextToken ?? 0);
    return {
      AlarmHistoryItems: ordered.slice(from, from + MaxRecords).map(({ name, at, from: old, to, reason }) => ({
        AlarmName: this.placeOf(name).name,
        AlarmType: this.declared(name)?.type === COMPOSITE ? 'CompositeAlarm' : 'MetricAlarm',
        Timestamp: new Date(at),
        HistoryItemType: 'StateUpdate',
        HistorySummary: `Alarm updated from ${old} to ${to}`,
        HistoryData: JSON.stringify({
          version: '1.0',
          oldState: { stateValue: old },
          newState: { stateValue: to, stateReason: reason },
        }),
      })),
      ...(from + MaxRecords < ordered.length ? { NextToken: String(from + MaxRecords) } : {}),
    };
  }
}
