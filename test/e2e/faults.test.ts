/**
 * One AWS operation after the other fails three times in a row, before it takes effect or after: as often as the SDK
 * tries by itself, so that a whole invocation breaks off. The approval goes on all the same, once.
 */
import { join } from 'node:path';
import type { Fault } from '../../rehearsal/aws/faults';
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';
import { gateState, runOf } from '../../rehearsal/scenario/observe';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import type { Step } from '../../rehearsal/scenario/schema';
import { Steps } from '../../rehearsal/scenario/steps';
import { World } from '../../rehearsal/world';
import { someOf } from '../../rehearsal/test/support/thorough';
import { recordFindings, recordsOf } from './record';

const GATE = 'Prod/Approve';
const PEOPLE = ['ana@example.com', 'bo@example.com'];
const APP = join(__dirname, '../../rehearsal/test/fixtures/guarded.ts');

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The SDK tries three times. */
const TIMES = 3;
/** A page that says "try again" is sent again, by people who are in no hurry. */
const PATIENCE = 6;

/** Everything that the functions of the workflow ask of AWS, and who does. Those that change something also fail afterwards. */
const READS = [
  'cloudwatch:DescribeAlarmHistory by check',
  'cloudwatch:DescribeAlarms by check',
  'codepipeline:GetPipelineExecution by decide',
  'codepipeline:GetPipelineState by decide',
  'codepipeline:ListActionExecutions by decide',
  'codepipeline:ListPipelineExecutions by decide',
  'dynamodb:Query by decide',
  'dynamodb:Query by review',
  'sns:ListSubscriptionsByTopic by decide',
  'ssm:GetParameters by decide',
  'ssm:GetParametersByPath by decide',
  'sts:AssumeRole by check',
  'sts:AssumeRole by decide',
];
const WRITES = [
  'codepipeline:PutApprovalResult by decide',
  'dynamodb:PutItem by decide',
  'dynamodb:PutItem by intake',
  'dynamodb:PutItem by review',
  'dynamodb:UpdateItem by decide',
  'eventbridge:PutEvents by decide',
  'lambda:Invoke by decide',
  'sfn:StartExecution by decide',
  'sfn:StartExecution by intake',
  'sns:Publish by decide',
];
/** By Lambda itself, with the role of the function: it asks again until it is told. */
const BY_LAMBDA = /^(sqs:|dynamodb:(DescribeStream|GetRecords|GetShardIterator) )/;

interface Story {
  readonly rehearsal: Rehearsal;
  readonly steps: Steps;
}

async function story(tell: (story: Story) => Promise<void>): Promise<void> {
  const rehearsal = new Rehearsal(await World.create(await sharedAssembly(APP)));
  try {
    await tell({ rehearsal, steps: new Steps(rehearsal) });
  } finally {
    await rehearsal.close();
  }
}

const requests = (rehearsal: Rehearsal, to: string) =>
  rehearsal.world.inbox.filter((mail) => mail.to === to && /[?&]key=/.test(mail.text));
const news = (rehearsal: Rehearsal, to: string) =>
  rehearsal.world.inbox.filter((mail) => mail.to === to && mail.subject.includes('Approved'));

async function until({ rehearsal: { world } }: Story, reached: () => boolean): Promise<void> {
  expect(await world.clock.runUntil(reached, { limit: world.clock.now() + 2 * HOUR })).toBe(true);
}

async function ask(story: Story): Promise<void> {
  const { rehearsal, steps } = story;
  await steps.run({ alarm: { name: 'shop-5xx', state: 'OK' } } as Step);
  rehearsal.push({ message: 'Sell tea' });
  await until(story, () => PEOPLE.every((person) => requests(rehearsal, person).length > 0));
  // The alarm changes while people are asked, so that its history is read, too. Checks that were struck are measured again before
  // Approve is unlocked.
  await steps.run({ alarm: { name: 'shop-5xx', state: 'INSUFFICIENT_DATA', for: MINUTE } } as Step);
  await rehearsal.world.clock.advanceBy(30 * MINUTE);
}

async function approve({ rehearsal, steps }: Story, as: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await steps.run({ approve: { gate: GATE, as } } as Step);
    } catch (error) {
      if (attempt === PATIENCE) throw error;
      await rehearsal.world.clock.advanceBy(MINUTE);
    }
  }
}

async function answer(story: Story): Promise<void> {
  const { rehearsal } = story;
  await approve(story, 'ana@example.com');
  await rehearsal.world.clock.advanceBy(5 * MINUTE);
  // Told twice or not, one yes is one.
  expect(gateState(runOf(rehearsal, GATE))).toBe('asks');
  await approve(story, 'bo@example.com');
  await until(story, () => gateState(runOf(rehearsal, GATE)) !== 'asks');
  await rehearsal.world.clock.advanceBy(30 * MINUTE);
}

