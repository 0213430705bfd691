import { ANA, at, BO, CY, days, minutes, policyOf, REQUEST, ruleOf } from '../samples';
import { eachTestHasAGate, GateFixture } from './gate-fixture';

let gate: GateFixture;

eachTestHasAGate(async (fresh) => {
  gate = fresh;
  await gate.ask();
});

const denied = () => Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });

describe('what people are shown', () => {
  test('is the policy of now', async () => {
    await gate.look(1);
    const policy = policyOf({ timeoutMinutes: 30 });
    gate.policy = policy;

    await gate.look(2);

    expect((await gate.known()).shown.policy).toEqual(policy);
  });

  test('is new evidence when a newer run begins to wait, from then on', async () => {
    await gate.look(1);
    const before = (await gate.known()).shown;
    gate.codePipeline.newerRunWaiting = true;

    await gate.look(60);

    const { shown } = await gate.known();
    expect(shown.newerRunWaiting).toBe(true);
    expect(shown.evidence).not.toBe(before.evidence);
    const beside = { newerRunWaiting: true, verdicts: [] };
    expect(shown.evidenceHistory).toEqual([
      ...before.evidenceHistory,
      { hash: shown.evidence, since: at(60), shown: beside },
    ]);
  });

  test('is new evidence when a check says something else, and not when its reading changes', async () => {
    gate.policy = policyOf({ rule: ruleOf('GUARDED') });
    await gate.look(1);
    const first = (await gate.known()).shown;
    gate.measuring = () => ({ verdict: 'PASS', reason: 'another reading' });
    await gate.look(61);
    const second = (await gate.known()).shown;
    gate.measuring = () => 'FAIL';
    await gate.look(200);

    expect(second.checks).toMatchObject([{ reason: 'another reading' }]);
    expect(second.evidence).toBe(first.evidence);
    expect((await gate.known()).shown.evidence).not.toBe(first.evidence);
  });

  test('is read again where another look changed it meanwhile', async () => {
    await gate.look(1);
    gate.codePipeline.newerRunWaiting = true;

    await Promise.all([gate.look(60), gate.look(60), gate.look(61)]);

    expect((await gate.known()).shown.evidenceHistory).toHaveLength(2);
  });

  test('says that a bake is over only where there is one', async () => {
    gate.policy = policyOf({ rule: ruleOf('GUARDED', { checks: { bakeMinutes: 0 } }) });
    await gate.look(1);
    await gate.look(61);
    expect((await gate.known()).shown.bakedAt).toBeUndefined();
    gate.policy = policyOf();

    await gate.look(121);

    expect((await gate.known()).shown.bakedAt).toBeUndefined();
  });
});

/** The calls of ports during one look, by their names. */
async function callsOf(seconds: number): Promise<readonly string[]> {
  const calls: string[] = [];
  gate.around = (call, when) => {
    if (when === 'before') calls.push(call);
  };
  await gate.look(seconds);
  gate.around = () => undefined;
  return calls;
}

describe('whether a newer run waits', () => {
  const asks = async (seconds: number) => (await callsOf(seconds)).includes('pipeline.newerRunWaits');

  test.each(['MANUAL', 'GUARDED'] as const)('is asked for people who decide: %s', async (kind) => {
    gate.policy = policyOf({ rule: ruleOf(kind, { checks: { bakeMinutes: 10 } }) });
    await gate.look(1);

    expect(await asks(61)).toBe(true);
  });

  test('is nobody’s business while checks alone decide', async () => {
    gate.policy = policyOf({ rule: ruleOf('AUTOMATED', { checks: { bakeMinutes: 10 } }) });
    await gate.look(1);

    expect(await asks(61)).toBe(false);
  });

  test('is asked once people are asked in the place of checks', async () => {
    gate.policy = policyOf({ rule: ruleOf('AUTOMATED_ELSE_PEOPLE', { checks: { bakeMinutes: 10 } }) });
    await gate.look(1);
    expect(await asks(61)).toBe(false);
    gate.measuring = () => 'INCONCLUSIVE';
    await gate.live(121, minutes(20));
    expect((await gate.known()).asking).toBeDefined();

    expect(await asks(minutes(21))).toBe(true);
  });

  test('is asked for a rollback, which would step aside', async () => {
    gate.codePipeline.run = { isRollback: true, trigger: 'AutomatedRollback', target: 'run-0' };
    gate.policy = policyOf({ rule: ruleOf('AUTOMATED', { checks: { bakeMinutes: 10 } }) });
    await gate.look(1);

    expect(await asks(61)).toBe(true);
  });
});

describe('the list of people', () => {
  test('is read for a rule with people', async () => {
    await gate.look(1);

    expect(await callsOf(61)).toContain('policies.people');
  });

  test('is not read for a rule of checks alone', async () => {
    gate.policy = policyOf({ rule: ruleOf('AUTOMATED', { checks: { bakeMinutes: 10 } }) });
    await gate.look(1);

    expect(await callsOf(61)).not.toContain('policies.people');
  });
});

