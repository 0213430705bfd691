import { lookThroughDoor } from '../../../lambda/decide/door';
import { lookAtRequest } from '../../../lambda/decide/look';
import { readStream } from '../../../lambda/decide/stream';
import { newSeed, publicKeyOf } from '../../../lambda/signing/link-key';
import { LocalTable } from '../table';
import { ANA, at, BO, checkPlan, CY, GATE, OURS, person, policyOf, REQUEST, RUN, Stage, START } from './stage';

let local: LocalTable;
let stage: Stage;

beforeAll(async () => {
  local = await LocalTable.start();
});

afterAll(() => local.stop());

beforeEach(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  stage = await Stage.open(local);
  await stage.ask();
});

afterEach(() => jest.restoreAllMocks());

const look = (seconds: number) => lookAtRequest(stage.ports, REQUEST, at(seconds));
const vote = async (...parameters: Parameters<Stage['decision']>) =>
  readStream(stage.ports, [await stage.decision(...parameters)]);

describe('the first look', () => {
  test('identifies the request and mails everyone a link of their own', async () => {
    const result = await look(1);

    expect(stage.mails.map(({ to }) => to).sort()).toEqual([ANA.mail, BO.mail, CY.mail]);
    expect(new Set([ANA, BO, CY].map(({ mail }) => stage.seedOf(mail))).size).toBe(3);
    expect(await stage.meta()).toMatchObject({
      executionId: RUN,
      identifiedAt: at(1),
      deadline: at(24 * 3600),
      askedAt: at(1),
      evidence: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      invited: [ANA.id, BO.id, CY.id],
    });
    expect(stage.events.map(({ type }) => type)).toEqual(['Approval Requested']);
    expect(result).toMatchObject({ done: false, look: { requestId: REQUEST }, next: at(6 * 3600 + 1) });
    expect(await look(2)).toMatchObject({ next: at(6 * 3600 + 2) });
    expect(new Set(stage.sessions)).toEqual(new Set([REQUEST]));
  });

  test('keeps neither seed nor token in the table', async () => {
    await look(1);

    const stored = JSON.stringify(await stage.store.load(REQUEST));
    expect(stored).not.toContain(stage.seedOf(ANA.mail));
    expect(stored).not.toContain('1a2b3c4d-573f');
  });

  test('waits for a policy that is not there yet, and says after 15 minutes that the console remains', async () => {
    stage.policy = undefined;

    expect(await look(60)).toMatchObject({ done: false, next: at(90) });
    expect((await stage.meta()).consoleOnly).toBeUndefined();
    expect(await look(15 * 60)).toMatchObject({ done: false, next: at(15 * 60 + 6 * 3600) });
    await look(16 * 60);

    expect((await stage.meta()).consoleOnly).toBe('this gate has no policy');
    expect(stage.events).toHaveLength(1);
    expect(stage.events[0]).toMatchObject({
      type: 'Gate Needs Console',
      details: { consoleLink: expect.stringContaining('/pipelines/shop/view') as string },
    });

    stage.policy = policyOf();
    await look(7 * 3600);
    expect((await stage.meta()).consoleOnly).toBeUndefined();
    expect(stage.mails).toHaveLength(3);
  });

  test('gives up looking for a run that does not wait with this token after five minutes', async () => {
    stage.runVisible = false;

    expect(await look(10)).toMatchObject({ next: at(40) });
    await look(5 * 60);

    expect((await stage.meta()).consoleOnly).toContain('no run of the pipeline waits');
    expect(stage.mails).toEqual([]);
  });

  test('fails as retryable while the role is not usable, then says that the console remains', async () => {
    const denied = Object.assign(new Error('no'), { name: 'AccessDenied' });
    const ports = { ...stage.ports, pipeline: () => Promise.reject(denied) };

    expect(await lookAtRequest(ports, REQUEST, at(60))).toMatchObject({ done: false, next: at(90) });
    await lookAtRequest(ports, REQUEST, at(11 * 60));

    expect((await stage.meta()).consoleOnly).toContain('cannot be assumed');
  });
});

