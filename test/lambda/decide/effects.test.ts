import { NotDelivered } from '../../../lambda/decide/effects';
import { ANA, at, BO, days, EVE, hours, minutes, OURS, policyOf, REQUEST, ruleOf } from '../samples';
import { eachTestHasAGate, GateFixture, logged } from './gate-fixture';

let gate: GateFixture;

eachTestHasAGate(async (fresh) => {
  gate = fresh;
  await gate.ask();
});

const unavailable = () => Object.assign(new Error('unavailable'), { name: 'ServiceUnavailable' });
const denied = () => Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });

/** Decided, while CodePipeline cannot be reached. */
async function undelivered(seconds: number): Promise<void> {
  gate.codePipeline.refusing = unavailable();
  await expect(gate.decide(ANA, 'APPROVE', seconds)).rejects.toThrow('unavailable');
  expect((await gate.request()).phase).toBe('DECIDED');
}

describe('an outcome', () => {
  beforeEach(() => gate.look(1));

  test('is delivered when CodePipeline is back after an hour, once', async () => {
    await undelivered(60);
    await expect(gate.look(minutes(30))).rejects.toThrow('unavailable');
    expect((await gate.request()).phase).toBe('DECIDED');
    gate.codePipeline.refusing = undefined;

    expect(await gate.look(hours(1))).toEqual({ phase: 'CLOSED', openedBy: 'NOTIFICATION' });
    await gate.look(hours(2));

    expect(gate.codePipeline.answers).toEqual([{ approved: true, summary: 'Approved by ana@example.com' }]);
    expect(await gate.request()).toMatchObject({ outcome: { at: at(60) }, deliveredAt: at(hours(1)) });
  });

  test('of ours is known by its session after a crash before it was recorded', async () => {
    gate.around = (call, when) => {
      if (call === 'pipeline.answer' && when === 'after') {
        throw new Error('crash');
      }
    };
    await expect(gate.decide(ANA, 'APPROVE', 60)).rejects.toThrow('crash');
    gate.around = () => undefined;

    await gate.look(61);

    expect(gate.codePipeline.answers).toHaveLength(1);
    expect(gate.codePipeline.action).toMatchObject({ answer: { by: OURS } });
    expect(await gate.request()).toMatchObject({ phase: 'CLOSED', outcome: { by: 'PEOPLE' }, deliveredAt: at(61) });
    expect((await gate.request()) as object).not.toHaveProperty('overtakenBy');
  });

  test('that CodePipeline refuses because it has one is read from there', async () => {
    gate.codePipeline.refusing = 'OVER';
    gate.around = (call, when) => {
      if (call === 'pipeline.answer' && when === 'after') {
        gate.codePipeline.action = { status: 'FAILED', answer: { by: EVE, at: at(59) } };
      }
    };

    await gate.decide(ANA, 'APPROVE', 60);

    expect(await gate.request()).toMatchObject({
      phase: 'CLOSED',
      overtakenBy: { kind: 'REJECTED', by: 'BYPASS', at: at(59) },
    });
  });

  test('that CodePipeline neither takes nor has fails the look, so that it is tried again', async () => {
    gate.codePipeline.refusing = 'OVER';

    await expect(gate.decide(ANA, 'APPROVE', 60)).rejects.toBeInstanceOf(NotDelivered);

    expect((await gate.request()).phase).toBe('DECIDED');
  });

  test('ends where pipeline, stage or action exist no more', async () => {
    gate.codePipeline.refusing = 'GONE';

    await gate.decide(ANA, 'APPROVE', 60);

    expect(await gate.request()).toMatchObject({
      phase: 'CLOSED',
      outcome: { kind: 'APPROVED' },
      overtakenBy: {
        kind: 'STOPPED',
        by: 'CODEPIPELINE',
        at: at(60),
        summary: 'The approval no longer exists in the pipeline',
      },
    });
    expect(gate.mails.at(-1)?.subject).toContain('Stopped');
  });

  test('that can never be delivered, because no token is ever shown, ends a day after the deadline', async () => {
    await undelivered(60);
    await expect(gate.look(days(2))).rejects.toThrow('unavailable');

    await gate.look(days(2) + 1);

    expect(await gate.request()).toMatchObject({
      phase: 'CLOSED',
      overtakenBy: { kind: 'EXPIRED', by: 'CODEPIPELINE' },
    });
    expect(gate.mails.at(-1)?.subject).toContain('Expired');
  });

  test('of a pipeline whose role is gone ends a day after the deadline', async () => {
    await undelivered(60);
    Object.assign(gate.ports, { pipeline: () => Promise.reject(denied()) });
    await expect(gate.look(days(2))).rejects.toThrow('no');

    await gate.look(days(2) + 1);

    expect(await gate.request()).toMatchObject({ phase: 'CLOSED', overtakenBy: { kind: 'STOPPED' } });
  });
});

