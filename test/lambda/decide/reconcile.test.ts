import { reconcile } from '../../../lambda/decide/reconcile';
import {
  ANA,
  at,
  BO,
  BY_ANA,
  checkPlan,
  CY,
  days,
  EVE,
  EXECUTION,
  GATE,
  hours,
  minutes,
  OURS,
  policyOf,
  REQUEST,
  ruleOf,
  START,
} from '../samples';
import { eachTestHasAGate, GateFixture, logged } from './gate-fixture';

/** Where the record holds the request. */
const FIRST = { n: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string };

let gate: GateFixture;

eachTestHasAGate(async (fresh) => {
  gate = fresh;
  await gate.ask();
});

const eventTypes = () => gate.events.map(({ type }) => type);

describe('a gate of people', () => {
  test('opens by one yes where any one is enough; everybody who was asked is told, and the request is closed', async () => {
    await gate.look(1);

    expect(await gate.decide(ANA, 'APPROVE', 60, { comment: 'looks good' })).toEqual([]);

    const summary = 'Approved by ana@example.com. looks good';
    expect(gate.codePipeline.answers).toEqual([{ approved: true, summary }]);
    expect(await gate.request()).toMatchObject({
      phase: 'CLOSED',
      outcome: { kind: 'APPROVED', by: 'PEOPLE', at: at(60), summary },
      deliveredAt: at(60),
      closedAt: at(60),
    });
    expect((await gate.request()) as object).not.toHaveProperty('overtakenBy');
    expect(
      gate.mails
        .slice(3)
        .map(({ to }) => to)
        .sort(),
    ).toEqual([ANA.mail, BO.mail, CY.mail]);
    expect(gate.events.slice(1)).toEqual([
      {
        type: 'Approval Decided',
        at: at(60),
        details: { requestId: REQUEST, outcome: 'APPROVED', by: 'PEOPLE', summary, record: FIRST },
      },
    ]);
    expect(await gate.look(70)).toEqual({ phase: 'CLOSED', openedBy: 'NOTIFICATION' });
    expect(gate.mails).toHaveLength(6);
  });

  test('needs two of three: the same person twice is one', async () => {
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 2 } }) });
    await gate.look(1);

    await gate.decide(ANA, 'APPROVE', 60);
    await gate.decide(ANA, 'APPROVE', 61);
    expect(gate.codePipeline.answers).toEqual([]);
    await gate.decide(CY, 'APPROVE', 62);

    expect(gate.codePipeline.answers).toEqual([
      { approved: true, summary: 'Approved by ana@example.com, Cy (2 of 2 needed)' },
    ]);
  });

  test('hears at once who left; an addition does not reach a request that waits', async () => {
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { ids: [ANA.id, BO.id] } }) });
    await gate.look(1);

    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { ids: [BO.id, CY.id] } }) });
    gate.people = [BO, CY];
    await gate.decide(ANA, 'APPROVE', 60);

    expect(gate.codePipeline.answers).toEqual([]);
    expect(gate.mailsTo(CY)).toEqual([]);
    expect((await gate.invitation(ANA))?.excluded).toBe('no longer an approver of this gate');
  });

  test('says at once that a quorum cannot be reached, because too few may answer', async () => {
    gate.policy = policyOf({
      rule: ruleOf('MANUAL', { people: { quorum: 2, ids: [ANA.id, BO.id], excludeAuthor: true } }),
    });
    gate.codePipeline.run = { authors: ['ANA@example.com'] };

    await gate.look(1);

    expect(gate.mails.map(({ to }) => to)).toEqual([BO.mail]);
    expect(eventTypes()).toEqual(['Approval Requested', 'Gate Needs Console']);
    expect((await gate.request()).consoleOnly).toBe('only 1 of 2 approvers needed may answer this change');
  });

  test('says so at the look that finds out that mail reaches too few', async () => {
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 3 } }) });
    gate.mailbox = (id) => (id === ANA.id ? 'pending' : 'confirmed');

    await gate.look(1);

    expect((await gate.request()).consoleOnly).toBe('only 2 of 3 approvers needed can be reached by mail');
    expect(eventTypes()).toEqual(['Approval Requested', 'Gate Needs Console']);
    gate.mailbox = () => 'confirmed';
    await gate.look(minutes(15) + 1);
    expect((await gate.request()).consoleOnly).toBeUndefined();
  });
});