describe('people', () => {
  test('one yes opens a gate of any one; everyone asked is told', async () => {
    await look(1);

    expect(await vote(ANA, 'APPROVE', 60, { comment: 'looks good' })).toEqual([]);

    expect(stage.answers).toEqual([
      { approved: true, summary: 'Approved by ana@example.com. ana@example.com: looks good' },
    ]);
    const meta = await stage.meta();
    expect(meta.outcome).toMatchObject({ kind: 'APPROVED', by: 'PEOPLE' });
    expect(meta).toMatchObject({ deliveredAt: at(60), toldAt: at(60), endedAt: at(60) });
    expect(
      stage.mails
        .slice(3)
        .map(({ to }) => to)
        .sort(),
    ).toEqual([ANA.mail, BO.mail, CY.mail]);
    expect(stage.events.at(-1)).toMatchObject({ type: 'Approval Decided', details: { outcome: 'APPROVED' } });
    expect(await look(70)).toMatchObject({ done: true });
  });

  test('two of three: the same person twice is one', async () => {
    stage.policy = policyOf({ approvers: { quorum: 2, ids: [ANA.id, BO.id, CY.id] } });
    await look(1);

    await vote(ANA, 'APPROVE', 60);
    await vote(ANA, 'APPROVE', 61);
    expect(stage.answers).toEqual([]);
    await vote(CY, 'APPROVE', 62);

    expect(stage.answers).toEqual([{ approved: true, summary: expect.stringContaining('2 of 2') as string }]);
  });

  test('a yes becomes a no before delivery', async () => {
    stage.policy = policyOf({ approvers: { quorum: 2, ids: [ANA.id, BO.id, CY.id] } });
    await look(1);
    await vote(ANA, 'APPROVE', 60);

    await vote(ANA, 'REJECT', 61, { comment: 'wait' });

    expect(stage.answers).toEqual([{ approved: false, summary: 'Rejected by ana@example.com. wait' }]);
  });

  test.each([
    ['forged', async () => ({ ...(await stage.decision(ANA, 'APPROVE', 60, { seed: stage.seedOf(BO.mail) })) })],
    [
      'for another request',
      async () => {
        const record = await stage.decision(ANA, 'APPROVE', 60, { request: 'f'.repeat(32) });
        return { ...record, row: { ...record.row, pk: REQUEST } };
      },
    ],
    [
      'with a flipped verdict',
      async () => {
        const record = await stage.decision(ANA, 'REJECT', 60);
        return { ...record, row: { ...record.row, verdict: 'APPROVE' } };
      },
    ],
    [
      'of an uninvited person',
      () => stage.decision(person('mallory@example.com'), 'APPROVE', 60, { seed: stage.seedOf(BO.mail) }),
    ],
    ['after the deadline', () => stage.decision(ANA, 'APPROVE', 24 * 3600 + 1)],
    ['on evidence that was never shown', () => stage.decision(ANA, 'APPROVE', 60, { evidence: 'e'.repeat(64) })],
    ['with a missing attribute', async () => ({ ...(await stage.decision(ANA, 'APPROVE', 60)), row: { pk: REQUEST } })],
  ])('a decision %s opens nothing and is not retried', async (_, make) => {
    await look(1);

    expect(await readStream(stage.ports, [await make()])).toEqual([]);

    expect(stage.answers).toEqual([]);
    expect((await stage.meta()).outcome).toBeUndefined();
  });

  test('a removal from the policy acts at once; an addition does not reach a running request', async () => {
    stage.policy = policyOf({ approvers: { quorum: 1, ids: [ANA.id, BO.id] } });
    await look(1);

    stage.policy = policyOf({ approvers: { quorum: 1, ids: [BO.id, CY.id] } });
    await vote(ANA, 'APPROVE', 60);

    expect(stage.answers).toEqual([]);
    expect(stage.mails.map(({ to }) => to)).not.toContain(CY.mail);
    const { invitations } = (await stage.store.load(REQUEST))!;
    expect(invitations.find(({ approver }) => approver === ANA.id)?.excluded).toBe(
      'no longer an approver of this gate',
    );
  });

  test('the author is not asked and has no vote; a quorum that becomes unreachable is said at once', async () => {
    stage.policy = policyOf({ excludeAuthor: true, approvers: { quorum: 2, ids: [ANA.id, BO.id] } });
    stage.facts = { ...stage.facts, authors: ['ANA@example.com'] };

    await look(1);

    expect(stage.mails.map(({ to }) => to)).toEqual([BO.mail]);
    expect(stage.events.at(-1)).toMatchObject({ type: 'Gate Needs Console' });
    expect((await stage.meta()).consoleOnly).toContain('only 1 of 2');
  });

  test('a quorum that mail cannot reach is said at the look that finds out', async () => {
    stage.policy = policyOf({ approvers: { quorum: 3, ids: [ANA.id, BO.id, CY.id] } });
    stage.mailbox = (id) => (id === ANA.id ? 'pending' : 'confirmed');

    await look(1);

    expect((await stage.meta()).consoleOnly).toContain('only 2 of 3');
    expect(stage.events.at(-1)).toMatchObject({ type: 'Gate Needs Console' });
  });

  test('a mailbox that is not confirmed is named, and mailed once it is', async () => {
    stage.mailbox = (id) => (id === ANA.id ? 'pending' : 'confirmed');
    expect(await look(1)).toMatchObject({ next: at(15 * 60 + 1) });
    expect((await stage.meta()).consoleOnly).toBeUndefined();
    expect(stage.mails.map(({ to }) => to)).not.toContain(ANA.mail);

    stage.mailbox = () => 'confirmed';
    await look(15 * 60 + 1);

    expect(stage.mails.filter(({ to }) => to === ANA.mail)).toHaveLength(1);
    expect(stage.mails.filter(({ to }) => to === BO.mail)).toHaveLength(1);
  });

  test('those who are silent at half of the time are reminded once, by a further link; the first still works', async () => {
    stage.policy = policyOf({ approvers: { quorum: 2, ids: [ANA.id, BO.id, CY.id] } });
    await look(1);
    await vote(ANA, 'APPROVE', 60);
    const first = stage.seedOf(BO.mail);

    await look(12 * 3600 + 1);
    await look(12 * 3600 + 2);

    expect(
      stage.mails
        .slice(3)
        .map(({ to }) => to)
        .sort(),
    ).toEqual([BO.mail, CY.mail]);
    await vote(BO, 'APPROVE', 13 * 3600, { seed: first });
    expect(stage.answers).toHaveLength(1);
  });

  test('a wrong number is counted once however often it comes; a revoked link is dead', async () => {
    await look(1);
    const wrong = await stage.decision(ANA, 'WRONG_NUMBER', 60);
    await readStream(stage.ports, [wrong]);
    await readStream(stage.ports, [wrong]);
    await vote(ANA, 'REVOKE', 61);
    await vote(ANA, 'APPROVE', 62);

    const { invitations } = (await stage.store.load(REQUEST))!;
    expect(invitations.find(({ approver }) => approver === ANA.id)).toMatchObject({ wrongNumbers: 1, keys: [] });
    expect(stage.answers).toEqual([]);
  });

  test('however often mail was tried, the newest link works, and can be revoked without holding up the stream', async () => {
    await look(1);
    const [first, second] = Array.from({ length: 2 }, () => newSeed());
    for (const key of [first, ...Array.from({ length: 299 }, () => newSeed()), second]) {
      await stage.store.addKey(REQUEST, ANA.id, publicKeyOf(key!));
    }
    const keysOf = async () =>
      (await stage.store.load(REQUEST))!.invitations.find(({ approver }) => approver === ANA.id)!.keys;
    expect(await keysOf()).toHaveLength(100);

    expect(await vote(ANA, 'REVOKE', 61, { seed: second })).toEqual([]);

    expect(await keysOf()).toHaveLength(99);
    expect(await keysOf()).not.toContain(publicKeyOf(second!));
  });

  test('a yes still counts after the evidence changed more often than its history remembers', async () => {
    stage.policy = policyOf({ approvers: { quorum: 2, ids: [ANA.id, BO.id, CY.id] } });
    await look(1);
    await vote(ANA, 'APPROVE', 60);

    for (let change = 1; change <= 25; change += 1) {
      stage.newerRunWaiting = change % 2 === 1;
      await look(60 + change * 600);
    }
    await vote(BO, 'APPROVE', 6 * 3600);

    expect(stage.answers).toMatchObject([{ approved: true }]);
  });

  test('a decision that comes after the deadline, or under a name that is not its own, is not kept', async () => {
    await look(1);
    const late = await stage.decision(ANA, 'APPROVE', 24 * 3600 + 60);
    const renamed = await stage.decision(ANA, 'APPROVE', 60);
    const sk = `${ANA.id}#${'0'.repeat(64)}`;

    expect(await readStream(stage.ports, [late, { ...renamed, row: { ...renamed.row, sk } }])).toEqual([]);

    expect((await stage.store.load(REQUEST))!.votes).toEqual([]);
    expect(stage.answers).toEqual([]);
  });

  test('a changed row is an alarm and never a vote; TTL is neither', async () => {
    await look(1);
    const log = jest.mocked(process.stdout.write);
    const record = await stage.decision(ANA, 'APPROVE', 60);

    await readStream(stage.ports, [
      { ...record, kind: 'MODIFY' },
      { ...record, kind: 'REMOVE', byTtl: true },
    ]);

    const lines = log.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('"DecisionsTampered":1'));
    expect(lines).toHaveLength(1);
    expect(stage.answers).toEqual([]);
  });
});

