import { followAction } from '../../../lambda/decide/action-event';
import { sha256 } from '../../../lambda/signing/link-key';
import {
  ANA,
  at,
  BY_ANA,
  days,
  EVE,
  EXECUTION,
  GATE,
  hours,
  minutes,
  policyOf,
  REQUEST,
  ruleOf,
  START,
} from '../samples';
import { eachTestHasAGate, GateFixture, logged } from './gate-fixture';

let gate: GateFixture;

eachTestHasAGate((fresh) => {
  gate = fresh;
});

const TARGET = { gate: GATE, executionId: EXECUTION, since: START };
const denied = () => Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });

describe('an approval whose notification never came', () => {
  test('is opened by its event, whose run becomes the timer of the request', async () => {
    expect(await gate.event(120)).toEqual({ at: at(120 + hours(6)), target: { requestId: REQUEST } });

    expect(gate.mails).toHaveLength(3);
    expect((await gate.request()).asked).toEqual({ ...GATE, at: START, by: 'EVENT', executionHint: EXECUTION });
    expect(gate.sessions[0]?.session).toMatch(/^[0-9a-f]{32}$/);
    expect(gate.sessions[0]?.session).not.toBe(REQUEST);
  });

  test('keeps that timer after a crash between opening and answering', async () => {
    gate.around = (call, when) => {
      if (call === 'store.open' && when === 'after') {
        throw new Error('crash');
      }
    };
    await expect(gate.event(120)).rejects.toThrow('crash');
    gate.around = () => undefined;

    expect(await gate.event(121)).toMatchObject({ target: { requestId: REQUEST } });
  });

  test('has a deadline by the policy', async () => {
    gate.policy = policyOf({ timeoutMinutes: 60 });

    await gate.event(120);

    expect((await gate.known()).run.deadline).toBe(at(hours(1)));
  });
});

describe('an approval whose notification came', () => {
  beforeEach(() => gate.ask());

  test('has a timer of its own: the run of the event ends after a look', async () => {
    expect(await gate.event(120)).toBeUndefined();

    expect(gate.mails).toHaveLength(3);
    expect((await gate.request()).asked.by).toBe('NOTIFICATION');
  });

  test('is answered in the console: that is known at once, and not when the timer looks next', async () => {
    await gate.look(1);
    gate.codePipeline.action = { status: 'FAILED', answer: { by: EVE, at: at(30) } };

    expect(await gate.event(31, at(31))).toBeUndefined();

    expect(await gate.request()).toMatchObject({ phase: 'CLOSED', outcome: { by: 'BYPASS' } });
  });

  test('and whose answerer CodePipeline does not name yet keeps the run of the event until it does', async () => {
    await gate.look(1);
    gate.codePipeline.action = { status: 'SUCCEEDED', answer: { at: at(30) } };

    expect(await gate.event(31, at(31))).toEqual({ at: at(61), target: { ...TARGET, since: at(31) } });
    gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(30) } };
    expect(await gate.event(61, at(31))).toBeUndefined();

    expect(await gate.request()).toMatchObject({ phase: 'CLOSED', outcome: { by: 'CONSOLE' } });
  });

  test('that can only be read by another version does not hold the run of the event', async () => {
    gate = new GateFixture();
    await gate.rows.putIfAbsent({ pk: `asked#${REQUEST}`, sk: 'asked', v: 3 });

    expect(await gate.event(120)).toBeUndefined();

    expect(await gate.rows.query(REQUEST)).toEqual([]);
  });
});

test('a request of version 0.1.0 is left alone, and its event ends', async () => {
  const old = { pk: REQUEST, sk: 'meta', ...GATE, requestedAt: START, openedBy: 'event' };
  await gate.rows.putIfAbsent(old);

  expect(await gate.event(120)).toBeUndefined();

  expect(await gate.rows.query(REQUEST)).toEqual([old]);
  expect(gate.mails).toEqual([]);
});

test('an action without a policy is most likely not ours: after 15 minutes its run ends in silence', async () => {
  gate.policy = undefined;

  expect(await gate.event(120)).toEqual({ at: at(120 + minutes(5)), target: TARGET });
  expect(await gate.event(minutes(15) - 1)).toBeDefined();
  expect(await gate.event(minutes(15))).toBeUndefined();

  expect(gate.events).toEqual([]);
  expect(gate.sessions).toEqual([]);
});