describe('an answer in the console', () => {
  beforeEach(() => gate.look(1));

  test('of an approver known by alias is an approval by that person', async () => {
    gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(30), comment: 'ok' } };

    expect(await gate.look(40)).toEqual({ phase: 'CLOSED', openedBy: 'NOTIFICATION' });

    expect(await gate.request()).toMatchObject({
      outcome: {
        kind: 'APPROVED',
        by: 'CONSOLE',
        at: at(30),
        summary: 'Approved in the console by ana@example.com. ok',
      },
      deliveredAt: at(40),
    });
    expect(eventTypes()).toEqual(['Approval Requested', 'Approval Decided']);
    expect(gate.codePipeline.answers).toEqual([]);
  });

  test('of anybody else is a bypass: recorded with the ARN, told and counted', async () => {
    gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: EVE, at: at(30) } };

    await gate.look(40);

    const summary = `Approved outside the workflow by ${EVE}`;
    expect(await gate.request()).toMatchObject({ outcome: { by: 'BYPASS', summary } });
    expect(gate.events.slice(1)).toEqual([
      {
        type: 'Approval Bypassed',
        at: at(40),
        details: { requestId: REQUEST, outcome: 'APPROVED', by: 'BYPASS', summary },
      },
      {
        type: 'Approval Decided',
        at: at(40),
        details: { requestId: REQUEST, outcome: 'APPROVED', by: 'BYPASS', summary, record: FIRST },
      },
    ]);
    expect(logged().filter((line) => line.includes('"Bypassed":1'))).toHaveLength(1);
    expect(gate.mails).toHaveLength(6);
  });

  test('by one approver where two are needed is a bypass too', async () => {
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 2 } }) });
    gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(30) } };

    await gate.look(40);

    expect(await gate.request()).toMatchObject({ outcome: { by: 'BYPASS' } });
  });

  test('is waited for while CodePipeline does not name the answerer yet, two minutes long', async () => {
    gate.codePipeline.action = { status: 'SUCCEEDED', answer: { at: at(30) } };

    expect(await gate.look(40)).toMatchObject({ phase: 'WAITING', next: at(70) });
    await gate.look(149);
    expect((await gate.request()).phase).toBe('WAITING');
    await gate.look(150);

    expect(await gate.request()).toMatchObject({
      outcome: { by: 'BYPASS', summary: 'Approved outside the workflow by somebody CodePipeline does not name' },
    });
  });

  test('of an approver is theirs, also while the policy cannot be read: the console was all that was left', async () => {
    gate.policy = undefined;
    await gate.look(minutes(1));
    await gate.look(minutes(20));
    gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(minutes(30)) } };

    await gate.look(minutes(31));

    expect(await gate.request()).toMatchObject({ outcome: { by: 'CONSOLE' } });
  });

  test('that comes before our outcome is delivered is what is told', async () => {
    gate.around = (call, when) => {
      if (call === 'pipeline.answer' && when === 'before') {
        gate.codePipeline.action = { status: 'FAILED', answer: { by: EVE, at: at(60) } };
      }
    };

    await gate.decide(ANA, 'APPROVE', 60);

    expect(await gate.request()).toMatchObject({
      phase: 'CLOSED',
      outcome: { kind: 'APPROVED', by: 'PEOPLE' },
      overtakenBy: { kind: 'REJECTED', by: 'BYPASS' },
    });
    expect(gate.events.at(-1)).toMatchObject({ details: { outcome: 'REJECTED', by: 'BYPASS' } });
    expect(gate.mails.at(-1)?.subject).toContain('Rejected');
  });

  test.each([
    ['under the name of our session by another role', `arn:aws:sts::111111111111:assumed-role/Admin/${REQUEST}`],
    ['the other way, whoever it was', OURS],
  ])('that comes before our outcome %s, is no answer of ours', async (_, by) => {
    gate.around = (call, when) => {
      if (call === 'pipeline.answer' && when === 'before') {
        gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by, at: at(60) } };
      }
    };

    await gate.decide(ANA, 'REJECT', 60);

    expect(await gate.request()).toMatchObject({
      outcome: { kind: 'REJECTED' },
      overtakenBy: { kind: 'APPROVED', by: 'BYPASS' },
    });
    expect(eventTypes()).toContain('Approval Bypassed');
  });
});