describe('an answer in the console', () => {
  test('of an approver known by alias is an approval by that person', async () => {
    await look(1);
    const updatedBy = 'arn:aws:sts::111111111111:assumed-role/Release/ana';
    stage.truth = { status: 'SUCCEEDED', updatedBy, updatedAt: at(30), comment: 'ok' };

    expect(await look(40)).toMatchObject({ done: true });

    expect((await stage.meta()).outcome).toEqual({
      kind: 'APPROVED',
      by: 'CONSOLE',
      at: at(30),
      summary: 'Approved in the console by ana@example.com. ok',
    });
    expect(stage.events.map(({ type }) => type)).not.toContain('Approval Bypassed');
  });

  test('of anybody else is a bypass: recorded with the ARN, told and counted', async () => {
    const log = jest.mocked(process.stdout.write);
    await look(1);
    stage.truth = { status: 'SUCCEEDED', updatedBy: 'arn:aws:iam::111111111111:user/root-ish', updatedAt: at(30) };

    await look(40);

    expect((await stage.meta()).outcome).toMatchObject({
      by: 'BYPASS',
      summary: 'Approved outside the workflow by arn:aws:iam::111111111111:user/root-ish',
    });
    expect(stage.events.map(({ type }) => type)).toEqual([
      'Approval Requested',
      'Approval Bypassed',
      'Approval Decided',
    ]);
    expect(log.mock.calls.some(([line]) => String(line).includes('"Bypassed":1'))).toBe(true);
    expect(stage.mails).toHaveLength(6);
  });

  test('by one approver where two are needed is a bypass too', async () => {
    stage.policy = policyOf({ approvers: { quorum: 2, ids: [ANA.id, BO.id] } });
    await look(1);
    stage.truth = {
      status: 'SUCCEEDED',
      updatedBy: 'arn:aws:sts::111111111111:assumed-role/Release/ana',
      updatedAt: at(30),
    };

    await look(40);

    expect((await stage.meta()).outcome?.by).toBe('BYPASS');
  });

  test('is waited for when CodePipeline does not name the answerer yet', async () => {
    await look(1);
    stage.truth = { status: 'SUCCEEDED', updatedAt: at(30) };

    expect(await look(40)).toMatchObject({ done: false, next: at(70) });
    expect((await stage.meta()).outcome).toBeUndefined();
  });

  test('that comes before our outcome is delivered is what is told', async () => {
    await look(1);
    stage.step = (name, when) => {
      if (name === 'pipeline.answer' && when === 'before') {
        stage.truth = { status: 'FAILED', updatedBy: 'arn:aws:iam::111111111111:user/eve', updatedAt: at(60) };
      }
    };

    await vote(ANA, 'APPROVE', 60);

    expect(await stage.meta()).toMatchObject({
      outcome: { kind: 'APPROVED', by: 'PEOPLE' },
      overtakenBy: { kind: 'REJECTED', by: 'BYPASS' },
    });
    expect(stage.events.at(-1)).toMatchObject({ details: { outcome: 'REJECTED' } });
  });

  test.each([
    ['under the name of our session by another role', `arn:aws:sts::111111111111:assumed-role/Admin/${REQUEST}`],
    ['the other way, whoever it was', OURS],
  ])('that comes before our outcome %s, is no answer of ours', async (_, updatedBy) => {
    await look(1);
    stage.step = (name, when) => {
      if (name === 'pipeline.answer' && when === 'before') {
        stage.truth = { status: 'SUCCEEDED', updatedBy, updatedAt: at(60) };
      }
    };

    await vote(ANA, 'REJECT', 60);

    expect(await stage.meta()).toMatchObject({
      outcome: { kind: 'REJECTED' },
      overtakenBy: { kind: 'APPROVED', by: 'BYPASS' },
    });
    expect(stage.events.map(({ type }) => type)).toContain('Approval Bypassed');
  });
});