describe('health counts at the moment of delivery too', () => {
  const guarded = policyOf({ rule: ruleOf('GUARDED') });

  test('a yes that could not be delivered for an hour is held back by a check that is red by then, and that is said', async () => {
    gate.policy = guarded;
    await gate.look(1);
    await undelivered(60);
    gate.codePipeline.refusing = undefined;
    gate.measuring = () => 'FAIL';

    expect(await gate.look(hours(1))).toMatchObject({ phase: 'DECIDED', next: at(hours(1) + 60) });

    expect(gate.codePipeline.answers).toEqual([]);
    expect((await gate.request()).consoleOnly).toBe(
      'its approval is held back until the checks are healthy: alarm shop-5xx',
    );
    expect(gate.events.map(({ type }) => type)).toEqual(['Approval Requested', 'Gate Needs Console']);
  });

  test('and is delivered when it is green again', async () => {
    gate.policy = guarded;
    await gate.look(1);
    await undelivered(60);
    gate.codePipeline.refusing = undefined;
    gate.measuring = ({ now }) => (now < at(hours(2)) ? 'FAIL' : 'PASS');

    await gate.live(hours(1), hours(5));

    expect(gate.codePipeline.answers).toEqual([{ approved: true, summary: 'Approved by ana@example.com' }]);
    expect(await gate.request()).toMatchObject({ phase: 'CLOSED', outcome: { kind: 'APPROVED', at: at(60) } });
  });

  test('and expires where it never is', async () => {
    gate.policy = guarded;
    await gate.look(1);
    await undelivered(60);
    gate.codePipeline.refusing = undefined;
    gate.measuring = () => 'FAIL';
    await gate.live(hours(1), days(1) - 1);
    gate.codePipeline.action = { status: 'FAILED', answer: { at: at(days(1)) } };

    await gate.look(days(1) + 60);

    expect(gate.codePipeline.answers).toEqual([]);
    expect(await gate.request()).toMatchObject({
      phase: 'CLOSED',
      outcome: { kind: 'APPROVED' },
      overtakenBy: { kind: 'EXPIRED', by: 'CODEPIPELINE' },
    });
  });

  test('holds for an approval by checks alone', async () => {
    gate.policy = policyOf({ rule: ruleOf('AUTOMATED', { checks: { bakeMinutes: 5 } }) });
    gate.codePipeline.refusing = unavailable();
    await gate.live(0, minutes(4));
    await expect(gate.look(minutes(5))).rejects.toThrow('unavailable');
    gate.codePipeline.refusing = undefined;
    gate.measuring = () => 'FAIL';

    await gate.look(hours(1));

    expect(gate.codePipeline.answers).toEqual([]);
    expect((await gate.request()).phase).toBe('DECIDED');
  });

  test('measures nothing again that was measured within a minute', async () => {
    gate.policy = policyOf({ rule: ruleOf('AUTOMATED', { checks: { bakeMinutes: 5 } }) });

    await gate.live(0, minutes(5));

    expect(gate.codePipeline.answers).toHaveLength(1);
    expect(gate.measured).toHaveLength(6);
  });

  test('a check that is still being measured holds it back, and is nothing to tell', async () => {
    gate.policy = guarded;
    await gate.look(1);
    await undelivered(60);
    gate.codePipeline.refusing = undefined;
    gate.measuring = () => ({ verdict: 'IN_PROGRESS', callBackDelay: 20 });

    expect(await gate.look(hours(1))).toMatchObject({ phase: 'DECIDED', next: at(hours(1) + 20) });

    expect((await gate.request()).consoleOnly).toBeUndefined();
    gate.measuring = () => 'PASS';
    await gate.look(hours(1) + 20);
    expect(gate.codePipeline.answers).toHaveLength(1);
  });

  test('checks that cannot be read hold it back, which is said after 15 minutes', async () => {
    gate.policy = guarded;
    await gate.look(1);
    await undelivered(60);
    gate.codePipeline.refusing = undefined;
    gate.checksProblem = 'checks: not JSON';

    expect(await gate.look(hours(1))).toMatchObject({ phase: 'DECIDED', next: at(hours(1) + 30) });
    expect((await gate.request()).consoleOnly).toBeUndefined();
    expect(await gate.look(hours(1) + minutes(15))).toMatchObject({ next: at(hours(1) + minutes(30)) });
    expect((await gate.request()).consoleOnly).toBe(
      'its approval is held back until the checks are healthy: checks: not JSON',
    );
    gate.checksProblem = undefined;
    await gate.look(hours(2));

    expect(gate.codePipeline.answers).toHaveLength(1);
    expect((await gate.request()).unreadableSince).toBeUndefined();
  });

  test('an approval with a warning is not held: nobody expects its checks to tell', async () => {
    gate.policy = policyOf({
      rule: { ...ruleOf('AUTOMATED', { checks: { bakeMinutes: 5 } }), onInconclusive: 'APPROVE_WITH_WARNING' } as never,
    });
    gate.measuring = () => 'INCONCLUSIVE';
    gate.codePipeline.refusing = unavailable();
    await gate.live(0, minutes(4));
    await expect(gate.look(minutes(5))).rejects.toThrow('unavailable');
    gate.codePipeline.refusing = undefined;

    await gate.look(hours(1));

    expect(gate.codePipeline.answers).toMatchObject([
      { approved: true, summary: expect.stringMatching(/^Warning: the checks cannot tell/) as string },
    ]);
  });

  test('a rejection is never held', async () => {
    gate.policy = guarded;
    await gate.look(1);
    gate.measuring = () => 'FAIL';

    await gate.decide(BO, 'REJECT', 60);

    expect(gate.codePipeline.answers).toMatchObject([{ approved: false }]);
  });
});

