import { createHash } from 'node:crypto';
import { AwsError, type Caller, type Service } from '../service';
import { accountOf } from './callers';
import { evaluateMath, MathError, type MathResult } from './metric-math';
import type { Surroundings } from './surroundings';

const MINUTE = 60_000;
/** A minute shows up in CloudWatch so long after its end, unless a scenario says otherwise. */
const LAG = MINUTE;

/** Where a metric is: in the rehearsal's own account and Region, unless said otherwise. */
export interface MetricPlace {
  readonly account?: string;
  readonly region?: string;
}

export interface MetricName extends MetricPlace {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What a metric is for a while: one value a minute. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
  /** The same each minute, or by the start of the minute. Undefined = nothing is published. */
  readonly value?: number | ((minute: number) => number);
  /** Up to so much more or less, in a way that is the same at every run. */
  readonly spread?: number;
  readonly lag?: number;
}

/** CloudWatch metrics of each account and Region, whose values a scenario sets. A metric that no step names has no data. */
export class MetricBoard {
  private readonly stretches = new Map<string, Stretch[]>();

  constructor(private readonly around: Surroundings) {}

  /** A later stretch goes over an earlier one, which goes on after it. */
  set(metric: MetricName, stretch: Stretch): void {
    const key = this.keyAt(metric, keyOf(metric));
    this.stretches.set(key, [...(this.stretches.get(key) ?? []), stretch]);
  }

  /** Whether any of these queries is about a metric that a step has named. */
  knows(queries: readonly any[], place: MetricPlace): boolean {
    return queries.some(
      ({ MetricStat }) => MetricStat !== undefined && this.stretches.has(this.keyAt(place, keyIn(MetricStat.Metric))),
    );
  }

  /** What a query found for the period that begins then, as far as it has shown up until now. */
  valueOf(query: any, queries: readonly any[], start: number, period: number, place: MetricPlace): number | undefined {
    const byId = new Map<string, any>(queries.map((one) => [one.Id, one]));
    const { series } = this.seriesOf(query, byId, start, start + period, place);
    return typeof series === 'number' ? series : series.get(start);
  }

  operations(): Pick<Service, 'operations' | 'authorize'> {
    return {
      operations: { GetMetricData: (input, caller) => this.getMetricData(input, caller) },
      // AWS knows no resources for it.
      authorize: { GetMetricData: () => ({ action: 'cloudwatch:GetMetricData', resources: ['*'] }) },
    };
  }

  /** What is in the caller's account, in the Region that it asks. */
  private getMetricData({ MetricDataQueries = [], StartTime, EndTime, ScanBy }: any, caller: Caller): object {
    const place = { account: accountOf(caller), region: caller.region };
    const [start, end] = [StartTime * 1000, EndTime * 1000];
    if (!(start < end)) throw new AwsError('ValidationError', 'StartTime must be less than EndTime');
    if (MetricDataQueries.length === 0 || MetricDataQueries.length > 500) {
      throw new AwsError('ValidationError', 'there must be 1 to 500 metric data queries');
    }
    this.around.tally.readMetrics(metricsIn(MetricDataQueries));
    const queries = new Map<string, any>(MetricDataQueries.map((query: any) => [query.Id, query]));
    const results = MetricDataQueries.filter(({ ReturnData = true }) => ReturnData).map((query: any) => {
      const { series, dividedByZero } = this.seriesOf(query, queries, start, end, place);
      const points = typeof series === 'number' ? [] : [...series].sort(([one], [other]) => one - other);
      const ordered = ScanBy === 'TimestampAscending' ? points : points.reverse();
      return {
        Id: query.Id,
        Label: query.Label ?? query.MetricStat?.Metric.MetricName ?? query.Id,
        Timestamps: ordered.map(([at]) => new Date(at)),
        Values: ordered.map(([, value]) => value),
        StatusCode: 'Complete',
        ...(dividedByZero
          ? {
              Messages: [
                { Code: 'ArithmeticError', Value: 'One or more data-points have been dropped due to division by zero' },
              ],
            }
          : {}),
      };
    });
    return { MetricDataResults: results, Messages: [] };
  }

