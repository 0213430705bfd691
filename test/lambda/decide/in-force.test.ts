/** A policy that weakens its gate, from the first look to the request after it. */
import type { CheckPlan } from '../../../contract/checks';
import type { GatePolicy } from '../../../contract/policy';
import { Table } from '../../../lambda/aws/table';
import { IN_FORCE } from '../../../lambda/domain/in-force';
import { ANA, at, BO, checkPlan, CY, EVE, GATE, hours, minutes, person, policyOf, ruleOf } from '../samples';
import { GateFixture, eachTestHasAGate, logged } from './gate-fixture';

let gate: GateFixture;
eachTestHasAGate(async (opened) => {
  gate = opened;
  gate.policy = TWO;
  await gate.ask();
});

const manual = (quorum: number, ...ids: readonly { readonly id: string }[]): GatePolicy =>
  policyOf({ rule: ruleOf('MANUAL', { people: { quorum, ids: ids.map(({ id }) => id) } }) });
const TWO = manual(2, ANA, BO, CY);
const ONE = manual(1, ANA, BO, CY);
const TWO_CHECKS = [
  checkPlan(),
  checkPlan({ id: 'latency', title: 'alarm shop-latency', alarmName: 'shop-latency' } as Partial<CheckPlan>),
];
const automated = (...plans: readonly ReturnType<typeof checkPlan>[]): GatePolicy =>
  policyOf({ rule: ruleOf('AUTOMATED', { checks: { source: { plans } } }) });

/** The policy in force, as the table has it. */
const inForce = async () =>
  (await gate.rows.query(IN_FORCE)).map(({ sk, n, document }) => ({
    sk,
    n,
    policy: JSON.parse(String(document)) as GatePolicy,
  }));
const was = async (policy: GatePolicy) => gate.ports.inForce.orFirst(GATE, policy);
const phase = async () => (await gate.request()).phase;
const eventsOf = (type: string) => gate.events.filter((event) => event.type === type);

const BY_ANA_IN_CONSOLE = {
  status: 'SUCCEEDED',
  answer: { by: 'arn:aws:sts::111111111111:assumed-role/Release/ana', at: at(60) },
} as const;

describe('the policy in force', () => {
  test('is the first that a gate has, from its first look on', async () => {
    await gate.look(1);

    expect(await inForce()).toEqual([{ sk: 'shop/Prod/Approve', n: 1, policy: TWO }]);
    expect((await gate.known()).shown).not.toHaveProperty('proposed');
    expect(await gate.rows.query(IN_FORCE)).toEqual([
      expect.not.objectContaining({ ttl: expect.anything() as number }),
    ]);
  });

  test('is the one under which the gate opened last', async () => {
    await was(ONE);
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 10);
    expect(await phase()).toBe('WAITING');
    await gate.decide(BO, 'APPROVE', 20);

    expect(await phase()).toBe('CLOSED');
    expect(await inForce()).toMatchObject([{ n: 2, policy: TWO }]);
  });

  test.each(['REJECT', 'APPROVE'] as const)('stays when the gate does not open: %s', async (answer) => {
    await was(ONE);
    await gate.look(1);
    await gate.decide(ANA, answer, 10);

    expect(await inForce()).toMatchObject([{ n: 1, policy: ONE }]);
  });

  test('stays when a rollback passes by itself', async () => {
    gate.policy = ONE;
    await was(TWO);
    gate.codePipeline.run = { isRollback: true, target: 'run-0', trigger: 'AutomatedRollback' };
    await gate.look(1);

    expect(gate.codePipeline.answers).toMatchObject([{ approved: true }]);
    expect(await inForce()).toMatchObject([{ n: 1, policy: TWO }]);
  });

  test('is not replaced by a request that was judged by another one', async () => {
    await was(ONE);
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 10);
    const three = manual(3, ANA, BO, CY);
    gate.around = (call, when) => {
      if (call === 'pipeline.answer' || (call === 'store.delivered' && when === 'after')) {
        gate.around = () => undefined;
        void gate.ports.inForce.replace(GATE, { policy: three, after: 1 });
      }
    };
    await gate.decide(BO, 'APPROVE', 20);

    expect(await inForce()).toMatchObject([{ n: 2, policy: three }]);
  });

  test('that cannot be read leaves the gate to the console', async () => {
    await was(TWO);
    await new Table(gate.tables.documents, 'requests-1').set(
      IN_FORCE,
      'shop/Prod/Approve',
      { document: JSON.stringify({ ...TWO, v: 1 }) },
      { expression: 'attribute_exists(pk)' },
    );
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 10);
    await gate.decide(BO, 'APPROVE', 20);

    expect(await phase()).toBe('WAITING');
    expect((await gate.request()).consoleOnly).toMatch(/^its rule is being weakened/);
  });
});