test('expiry and a stopped run are recorded and told, not taken for answers', async () => {
  await look(1);
  stage.truth = { status: 'FAILED', updatedAt: at(24 * 3600 + 3) };
  await look(24 * 3600 + 60);
  expect((await stage.meta()).outcome).toMatchObject({ kind: 'EXPIRED', by: 'CODEPIPELINE' });
  expect(stage.mails).toHaveLength(6);

  stage = await Stage.open(local);
  await stage.ask();
  await look(1);
  stage.truth = { status: 'ABANDONED', updatedAt: at(60), updatedBy: 'arn:aws:iam::111111111111:user/eve' };
  await look(70);
  expect((await stage.meta()).outcome).toMatchObject({ kind: 'STOPPED', by: 'CODEPIPELINE' });
});

describe('checks', () => {
  const checks = { parameter: '/p', role: 'arn:aws:iam::111111111111:role/check', bakeMinutes: 15 };

  async function watch(minutes: number, from = 0): Promise<void> {
    for (let minute = from; minute <= minutes; minute += 1) {
      await look(minute * 60);
    }
  }

  test('healthy for the whole bake opens the gate, not a minute earlier', async () => {
    const { approvers: _, ...rest } = policyOf({ checks });
    stage.policy = rest;
    stage.plans = [checkPlan()];

    await watch(14);
    expect(stage.answers).toEqual([]);
    await look(15 * 60);

    expect(stage.answers).toEqual([
      { approved: true, summary: 'Approved by the checks. alarm shop-5xx passed: as told' },
    ]);
    expect(stage.mails).toEqual([]);
  });

  test('an alarm in minute 7 rejects then, with the reason', async () => {
    const { approvers: _, ...rest } = policyOf({ checks });
    stage.policy = rest;
    stage.plans = [checkPlan(), checkPlan({ id: 'http', title: 'http health' })];
    stage.measuring = ({ check, now }) => (check.id === 'errors' && now >= at(7 * 60) ? 'FAIL' : 'PASS');

    await watch(6);
    expect(stage.answers).toEqual([]);
    await look(7 * 60);

    expect(stage.answers).toEqual([
      { approved: false, summary: expect.stringContaining('alarm shop-5xx failed: as told') as string },
    ]);
  });

  test('that cannot tell ask people, once; their yes opens', async () => {
    stage.policy = policyOf({ checks: { ...checks, onInconclusive: 'ASK_APPROVERS' } });
    stage.plans = [checkPlan()];
    stage.measuring = () => 'ERROR';

    await watch(3);
    expect(stage.mails).toEqual([]);
    await watch(6, 4);
    expect(stage.mails).toHaveLength(3);

    await vote(BO, 'APPROVE', 6 * 60 + 30);
    expect(stage.answers).toHaveLength(1);
  });

  test('a guarded gate needs both: people wait for health, and a check that turns red locks it again', async () => {
    stage.policy = policyOf({ checks: { ...checks, bakeMinutes: 0 } });
    stage.plans = [checkPlan()];
    stage.measuring = () => 'FAIL';
    await look(1);
    await vote(ANA, 'APPROVE', 30);
    expect(stage.answers).toEqual([]);
    expect((await stage.meta()).outcome).toBeUndefined();

    stage.measuring = () => 'PASS';
    await look(120);

    expect(stage.answers).toEqual([{ approved: true, summary: expect.stringContaining('ana@example.com') as string }]);
  });

  test('a verdict that changes gives new evidence: a yes to the old one does not count', async () => {
    stage.policy = policyOf({ checks: { ...checks, bakeMinutes: 0 } });
    stage.plans = [checkPlan()];
    stage.measuring = () => 'FAIL';
    await look(1);
    const { evidence } = await stage.meta();
    stage.measuring = () => 'PASS';
    await look(120);

    await vote(ANA, 'APPROVE', 600, { evidence });

    expect(stage.answers).toEqual([]);
    await vote(ANA, 'APPROVE', 601);
    expect(stage.answers).toHaveLength(1);
  });

  test('that turned red while a vote was on its way keep the gate locked, however late the vote comes', async () => {
    stage.policy = policyOf({ checks: { ...checks, bakeMinutes: 0 } });
    stage.plans = [checkPlan()];
    await look(1);
    const record = await stage.decision(ANA, 'APPROVE', 30);
    stage.measuring = () => 'FAIL';
    await look(3600);

    await readStream(stage.ports, [record]);

    expect(stage.answers).toEqual([]);
  });

  test('are asked anew when a vote would open a guarded gate', async () => {
    stage.policy = policyOf({ checks: { ...checks, bakeMinutes: 0 } });
    stage.plans = [checkPlan()];
    await look(1);
    stage.measuring = () => 'FAIL';

    await vote(ANA, 'APPROVE', 30);

    expect(stage.answers).toEqual([]);
  });

  test.each(['REJECT', 'APPROVE_WITH_WARNING'] as const)(
    'that are not written yet are waited for, and in the end never open a gate (%s)',
    async (onInconclusive) => {
      const { approvers: _, ...rest } = policyOf({ checks: { ...checks, bakeMinutes: 0, onInconclusive } });
      stage.policy = rest;
      const ports = {
        ...stage.ports,
        policies: { ...stage.ports.policies, checks: () => Promise.resolve(undefined) },
      };

      expect(await lookAtRequest(ports, REQUEST, at(1))).toMatchObject({ done: false, next: at(31) });
      expect(stage.answers).toEqual([]);
      await lookAtRequest(ports, REQUEST, at(16 * 60));

      expect(stage.answers).toMatchObject([{ approved: false }]);
    },
  );

  test('missing checks never open a gate', async () => {
    const { approvers: _, ...rest } = policyOf({ checks: { ...checks, bakeMinutes: 0 } });
    stage.policy = rest;
    stage.plans = [];

    await look(1);

    expect(stage.answers).toMatchObject([{ approved: false }]);
  });
});