  private seriesOf(
    query: any,
    queries: ReadonlyMap<string, any>,
    start: number,
    end: number,
    place: MetricPlace,
  ): MathResult {
    const { MetricStat, Expression } = query;
    const period = (MetricStat?.Period ?? query.Period) * 1000;
    if (!(period > 0) || period % MINUTE !== 0) {
      throw new AwsError('ValidationError', 'the rehearsal has metrics with a period of whole minutes only');
    }
    const periods = startsBetween(start, end, period);
    if (MetricStat !== undefined) {
      const values = periods.flatMap((at) => {
        const samples = this.samples(MetricStat.Metric, at, period, place);
        return samples.length === 0 ? [] : [[at, statisticOf(MetricStat.Stat, samples)] as const];
      });
      return { series: new Map(values), dividedByZero: false };
    }
    const named = (id: string): MathResult => {
      const found = queries.get(id);
      if (found === undefined) throw new AwsError('ValidationError', `no query has the id ${id}`);
      return this.seriesOf(found, queries, start, end, place);
    };
    try {
      return evaluateMath(String(Expression), named, periods);
    } catch (error) {
      throw error instanceof MathError ? new AwsError('ValidationError', error.message) : error;
    }
  }

  /** The values of the minutes of a period that have shown up until now. */
  private samples(metric: any, start: number, period: number, place: MetricPlace): readonly number[] {
    const key = keyIn(metric);
    const stretches = this.stretches.get(this.keyAt(place, key)) ?? [];
    return startsBetween(start, start + period, MINUTE).flatMap((minute) => {
      const stretch = stretches.findLast(({ from, until }) => from <= minute && minute < until);
      const { value, spread = 0, lag = LAG } = stretch ?? {};
      const isShown = minute + MINUTE + lag <= this.around.clock.now();
      if (value === undefined || !isShown) return [];
      return [typeof value === 'number' ? spreadOut(value, spread, `${key} ${minute}`) : value(minute)];
    });
  }

  private keyAt({ account = this.around.account, region = this.around.region }: MetricPlace, key: string): string {
    return `${account} ${region} ${key}`;
  }
}

/** Different metrics: up to five statistics of one cost as much as one of them. */
function metricsIn(queries: readonly any[]): number {
  return new Set(queries.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [keyIn(MetricStat.Metric)])))
    .size;
}

function keyIn({ Namespace, MetricName, Dimensions = [] }: any): string {
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }: any) => [Name, Value]));
  return keyOf({ namespace: Namespace, name: MetricName, dimensions });
}

function keyOf({ namespace, name, dimensions }: MetricName): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([one], [other]) => (one < other ? -1 : 1))]);
}

/** The starts of the periods that begin in that time. */
function startsBetween(start: number, end: number, period: number): readonly number[] {
  const first = Math.floor(start / period) * period;
  return Array.from({ length: Math.max(Math.ceil((end - first) / period), 0) }, (_, index) => first + index * period);
}

/** A whole number, where value and spread are whole: half a request was never counted. */
function spreadOut(value: number, spread: number, seed: string): number {
  const spreadValue = value + spread * noise(seed);
  return Number.isInteger(value) && Number.isInteger(spread) ? Math.round(spreadValue) : spreadValue;
}

/** From -1 to 1. */
function noise(seed: string): number {
  return createHash('sha256').update(seed).digest().readUInt32BE() / 0x7fffffff - 1;
}

function statisticOf(statistic: string, samples: readonly number[]): number {
  const sorted = [...samples].sort((one, other) => one - other);
  const sum = samples.reduce((total, value) => total + value, 0);
  const percentile = /^p(\d+(?:\.\d+)?)$/.exec(statistic)?.[1];
  if (percentile !== undefined) {
    return sorted[Math.max(Math.ceil((Number(percentile) / 100) * sorted.length) - 1, 0)] ?? NaN;
  }
  switch (statistic) {
    case 'Sum':
      return sum;
    case 'Average':
      return sum / samples.length;
    case 'Minimum':
      return sorted[0] ?? NaN;
    case 'Maximum':
      return sorted[sorted.length - 1] ?? NaN;
    case 'SampleCount':
      return samples.length;
    default:
      throw new AwsError('ValidationError', `the rehearsal does not know the statistic ${statistic}`);
  }
}