test('an answer in the console while the policy in force cannot be read is a bypass, whoever gives it', async () => {
  await was(TWO);
  await new Table(gate.tables.documents, 'requests-1').set(
    IN_FORCE,
    'shop/Prod/Approve',
    { document: JSON.stringify({ ...TWO, v: 1 }) },
    { expression: 'attribute_exists(pk)' },
  );
  gate.policy = ONE;
  gate.people = [{ ...ANA, alsoKnownAs: ['*/assumed-role/Release/ana'] }, BO, CY];
  await gate.look(1);
  gate.codePipeline.action = BY_ANA_IN_CONSOLE;
  await gate.look(90);

  expect(await gate.request()).toMatchObject({ outcome: { by: 'BYPASS' } });
});

describe('a policy that weakens its gate', () => {
  beforeEach(async () => {
    await was(TWO);
    gate.policy = ONE;
  });

  test('is told to everybody who is asked, and to whoever listens to events', async () => {
    await gate.look(1);

    const sentence = 'This gate is being weakened: quorum 2 → 1. The former rule applies until this is approved.';
    expect(gate.mails).toHaveLength(3);
    gate.mails.forEach(({ text }) => expect(text.replace(/\s+/g, ' ')).toContain(sentence));
    expect(eventsOf('Approval Requested')).toMatchObject([{ details: { weakens: ['quorum 2 → 1'] } }]);
  });

  test('opens by the former rule only, and applies from then on', async () => {
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 10);
    expect(gate.codePipeline.answers).toEqual([]);
    await gate.decide(CY, 'APPROVE', 20);

    expect(gate.codePipeline.answers).toEqual([
      {
        approved: true,
        summary: 'This gate is being weakened: quorum 2 → 1. Approved by ana@example.com, Cy (2 of 2 needed)',
      },
    ]);
    expect(await inForce()).toMatchObject([{ n: 2, policy: ONE }]);
  });

  test('is part of what an approver signs, and of the record', async () => {
    await gate.look(1);
    const before = (await gate.known()).shown.evidence;
    await gate.decide(ANA, 'APPROVE', 10);
    await gate.decide(BO, 'APPROVE', 20);

    const [entry] = await gate.rows.query('record');
    expect(entry).toMatchObject({
      entry: {
        rule: { kind: 'MANUAL', people: { groups: [{ quorum: 2 }] }, weakens: ['quorum 2 → 1'] },
        votes: [
          { evidence: before, current: true },
          { evidence: before, current: true },
        ],
        shown: { [before]: { weakens: ['quorum 2 → 1'] } },
      },
    });
  });

  test('while the request waits, changes nothing of its rule', async () => {
    gate.policy = TWO;
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 10);
    gate.policy = ONE;
    await gate.look(20);

    expect(await phase()).toBe('WAITING');
    expect((await gate.known()).shown.proposed).toMatchObject({ weakens: ['quorum 2 → 1'] });
    gate.policy = TWO;
    await gate.look(30);
    expect((await gate.known()).shown).not.toHaveProperty('proposed');
  });

  test('is bound by the former deployment window, too', async () => {
    const window = { timeZone: 'UTC', ranges: [{ days: [7], from: 0, to: 60 }] };
    await gate.ports.inForce.replace(GATE, { policy: { ...TWO, window }, after: 1 });
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 10);
    await gate.decide(BO, 'APPROVE', 20);

    expect(gate.codePipeline.answers).toEqual([]);
    expect((await gate.request()).held).toBeDefined();
  });

  test('asks the former approvers, and none that it adds', async () => {
    const dee = person('dee@example.com');
    gate.people = [ANA, BO, CY, dee];
    gate.policy = manual(1, dee);
    await gate.look(1);

    expect(gate.mails.map(({ to }) => to)).toEqual([ANA.mail, BO.mail, CY.mail]);
  });

  test('asks who stands in the list of the former rule', async () => {
    gate.listed['/team'] = [ANA, BO].map(({ mail }) => mail).join('\n');
    const team = { groups: [{ quorum: 2, ids: [], list: '/team' }] };
    await gate.ports.inForce.replace(GATE, {
      policy: policyOf({ rule: ruleOf('MANUAL', { people: team }) }),
      after: 1,
    });
    gate.policy = manual(1, CY);
    await gate.look(1);

    expect(gate.mails.map(({ to }) => to)).toEqual([ANA.mail, BO.mail]);
    expect((await gate.known()).shown.proposed?.weakens).toEqual([
      'quorum 2 → 1',
      'new approvers: Cy',
      'no longer approvers: list /team',
    ]);
  });

  test('counts the no of a former approver whom it drops', async () => {
    gate.policy = manual(2, ANA, BO);
    await gate.look(1);
    await gate.decide(CY, 'REJECT', 10);

    expect(gate.codePipeline.answers).toMatchObject([{ approved: false }]);
  });

  test('says at once when too few of the former approvers are left; the console opens it and brings it into force', async () => {
    gate.people = [ANA];
    await gate.look(1);

    expect((await gate.request()).consoleOnly).toBe(
      'its rule is being weakened; by the former one, only 1 of 2 approvers needed may answer this change',
    );
    expect(eventsOf('Gate Needs Console')).toMatchObject([{ details: { weakens: ['quorum 2 → 1'] } }]);
    gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: EVE, at: at(60), comment: 'they left' } };
    await gate.look(90);
    expect((await gate.request()) as object).toMatchObject({ phase: 'CLOSED', outcome: { by: 'BYPASS' } });
    expect(await inForce()).toMatchObject([{ n: 2, policy: ONE }]);
  });

  test('makes an answer in the console a bypass that is no approval by the former rule', async () => {
    await gate.look(1);
    gate.codePipeline.action = BY_ANA_IN_CONSOLE;
    await gate.look(90);

    expect(await gate.request()).toMatchObject({ outcome: { by: 'BYPASS' } });
  });

  test('logs no name and no address', async () => {
    gate.people = [ANA];
    gate.policy = manual(1, ANA, BO);
    await gate.look(1);

    expect(logged().join('')).not.toMatch(/example\.com|Cy/);
  });
});