async function expectSound({ rehearsal }: Story, fault?: Fault): Promise<void> {
  const { world } = rehearsal;
  expect(gateState(runOf(rehearsal, GATE))).toBe('approved');
  expect(rehearsal.latest?.execution.status).toBe('Succeeded');

  const answers = world.calls.filter(
    ({ operation, ok, error }) =>
      operation === 'PutApprovalResult' && (ok || (fault?.after === true && error === 'InternalServerError')),
  );
  expect(answers).toHaveLength(1);

  for (const person of PEOPLE) {
    expect([1, 2]).toContain(requests(rehearsal, person).length);
    expect([1, 2]).toContain(news(rehearsal, person).length);
  }
  const rows = await rowsOf(world);
  const votes = rows.filter(({ sk }) => sk.startsWith('vote#'));
  expect(votes.map(({ verdict }) => verdict)).toEqual(['APPROVE', 'APPROVE']);
  expect(new Set(votes.map(({ approver }) => approver)).size).toBe(2);
  const metas = rows.filter(({ sk }) => sk === 'meta');
  expect(metas).toHaveLength(1);
  expect(metas[0]).toMatchObject({ outcome: expect.anything(), deliveredAt: expect.anything() });

  const told = (type: string) => world.events.filter((event) => event['detail-type'] === type).length;
  expect(told('Approval Bypassed')).toBe(0);
  expect([1, 2]).toContain(told('Approval Decided'));
  expect((await recordsOf(world)).map(({ entries }) => entries.length)).toEqual([1]);
  expect(await recordFindings(world)).toEqual([]);
}

interface Row {
  readonly sk: string;
  readonly [field: string]: unknown;
}

async function rowsOf(world: World): Promise<readonly Row[]> {
  const tables = world.resources('AWS::DynamoDB::Table').map(({ physicalId }) => physicalId);
  const scans = await Promise.all(tables.map((TableName) => world.call('dynamodb', 'Scan', { TableName })));
  return scans
    .flatMap(({ Items }) => Items as Record<string, Record<string, unknown>>[])
    .map(
      (item) => Object.fromEntries(Object.entries(item).map(([key, value]) => [key, Object.values(value)[0]])) as Row,
    );
}

const fault = (call: string, after: boolean): Fault => {
  const [operation = '', principal = ''] = call.split(' by ');
  // Each attempt at a mail or an event that took effect is one, the SDK's own attempts too.
  return { operation, principal, after, times: after && /Publish|PutEvents/.test(operation) ? 1 : TIMES };
};
const FAULTS = [
  ...[...READS, ...WRITES].map((call) => [call, 'before it takes effect', fault(call, false)] as const),
  ...WRITES.map((call) => [call, 'after it took effect', fault(call, true)] as const),
];

/** `dynamodb:Query by decide`, for calls of the workflow's functions. */
function callsOf({ world }: Rehearsal, failed = false): readonly string[] {
  return world.calls
    .filter(({ error }) => !failed || error === 'InternalServerError')
    .flatMap(({ service, operation, principal }) => {
      const by = ['check', 'decide', 'intake', 'review'].find((name) => principal.toLowerCase().includes(name));
      return by === undefined ? [] : [`${service}:${operation} by ${by}`];
    })
    .filter((call) => !BY_LAMBDA.test(call));
}

test('nothing is left out: an approval without faults makes these calls', async () => {
  await story(async (told) => {
    await ask(told);
    await answer(told);

    await expectSound(told);
    expect([...new Set(callsOf(told.rehearsal))].sort()).toEqual([...READS, ...WRITES].sort());
  });
});

describe('from the beginning', () => {
  test.each(someOf('faults', FAULTS, 6, 2))('%s fails %s', async (call, _when, struck) => {
    await story(async (told) => {
      told.rehearsal.world.faults.add(struck);
      await ask(told);
      await answer(told);

      expect(callsOf(told.rehearsal, true)).toContain(call);
      await expectSound(told, struck);
    });
  });
});

/** What is not asked again when people answer; a session of a role is kept while it is good. */
const ONLY_BEFORE =
  /intake|ListSubscriptions|GetPipelineExecution|ListPipelineExecutions|PutApprovalResult|lambda:|AssumeRole|by review|by check/;

describe('once people answer', () => {
  test.each(
    someOf(
      'faults while people answer',
      FAULTS.filter(([call]) => !ONLY_BEFORE.test(call)),
      4,
      2,
    ),
  )('%s fails %s', async (call, _when, struck) => {
    await story(async (told) => {
      await ask(told);
      told.rehearsal.world.faults.add(struck);
      await answer(told);

      expect(callsOf(told.rehearsal, true)).toContain(call);
      await expectSound(told, struck);
    });
  });
});

/** The record of a request is written in many small steps: each of them may be the one that fails. */
describe('in the middle', () => {
  const SPARED = [1, 3, 6, 10, 14];
  test.each(
    someOf(
      'faults in the middle',
      SPARED.flatMap((skip) => [false, true].map((after) => [skip, after] as const)),
      3,
    ),
  )('dynamodb:UpdateItem by decide fails after %s that went well (after it took effect: %s)', async (skip, after) => {
    await story(async (told) => {
      const struck = { ...fault('dynamodb:UpdateItem by decide', after), skip };
      told.rehearsal.world.faults.add(struck);
      await ask(told);
      await answer(told);

      expect(callsOf(told.rehearsal, true)).toContain('dynamodb:UpdateItem by decide');
      await expectSound(told, struck);
    });
  });
});
