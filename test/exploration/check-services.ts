/** What the check function answers: the real code of each kind, in front of services that tell how it is. */
import { DescribeChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetFindingsCommand } from '@aws-sdk/client-securityhub';
import { GetCalendarStateCommand } from '@aws-sdk/client-ssm';
import type { CheckCommand, Measurement } from '../../contract/messages';
import type { MeasureClients } from '../../lambda/aws/measure/clients';
import { measure } from '../../lambda/aws/measure/measure';
import { ReaderRefused } from '../../lambda/aws/measure/reader';
import { changeSetNamed, iso, MINUTE, numberOf, type Health, type World } from './world';

export const WAIVED = 'CVE-2026-1234';

/** A minute of a metric is known so long after its end. */
const PUBLISHED_AFTER = MINUTE;

const measured = new Map<string, Promise<Measurement>>();

export async function answerTo(command: CheckCommand, world: World): Promise<Measurement> {
  const { check, now } = command;
  if (check.kind === 'http') {
    // An address that is asked says what the world says.
    const { verdict } = world.health;
    return { checkId: check.id, at: now, verdict, reason: `it is ${verdict}` };
  }
  const { health, changeSet, clock } = world;
  const key = `${numberOf(health)} ${changeSet} ${clock} ${JSON.stringify(command)}`;
  const known = measured.get(key) ?? measure(command, clientsFor(command, world));
  measured.set(key, known);
  return known;
}

function clientsFor({ check }: CheckCommand, world: World): MeasureClients {
  const send = (question: unknown): Promise<unknown> =>
    world.health.verdict === 'ERROR'
      ? Promise.reject(new ReaderRefused(check.reader ?? 'arn:aws:iam::222222222222:role/reader'))
      : Promise.resolve(told(question, world));
  return {
    of: <Client>() => ({ send }) as Client,
    get: () => Promise.reject(new Error('no check here asks an address')),
  };
}

function told(question: unknown, world: World): object {
  if (question instanceof GetCalendarStateCommand) {
    return calendarAt(world.health, Date.parse(question.input.AtTime ?? ''));
  }
  if (question instanceof GetMetricDataCommand) {
    return dataOf(question, world);
  }
  if (question instanceof GetFindingsCommand) {
    const found = { Id: 'finding', Severity: { Label: 'CRITICAL' }, Vulnerabilities: [{ Id: WAIVED }] };
    return { Findings: world.health.verdict === 'FAIL' ? [found] : [] };
  }
  if (question instanceof DescribeChangeSetCommand) {
    return changeSetOf(world);
  }
  throw new Error('a check asks a service for something else');
}

/** Open from its time on, unless somebody closes it again. */
function calendarAt({ verdict, until = Infinity }: Health, time: number): object {
  return verdict === 'IN_PROGRESS' && time < until
    ? { State: 'CLOSED', ...(Number.isFinite(until) ? { NextTransitionTime: iso(until) } : {}) }
    : { State: 'OPEN' };
}

function changeSetOf({ health, changeSet }: World): object {
  const replaces = health.verdict === 'FAIL';
  const change = {
    Action: 'Modify',
    LogicalResourceId: 'Orders',
    ResourceType: 'AWS::DynamoDB::Table',
    Replacement: replaces ? 'True' : 'False',
    Scope: ['Properties'],
  };
  return {
    ChangeSetId: changeSetNamed(changeSet),
    StackId: 'arn:stack/shop-prod',
    Status: 'CREATE_COMPLETE',
    ExecutionStatus: 'AVAILABLE',
    Changes: [{ ResourceChange: change }],
  };
}

/** Whether a minute of it has data that is bad, good, or from hardly anybody; undefined without data. */
export function minuteOf(health: Health, time: number): 'PASS' | 'FAIL' | 'IN_PROGRESS' | undefined {
  const { verdict, since, before } = health;
  if (time < since && before !== undefined) {
    return minuteOf(before, time);
  }
  return verdict === 'INCONCLUSIVE' || verdict === 'ERROR' ? undefined : verdict;
}

/** The minutes from a time on of which the data is known at another time. */
export function minutesKnown(health: Health, from: number, at: number): readonly ReturnType<typeof minuteOf>[] {
  const first = Math.ceil(from / MINUTE) * MINUTE;
  const count = Math.max(Math.floor((at - PUBLISHED_AFTER - first) / MINUTE), 0);
  return Array.from({ length: count }, (_, index) => minuteOf(health, first + index * MINUTE));
}

/** How many requests a minute has, and how much of each metric. */
export const REQUESTS = { PASS: 100, FAIL: 100, IN_PROGRESS: 1 } as const;
const VALUES: Readonly<Record<string, Readonly<Record<'PASS' | 'FAIL' | 'IN_PROGRESS', number>>>> = {
  requests: REQUESTS,
  errors: { PASS: 0, FAIL: 50, IN_PROGRESS: 0 },
  latency: { PASS: 100, FAIL: 900, IN_PROGRESS: 100 },
  baseline: { PASS: 100, FAIL: 100, IN_PROGRESS: 100 },
};

function dataOf({ input }: GetMetricDataCommand, { health, clock }: World): object {
  const metric = input.MetricDataQueries?.[0]?.MetricStat?.Metric?.MetricName ?? '';
  const [from, to] = [input.StartTime, input.EndTime].map(Number) as [number, number];
  const points = Array.from({ length: (to - from) / MINUTE }, (_, index) => from + index * MINUTE).flatMap((time) => {
    const kind = time + MINUTE + PUBLISHED_AFTER <= clock ? minuteOf(health, time) : undefined;
    return kind === undefined ? [] : [{ time, value: VALUES[metric]?.[kind] ?? NaN }];
  });
  const Timestamps = points.map(({ time }) => new Date(time));
  return { MetricDataResults: [{ StatusCode: 'Complete', Timestamps, Values: points.map(({ value }) => value) }] };
}
