import { Stack, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { MetricQuery, MetricSource } from '../../contract/checks';
import { GateError } from '../errors';
import { shown } from '../private/types';
import type { Place } from './check-binding';
import { reachableDimension } from './other-stage';
import { secondsOf } from './timing';

const DAY = 24 * 60 * 60;
/** Metrics that an expression may use. A gate's checks have to fit into a parameter of Systems Manager. */
const MOST_METRICS = 10;
/** These give several series, or one that is not known before it is read. */
const SEVERAL = /\b(SEARCH|SLICE|SORT|GROUP_BY|ANOMALY_DETECTION_BAND)\s*\(|^\s*(SELECT\b|\[|METRICS\s*\()/i;

/** A metric as far as it is known without the stack that it is read from. */
export interface FoundMetric {
  /** Its label, name or expression. */
  readonly name: string;
  readonly period: number;
  /** Of a metric that is published with one unit. */
  readonly unit?: cloudwatch.Unit;
  readonly statistic?: string;
  readonly in: (scope: Construct) => PlacedMetric;
}

/** How it is read, and where. */
export interface PlacedMetric {
  readonly source: MetricSource;
  readonly place: Place;
}

/** Validates at once; account and Region follow when the gate's stack is known. */
export function findMetric(method: string, metric: cloudwatch.IMetric): FoundMetric {
  const config = configOf(method, metric);
  const label: unknown = config.renderingProperties?.label;
  const { metricStat: statistic, mathExpression: math } = config;
  const queries = flattened(method, metric);
  const name = typeof label === 'string' && label !== '' ? label : (statistic?.metricName ?? math?.expression ?? '');
  const period = periodOf(method, config);
  return {
    name,
    period,
    unit: statistic?.unitFilter,
    statistic: statistic?.statistic,
    in: (scope) => {
      const place = placeOf(method, name, [...queries.values()], Stack.of(scope));
      const rendered = [...queries].map(([id, one]) =>
        queryOf(id, configOf(method, one), (value) => reachableDimension(method, value, scope)),
      );
      return { source: { region: place.region ?? Stack.of(scope).region, period, queries: rendered }, place };
    },
  };
}

/** The metric itself and all that its expression uses, by id; the metric itself first. */
function flattened(method: string, metric: cloudwatch.IMetric): ReadonlyMap<string, cloudwatch.IMetric> {
  const used = usedBy(method, metric);
  if (used.size > MOST_METRICS) {
    throw new GateError(
      'TooManyMetrics',
      `\`${method}\` is given an expression of ${used.size} metrics, but may use at most ${MOST_METRICS}: split it into several checks`,
    );
  }
  let own = 'value';
  while (used.has(own)) {
    own += '_';
  }
  return new Map([[own, metric], ...used]);
}

function usedBy(method: string, metric: cloudwatch.IMetric): ReadonlyMap<string, cloudwatch.IMetric> {
  const { usingMetrics = {} } = configOf(method, metric).mathExpression ?? {};
  // The CDK has refused expressions that use one id for two metrics.
  return new Map(Object.entries(usingMetrics).flatMap(([id, one]) => [[id, one] as const, ...usedBy(method, one)]));
}

function configOf(method: string, metric: cloudwatch.IMetric): cloudwatch.MetricConfig {
  if (typeof (metric as Partial<cloudwatch.IMetric> | null | undefined)?.toMetricConfig !== 'function') {
    throw new GateError(
      'WrongType',
      `\`${method}\` is given ${shown(metric)}: give a metric such as \`fn.metricErrors()\`, or a \`MathExpression\``,
    );
  }
  const config = metric.toMetricConfig();
  const expression = config.searchExpression?.expression ?? config.mathExpression?.expression ?? '';
  if (config.searchExpression !== undefined || (!Token.isUnresolved(expression) && SEVERAL.test(expression))) {
    throw new GateError(
      'SeveralSeries',
      `\`${method}\` is given the expression '${expression.slice(0, 100)}', which may give several series, or others tomorrow, but has to ` +
        'give exactly one: name the metrics, and combine them by metric math such as `m1 / m2`',
    );
  }
  return config;
}

function periodOf(method: string, { metricStat, mathExpression }: cloudwatch.MetricConfig): number {
  return metricStat === undefined
    ? (mathExpression?.period ?? 300)
    : secondsOf(`${method} period`, metricStat.period, 1, DAY);
}

function queryOf(
  id: string,
  { metricStat, mathExpression }: cloudwatch.MetricConfig,
  reachable: (dimension: string) => string,
): MetricQuery {
  if (metricStat === undefined) {
    return { id, expression: mathExpression?.expression ?? '' };
  }
  const { namespace, metricName, dimensions = [], statistic, unitFilter } = metricStat;
  return {
    id,
    namespace,
    metric: metricName,
    ...(dimensions.length === 0
      ? {}
      : { dimensions: Object.fromEntries(dimensions.map(({ name, value }) => [name, reachable(String(value))])) }),
    statistic,
    ...(unitFilter === undefined ? {} : { unit: unitFilter }),
  };
}

/** The one account and Region of all metrics that are read together. */
function placeOf(method: string, name: string, metrics: readonly cloudwatch.IMetric[], stack: Stack): Place {
  const places = metrics.flatMap((metric) => {
    const { metricStat, mathExpression } = configOf(method, metric);
    const { account = mathExpression?.searchAccount, region = mathExpression?.searchRegion } = metricStat ?? {};
    return metricStat === undefined && account === undefined && region === undefined ? [] : [{ account, region }];
  });
  const one = (what: string, values: readonly (string | undefined)[], own: string): string | undefined => {
    const said = values.map((value) => (value === undefined || Token.isUnresolved(value) ? own : value));
    const different = [...new Set(said)];
    if (different.length > 1) {
      throw new GateError(
        'SeveralPlaces',
        `\`${method}\` is given '${name}' with metrics of ${different.map((value) => shownPlace(value)).join(' and ')}, but a check reads ` +
          `one ${what}: make a check for each`,
      );
    }
    return values.find((value) => value !== undefined && !Token.isUnresolved(value));
  };
  return {
    account: one(
      'account',
      places.map(({ account }) => account),
      stack.account,
    ),
    region: one(
      'Region',
      places.map(({ region }) => region),
      stack.region,
    ),
  };
}

function shownPlace(value: string): string {
  return Token.isUnresolved(value) ? 'the place of the gate' : value;
}

/** The place of two metrics that are read together. One may say what the other leaves out, and what is the gate's own. */
export function samePlace(method: string, one: PlacedMetric, other: PlacedMetric, scope: Construct): Place {
  const own = Stack.of(scope);
  const isSame = (prop: 'account' | 'region') => (one.place[prop] ?? own[prop]) === (other.place[prop] ?? own[prop]);
  if (!isSame('account') || !isSame('region')) {
    throw new GateError(
      'SeveralPlaces',
      `\`${method}\` is given metrics of two accounts or Regions, but a check reads one: give metrics of the same place`,
    );
  }
  return { account: one.place.account ?? other.place.account, region: one.place.region ?? other.place.region };
}
