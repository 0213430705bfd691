/**
 * What each kind of check asks of AWS in a measurement, counted in a rehearsal, and what a bake with it costs: the table in docs/cost.md
 * (UPDATE_DOCS=1 writes it).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRICES } from '../../rehearsal/cost';
import { ASSUMED_SECONDS } from '../../rehearsal/counts';
import type { World } from '../../rehearsal/world';
import { thoroughly } from '../../rehearsal/test/support/thorough';
import { rehearse, scenarioOf } from '../../rehearsal/test/support/scenarios';

const PAGE = join(__dirname, '../../docs/cost.md');
const FROM = '<!-- from test/e2e/cost-of-checks.test.ts -->';
const TO = '<!-- end -->';

interface Kind {
  readonly check: string;
  readonly scenario: string;
  /** Ids of the checks of this kind. */
  readonly ids: RegExp;
  /** What they ask, and the price of one such call in us-east-1, past every free tier. */
  readonly asks: Readonly<Record<string, number>>;
  /** What the scenario has of it, or what is not priced by calls. */
  readonly note?: string;
}

/** https://aws.amazon.com/cloudwatch/pricing/: $0.01 for 1,000 metrics that are read. */
const METRIC = 10e-6;
/** https://aws.amazon.com/secrets-manager/pricing/ */
const SECRET = 5e-6;
/** https://aws.amazon.com/s3/pricing/: $0.0004 for 1,000 requests. */
const OBJECT = 0.4e-6;
/** A function of 256 MB. */
const FUNCTION = PRICES.invocation + 0.25 * ASSUMED_SECONDS * PRICES.gigabyteSecond;

const KINDS: readonly Kind[] = [
  {
    check: 'alarm',
    scenario: 'alarm-in-minute-7-rolls-back',
    ids: /^alarm-/,
    asks: {
      'cloudwatch:DescribeAlarms': PRICES.cloudWatchRequest,
      'cloudwatch:DescribeAlarmHistory': PRICES.cloudWatchRequest,
    },
  },
  {
    check: 'metric',
    scenario: 'metrics-healthy',
    ids: /^(shop-latency|metric-)/,
    asks: { 'cloudwatch:GetMetricData': METRIC },
    note: 'one metric each',
  },
  {
    check: 'error ratio',
    scenario: 'error-ratio-healthy',
    ids: /./,
    asks: { 'cloudwatch:GetMetricData': METRIC },
  },
  {
    check: 'HTTP',
    scenario: 'example-private-service',
    ids: /^http-/,
    asks: { 'secretsmanager:GetSecretValue': SECRET, 'lambda:InvokeFunction': FUNCTION },
    note: 'with a secret and a probe; without them nothing',
  },
  {
    check: 'test report, code coverage',
    scenario: 'tests-of-the-run-decide',
    ids: /./,
    asks: {
      'codebuild:BatchGetReports': 0,
      'codebuild:ListReportsForReportGroup': 0,
      'codebuild:DescribeTestCases': 0,
    },
  },
  {
    check: 'canary analysis',
    scenario: 'canary-analysis-healthy',
    ids: /./,
    asks: { 'cloudwatch:GetMetricData': METRIC },
  },
  {
    check: 'image scan',
    scenario: 'critical-finding-waived-until-a-day',
    ids: /./,
    asks: { 'ecr:DescribeImageScanFindings': 0 },
  },
  {
    check: 'licences',
    scenario: 'licenses-decide',
    ids: /./,
    asks: { 's3:GetObject': OBJECT },
  },
  {
    check: 'security findings',
    scenario: 'finding-appears-during-the-bake',
    ids: /./,
    asks: { 'securityhub:GetFindings': 0 },
  },
  {
    check: 'synthetics canary',
    scenario: 'example-synthetics-canary',
    ids: /^synthetics-/,
    asks: { 'synthetics:GetCanary': 0, 'synthetics:GetCanaryRuns': 0 },
    note: 'at no charge; the runs of the canary have their own price',
  },
  {
    check: 'target group',
    scenario: 'example-steady-service-is-approved',
    ids: /^target-group-/,
    asks: { 'elasticloadbalancing:DescribeTargetHealth': 0 },
  },
  {
    check: 'ECS service',
    scenario: 'example-steady-service-is-approved',
    ids: /^ecs-service-/,
    asks: { 'ecs:DescribeServices': 0 },
  },
  {
    check: 'change calendar',
    scenario: 'example-steady-service-is-approved',
    ids: /^change-calendar-/,
    asks: { 'ssm:GetCalendarState': 0 },
  },
  {
    check: 'log query',
    scenario: 'example-errors-in-the-log-reject',
    ids: /^log-/,
    asks: { 'logs:StartQuery': 0, 'logs:GetQueryResults': 0 },
    note: 'and what it scans, see above',
  },
  {
    check: 'change set',
    scenario: 'example-risky-change-asks',
    ids: /^change-set-/,
    asks: { 'cloudformation:DescribeChangeSet': 0 },
  },
];