test('a token that CodePipeline does not show is waited for for five minutes', async () => {
  gate.codePipeline.visible = false;

  expect(await gate.event(120)).toEqual({ at: at(150), target: TARGET });
  expect(await gate.event(minutes(5) - 1)).toBeDefined();
  expect(await gate.event(minutes(5))).toBeUndefined();

  expect(logged().filter((line) => line.includes('CodePipeline shows no token'))).toHaveLength(1);
});

describe('a role that cannot be assumed', () => {
  beforeEach(() => {
    Object.assign(gate.ports, { pipeline: () => Promise.reject(denied()) });
  });

  test('is tried soon while it may be new, then less and less often, and in the end no more', async () => {
    expect(await gate.event(120)).toEqual({ at: at(150), target: TARGET });
    expect(await gate.event(minutes(10))).toEqual({ at: at(minutes(25)), target: TARGET });
    expect(await gate.event(days(3))).toEqual({ at: at(days(3) + hours(6)), target: TARGET });
    expect(await gate.event(days(61))).toBeDefined();
    expect(await gate.event(days(61) + 1)).toBeUndefined();
  });

  test('does not end the run when it fails otherwise: the machine tries again', async () => {
    Object.assign(gate.ports, { pipeline: () => Promise.reject(new Error('unreachable')) });

    await expect(gate.event(120)).rejects.toThrow('unreachable');
  });
});

test('of several approvals the soonest look counts, and each request is looked at', async () => {
  await gate.ask();
  await gate.look(1);
  gate.codePipeline.action = { status: 'SUCCEEDED', answer: { at: at(30) } };
  jest.spyOn(gate.codePipeline, 'waitingIn').mockResolvedValue([{ requestId: 'f'.repeat(32) }]);

  const turn = await followAction(gate.ports, { ...TARGET, since: at(31) }, at(31));

  // The other request is opened and its run is not found yet; this one waits for a name.
  expect((await gate.store.load('f'.repeat(32)))?.request.phase).toBe('OPENED');
  expect(turn).toMatchObject({ at: at(61) });
});

describe('of several looks', () => {
  const turnOf = async (...waiting: readonly { readonly requestId?: string }[]) => {
    jest.spyOn(gate.codePipeline, 'waitingIn').mockResolvedValue(waiting);
    return followAction(gate.ports, TARGET, at(120));
  };
  const SOON = { at: at(150), target: TARGET };

  test('the soonest counts, whichever comes first', async () => {
    expect(await turnOf({ requestId: REQUEST })).toEqual({ at: at(120 + hours(6)), target: { requestId: REQUEST } });

    expect(await turnOf({ requestId: REQUEST }, {})).toEqual(SOON);
    expect(await turnOf({}, { requestId: REQUEST })).toEqual(SOON);
  });

  test('one that is not needed does not count', async () => {
    await gate.ask();
    expect(await turnOf({ requestId: REQUEST })).toBeUndefined();

    expect(await turnOf({ requestId: REQUEST }, {})).toEqual(SOON);
    expect(await turnOf({}, { requestId: REQUEST })).toEqual(SOON);
  });

  test('a request that no longer waits is followed to its end beside one that does', async () => {
    await gate.ask();
    await gate.look(1);
    gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(30) } };

    await turnOf({ requestId: 'f'.repeat(32) });

    expect((await gate.request()).phase).toBe('CLOSED');
  });
});

test('a session at CodePipeline is named by pipeline and run', async () => {
  await gate.event(120);

  const name = sha256(JSON.stringify([GATE.pipeline, EXECUTION])).slice(0, 32);
  expect(gate.sessions[0]?.session).toBe(name);
});

test('a notification that cannot be read for want of the table is no reason to go on', async () => {
  gate.around = (call, when) => {
    if (call === 'intake.askedFor' && when === 'before') {
      throw new Error('throttled');
    }
  };

  await expect(gate.event(120)).rejects.toThrow('throttled');
});

test('a request of another version does not hold the run of its event once it has ended', async () => {
  await gate.ask();
  await gate.look(1);
  await gate.rows.set(REQUEST, 'meta', { v: 3 }, { expression: 'attribute_exists(pk)' });
  gate.codePipeline.action = { status: 'SUCCEEDED', answer: { at: at(30) } };

  expect(await gate.event(31)).toBeUndefined();
});

test('an event changes nothing about a gate of checks that is watched', async () => {
  await gate.ask();
  gate.policy = policyOf({ rule: ruleOf('AUTOMATED', { checks: { bakeMinutes: 10 } }) });
  await gate.live(1, minutes(3));

  expect(await gate.event(minutes(3))).toBeUndefined();

  expect(gate.measured).toHaveLength(4 - 1);
  expect(gate.mailsTo(ANA)).toEqual([]);
});