describe('who has no vote', () => {
  test('is kept with the invitation, for the page', async () => {
    await gate.look(1);
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { ids: [BO.id, CY.id] } }) });
    gate.people = [BO, CY];

    await gate.look(2);

    expect(await gate.invitation(ANA)).toMatchObject({ excluded: 'no longer an approver of this gate' });
    expect(await gate.invitation(BO)).not.toHaveProperty('excluded');
  });

  test('is a guest whose time is over, though they said yes before', async () => {
    gate.people = [{ ...ANA, until: at(120) }, BO, CY];
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 2 } }) });
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 60);

    await gate.look(119);
    expect(await gate.invitation(ANA)).not.toHaveProperty('excluded');
    await gate.look(120);

    expect(await gate.invitation(ANA)).toMatchObject({ excluded: 'guest until Monday 23 November 2026, 08:02 UTC' });
    await gate.decide(BO, 'APPROVE', 130);
    expect((await gate.request()).phase).toBe('WAITING');
  });

  test('and is taken away again', async () => {
    await gate.look(1);
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { ids: [BO.id] } }) });
    gate.people = [BO];
    await gate.look(2);
    gate.policy = policyOf();
    gate.people = [ANA, BO, CY];

    await gate.look(3);

    expect(await gate.invitation(ANA)).not.toHaveProperty('excluded');
  });

  test('is written once, and nothing is written for those who have one', async () => {
    await gate.look(1);
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { ids: [BO.id, CY.id] } }) });
    gate.people = [BO, CY];

    const writes = (calls: readonly string[]) =>
      calls.filter((call) => /^invitations.(mark|clearExclusion)$/.test(call));
    expect(writes(await callsOf(2))).toEqual(['invitations.mark']);
    expect(writes(await callsOf(3))).toEqual([]);
    gate.policy = policyOf();
    gate.people = [ANA, BO, CY];
    expect(writes(await callsOf(4))).toEqual(['invitations.clearExclusion']);
    expect(writes(await callsOf(5))).toEqual([]);
  });

  test('is somebody whom the parameters do not describe any more', async () => {
    await gate.look(1);
    gate.people = [BO, CY];

    await gate.look(2);

    expect(await gate.invitation(ANA)).toMatchObject({ excluded: 'no longer an approver of this gate' });
  });
});

describe('who has answered', () => {
  beforeEach(() => {
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 2 } }) });
  });

  const responses = async () => (await gate.request()).responses;

  test('is kept with the request, for the dashboard', async () => {
    await gate.look(1);
    expect(await responses()).toBeUndefined();
    await gate.decide(ANA, 'APPROVE', 2);
    await gate.look(3);
    expect(await responses()).toEqual([{ approver: ANA.id, kind: 'APPROVED' }]);

    gate.people = [ANA, { ...BO, until: at(4) }, CY];
    await gate.look(4);
    expect(await responses()).toEqual([
      { approver: ANA.id, kind: 'APPROVED' },
      { approver: BO.id, kind: 'EXCLUDED' },
    ]);
  });

  test('is not written over by a look that knows of fewer votes', async () => {
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 2);
    await gate.look(3);

    await gate.store.respond(REQUEST, [], 0);
    expect(await responses()).toHaveLength(1);
  });

  test('is written once', async () => {
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 2);
    await gate.look(3);

    expect(await callsOf(4)).not.toContain('store.respond');
  });
});

describe('a parameter that cannot be read', () => {
  beforeEach(async () => {
    gate.policy = policyOf({ rule: ruleOf('GUARDED', { checks: { bakeMinutes: 60 } }) });
    await gate.look(1);
  });

  const writes = async (seconds: number) =>
    (await callsOf(seconds)).filter((call) => /^store.(unreadable|readable)$/.test(call));

  test('is noted once, and once more when it can be read again', async () => {
    gate.checksProblem = 'throttled';
    expect(await writes(61)).toEqual(['store.unreadable']);
    expect(await writes(121)).toEqual([]);
    gate.checksProblem = undefined;
    expect(await writes(151)).toEqual(['store.readable']);
    expect(await writes(181)).toEqual([]);
  });

  test('for no longer than checks forgive changes nothing about a bake', async () => {
    gate.checksProblem = 'throttled';
    await gate.look(61);
    gate.checksProblem = undefined;

    await gate.look(61 + minutes(2));

    expect((await gate.known()).watchedSince).toBeUndefined();
  });

  test('for longer lets the bake begin again, unless it is over', async () => {
    gate.checksProblem = 'throttled';
    await gate.look(61);
    gate.checksProblem = undefined;
    await gate.look(62 + minutes(2));
    expect((await gate.known()).watchedSince).toBe(at(62 + minutes(2)));

    await gate.live(63 + minutes(2), minutes(70));
    expect((await gate.known()).shown.bakedAt).toBeDefined();
    const { watchedSince } = await gate.known();
    gate.checksProblem = 'throttled';
    await gate.look(minutes(71));
    gate.checksProblem = undefined;
    await gate.look(minutes(75));

    expect((await gate.known()).watchedSince).toBe(watchedSince);
  });
});

describe('a pipeline whose role is gone', () => {
  test('keeps a vote, and ends the request a day after the deadline', async () => {
    await gate.look(1);
    const record = await gate.decision(ANA, 'APPROVE', 60);
    Object.assign(gate.ports, { pipeline: () => Promise.reject(denied()) });

    await expect(gate.take([record], 60)).rejects.toThrow('no');
    expect((await gate.records()).votes).toHaveLength(1);
    await expect(gate.look(days(2))).rejects.toThrow('no');
    expect(await gate.look(days(2) + 1)).toMatchObject({ phase: 'CLOSED' });

    expect(await gate.request()).toMatchObject({
      outcome: {
        kind: 'STOPPED',
        by: 'CODEPIPELINE',
        at: at(days(2) + 1),
        summary: 'The approval no longer exists in CodePipeline',
      },
    });
  });

  test('is no reason to end anything when it fails otherwise', async () => {
    await gate.look(1);
    Object.assign(gate.ports, { pipeline: () => Promise.reject(new Error('unreachable')) });

    await expect(gate.look(days(3))).rejects.toThrow('unreachable');
  });

  test('is asked by the role of the policy shown last, where the policy is gone', async () => {
    await gate.look(1);
    gate.policy = undefined;

    await gate.look(60);

    expect(gate.sessions.at(-1)?.role).toBe(policyOf().answerRole);
  });
});