/** Nothing here is filled in by hand: the health that the answer is judged by is what the looks before found out. */
describe('a console answer of an approver at a gate with checks', () => {
  const answered = async (seconds: number) => {
    gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(seconds) } };
    await gate.look(seconds + 1);
    return gate.request();
  };

  test('is theirs at a guarded gate whose checks are healthy', async () => {
    gate.policy = policyOf({ rule: ruleOf('GUARDED') });
    await gate.look(1);

    expect(await answered(minutes(5))).toMatchObject({ outcome: { kind: 'APPROVED', by: 'CONSOLE' } });
    expect(eventTypes()).toEqual(['Approval Requested', 'Approval Decided']);
    expect(logged().join('')).not.toContain('"Bypassed"');
  });

  test('is a bypass at a guarded gate that was locked', async () => {
    gate.policy = policyOf({ rule: ruleOf('GUARDED') });
    gate.measuring = () => 'FAIL';
    await gate.look(1);

    expect(await answered(minutes(5))).toMatchObject({ outcome: { kind: 'APPROVED', by: 'BYPASS' } });
  });

  test('is a bypass at a guarded gate whose bake is not over', async () => {
    gate.policy = policyOf({ rule: ruleOf('GUARDED', { checks: { bakeMinutes: 10 } }) });
    await gate.live(1, minutes(5));

    expect(await answered(minutes(5) + 1)).toMatchObject({ outcome: { kind: 'APPROVED', by: 'BYPASS' } });
  });

  test('is theirs where the checks could not tell and people were asked, and a bypass before that', async () => {
    gate.policy = policyOf({ rule: ruleOf('AUTOMATED_ELSE_PEOPLE', { checks: { bakeMinutes: 10 } }) });
    gate.measuring = () => 'INCONCLUSIVE';
    await gate.live(1, minutes(12));
    expect(gate.mails).toHaveLength(3);
    expect(await answered(minutes(13))).toMatchObject({ outcome: { by: 'CONSOLE' } });

    gate = new GateFixture();
    await gate.ask();
    gate.policy = policyOf({ rule: ruleOf('AUTOMATED_ELSE_PEOPLE', { checks: { bakeMinutes: 10 } }) });
    await gate.look(1);
    expect(await answered(minutes(1))).toMatchObject({ outcome: { by: 'BYPASS' } });
  });

  test('is a bypass at a gate that asks nobody', async () => {
    gate.policy = policyOf({ rule: ruleOf('AUTOMATED', { checks: { bakeMinutes: 10 } }) });
    await gate.look(1);

    expect(await answered(minutes(5))).toMatchObject({ outcome: { by: 'BYPASS' } });
  });
});

