/** The change sets that a gate shows: when they are read, and which approvals still count. */
import { MOST_CHANGE_SETS } from '../../../contract/policy';
import { changeSetView, type ChangeSetView } from '../../../lambda/domain/change-set';
import { voteOf } from '../../../lambda/review/link';
import { ANA, at, BO, hours, policyOf, ruleOf } from '../samples';
import { eachTestHasAGate, GateFixture, logged } from './gate-fixture';

const SET = { stack: 'shop-prod', name: 'release' };
const read = (id: string, says = '1 added'): ChangeSetView => ({
  kind: 'READ',
  ...SET,
  id,
  says,
  changes: [],
  unlisted: 0,
});
const UNREAD: ChangeSetView = { kind: 'UNREAD', ...SET, reason: 'no answer' };

let gate: GateFixture;
let now: ChangeSetView;
let reads: number;

eachTestHasAGate(async (fresh) => {
  gate = fresh;
  now = read('one');
  reads = 0;
  gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 2 } }), changeSets: [SET] });
  gate.changeSet = () => {
    reads += 1;
    return now;
  };
  await gate.ask();
});

const phase = async () => (await gate.request()).phase;
const voteBy = async ({ id }: { id: string }) => voteOf((await gate.records()).votes, id);

test('are in mail, page and evidence from the first look', async () => {
  await gate.look(1);

  const { shown } = await gate.known();
  expect(shown.changeSets).toEqual([read('one')]);
  expect(shown.evidenceHistory.at(-1)?.shown.changeSets).toEqual([{ ...SET, id: 'one', says: '1 added' }]);
  expect(gate.mailsTo(ANA)[0]?.text).toContain('Change set shop-prod: 1 added');
});

test('are new evidence when they are made again, and when they cannot be read any more', async () => {
  await gate.look(1);
  const first = (await gate.known()).shown.evidence;
  await gate.look(60);
  expect((await gate.known()).shown.evidence).toBe(first);

  now = read('two');
  await gate.look(120);
  const second = (await gate.known()).shown.evidence;
  now = UNREAD;
  await gate.look(180);

  expect(new Set([first, second, (await gate.known()).shown.evidence]).size).toBe(3);
});

test('fit into one row, however many there are, how long their names, and how often they are made again', async () => {
  const sets = Array.from({ length: MOST_CHANGE_SETS }, (_, n) => ({
    stack: `shop-prod-${n}`,
    name: 'PipelineChange',
  }));
  gate.policy = policyOf({ changeSets: sets });
  let round = 0;
  gate.changeSet = (changeSet) =>
    changeSetView(changeSet, {
      id: `arn:aws:cloudformation:eu-west-1:111111111111:changeSet/PipelineChange/${round}`,
      status: 'CREATE_COMPLETE',
      executionStatus: 'AVAILABLE',
      changes: Array.from({ length: 500 }, (_, n) => ({
        Action: 'Modify',
        Replacement: ['True', 'Conditional', 'Other'][n % 3],
        LogicalResourceId: `${'R'.repeat(200)}${n}`,
        ResourceType: 'AWS::ElasticLoadBalancingV2::ListenerRule',
        Scope: ['Properties', 'Metadata', 'Tags'],
      })),
    });
  for (; round < 30; round += 1) {
    await gate.look(round + 1);
  }

  const { request } = await gate.records();
  expect(JSON.stringify(request).length).toBeLessThan(300_000);
  const { shown } = await gate.known();
  expect(shown.changeSets).toHaveLength(MOST_CHANGE_SETS);
  expect(shown.changeSets?.[0]).toMatchObject({ unlisted: 490, changes: { length: 10 } });
  expect(shown.evidenceHistory.at(-1)?.hash).toBe(shown.evidence);
});

