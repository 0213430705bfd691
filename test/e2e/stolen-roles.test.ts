/**
 * Somebody has the credentials of a function. Every call that its role allows, as the independent evaluator judges, is really made
 * against a gate that waits: no gate opens, and no vote is erased without the alarm. What remains possible is in docs/security.md.
 */
import { join } from 'node:path';
import { gateState, runOf } from '../../rehearsal/scenario/observe';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import { linkIn } from '../../rehearsal/approval-gates/review-page';
import type { Step } from '../../rehearsal/scenario/schema';
import { Steps } from '../../rehearsal/scenario/steps';
import { World } from '../../rehearsal/world';
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';
import { ask, policiesOf, questions, statementsOf } from './permissions';

const GATE = 'Prod/Approve';
const ANA = 'ana@example.com';
const BO = 'bo@example.com';
const MINUTE = 60_000;
/** What every function may do to its own log, and what Lambda does with its role past the endpoints. */
const ROUTINE = /^(logs:|sqs:SendMessage|dynamodb:(ListStreams|DescribeStream|GetRecords|GetShardIterator))/;

type Attack = readonly [service: string, operation: string, input: object];

const S = (text: string) => ({ S: text });
const N = (value: number) => ({ N: String(value) });

class Heist {
  static async at(app: string): Promise<Heist> {
    const rehearsal = new Rehearsal(
      await World.create(await sharedAssembly(join(__dirname, '../../rehearsal/test/fixtures', app))),
    );
    return new Heist(rehearsal, new Steps(rehearsal));
  }

  private constructor(
    readonly rehearsal: Rehearsal,
    readonly steps: Steps,
  ) {}

  get world(): World {
    return this.rehearsal.world;
  }

  get state(): string {
    return gateState(runOf(this.rehearsal, GATE));
  }

  table(part: string): string {
    return this.world.resources('AWS::DynamoDB::Table').find(({ logicalId }) => logicalId.includes(part))!.physicalId;
  }

  async rows(part: string): Promise<readonly Record<string, any>[]> {
    return (await this.world.call('dynamodb', 'Scan', { TableName: this.table(part) })).Items;
  }

  /** Makes those calls that the role of a function allows; answers them, and those that were refused. */
  async tryAll(name: string, attacks: readonly Attack[]) {
    const { world } = this;
    const caller = world.callerOfFunction(world.functionNamed(name).arn!);
    const role = world.policies(caller.roleArn);
    const made: string[] = [];
    const refused: string[] = [];
    const actions = new Set<string>();
    for (const [service, operation, input] of attacks) {
      // The question of the call, without its effect.
      world.faults.add({ operation: `${service}:${operation}`, code: 'ProbeException', times: 1 });
      await expect(world.call(service, operation, input, caller)).rejects.toThrow();
      const asked = questions([world.calls.at(-1)!]);
      const answers = await Promise.all(asked.map((question) => ask(question, policiesOf(role))));
      asked.forEach(({ action }) => actions.add(action));
      if (answers.every((answer) => answer === 'Allowed')) {
        made.push(`${service}:${operation}`);
        await world.call(service, operation, input, caller).catch(() => undefined);
        await world.clock.settle();
      } else {
        refused.push(`${service}:${operation} ${JSON.stringify(input).slice(0, 120)}`);
      }
    }
    const allowed = statementsOf(role)
      .flatMap(({ text }) => [(JSON.parse(text) as { Action: string | string[] }).Action].flat())
      .filter((action) => !ROUTINE.test(action));
    return { made, refused, untried: allowed.filter((action) => !actions.has(action)) };
  }

  tampered(): boolean {
    return this.world.logs.some(({ text }) => text.includes('"DecisionsTampered":1'));
  }

  close(): Promise<void> {
    return this.rehearsal.close();
  }
}

/** A gate that two people and two checks open together: Ana has said yes, the alarm is red. */
async function waitingGate(): Promise<Heist> {
  const heist = await Heist.at('guarded.ts');
  const { steps, world } = heist;
  await steps.run({ alarm: { name: 'shop-5xx', state: 'OK' } } as Step);
  heist.rehearsal.push({ message: 'Sell tea' });
  await steps.run({ wait: { until: { mail: [{ to: BO, subject: 'Prod' }] }, within: 60 * MINUTE } } as Step);
  await steps.run({ approve: { gate: GATE, as: ANA } } as Step);
  await steps.run({ alarm: { name: 'shop-5xx', state: 'ALARM' } } as Step);
  await world.clock.advanceBy(5 * MINUTE);
  expect(heist.state).toBe('asks');
  return heist;
}

