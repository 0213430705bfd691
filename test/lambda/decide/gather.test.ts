import { ANA, at, BO, CY, days, policyOf, ruleOf } from '../samples';
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
    expect(shown.evidenceHistory).toEqual([...before.evidenceHistory, { hash: shown.evidence, since: at(60) }]);
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

  test('whether a newer run waits is asked only where it matters', async () => {
    const asked = jest.spyOn(gate.codePipeline, 'newerRunWaits');
    gate.policy = policyOf({ rule: ruleOf('AUTOMATED', { checks: { bakeMinutes: 10 } }) });
    await gate.look(1);
    await gate.look(61);

    expect(asked).not.toHaveBeenCalled();
  });
});

describe('who has no vote', () => {
  test('is kept with the invitation, for the page', async () => {
    await gate.look(1);
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { ids: [BO.id, CY.id] } }) });

    await gate.look(2);

    expect(await gate.invitation(ANA)).toMatchObject({ excluded: 'no longer an approver of this gate' });
    expect(await gate.invitation(BO)).not.toHaveProperty('excluded');
  });

  test('and is taken away again', async () => {
    await gate.look(1);
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { ids: [BO.id] } }) });
    await gate.look(2);
    gate.policy = policyOf();

    await gate.look(3);

    expect(await gate.invitation(ANA)).not.toHaveProperty('excluded');
  });

  test('is somebody whom the parameters do not describe any more', async () => {
    await gate.look(1);
    gate.people = [BO, CY];

    await gate.look(2);

    expect(await gate.invitation(ANA)).toMatchObject({ excluded: 'no longer an approver of this gate' });
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