describe('an approval', () => {
  test('of one that was made again since does not count, for good, and the record will say so', async () => {
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 60);
    now = read('two', '1 REMOVED (Bucket Pictures)');
    await gate.look(120);
    await gate.decide(BO, 'APPROVE', 180);

    expect(await phase()).toBe('WAITING');
    expect(await voteBy(ANA)).toMatchObject({ verdict: 'APPROVE', current: false });
    expect(await voteBy(BO)).toMatchObject({ verdict: 'APPROVE', current: true });
    expect(logged().join('')).toContain('an approval is outdated');

    now = read('one');
    await gate.look(240);
    expect(await phase()).toBe('WAITING');
  });

  test('of what is there now takes the place of the outdated one', async () => {
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 60);
    now = read('two');
    await gate.decide(BO, 'APPROVE', 120);
    expect(await phase()).toBe('WAITING');

    await gate.decide(ANA, 'APPROVE', 180);
    await gate.decide(BO, 'APPROVE', 240);

    expect(await phase()).toBe('CLOSED');
    expect(gate.codePipeline.answers).toMatchObject([{ approved: true }]);
  });

  test('that arrives just when it is made again does not count', async () => {
    gate.policy = policyOf({ changeSets: [SET] });
    await gate.look(1);
    now = read('two');

    await gate.decide(ANA, 'APPROVE', 60);

    expect(await phase()).toBe('WAITING');
    expect(gate.codePipeline.answers).toEqual([]);
  });

  test('stands while nobody can read the change set, whether that was so before or is so now', async () => {
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 60);
    now = UNREAD;
    await gate.decide(BO, 'APPROVE', 120);

    expect(await phase()).toBe('CLOSED');
  });

  test('of one that could not be read stands when it can be read', async () => {
    now = UNREAD;
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 60);
    now = read('one');
    await gate.look(120);
    await gate.decide(BO, 'APPROVE', 180);

    expect(await phase()).toBe('CLOSED');
  });

  test('that is given anew while the old one is outdated stays as it is', async () => {
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 60);
    const old = (await voteBy(ANA))!;
    now = read('two');
    await gate.look(120);
    await gate.decide(ANA, 'APPROVE', 180);

    await gate.store.outdate((await gate.request()).id, old);

    expect(await voteBy(ANA)).toMatchObject({ current: true });
  });
});

test('a rejection counts, whatever was made again', async () => {
  await gate.look(1);
  now = read('two');
  await gate.decide(ANA, 'REJECT', 60);

  expect(gate.codePipeline.answers).toMatchObject([{ approved: false }]);
});

test('whoever has to answer again is reminded like somebody who has not answered', async () => {
  await gate.look(1);
  await gate.decide(ANA, 'APPROVE', 60);
  now = read('two');
  await gate.look(120);

  await gate.look(hours(12) + 1);

  expect(gate.mailsTo(ANA).map(({ subject }) => subject)).toEqual([
    expect.stringContaining('Approve?'),
    expect.stringContaining('Still waiting'),
  ]);
});

describe('they are read', () => {
  test('once a look, and not by a gate that shows none', async () => {
    await gate.look(1);
    const before = reads;
    await gate.look(60);
    expect(reads - before).toBe(1);

    gate.policy = policyOf();
    await gate.look(120);
    expect(reads - before).toBe(1);
    expect((await gate.known()).shown.changeSets).toBeUndefined();
  });

  test('by nobody while checks alone are watched, and from then on when people are asked', async () => {
    gate.policy = policyOf({ rule: ruleOf('AUTOMATED_ELSE_PEOPLE'), changeSets: [SET] });
    gate.measuring = () => 'INCONCLUSIVE';
    await gate.look(1);
    await gate.live(2, hours(2));

    expect((await gate.request()).phase).toBe('WAITING');
    expect((await gate.known()).asking).toBeDefined();
    expect((await gate.known()).shown.changeSets).toEqual([read('one')]);
    expect(gate.mailsTo(ANA)[0]?.text).toContain('Change set shop-prod: 1 added');
  });

  test('never where the policy says that they are elsewhere: page and mail say so', async () => {
    gate.policy = policyOf({ changeSets: [{ ...SET, hidden: 'ELSEWHERE' }] });
    await gate.look(1);

    expect(reads).toBe(0);
    expect(gate.mailsTo(ANA)[0]?.text).toContain(
      'Change set shop-prod: could not be read: its stack is in another account or Region',
    );
  });
});

test('the time of the request is not touched by it', async () => {
  now = UNREAD;
  await gate.look(1);

  expect((await gate.known()).run.deadline).toBe(at(86_400));
});
