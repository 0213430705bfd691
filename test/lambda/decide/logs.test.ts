/** What an operator reads: one line for everything that goes another way than it should, with what it is about. */
import { takeDecisions } from '../../../lambda/decide/decisions';
import { reconcile } from '../../../lambda/decide/reconcile';
import { ANA, at, BO, EVE, CY, days, EXECUTION, GATE, minutes, person, policyOf, REQUEST, ruleOf } from '../samples';
import { eachTestHasAGate, GateFixture, logged } from './gate-fixture';

let gate: GateFixture;

eachTestHasAGate((fresh) => {
  gate = fresh;
  gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 2 } }) });
});

const entries = () => logged().map((line) => JSON.parse(line) as Record<string, unknown>);
const isMetric = (entry: Record<string, unknown>) => entry['_aws'] !== undefined;
/** Without the embedded metrics. */
const lines = () => entries().filter((entry) => !isMetric(entry));
const metrics = () => entries().filter(isMetric);

/** What was written from here on. */
function forget(): void {
  jest.mocked(process.stdout.write).mockClear();
}

const failing = (port: string, error: Error) => (call: string, when: 'before' | 'after') => {
  if (call === port && when === 'before') throw error;
};
const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });

describe('a request', () => {
  test('from the first look to the end', async () => {
    await gate.ask();
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 60);
    await gate.decide(BO, 'APPROVE', 61);

    const about = { requestId: REQUEST, ...GATE };
    expect(lines()).toEqual([
      { level: 'INFO', message: 'request identified', ...about, executionId: EXECUTION },
      { level: 'INFO', message: 'request decided: APPROVED by PEOPLE', ...about },
      { level: 'INFO', message: 'outcome delivered', ...about },
    ]);
  });

  test('that does not exist', async () => {
    await gate.look(1);

    expect(lines()).toEqual([
      { level: 'WARN', message: 'a look at a request that does not exist', requestId: REQUEST },
    ]);
  });

  test('of another version', async () => {
    await gate.rows.putIfAbsent({ pk: REQUEST, sk: 'meta', v: 3 });

    await reconcile(gate.ports, REQUEST, at(1));

    expect(lines()).toEqual([
      {
        level: 'ERROR',
        message: 'a request cannot be read, only the console can answer it',
        requestId: REQUEST,
        reason: expect.stringMatching(/version|v/),
      },
    ]);
  });

  test('that only the console can answer', async () => {
    gate.policy = 'no JSON';
    await gate.ask();
    await gate.live(1, minutes(30));

    expect(lines()).toContainEqual({
      level: 'ERROR',
      message: 'a gate can only be answered in the console',
      requestId: REQUEST,
      ...GATE,
      reason: expect.stringContaining('policy'),
    });
  });

  test('one of whose approvers has left', async () => {
    await gate.ask();
    await gate.look(1);
    forget();
    gate.people = [BO, CY];
    await gate.look(60);

    expect(lines()).toEqual([
      {
        level: 'INFO',
        message: 'an approver has no vote',
        requestId: REQUEST,
        ...GATE,
        approver: ANA.id,
        reason: 'no longer an approver of this gate',
      },
    ]);
  });
});

describe('mail', () => {
  test('to nobody', async () => {
    gate.mailbox = (id) => (id === ANA.id ? 'missing' : 'confirmed');
    await gate.ask();
    await gate.look(1);

    expect(lines()).toContainEqual({
      level: 'WARN',
      message: 'an approver cannot be reached by mail',
      requestId: REQUEST,
      approver: ANA.id,
      reason: 'missing',
    });
  });

  test('that is refused', async () => {
    await gate.ask();
    const refused = Object.assign(new Error('no'), {
      name: 'InvalidParameterException',
      $metadata: { httpStatusCode: 400 },
    });
    gate.around = failing('mailer.send', refused);
    await gate.look(1).catch(() => undefined);

    expect(lines()).toContainEqual({
      level: 'ERROR',
      message: 'a mail was refused',
      requestId: REQUEST,
      approver: ANA.id,
      error: 'InvalidParameterException',
    });
  });

  test('that tells nobody how it ended, for a day', async () => {
    await gate.ask();
    await gate.look(1);
    gate.around = failing('mailer.send', Object.assign(new Error('key disabled'), { name: 'KMSDisabled' }));
    await gate.decide(ANA, 'REJECT', 60).catch(() => undefined);
    await gate.look(days(1) + 61);

    expect(lines()).toContainEqual({
      level: 'ERROR',
      message: 'not everybody could be told how a request ended',
      requestId: REQUEST,
      ...GATE,
      error: 'KMSDisabled',
    });
  });
});