/** Two state transitions, `decide` and `check`, the read of the request and the write of the check's state. */
const LOOK =
  2 * PRICES.transition +
  2 * PRICES.invocation +
  (0.5 + 0.25) * ASSUMED_SECONDS * PRICES.gigabyteSecond +
  2 * PRICES.readUnit +
  2 * PRICES.writeUnit;

interface Row {
  readonly kind: Kind;
  /** Calls in a measurement, by action. */
  readonly calls: readonly (readonly [action: string, count: number])[];
}

async function rowOf(kind: Kind): Promise<Row> {
  let row: Row | undefined;
  await rehearse(scenarioOf(`rehearsal/scenarios/${kind.scenario}.yaml`), ({ world }) => {
    const measured = measurementsOf(world, kind.ids);
    expect(measured).toBeGreaterThan(0);
    const made = world.calls.filter(({ principal }) => /Check/.test(principal));
    const calls = Object.keys(kind.asks).map((action) => {
      const count = made.filter((call) => call.action === action).length / measured;
      return [action, Math.round(count * 10) / 10] as const;
    });
    row = { kind, calls };
    return Promise.resolve();
  });
  return row!;
}

function measurementsOf(world: World, ids: RegExp): number {
  return world.logs.filter(({ text }) => {
    const { message = '', checkId = '' } = JSON.parse(text.startsWith('{') ? text : '{}') as Record<string, string>;
    return message.startsWith('check measured') && ids.test(checkId);
  }).length;
}

function lineOf({ kind, calls }: Row): string {
  const extra = calls.reduce((sum, [action, count]) => sum + count * kind.asks[action]!, 0);
  const hour = 60 * (LOOK + extra);
  const day = 288 * (LOOK + extra);
  const asked = calls.map(([action, count]) => `\`${action}\` ${howOften(count)}`).join(', ');
  const note = kind.note === undefined ? '' : ` (${kind.note})`;
  return `| ${kind.check} | ${asked}${note} | ${price(hour)} | ${price(day)} |`;
}

function howOften(count: number): string {
  return count === 0 ? 'rarely' : count === 1 ? 'once' : `${count} times`;
}

function price(dollars: number): string {
  return `$${(Math.ceil(dollars * 10_000) / 10_000).toFixed(4)}`;
}

thoroughly('costs of checks, counted in rehearsals')('the costs of checks', () => {
  test('in docs/cost.md are those that a rehearsal counts', async () => {
    const lines: string[] = [];
    for (const kind of KINDS) {
      lines.push(lineOf(await rowOf(kind)));
    }
    const table = [
      '| check | asks, in a measurement | a bake of an hour, every minute | a bake of a day, every 5 minutes |',
      '|---|---|---|---|',
      ...lines,
    ].join('\n');
    const text = readFileSync(PAGE, 'utf8');
    const written = `${text.slice(0, text.indexOf(FROM) + FROM.length)}\n\n${table}\n\n${text.slice(text.indexOf(TO))}`;
    if (process.env.UPDATE_DOCS === '1') writeFileSync(PAGE, written);

    expect(readFileSync(PAGE, 'utf8')).toBe(written);
  }, 240_000);
});