describe('approvals that were given before the weakening could be seen', () => {
  const CLOSED = { timeZone: 'UTC', ranges: [{ days: [7], from: 0, to: 60 }] };

  test('do not bring it into force: whoever gave one is asked again', async () => {
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 10);
    gate.policy = ONE;
    await gate.look(20);
    await gate.decide(BO, 'APPROVE', 30);

    expect(gate.codePipeline.answers).toEqual([]);
    expect((await gate.records()).votes).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ approver: ANA.id, current: false }),
        expect.objectContaining({ approver: BO.id, current: true }),
      ]) as object,
    );
    await gate.decide(ANA, 'APPROVE', 40);
    expect(await inForce()).toMatchObject([{ n: 2, policy: ONE }]);
  });

  test('do not open the gate at the end of a hold, either', async () => {
    gate.policy = { ...TWO, window: CLOSED };
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 10);
    await gate.decide(BO, 'APPROVE', 20);
    expect((await gate.request()).held).toBeDefined();
    gate.policy = { ...ONE, window: CLOSED };
    await gate.look(30);

    expect((await gate.request()).held).toBeUndefined();
  });

  test('do not bring it into force where it is found while the outcome is being fixed', async () => {
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 10);
    let left = 1;
    gate.scheduled = async (call) => {
      if (call === 'store.decide' && left > 0) {
        left -= 1;
        gate.policy = ONE;
        await gate.look(21);
      }
    };
    await gate.decide(BO, 'APPROVE', 20);

    expect(gate.codePipeline.answers).toEqual([]);
    expect(await phase()).toBe('WAITING');
  });

  test('do not bring another one into force that is said in the same words', async () => {
    const checked = (failureLimit: number): GatePolicy =>
      policyOf({
        rule: ruleOf('GUARDED', {
          people: { quorum: 2 },
          checks: { bakeMinutes: 0, source: { plans: [checkPlan({ failureLimit })] } },
        }),
      });
    const { n } = await was(TWO);
    await gate.ports.inForce.replace(GATE, { policy: checked(0), after: n });
    gate.policy = checked(1);
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 10);
    gate.policy = checked(9);
    await gate.look(20);
    await gate.decide(BO, 'APPROVE', 30);

    expect((await gate.known()).shown.proposed?.weakens).toEqual(['changed: alarm shop-5xx']);
    expect(gate.codePipeline.answers).toEqual([]);
  });

  test('count again when the weaker policy is taken back', async () => {
    await gate.look(1);
    gate.policy = ONE;
    await gate.look(5);
    await gate.decide(ANA, 'APPROVE', 10);
    gate.policy = TWO;
    await gate.look(20);
    await gate.decide(BO, 'APPROVE', 30);

    expect(gate.codePipeline.answers).toMatchObject([{ approved: true }]);
    expect(await inForce()).toMatchObject([{ n: 1, policy: TWO }]);
  });
});