describe('the end of the time', () => {
  const PIPELINE_ROLE = 'arn:aws:sts::111111111111:assumed-role/PipelineRole/1763880000000';

  beforeEach(() => gate.look(1));

  test.each([
    ['nobody', undefined],
    ["the pipeline's own role", PIPELINE_ROLE],
  ])('is recorded and told as expired, whoever CodePipeline names: %s', async (_, by) => {
    gate.codePipeline.action = {
      status: 'FAILED',
      answer: { at: at(days(1) + 3), ...(by === undefined ? {} : { by }) },
    };

    await gate.look(days(1) + 60);

    expect(await gate.request()).toMatchObject({
      phase: 'CLOSED',
      outcome: { kind: 'EXPIRED', by: 'CODEPIPELINE', at: at(days(1) + 3), summary: 'Nobody answered in time' },
    });
    expect(eventTypes()).toEqual(['Approval Requested', 'Approval Decided']);
    expect(gate.mails).toHaveLength(6);
  });

  test('is none where somebody rejected with a comment in the last minute', async () => {
    gate.codePipeline.action = { status: 'FAILED', answer: { by: EVE, at: at(days(1) - 30), comment: 'not today' } };

    await gate.look(days(1));

    expect(await gate.request()).toMatchObject({
      outcome: { kind: 'REJECTED', by: 'BYPASS', summary: `Rejected outside the workflow by ${EVE}. not today` },
    });
  });

  test('is given up for when CodePipeline does not say how it ended, a day later', async () => {
    expect(await gate.look(days(2))).toMatchObject({ phase: 'WAITING', next: at(days(2) + 300) });

    await gate.look(days(2) + 1);

    expect(await gate.request()).toMatchObject({
      phase: 'CLOSED',
      outcome: {
        kind: 'EXPIRED',
        by: 'CODEPIPELINE',
        summary: 'The time is over and CodePipeline never said how it ended',
      },
    });
  });

  test('is not given up for while CodePipeline says that it waits, where only the policy knows a time', async () => {
    gate = new GateFixture();
    await gate.ask({ expires: 'unknown' });
    await gate.look(1);

    await gate.look(days(7));
    expect((await gate.request()).phase).toBe('WAITING');
    await gate.look(days(61) + 1);
    expect(await gate.request()).toMatchObject({ outcome: { kind: 'EXPIRED' } });
  });
});

test('a run that was stopped is recorded as stopped, whoever stopped it', async () => {
  await gate.look(1);
  gate.codePipeline.action = { status: 'ABANDONED', answer: { by: EVE, at: at(60) } };

  await gate.look(70);

  expect(await gate.request()).toMatchObject({
    outcome: { kind: 'STOPPED', by: 'CODEPIPELINE', at: at(60), summary: 'The run was stopped' },
  });
});