describe('a rollback', () => {
  test('that CodePipeline started itself passes the people of a gate its target had passed', async () => {
    stage.facts = { executionType: 'ROLLBACK', trigger: 'AutomatedRollback', rollbackTarget: 'run-0' };

    await look(1);

    expect(stage.answers).toEqual([
      { approved: true, summary: expect.stringContaining('Automatic rollback') as string },
    ]);
  });

  test('started by hand asks people', async () => {
    stage.facts = { executionType: 'ROLLBACK', trigger: 'ManualRollback', rollbackTarget: 'run-0' };

    await look(1);

    expect(stage.answers).toEqual([]);
    expect(stage.mails).toHaveLength(3);
  });

  test.each([
    [
      'a rollback begins while the alarm that caused it is still red: that alarm has to turn green',
      'IGNORE_UNTIL_GREEN',
      { executionType: 'ROLLBACK', rollbackTarget: 'run-0' },
    ],
    ['any other run takes the policy at its word', 'FAIL', { executionType: 'STANDARD' }],
  ])('%s', async (_, alreadyRed, facts) => {
    const { approvers: __, ...rest } = policyOf({ checks: { parameter: '/p', role: 'r', bakeMinutes: 15 } });
    stage.policy = rest;
    stage.facts = facts;
    stage.plans = [checkPlan({ alreadyRed: 'FAIL' })];
    const seen: unknown[] = [];
    stage.measuring = ({ check }) => {
      seen.push(check.kind === 'alarm' && check.alreadyRed);
      return 'PASS';
    };

    await look(1);

    expect(seen).toEqual([alreadyRed]);
  });
});