describe('with the role of', () => {
  let heist: Heist;
  let request: string;
  let ana: string;

  beforeEach(async () => {
    heist = await waitingGate();
    const link = linkIn(heist.world.inbox.find(({ to }) => to === ANA)!)!;
    request = link.request;
    ana = link.by;
  }, 60_000);

  afterEach(() => heist.close());

  const put = (table: string, row: Record<string, object>): Attack => [
    'dynamodb',
    'PutItem',
    { TableName: heist.table(table), Item: row },
  ];
  const votesOf = async () =>
    (await heist.rows('Requests')).filter(({ pk, sk }) => pk.S === request && String(sk.S).startsWith('vote#'));

  test('intake, rows of its own kind can be put and runs started: the gate stays shut and the vote stays', async () => {
    const { world } = heist;
    const [machine] = world.resources('AWS::StepFunctions::StateMachine');
    const before = await votesOf();
    const start = (name: string, target: object): Attack => [
      'sfn',
      'StartExecution',
      {
        stateMachineArn: machine.arn,
        name,
        input: JSON.stringify({ at: '2020-01-01T00:00:00.000Z', target, events: 0 }),
      },
    ];
    const queue = world.resources('AWS::SQS::Queue').find(({ logicalId }) => !/Dead/.test(logicalId))!;
    const common = { v: N(2), ttl: N(9e9) };
    const gate = { pipeline: S('guarded'), stage: S('Prod'), action: S('Approve') };

    const { made, refused, untried } = await heist.tryAll('intake', [
      // What would open the gate: none of it may be put.
      put('Requests', { ...common, pk: S(request), sk: S('check#alarm-shop-5xx') }),
      put('Requests', { ...common, pk: S(request), sk: S(`vote#${ana}`) }),
      put('Requests', { ...common, pk: S(request), sk: S('meta'), ...gate }),
      put('Requests', { ...common, pk: S(request), sk: S(`invite#${ana}`) }),
      put('Requests', { ...common, pk: S(`run#${request}`), sk: S(request) }),
      // With attributes that intake does not write.
      put('Requests', { ...common, pk: S(`asked#${request}`), sk: S('asked'), phase: S('DECIDED') }),
      // What it may: overwrite what asked, invent requests, name authors.
      put('Requests', {
        ...common,
        pk: S(`asked#${request}`),
        sk: S('asked'),
        ...gate,
        requestedAt: S('2020-01-01T00:00:00Z'),
      }),
      put('Requests', {
        ...common,
        pk: S(`asked#${'0'.repeat(32)}`),
        sk: S('asked'),
        ...gate,
        requestedAt: S('2020-01-01T00:00:00Z'),
      }),
      put('Requests', { ...common, pk: S(`trigger#${'0'.repeat(32)}`), sk: S('trigger'), authors: { L: [S(BO)] } }),
      start('stolen-1', { requestId: request }),
      start('stolen-2', { requestId: request, vote: true }),
      start('stolen-3', { requestId: '0'.repeat(32), vote: true }),
      start('stolen-4', {
        gate: { pipeline: 'guarded', stage: 'Prod', action: 'Approve' },
        executionId: 'none',
        since: '2020-01-01T00:00:00Z',
      }),
      ['sqs', 'ReceiveMessage', { QueueUrl: queue.physicalId, MaxNumberOfMessages: 10 }],
      ['sqs', 'DeleteMessage', { QueueUrl: queue.physicalId, ReceiptHandle: 'none' }],
      ['sqs', 'GetQueueAttributes', { QueueUrl: queue.physicalId, AttributeNames: ['All'] }],
    ]);
    await world.clock.advanceBy(10 * MINUTE);

    expect(untried).toEqual([]);
    expect(refused).toHaveLength(6);
    expect(made).toContain('dynamodb:PutItem');
    expect(await votesOf()).toEqual(before);
    expect(heist.state).toBe('asks');
  }, 60_000);

  test('review, decisions can be put: junk opens nothing, and overwriting raises the alarm', async () => {
    const before = await votesOf();
    const [decision] = await heist.rows('Decisions');
    const signature = String(before[0]!.sig.S);
    // Another spelling of the same 64 bytes: the last character carries two bits only.
    const respelled = `${signature.slice(0, -1)}${signature.endsWith('A') ? 'B' : signature.endsWith('Q') ? 'R' : signature.endsWith('g') ? 'h' : 'x'}`;
    const signIn = { sk: S('x'), seq: N(1), sig: S('A'.repeat(86)), at: S('2020-01-01T00:00:00Z'), ttl: N(9e9) };
    const workflow = String(
      heist.world
        .resources('AWS::SSM::Parameter')
        .map(({ physicalId }) => physicalId.split('/'))
        .find((path) => path[3] === 'people')?.[2],
    );
    const forged = (sk: string, more: Record<string, object> = {}) =>
      put('Decisions', { ...decision, pk: S(request), sk: S(sk), ...more });

    const { made, refused, untried } = await heist.tryAll('review', [
      put('Requests', { pk: S(request), sk: S(`vote#${ana}`) }),
      forged(`${ana}#${'0'.repeat(64)}`, { phase: S('DECIDED') }),
      ['dynamodb', 'PutItem', { TableName: heist.table('Decisions'), Item: decision, ReturnValues: 'ALL_OLD' }],
      // Allowed: junk, a signature that is spelled otherwise, a yes of Bo that Ana signed, an overwritten row.
      forged(`${ana}#${'0'.repeat(64)}`),
      forged(`${ana}#${'1'.repeat(64)}`, { sig: S(respelled), verdict: S('REJECT') }),
      forged(`${'b'.repeat(12)}#${'2'.repeat(64)}`, { sig: S(signature) }),
      forged(String(decision!.sk.S), { verdict: S('REJECT'), comment: S('never') }),
      // Allowed as well: a link to sign in for Ana, which Ana gets, and a session that no link of hers has signed.
      put('Decisions', { pk: S(`sign-in#${ana}`), sk: S('wanted#1'), at: S('2020-01-01T00:00:00Z'), ttl: N(9e9) }),
      put('Decisions', { ...signIn, pk: S(`sign-in#${ana}`), comment: S('A'.repeat(43)) }),
      put('Decisions', {
        ...signIn,
        pk: S(`session#${'0'.repeat(32)}`),
        verdict: S('EMAIL_LINK'),
        comment: S(request),
      }),
      ['ssm', 'GetParametersByPath', { Path: `/approval-gates/${workflow}/people` }],
      ['ssm', 'GetParametersByPath', { Path: `/approval-gates/${workflow}/gates`, Recursive: true }],
      [
        'dynamodb',
        'Query',
        {
          TableName: heist.table('Requests'),
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': S(request) },
        },
      ],
    ]);
    await heist.steps.run({ alarm: { name: 'shop-5xx', state: 'OK' } } as Step);
    await heist.world.clock.advanceBy(2 * 60 * MINUTE);

    expect(untried).toEqual([]);
    expect(refused).toHaveLength(4);
    expect(made.filter((call) => call === 'dynamodb:PutItem')).toHaveLength(7);
    const sessions = (await heist.rows('Requests')).filter(({ pk }) => String(pk.S).startsWith('session#'));
    expect(sessions).toEqual([]);
    const links = heist.world.inbox.filter(({ subject }) => subject.includes('Sign in'));
    expect(links.map(({ to }) => to)).toEqual([ANA]);
    expect(await votesOf()).toEqual(before);
    expect(heist.tampered()).toBe(true);
    expect(heist.state).toBe('asks');
    // The vote that was there still counts.
    await heist.steps.run({ approve: { gate: GATE, as: BO } } as Step);
    await heist.world.clock.advanceBy(5 * MINUTE);
    expect(heist.state).toBe('approved');
  }, 60_000);

  test('check, alarms can be read through the check role, and nothing else', async () => {
    const { world } = heist;
    const roles = world.resources('AWS::IAM::Role').map(({ arn }) => arn!);
    const assume = (RoleArn: string): Attack => ['sts', 'AssumeRole', { RoleArn, RoleSessionName: 'stolen' }];

    const { untried } = await heist.tryAll('check', roles.map(assume));
    const own = world.callerOfFunction(world.functionNamed('check').arn!).roleArn;
    const open = roles.filter((arn) => JSON.stringify(world.policies(arn).trust).includes(own));

    expect(untried).toEqual([]);
    expect(open).toHaveLength(1);
    const actions = statementsOf(world.policies(open[0]!)).flatMap(({ text }) =>
      [(JSON.parse(text) as { Action: string | string[] }).Action].flat(),
    );
    expect(actions.sort()).toEqual(['cloudwatch:DescribeAlarmHistory', 'cloudwatch:DescribeAlarms']);
    expect(heist.state).toBe('asks');
  }, 60_000);
});