test('a list that the workflow no longer declares has nobody in it: the console brings the new rule into force', async () => {
  const people = { groups: [{ quorum: 1, ids: [], list: '/shop/releasers' }] };
  await was(policyOf({ rule: ruleOf('MANUAL', { people }) }));
  gate.policy = ONE;
  await gate.look(1);

  expect(gate.mails).toEqual([]);
  expect((await gate.request()).consoleOnly).toBe(
    'its rule is being weakened; by the former one, only 0 of 1 approvers needed may answer this change',
  );
  gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: EVE, at: at(60) } };
  await gate.look(90);
  expect(await inForce()).toMatchObject([{ n: 2, policy: ONE }]);
});

test('a list that is declared and cannot be read is waited for, as ever', async () => {
  const people = { groups: [{ quorum: 1, ids: [], list: '/shop/releasers' }] };
  gate.listed['/shop/releasers'] = 'nobody';
  await was(policyOf({ rule: ruleOf('MANUAL', { people }) }));
  gate.policy = ONE;
  await gate.look(1);

  expect(await phase()).toBe('OPENED');
});

describe('checks that are taken away', () => {
  test('open no gate that nobody could approve: it needs the console, and that is said at once', async () => {
    gate.policy = automated(checkPlan());
    await was(automated(...TWO_CHECKS));
    await gate.look(1);
    await gate.live(60, hours(3));

    expect(gate.codePipeline.answers).toEqual([]);
    expect(eventsOf('Gate Needs Console')).toMatchObject([
      {
        at: at(1),
        details: {
          reason:
            'its rule is being weakened; neither the former one nor the new one names anybody who could approve that',
          weakens: ['removed: alarm shop-latency'],
        },
      },
    ]);
  });

  test('still let the others reject', async () => {
    gate.policy = automated(checkPlan());
    await was(automated(...TWO_CHECKS));
    gate.measuring = () => 'FAIL';
    await gate.look(1);

    expect(gate.codePipeline.answers).toMatchObject([{ approved: false }]);
  });

  test('need people, though the checks that are left are healthy', async () => {
    const of = (plans: readonly ReturnType<typeof checkPlan>[]) =>
      policyOf({ rule: ruleOf('AUTOMATED_ELSE_PEOPLE', { checks: { source: { plans } } }) });
    gate.policy = of([checkPlan()]);
    await was(of(TWO_CHECKS));
    await gate.look(1);

    expect(gate.mails).toHaveLength(3);
    expect(gate.mails[0]?.text).not.toContain('cannot tell');
    expect(gate.codePipeline.answers).toEqual([]);
    await gate.decide(ANA, 'APPROVE', minutes(1));
    expect(gate.codePipeline.answers).toMatchObject([{ approved: true }]);
  });
});

test('a policy that is stricter applies at once', async () => {
  await was(ONE);
  await gate.look(1);
  await gate.decide(ANA, 'APPROVE', 10);

  expect(await phase()).toBe('WAITING');
  expect(gate.mails[0]?.text).not.toContain('weakened');
});
