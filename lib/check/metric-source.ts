import { Stack, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { MetricQuery, MetricSource } from '../../contract/checks';
import { GateError } from '../errors';
import { shown } from '../private/types';
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
  /** Where it is, and how it is read. */
  readonly in: (scope: Construct) => MetricSource;
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
    in: (scope) => ({
      region: placeOf(method, name, [...queries.values()], Stack.of(scope)),
      period,
      queries: [...queries].map(([id, one]) => queryOf(id, configOf(method, one))),
    }),
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

function queryOf(id: string, { metricStat, mathExpression }: cloudwatch.MetricConfig): MetricQuery {
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
      : { dimensions: Object.fromEntries(dimensions.map(({ name, value }) => [name, String(value)])) }),
    statistic,
    ...(unitFilter === undefined ? {} : { unit: unitFilter }),
  };
}

/** The one Region of all metrics, which have to be in the account of the gate. */
function placeOf(method: string, name: string, metrics: readonly cloudwatch.IMetric[], stack: Stack): string {
  const places = metrics.flatMap((metric) => {
    const { metricStat, mathExpression } = configOf(method, metric);
    const { region = mathExpression?.searchRegion, account = mathExpression?.searchAccount } = metricStat ?? {};
    return metricStat === undefined && region === undefined && account === undefined ? [] : [{ region, account }];
  });
  places.forEach(({ account }) => mustBeHere(method, name, account, stack));
  const regions = new Set(
    places.map(({ region }) => (region === undefined || Token.isUnresolved(region) ? stack.region : region)),
  );
  if (regions.size > 1) {
    throw new GateError(
      'SeveralRegions',
      `\`${method}\` is given '${name}' with metrics of ${[...regions].join(' and ')}, but CloudWatch reads one Region at a time: ` +
        'make a check for each Region',
    );
  }
  return [...regions][0] ?? stack.region;
}

function mustBeHere(method: string, name: string, account: string | undefined, stack: Stack): void {
  if (account === undefined || Token.isUnresolved(account) || account === stack.account) {
    return;
  }
  if (Token.isUnresolved(stack.account)) {
    throw new GateError(
      'MetricAccountUnknown',
      `\`${method}\` reads '${name}' in account ${account}, but stack '${stack.stackName}' does not say its account: ` +
        'set `env.account` of the stack, or leave the account of the metric out when both are the same',
    );
  }
  throw new GateError(
    'MetricInOtherAccount',
    `\`${method}\` reads '${name}' in account ${account}, but the gate is in ${stack.account}: put the gate into the metric's account`,
  );
}
