/**
 * While traffic moves, the alarms of a deployment follow the metrics that a scenario has set, minute by minute. Those whose metrics nobody
 * has set keep the state that the scenario gives them.
 */
import type { AlarmBoard } from '../aws/alarms';
import type { MetricBoard } from '../aws/metrics';
import type { Host } from '../pipeline/host';
import type { Resource } from '../template/model';

const MINUTE = 60_000;

/** What of a world is needed. */
export interface WatchHost extends Pick<Host, 'clock' | 'resources'> {
  readonly alarms: Pick<AlarmBoard, 'idOf' | 'set' | 'state'>;
  readonly watched: { readonly metrics: Pick<MetricBoard, 'knows' | 'valueOf'> };
}

interface Watched {
  readonly id: string;
  readonly place: { readonly account: string; readonly region: string };
  readonly queries: readonly any[];
  /** The one whose value is compared. */
  readonly query: any;
  readonly period: number;
  readonly breaches: (value: number) => boolean;
  /** Whether no data is no reason to be red. */
  readonly isQuietGood: boolean;
}

export class VersionWatch {
  /** Those that a metric has turned red. */
  private readonly red = new Set<string>();

  constructor(private readonly host: WatchHost) {}

  /** Until `isOver` says so; what turned red by then, until it is green again. */
  begin(alarms: readonly string[], isOver: () => boolean): void {
    const { clock } = this.host;
    const declared = this.host
      .resources('AWS::CloudWatch::Alarm')
      .filter((alarm) => alarms.includes(this.host.alarms.idOf(alarm.physicalId, alarm)))
      .flatMap((alarm) => this.watched(alarm));
    if (declared.length === 0) return;
    const look = (): void => {
      const watched = isOver() ? declared.filter(({ id }) => this.red.has(id)) : declared;
      if (watched.length === 0) return;
      watched.forEach((alarm) => this.look(alarm));
      clock.schedule(clock.now() + MINUTE, 'alarms on the new version', look);
    };
    clock.schedule((Math.floor(clock.now() / MINUTE) + 1) * MINUTE, 'alarms on the new version', look);
  }

  private look({ id, place, queries, query, period, breaches, isQuietGood }: Watched): void {
    const { clock, alarms, watched } = this.host;
    // A minute shows up a minute after its end.
    const start = Math.floor((clock.now() - MINUTE) / period) * period - period;
    if (!watched.metrics.knows(queries, place)) return;
    const value = watched.metrics.valueOf(query, queries, start, period, place);
    if (value === undefined && !(isQuietGood && this.red.has(id))) return;
    const state = value !== undefined && breaches(value) ? 'ALARM' : 'OK';
    if (state === 'ALARM') this.red.add(id);
    else this.red.delete(id);
    if (alarms.state(id) !== state) {
      const found = value === undefined ? 'has no data' : `was ${Math.round(value * 100) / 100}`;
      alarms.set(id, state, `${query.Label ?? query.Id} ${found}`);
    }
  }

  private watched(alarm: Resource): readonly Watched[] {
    const { properties, physicalId, account, region } = alarm;
    const { Threshold, ComparisonOperator, TreatMissingData } = properties;
    const compare = OPERATORS.get(String(ComparisonOperator));
    const queries = queriesOf(properties);
    const query = queries.find(({ ReturnData }) => ReturnData !== false);
    if (compare === undefined || query === undefined) return [];
    return [
      {
        id: this.host.alarms.idOf(physicalId, alarm),
        place: { account, region },
        queries,
        query,
        period: query.Period * 1000,
        breaches: (value) => compare(value, Number(Threshold)),
        isQuietGood: TreatMissingData === 'notBreaching',
      },
    ];
  }
}

const OPERATORS: ReadonlyMap<string, (value: number, threshold: number) => boolean> = new Map([
  ['GreaterThanThreshold', (value, threshold) => value > threshold],
  ['GreaterThanOrEqualToThreshold', (value, threshold) => value >= threshold],
  ['LessThanThreshold', (value, threshold) => value < threshold],
  ['LessThanOrEqualToThreshold', (value, threshold) => value <= threshold],
]);

/** As `GetMetricData` would ask for what an alarm looks at. */
function queriesOf(properties: any): readonly any[] {
  const { Metrics, Namespace, MetricName, Dimensions, Period, Statistic, ExtendedStatistic } = properties;
  if (Metrics === undefined) {
    const Metric = { Namespace, MetricName, Dimensions };
    const stat = { Metric, Period: Number(Period), Stat: ExtendedStatistic ?? Statistic };
    return [{ Id: 'm1', Label: MetricName, Period: Number(Period), MetricStat: stat }];
  }
  const periods = Metrics.map(({ MetricStat }: any) => Number(MetricStat?.Period ?? 0));
  return Metrics.map((query: any) => ({ ...query, Period: Math.max(...periods) }));
}