describe('a decision', () => {
  beforeEach(async () => {
    await gate.ask();
    await gate.look(1);
    forget();
  });

  test('that cannot be taken', async () => {
    const record = await gate.decision(ANA, 'APPROVE', 60);
    gate.around = failing('store.vote', throttled);
    await takeDecisions(gate.ports, [record]);

    const message = 'a decision could not be taken, it will be brought again';
    expect(lines()).toEqual([{ level: 'ERROR', message, error: 'ThrottlingException' }]);
  });

  test('whose look cannot be started', async () => {
    const record = await gate.decision(ANA, 'APPROVE', 60);
    gate.around = failing('stepFunctions.startTimer', throttled);
    await takeDecisions(gate.ports, [record]);

    const message = 'a look could not be started, its decision will be brought again';
    expect(lines()).toEqual([{ level: 'ERROR', message, error: 'ThrottlingException' }]);
  });

  test.each([
    ['MODIFY', 'changed'],
    ['REMOVE', 'removed'],
  ] as const)('that was %s', async (kind, word) => {
    await takeDecisions(gate.ports, [{ ...(await gate.decision(ANA, 'APPROVE', 60)), kind }]);

    expect(lines()).toEqual([{ level: 'ERROR', message: `a decision was ${word}: nothing honest does that` }]);
  });

  test('that is none', async () => {
    const record = await gate.decision(ANA, 'APPROVE', 60);
    await takeDecisions(gate.ports, [{ ...record, row: { ...record.row, verdict: 'MAYBE' } }]);

    expect(lines()).toEqual([
      { level: 'WARN', message: 'junk in the decisions table', reason: expect.stringContaining('verdict') },
    ]);
  });

  test('of nobody who was invited', async () => {
    await takeDecisions(gate.ports, [await gate.decision(person('nobody'), 'APPROVE', 60, { seed: gate.seedOf(ANA) })]);

    expect(lines()).toEqual([{ level: 'WARN', message: 'a decision of nobody invited', requestId: REQUEST }]);
  });

  test('by the link of somebody else', async () => {
    await takeDecisions(gate.ports, [await gate.decision(ANA, 'APPROVE', 60, { seed: gate.seedOf(BO) })]);

    expect(lines()).toEqual([
      {
        level: 'WARN',
        message: 'a decision whose signature is not valid',
        requestId: REQUEST,
        approver: ANA.id,
      },
    ]);
  });

  test('on a request of another version', async () => {
    const record = await gate.decision(ANA, 'APPROVE', 60);
    await gate.rows.set(REQUEST, 'meta', { v: 3 }, { expression: 'attribute_exists(pk)' });
    await takeDecisions(gate.ports, [record]);

    expect(lines()).toContainEqual({
      level: 'ERROR',
      message: 'a request cannot be read, so it takes no votes',
      requestId: REQUEST,
      reason: expect.stringMatching(/version|v/),
    });
  });

  test('that takes a link back', async () => {
    await takeDecisions(gate.ports, [await gate.decision(ANA, 'REVOKE', 60)]);

    expect(lines()).toEqual([{ level: 'INFO', message: 'a link was revoked', requestId: REQUEST, approver: ANA.id }]);
  });

  test('after the end', async () => {
    await takeDecisions(gate.ports, [await gate.decision(ANA, 'APPROVE', days(1) + 1)]);

    expect(lines()).toEqual([
      { level: 'INFO', message: 'a decision came after the end', requestId: REQUEST, approver: ANA.id },
    ]);
  });

  test('after a newer one', async () => {
    const [older, newer] = [await gate.decision(ANA, 'APPROVE', 60), await gate.decision(ANA, 'REJECT', 61)];
    await takeDecisions(gate.ports, [newer, older]);

    expect(lines()).toEqual([
      {
        level: 'INFO',
        message: 'a decision came after a newer one of the same approver',
        requestId: REQUEST,
        approver: ANA.id,
      },
    ]);
  });
});

describe('an event', () => {
  test('of a gate whose role cannot be assumed', async () => {
    const denied = Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    Object.assign(gate.ports, { pipeline: () => Promise.reject(denied) });
    await gate.event(120);

    expect(lines()).toEqual([
      {
        level: 'ERROR',
        message: 'the role that answers for a gate cannot be assumed',
        ...GATE,
        executionId: EXECUTION,
      },
    ]);
  });

  test('of an approval whose token never shows', async () => {
    gate.codePipeline.visible = false;
    await gate.event(minutes(5));

    expect(lines()).toEqual([
      {
        level: 'ERROR',
        message: 'an approval waits and CodePipeline shows no token',
        ...GATE,
        executionId: EXECUTION,
      },
    ]);
  });
});

describe('a metric says what it is about', () => {
  test('when a gate was bypassed', async () => {
    await gate.ask();
    await gate.look(1);
    gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: EVE, at: at(30) } };
    await gate.live(31, minutes(5));

    expect(metrics()).toMatchObject([{ Bypassed: 1, Workflow: 'shop', requestId: REQUEST, ...GATE }]);
  });

  test('when a request cannot be read', async () => {
    await gate.rows.putIfAbsent({ pk: REQUEST, sk: 'meta', v: 3 });
    await reconcile(gate.ports, REQUEST, at(1));

    expect(metrics()).toMatchObject([{ Unreadable: 1, Workflow: 'shop', requestId: REQUEST }]);
  });
});