describe('the second door', () => {
  const door = { ...GATE, executionId: RUN, since: START };

  test('opens a request whose notification never came, and stays its timer', async () => {
    stage = await Stage.open(local);

    const result = await lookThroughDoor(stage.ports, door, at(120));

    expect(result).toMatchObject({ done: false, look: { requestId: REQUEST } });
    expect(stage.mails).toHaveLength(3);
  });

  test('stays the timer when it crashed between opening and answering', async () => {
    stage = await Stage.open(local);
    stage.step = (name, when) => {
      if (name === 'store.open' && when === 'after') {
        throw new Error('crash');
      }
    };
    await expect(lookThroughDoor(stage.ports, door, at(120))).rejects.toThrow('crash');
    stage.step = () => undefined;

    expect(await lookThroughDoor(stage.ports, door, at(121))).toMatchObject({
      done: false,
      look: { requestId: REQUEST },
    });
  });

  test('leaves a request with a timer of its own alone after a look', async () => {
    expect(await lookThroughDoor(stage.ports, door, at(120))).toMatchObject({ done: true });
    expect(stage.mails).toHaveLength(3);
  });

  test('brings an answer in the console at once', async () => {
    await look(1);
    stage.truth = { status: 'FAILED', updatedBy: 'arn:aws:iam::111111111111:user/eve', updatedAt: at(30) };

    expect(await lookThroughDoor(stage.ports, { ...door, since: at(31) }, at(31))).toMatchObject({ done: true });

    expect((await stage.meta()).outcome?.by).toBe('BYPASS');
  });

  test('ends silently for approvals without a policy', async () => {
    stage = await Stage.open(local);
    stage.policy = undefined;

    expect(await lookThroughDoor(stage.ports, door, at(120))).toMatchObject({ done: false, next: at(420) });
    expect(await lookThroughDoor(stage.ports, door, at(15 * 60))).toMatchObject({ done: true });
    expect(stage.events).toEqual([]);
  });
});

