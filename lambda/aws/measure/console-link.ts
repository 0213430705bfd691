/**
 * Where people see in the AWS console what a check measured. The console has no API: its addresses are not documented, and are
 * written here as it writes them itself.
 */
import type { MetricSource } from '../../../contract/checks';
import type { Measurement } from '../../../contract/messages';
import { iso, millis, MINUTE } from '../../domain/time';

/** The consoles of other partitions. */
const DOMAINS: readonly (readonly [prefix: string, domain: string])[] = [
  ['cn-', 'amazonaws.cn'],
  ['us-gov-', 'amazonaws-us-gov.com'],
];
const CONSOLE = /^[a-z]{2}(-[a-z]+)+-\d{1,2}\.console\.(aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)$/;
/** No blanks, no control characters, and nothing that ends an attribute or a link in a text: `new URL` forgives them. */
const UNBROKEN = /^https:\/\/(?:(?!["<>\\])[!-~])+$/;

/** Longer ones are left out: rows and emails hold them. */
const LONGEST = 2_000;
/** Graphs, logs and traces begin so long before the gate: whoever looks wants to see what changed. */
const BEFORE = 30 * MINUTE;

/** The time that a check watches. */
export interface Watched {
  /** When the gate began. */
  readonly since: string;
  readonly now: string;
}

/** Something that serves requests, as CloudWatch and X-Ray know it. */
export interface Service {
  /** In X-Ray: `AWS::Lambda::Function`. */
  readonly type: string;
  readonly name: string;
  /** Where its log is, unless somebody chose another place. */
  readonly logGroup?: string;
}

/** The links that there are. */
export function linked(links: {
  readonly link?: string | undefined;
  readonly logs?: string | undefined;
  readonly traces?: string | undefined;
}): Pick<Measurement, 'link' | 'logs' | 'traces'> {
  return Object.fromEntries(Object.entries(links).filter(([, link]) => link !== undefined));
}

export function alarmLink(region: string, alarmName: string): string | undefined {
  return ofHome('cloudwatch', region, pathOf(`alarmsV2:alarm/${alarmName}`));
}

export function functionLink(region: string, functionName: string): string | undefined {
  return ofHome('lambda', region, pathOf(`/functions/${functionName}`));
}

export function syntheticsCanaryLink(region: string, canary: string): string | undefined {
  return ofHome('cloudwatch', region, pathOf(`synthetics:canary/detail/${canary}`));
}

/** The list of its changes, with the values of properties for those who may see them. */
export function changeSetLink(region: string, stackId: string, changeSetId: string): string | undefined {
  const query = `stackId=${encodeURIComponent(stackId)}&changeSetId=${encodeURIComponent(changeSetId)}`;
  return ofHome('cloudformation', region, `/stacks/changesets/changes?${query}`);
}

/** A graph of the series that were judged, with a line at each limit. As many of them as an address can hold. */
export function metricLink(
  sources: readonly MetricSource[],
  { since, now }: Watched,
  limits: readonly (number | undefined)[] = [],
): string | undefined {
  const [first] = sources;
  if (first === undefined) {
    return undefined;
  }
  const lines = sources.filter(({ region }) => region === first.region).flatMap(linesOf);
  const horizontal = limits.flatMap((value) => (value === undefined ? [] : [{ value, label: 'limit of the check' }]));
  const graph = {
    metrics: lines,
    view: 'timeSeries',
    stacked: false,
    region: first.region,
    start: before(since),
    end: now,
    ...(horizontal.length === 0 ? {} : { annotations: { horizontal } }),
  };
  const link = ofHome('cloudwatch', first.region, `metricsV2?graph=${written(graph)}`);
  return link === undefined && sources.length > 1 ? metricLink(sources.slice(0, -1), { since, now }, limits) : link;
}

/** The query in the editor of Logs Insights, ready to be run over the same part of the log. */
export function logQueryLink(
  region: string,
  { logGroup, query, from, to }: Readonly<Record<'logGroup' | 'query' | 'from' | 'to', string>>,
): string | undefined {
  const detail = { end: to, start: from, timeType: 'ABSOLUTE', tz: 'UTC', editorString: query, source: [logGroup] };
  return ofHome('cloudwatch', region, `logsV2:logs-insights$3FqueryDetail$3D${written(detail)}`);
}

/** The lines of a log in that time. */
export function logLink(region: string, logGroup: string, { since, now }: Watched): string | undefined {
  const group = dollars(encodeURIComponent(encodeURIComponent(logGroup)));
  const range = dollars(encodeURIComponent(`?start=${millis(before(since))}&end=${millis(now)}`));
  return ofHome('cloudwatch', region, `logsV2:log-groups/log-group/${group}/log-events${range}`);
}

/** The traces of a service in that time. */
export function tracesLink(region: string, { type, name }: Service, { since, now }: Watched): string | undefined {
  const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '')}"`;
  const query = {
    query: { filter: {}, expression: `service(id(name: ${quoted(name)}, type: ${quoted(type)}))` },
    context: { timeRange: { end: now, start: before(since) } },
  };
  return ofHome('cloudwatch', region, `xray:traces/query?${written(query)}`);
}

export function targetGroupLink(region: string, targetGroupArn: string): string | undefined {
  return ofHome('ec2', region, `TargetGroup:targetGroupArn=${pathOf(targetGroupArn)}`);
}

export function ecsServiceLink(region: string, cluster: string, service: string): string | undefined {
  return ofPath(region, ['ecs', 'v2', 'clusters', cluster, 'services', service, 'health']);
}

/** An image with its findings; where its digest is not known, its repository. */
export function imageLink(repositoryArn: string, digest: string | undefined): string | undefined {
  const [, , , region = '', account = '', ...rest] = repositoryArn.split(':');
  const [, ...repository] = rest.join(':').split('/');
  const image = digest === undefined ? [] : ['_', 'image', digest, 'details'];
  return ofPath(region, ['ecr', 'repositories', 'private', account, ...repository, ...image]);
}

/** Findings that are active, of these resources. */
export function findingsLink(region: string, filters: Readonly<Record<string, string>>): string | undefined {
  const search = Object.entries({ RecordState: 'ACTIVE', ...filters })
    .map(([name, value]) => `${name}=${encodeURIComponent(`\\operator\\:EQUALS\\:${value}`)}`)
    .join('&');
  return ofHome('securityhub', region, `/findings?search=${encodeURIComponent(search)}`);
}

/** A report of tests, or the group that holds all of them. */
export function testReportLink(arn: string): string | undefined {
  const [, , , region = '', account = '', ...rest] = arn.split(':');
  const [kind, ...id] = rest.join(':').split('/');
  const name = id.join('/');
  const place =
    kind === 'report' ? ['reports', name.slice(0, Math.max(name.lastIndexOf(':'), 0)), name] : ['reportGroups', name];
  return ofPath(region, ['codesuite', 'codebuild', account, 'testReports', ...place]);
}

/** An object of a bucket. */
export function objectLink(region: string, bucket: string, key: string): string | undefined {
  const object = `${pathOf(bucket)}?region=${region}&prefix=${encodeURIComponent(key)}`;
  return checked(`https://${hostOf(region)}/s3/object/${object}`);
}

/** The list of calendars: the console has no address that is known to lead to one of them. */
export function calendarsLink(region: string): string | undefined {
  return ofPath(region, ['systems-manager', 'change-calendar']);
}

/** An address of the AWS console, and nothing else. */
export function isConsoleLink(link: unknown): link is string {
  if (typeof link !== 'string' || link.length > LONGEST || !UNBROKEN.test(link) || !URL.canParse(link)) {
    return false;
  }
  const { protocol, host, username, password } = new URL(link);
  return protocol === 'https:' && CONSOLE.test(host) && username === '' && password === '';
}

/** @param place what stands behind the `#`, encoded already */
function ofHome(service: string, region: string, place: string): string | undefined {
  return checked(`https://${hostOf(region)}/${service}/home?region=${region}#${place}`);
}

function ofPath(region: string, path: readonly string[]): string | undefined {
  return checked(`https://${hostOf(region)}/${path.map(pathOf).join('/')}?region=${region}`);
}

function hostOf(region: string): string {
  const domain = DOMAINS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws.amazon.com';
  return `${region}.console.${domain}`;
}

function checked(link: string): string | undefined {
  return isConsoleLink(link) ? link : undefined;
}

/** As people read it. */
function pathOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/').replaceAll('%3A', ':');
}