describe('a rollback', () => {
  const rollback = { isRollback: true, trigger: 'AutomatedRollback', target: 'run-0' };

  test('that CodePipeline started itself passes the people of a gate that its target passed, by itself', async () => {
    gate.codePipeline.run = rollback;

    await gate.look(1);

    const summary = 'Automatic rollback to run run-0, which passed this gate';
    expect(gate.codePipeline.answers).toEqual([{ approved: true, summary }]);
    expect(await gate.request()).toMatchObject({ outcome: { kind: 'APPROVED', by: 'ROLLBACK', summary } });
    expect(gate.events.at(-1)?.details).toMatchObject({ by: 'ROLLBACK' });
    expect(gate.mails).toEqual([]);
  });

  test('that a person started asks people', async () => {
    gate.codePipeline.run = { ...rollback, trigger: 'ManualRollback' };

    await gate.look(1);

    expect(gate.codePipeline.answers).toEqual([]);
    expect(gate.mails).toHaveLength(3);
  });

  describe('whose checks cannot tell', () => {
    beforeEach(() => {
      gate.codePipeline.run = rollback;
      gate.policy = policyOf({
        rule: ruleOf('AUTOMATED_ELSE_PEOPLE', { checks: { bakeMinutes: 5 } }),
        onReject: 'ROLLBACK',
      });
      gate.measuring = () => 'INCONCLUSIVE';
    });

    test('steps aside at once for a newer run that waits behind it, and asks nobody', async () => {
      gate.codePipeline.newerRunWaiting = true;

      await gate.live(1, minutes(10));

      expect(gate.mails).toEqual([]);
      expect(gate.codePipeline.answers).toMatchObject([{ approved: false }]);
      expect(await gate.request()).toMatchObject({ outcome: { kind: 'REJECTED', by: 'ROLLBACK' } });
    });

    test('asks people, looks out for a newer run every five minutes, and tells them when it steps aside', async () => {
      await gate.live(1, minutes(6));
      expect(gate.mails).toHaveLength(3);
      expect(await gate.look(minutes(20))).toMatchObject({ next: at(minutes(25)) });

      gate.codePipeline.newerRunWaiting = true;
      await gate.look(minutes(25));

      expect(await gate.request()).toMatchObject({
        phase: 'CLOSED',
        outcome: { kind: 'REJECTED', by: 'ROLLBACK', at: at(minutes(25)) },
      });
      expect(
        gate.mails
          .slice(3)
          .map(({ to }) => to)
          .sort(),
      ).toEqual([ANA.mail, BO.mail, CY.mail]);
      expect(gate.mails.at(-1)?.subject).toContain('Rejected');
    });

    test('stays where it is as long as nothing newer waits', async () => {
      await gate.live(1, hours(2));

      expect(gate.codePipeline.answers).toEqual([]);
      expect((await gate.request()).phase).toBe('WAITING');
    });
  });

  test('of a gate of people is not looked at every five minutes: it steps aside for nobody', async () => {
    gate.codePipeline.run = { ...rollback, trigger: 'ManualRollback' };
    gate.codePipeline.newerRunWaiting = true;

    expect(await gate.look(1)).toMatchObject({ phase: 'WAITING', next: at(hours(6) + 1) });
  });

  test.each([
    ['begins while the alarm that caused it is still red: that alarm has to turn green', true, 'IGNORE_UNTIL_GREEN'],
    ['and only that, takes the policy otherwise than at its word', false, 'FAIL'],
  ])('%s', async (_, isRollback, alreadyRed) => {
    gate.codePipeline.run = { isRollback, target: 'run-0' };
    gate.policy = policyOf({
      rule: ruleOf('AUTOMATED', {
        checks: { bakeMinutes: 15, source: { plans: [checkPlan({ alreadyRed: 'FAIL' })] } },
      }),
    });

    await gate.look(1);

    expect(gate.measured.map(({ check }) => (check.kind === 'alarm' ? check.alreadyRed : undefined))).toEqual([
      alreadyRed,
    ]);
  });
});

describe('what intake puts down', () => {
  test('is read only before the request exists: a row forged later changes nothing', async () => {
    await gate.look(1);
    const before = await gate.rows.query(REQUEST);

    await gate.rows.put(
      {
        pk: `asked#${REQUEST}`,
        sk: 'asked',
        v: 2,
        ...GATE,
        stage: 'Dev',
        requestedAt: at(-days(30)),
        expires: at(days(60)),
      },
      { expression: 'attribute_exists(pk)' },
    );
    await gate.look(2);

    expect(await gate.rows.query(REQUEST)).toEqual(before);
  });

  test('under the key of something that decides is nowhere read', async () => {
    gate.policy = policyOf({ rule: ruleOf('AUTOMATED', { checks: { bakeMinutes: 10 } }) });
    await gate.live(1, minutes(5));
    // All that the role of intake may write: rows under asked# and trigger#.
    await gate.rows.putIfAbsent({ pk: `asked#${REQUEST}`, sk: 'check#errors', v: 2, checkId: 'errors', passes: 100 });
    gate.measuring = () => 'FAIL';

    await gate.look(minutes(6));

    expect(gate.codePipeline.answers).toMatchObject([{ approved: false }]);
  });
});