describe('a pipeline whose role is gone', () => {
  const denied = Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });

  test('does not hold back the decisions of others, and ends a day after the deadline', async () => {
    await look(1);
    const record = await stage.decision(ANA, 'APPROVE', 60);
    const ports = { ...stage.ports, pipeline: () => Promise.reject(denied) };

    expect(await readStream(ports, [record])).toEqual([]);
    expect((await stage.store.load(REQUEST))!.votes).toHaveLength(1);
    await expect(lookAtRequest(ports, REQUEST, at(24 * 3600 + 60))).rejects.toBe(denied);
    expect(await lookAtRequest(ports, REQUEST, at(49 * 3600))).toMatchObject({ done: true });

    expect((await stage.meta()).outcome).toMatchObject({ kind: 'STOPPED', by: 'CODEPIPELINE' });
  });

  test('ends the event that opened it, in the end', async () => {
    const door = { ...GATE, executionId: RUN, since: START };
    const ports = { ...stage.ports, pipeline: () => Promise.reject(denied) };

    await expect(lookThroughDoor(ports, door, at(120))).rejects.toBe(denied);
    expect(await lookThroughDoor(ports, door, at(62 * 24 * 3600))).toMatchObject({ done: true });
  });
});

test('mails to one address are paced, whatever requests they belong to', async () => {
  const pauses: number[] = [];
  for (let others = 0; others < 12; others += 1) {
    await stage.store.countMail(ANA.id, '2026-11-23T08:00:01Z');
  }

  await lookAtRequest(
    { ...stage.ports, pause: (milliseconds) => Promise.resolve(void pauses.push(milliseconds)) },
    REQUEST,
    at(1),
  );

  expect(pauses).toEqual([2000]);
  expect(stage.mails).toHaveLength(3);
});

test('our own answer is recognised by its session after a crash before it was recorded', async () => {
  await look(1);
  stage.step = (name, when) => {
    if (name === 'pipeline.answer' && when === 'after') {
      throw new Error('crash');
    }
  };
  const record = await stage.decision(ANA, 'APPROVE', 60);
  expect(await readStream(stage.ports, [record])).toEqual([record.sequenceNumber]);
  stage.step = () => undefined;

  expect(await readStream(stage.ports, [record])).toEqual([]);

  expect(stage.answers).toHaveLength(1);
  expect(stage.truth.updatedBy).toBe(OURS);
  expect(await stage.meta()).toMatchObject({ outcome: { by: 'PEOPLE' }, deliveredAt: at(60) });
  expect((await stage.meta()).overtakenBy).toBeUndefined();
});