function before(since: string): string {
  return iso(millis(since) - BEFORE);
}

/** The series, and hidden what its expression uses. In one graph every id is there once. */
function linesOf({ queries, period }: MetricSource, place: number): readonly Written[] {
  const named = (id: string): string => (place === 0 ? id : `${id}_${place}`);
  const ids = new RegExp(`\\b(${queries.map(({ id }) => id).join('|')})\\b`, 'g');
  return queries.map((query, index) => {
    const line = { id: named(query.id), period, visible: index === 0 };
    if ('expression' in query) {
      return [{ expression: query.expression.replaceAll(ids, named), ...line }];
    }
    const dimensions = Object.entries(query.dimensions ?? {}).flat();
    return [query.namespace, query.metric, ...dimensions, { stat: query.statistic, ...line }];
  });
}

/** What the CloudWatch console keeps in its addresses. */
type Written = string | number | boolean | readonly Written[] | { readonly [name: string]: Written };

/** As it writes them, in JSURL: `~(query~(expression~'fault*20*3d*20true))`. */
function written(value: Written): string {
  if (typeof value === 'string') {
    return `~'${escaped(value)}`;
  }
  if (typeof value !== 'object') {
    return `~${value}`;
  }
  return isList(value)
    ? `~(${value.map(written).join('')})`
    : `~(${Object.entries(value)
        .map(([name, one]) => `${escaped(name)}${written(one)}`)
        .join('~')})`;
}

function isList(value: Written): value is readonly Written[] {
  return Array.isArray(value);
}

function escaped(text: string): string {
  return text.replaceAll(/[^\w.-]/g, (unit) => {
    const code = unit.charCodeAt(0);
    const hex = code.toString(16);
    return unit === '$' ? '!' : code < 0x100 ? `*${hex.padStart(2, '0')}` : `**${hex.padStart(4, '0')}`;
  });
}

/** The logs console writes `$` for `%`. */
function dollars(text: string): string {
  return text.replaceAll('%', '$');
}
