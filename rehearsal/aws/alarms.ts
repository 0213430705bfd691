import { AwsError, type Caller, type Service } from '../service';
import { alarmId, readAlarm, type AlarmPlace, type PlacedAlarm } from './alarm-names';
import { accountOf } from './callers';
import type { MetricBoard } from './metrics';
import type { Surroundings } from './surroundings';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
export type AlarmListener = (name: string, state: AlarmState, reason: string) => void;

interface Alarm extends PlacedAlarm {
  state: AlarmState;
  reason: string;
  since: number;
}

interface HistoryItem {
  readonly id: string;
  readonly at: number;
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
}

const COMPOSITE = 'AWS::CloudWatch::CompositeAlarm';

/**
 * CloudWatch alarms, whose states a scenario sets. Declared ones begin OK.
 *
 * Alarms of other accounts and Regions than the rehearsal's own are called `<account>/<region>/<name>`, without what is the rehearsal's own;
 * the name alone does where there is only one of it. Of an alarm of its own whose name begins like that, the whole is told.
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
        const { account, region, physicalId: name } = resource;
        const id = this.idOf(name, resource);
        if (!this.alarms.has(id)) {
          this.alarms.set(id, {
            account,
            region,
            name,
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
  idOf(name: string, { account, region }: AlarmPlace): string {
    return alarmId({ account, region, name }, this.around);
  }

  onChange(listener: AlarmListener): void {
    this.listeners.push(listener);
  }

  set(called: string, state: AlarmState, reason = `set to ${state} by the rehearsal`): void {
    const id = this.known(called);
    const before = this.alarms.get(id);
    const at = this.around.clock.now();
    if (before?.state === state) {
      this.alarms.set(id, { ...before, reason });
      return;
    }
    const from = before?.state ?? 'INSUFFICIENT_DATA';
    const { account, region, name } = this.placed(id);
    this.alarms.set(id, { account, region, name, state, reason, since: at });
    this.history.push({ id, at, from, to: state, reason });
    this.around.tell('alarm', `${id} is ${state}: ${reason}`, state === 'ALARM' ? 'warning' : 'info');
    // The bus is that of the rehearsal's own account and Region.
    if (account === this.around.account && region === this.around.region) {
      this.around.emit({
        source: 'aws.cloudwatch',
        'detail-type': 'CloudWatch Alarm State Change',
        resources: [this.arnOf(id)],
        detail: { alarmName: name, state: { value: state, reason }, previousState: { value: from } },
      });
    }
    this.act(id, state, reason);
    this.listeners.forEach((listener) => listener(id, state, reason));
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
          resources: AlarmNames.length === 0 ? ['*'] : AlarmNames.map((name: string) => this.judgedFor(name, caller)),
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

  /** By what it is called, by account, Region and name, or by its name where only one account and Region has an alarm of that name. */
  private known(called: string): string {
    const { name, ...place } = readAlarm(called, this.around);
    const id = [called, this.idOf(name, place)].find((one) => this.alarms.has(one));
    const named = [...this.alarms].filter(
      ([, alarm]) => alarm.name === called || `${alarm.region}/${alarm.name}` === called,
    );
    return id ?? (named.length === 1 ? named[0]?.[0] : undefined) ?? this.idOf(name, place);
  }

  /** Where it is and what its name is, by what it is called. */
  private placed(id: string): PlacedAlarm {
    return this.alarms.get(id) ?? readAlarm(id, this.around);
  }

  private placeOfCaller(caller: Caller): AlarmPlace {
    return { account: accountOf(caller), region: caller.region ?? this.around.region };
  }

  private arnOf(id: string): string {
    const { account, region, name } = this.placed(id);
    return `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;
  }

  /** An alarm as a caller means it: of the caller's own account, in the Region that is asked. */
  private arnFor(name: string, caller: Caller): string {
    return this.arnOf(this.idOf(name, this.placeOfCaller(caller)));
  }

  /**
   * Composite alarms are shown to whom may see every alarm of every Region
   * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html); others are refused here.
   */
  private judgedFor(name: string, caller: Caller): string {
    const id = this.idOf(name, this.placeOfCaller(caller));
    return this.declared(id)?.type === COMPOSITE ? '*' : this.arnOf(id);
  }

  private declared(id: string): any {
    return [...this.around.resources('AWS::CloudWatch::Alarm'), ...this.around.resources(COMPOSITE)].find(
      (resource) => this.idOf(resource.physicalId, resource) === id,
    );
  }

  /** Notifications of the alarm's own actions. */
  private act(id: string, state: AlarmState, reason: string): void {
    const properties = this.declared(id)?.properties ?? {};
    const actions: Record<AlarmState, string> = {
      OK: 'OKActions',
      ALARM: 'AlarmActions',
      INSUFFICIENT_DATA: 'InsufficientDataActions',
    };
    for (const target of (properties[actions[state]] ?? []) as string[]) {
      const { AlarmDescription } = properties;
      const { name: AlarmName } = this.placed(id);
      const message = { AlarmName, AlarmDescription, NewStateValue: state, NewStateReason: reason };
      const from = { service: 'cloudwatch.amazonaws.com', arn: this.arnOf(id) };
      this.around.deliver(target, JSON.stringify(message), { subject: `${state}: "${AlarmName}"`, from });
    }
  }

  private describe(input: any, { account, region }: AlarmPlace): object {
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
      .filter((id) => this.placed(id).account === account && this.placed(id).region === region)
      .filter((id) => AlarmNames === undefined || AlarmNames.includes(this.placed(id).name))
      .filter((id) => this.placed(id).name.startsWith(AlarmNamePrefix))
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
      AlarmName: this.placed(name).name,
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

  private describeHistory(input: any, { account, region }: AlarmPlace): object {
    const { AlarmName, HistoryItemType, StartDate = 0, EndDate = Infinity, MaxRecords = 100, NextToken } = input;
    const newestFirst = input.ScanBy !== 'TimestampAscending';
    const items = this.history
      .filter(({ id }) => this.placed(id).account === account && this.placed(id).region === region)
      .filter(({ id }) => AlarmName === undefined || this.placed(id).name === AlarmName)
      .filter(({ at }) => at / 1000 >= StartDate && at / 1000 <= EndDate)
      .filter(() => HistoryItemType === undefined || HistoryItemType === 'StateUpdate');
    const ordered = newestFirst ? [...items].reverse() : items;
    const from = Number(NextToken ?? 0);
    return {
      AlarmHistoryItems: ordered.slice(from, from + MaxRecords).map(({ id, at, from: old, to, reason }) => ({
        AlarmName: this.placed(id).name,
        AlarmType: this.declared(id)?.type === COMPOSITE ? 'CompositeAlarm' : 'MetricAlarm',
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