describe('rows of another version', () => {
  const OLD = { pk: REQUEST, sk: 'meta', ...GATE, requestedAt: START, openedBy: 'notification' };

  test.each<[string, Record<string, unknown>]>([
    ['as version 0.1.0 opened it', OLD],
    [
      'as version 0.1.0 kept it while people were asked',
      {
        ...OLD,
        executionId: EXECUTION,
        actionExecutionId: 'a-1',
        identifiedAt: at(1),
        deadline: at(days(1)),
        invited: [ANA.id],
        askedAt: at(1),
        policy: { v: 1 },
        evidence: 'e'.repeat(64),
      },
    ],
    ['as version 0.1.0 decided it', { ...OLD, outcome: { kind: 'APPROVED', by: 'PEOPLE', at: at(9), summary: 'x' } }],
    ['of a version to come', { ...OLD, v: 3, phase: 'OPENED', asked: { ...GATE, at: START, by: 'NOTIFICATION' } }],
  ])('a request %s is refused, counted, left to the console, and never misread', async (_, row) => {
    gate = new GateFixture();
    await gate.rows.putIfAbsent(row);
    const before = await gate.rows.query(REQUEST);

    expect(await reconcile(gate.ports, REQUEST, at(60))).toEqual({
      phase: 'UNREADABLE',
      next: at(60 + hours(6)),
    });

    expect(await gate.rows.query(REQUEST)).toEqual(before);
    expect(logged().filter((line) => line.includes('"Unreadable":1'))).toHaveLength(1);
    expect(gate.codePipeline.answers).toEqual([]);
    expect(gate.mails).toEqual([]);
    expect(gate.events).toEqual([]);
  });

  test.each<[string, Record<string, unknown>]>([
    [
      'a vote of version 0.1.0',
      { sk: `vote#${ANA.id}#${'a'.repeat(64)}`, approver: ANA.id, verdict: 'APPROVE', at: at(2) },
    ],
    ['a check without its counters', { sk: 'check#errors', v: 2, checkId: 'errors' }],
  ])('beside a request stop it: %s', async (_, row) => {
    await gate.look(1);
    await gate.rows.putIfAbsent({ pk: REQUEST, ...row });

    expect(await gate.look(60)).toMatchObject({ phase: 'UNREADABLE' });
    expect(gate.codePipeline.answers).toEqual([]);
  });
});

test('a look at a request that nobody made ends its run', async () => {
  expect(await reconcile(gate.ports, 'f'.repeat(32), at(1))).toEqual({ phase: 'UNKNOWN' });
});

test('a look that is brought late, or again, is not earlier than what is known', async () => {
  gate.policy = policyOf({ rule: ruleOf('AUTOMATED', { checks: { bakeMinutes: 10 } }) });
  await gate.live(1, minutes(3));
  gate.measuring = () => 'FAIL';
  gate.policy = policyOf({
    rule: ruleOf('AUTOMATED', { checks: { bakeMinutes: 10, source: { plans: [checkPlan({ interval: 1 })] } } }),
  });

  await gate.look(5);

  expect(gate.measured.map(({ now }) => now)).toEqual([at(1), at(61), at(121)]);
});

test('looks that race each other for too long leave it to the next one', async () => {
  await gate.look(1);
  const { show } = gate.ports.store;
  Object.assign(gate.ports.store, { show: () => Promise.resolve(false) });
  gate.codePipeline.newerRunWaiting = true;

  expect(await gate.look(60)).toEqual({ phase: 'UNKNOWN', openedBy: 'NOTIFICATION', next: at(90) });

  Object.assign(gate.ports.store, { show });
  expect(await gate.look(90)).toMatchObject({ phase: 'WAITING' });
});

describe('a look that is brought late', () => {
  beforeEach(async () => {
    gate = new GateFixture();
    await gate.ask();
    await gate.look(1);
  });

  test('shows nothing before what was shown last', async () => {
    gate.codePipeline.newerRunWaiting = true;
    await gate.look(60);
    gate.codePipeline.newerRunWaiting = false;

    await gate.look(30);

    const { evidenceHistory } = (await gate.known()).shown;
    expect(evidenceHistory.map(({ since }) => since)).toEqual([at(1), at(60), at(60)]);
  });

  test('delivers nothing before it was decided', async () => {
    gate.codePipeline.refusing = new Error('unreachable');
    await expect(gate.decide(ANA, 'APPROVE', 60)).rejects.toThrow('unreachable');
    gate.codePipeline.refusing = undefined;

    await gate.look(30);

    expect(await gate.request()).toMatchObject({ phase: 'CLOSED', outcome: { at: at(60) }, deliveredAt: at(60) });
  });
});
