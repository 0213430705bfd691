/** Reads the values of a series between two times, all of them or none: a part of the values is nothing to judge by. */
import { GetMetricDataCommand, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { MetricQuery, MetricSource } from '../../../contract/checks';
import type { MetricPoint } from '../../domain/metric-window';
import type { Parsed } from '../../domain/parsed';

/** CloudWatch answers up to 100,800 values a page: more pages than that are nothing that a check asks for. */
const MAX_PAGES = 20;
/** A division by zero leaves a period without a value; every other message says that the values are not what was asked for. */
const HARMLESS = 'ArithmeticError';

/**
 * @param from start of the first period, in milliseconds
 * @param to end of the last period
 * @returns the values in the order of their times; a period without data has none
 */
export async function readSeries(
  source: MetricSource,
  from: number,
  to: number,
  client: CloudWatchClient,
): Promise<Parsed<readonly MetricPoint[]>> {
  const points: MetricPoint[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: source.queries.map((query, index) => queryOf(query, source.period, index === 0)),
        StartTime: new Date(from),
        EndTime: new Date(to),
        ScanBy: 'TimestampAscending',
        NextToken,
      }),
    );
    const results = answer.MetricDataResults ?? [];
    const problem = problemOf(results, [
      ...(answer.Messages ?? []),
      ...results.flatMap(({ Messages = [] }) => Messages),
    ]);
    if (problem !== undefined) {
      return { ok: false, problem };
    }
    points.push(...results.flatMap(pointsOf));
    NextToken = answer.NextToken;
    if (NextToken === undefined) {
      return results[0]?.StatusCode === 'Complete'
        ? { ok: true, value: points.sort((a, b) => a.at - b.at) }
        : { ok: false, problem: 'CloudWatch gave only a part of the data' };
    }
  }
  return { ok: false, problem: 'CloudWatch has more data than can be read' };
}

function queryOf(query: MetricQuery, Period: number, ReturnData: boolean): MetricDataQuery {
  if ('expression' in query) {
    return { Id: query.id, Expression: query.expression, Period, ReturnData };
  }
  const { id, namespace, metric, dimensions = {}, statistic, unit } = query;
  return {
    Id: id,
    ReturnData,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: metric,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period,
      Stat: statistic,
      ...(unit === undefined ? {} : { Unit: unit as NonNullable<MetricDataQuery['MetricStat']>['Unit'] }),
    },
  };
}

/** Further pages may follow a page that holds a part; nothing good follows an error. */
function problemOf(
  results: readonly MetricDataResult[],
  messages: readonly { readonly Code?: string }[],
): string | undefined {
  if (results.length > 1) {
    return 'the expression gives more than one series';
  }
  if (results.some(({ StatusCode }) => StatusCode !== 'Complete' && StatusCode !== 'PartialData')) {
    return 'CloudWatch could not give the data';
  }
  if (results.some(({ Timestamps = [], Values = [] }) => Timestamps.length !== Values.length)) {
    return 'CloudWatch gave values without their times';
  }
  return messages.some(({ Code }) => Code !== HARMLESS) ? 'CloudWatch answered with a warning' : undefined;
}

function pointsOf({ Timestamps = [], Values = [] }: MetricDataResult): readonly MetricPoint[] {
  return Timestamps.map((time, index) => ({ at: time.getTime(), value: Values[index] ?? NaN }));
}