describe('telling how it ended', () => {
  beforeEach(() => gate.look(1));

  test('is tried again until it works, and the gate was answered long before', async () => {
    gate.around = (call, when) => {
      if (call === 'events.put' && when === 'before') {
        throw new Error('the bus is away');
      }
    };
    await expect(gate.decide(ANA, 'APPROVE', 60)).rejects.toThrow('the bus is away');
    expect(gate.codePipeline.answers).toHaveLength(1);
    expect((await gate.request()).phase).toBe('DELIVERED');
    gate.around = () => undefined;

    await gate.look(hours(1));

    expect((await gate.request()).phase).toBe('CLOSED');
    expect(gate.mails).toHaveLength(6);
    expect(gate.events.at(-1)?.type).toBe('Approval Decided');
  });

  test('is given up after a day, so that no request stays open for ever', async () => {
    gate.around = (call, when) => {
      if (call === 'mailer.send' && when === 'before') {
        throw Object.assign(new Error('key disabled'), { name: 'KMSDisabled' });
      }
    };
    await expect(gate.decide(ANA, 'APPROVE', 60)).rejects.toThrow('mail could not be sent');
    await expect(gate.look(days(1) + 60)).rejects.toThrow('mail could not be sent');

    await gate.look(days(1) + 61);

    expect((await gate.request()).phase).toBe('CLOSED');
    expect(logged().join('')).toContain('not everybody could be told how a request ended');
  });
});

test('a look that finds the outcome fixed by another look delivers that one', async () => {
  await gate.look(1);
  const record = await gate.decision(ANA, 'APPROVE', 60);
  const decide = gate.store.decide.bind(gate.store);
  jest.spyOn(gate.store, 'decide').mockImplementationOnce(async (id, outcome, ...judged) => {
    await decide(id, { kind: 'REJECTED', by: 'PEOPLE', at: at(59), summary: 'Rejected by bo@example.com' }, ...judged);
    return decide(id, outcome, ...judged);
  });

  await gate.take([record], 60);

  expect(gate.codePipeline.answers).toEqual([{ approved: false, summary: 'Rejected by bo@example.com' }]);
  expect(await gate.request()).toMatchObject({ id: REQUEST, outcome: { kind: 'REJECTED' } });
});
