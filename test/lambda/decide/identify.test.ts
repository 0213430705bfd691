import { runKeyOf, sha256 } from '../../../lambda/signing/link-key';
import {
  ACTION_EXECUTION,
  ANA,
  at,
  BO,
  CY,
  days,
  EXECUTION,
  GATE,
  hours,
  minutes,
  policyOf,
  REQUEST,
  ruleOf,
} from '../samples';
import { eachTestHasAGate, GateFixture } from './gate-fixture';

let gate: GateFixture;

eachTestHasAGate(async (fresh) => {
  gate = fresh;
  await gate.ask();
});

const denied = () => Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });

test('the first look finds the run, its change and those who are invited, and the request waits', async () => {
  gate.codePipeline.run = {
    trigger: 'StartPipelineExecution',
    startedBy: 'arn:aws:iam::111111111111:user/cy',
    authors: ['bo-gh'],
  };
  gate.codePipeline.found = { link: 'https://reviews.example.com/1', text: `Please look\nPipeline run: ${EXECUTION}` };
  gate.codePipeline.stage = { serving: [{ name: 'source', id: 'abc122' }] };

  const standing = await gate.look(1);

  const request = await gate.known();
  expect(request.run).toEqual({
    executionId: EXECUTION,
    actionExecutionId: ACTION_EXECUTION,
    identifiedAt: at(1),
    deadline: at(days(1)),
    kind: { type: 'STANDARD' },
    trigger: 'StartPipelineExecution',
    startedBy: 'arn:aws:iam::111111111111:user/cy',
    authors: ['bo-gh'],
    invited: [ANA.id, BO.id, CY.id],
    reviewUrl: 'https://reviews.example.com/1',
    text: 'Please look',
    revisions: [{ name: 'source', id: 'abc123', message: 'fix the cart' }],
    serving: [{ name: 'source', id: 'abc122' }],
    onReject: { kind: 'STAYS' },
  });
  expect(request.shown).toEqual({
    policy: policyOf(),
    newerRunWaiting: false,
    checks: [],
    evidence: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    evidenceHistory: [{ hash: request.shown.evidence, since: at(1), shown: { newerRunWaiting: false, verdicts: [] } }],
  });
  expect(request.phase).toBe('WAITING');
  expect(standing).toEqual({ phase: 'WAITING', openedBy: 'NOTIFICATION', next: at(hours(6) + 1) });
  expect(gate.events).toEqual([{ type: 'Approval Requested', at: at(1), details: { requestId: REQUEST } }]);
});

test('what is not known of a run is left out: no trigger, no starter, no link, no note', async () => {
  gate.codePipeline.found = { link: '', text: `Pipeline run: ${EXECUTION}` };

  await gate.look(1);

  const { run } = await gate.known();
  for (const name of ['trigger', 'startedBy', 'reviewUrl', 'text']) {
    expect(run).not.toHaveProperty(name);
  }
});

test('CodePipeline is asked by the role that the policy names, in a session named by the request', async () => {
  await gate.look(1);
  await gate.look(2);

  expect(gate.sessions.length).toBeGreaterThan(1);
  for (const session of gate.sessions) {
    expect(session).toEqual({ role: policyOf().answerRole, session: REQUEST });
  }
});

test('the request is found again by its run', async () => {
  await gate.look(1);

  expect(await gate.store.requestsOfRun(runKeyOf(GATE.pipeline, GATE.stage, GATE.action, EXECUTION))).toEqual([
    REQUEST,
  ]);
});

describe('the deadline', () => {
  test("is the notification's own, whatever the policy says", async () => {
    gate = new GateFixture();
    await gate.ask({ expires: at(days(7)) });

    await gate.look(1);

    expect((await gate.known()).run.deadline).toBe(at(days(7)));
  });

  test('is counted from the start of the action by the policy where the notification named none', async () => {
    gate = new GateFixture();
    await gate.ask({ expires: 'unknown' });
    gate.codePipeline.found = { startedAt: at(-30) };
    gate.policy = policyOf({ timeoutMinutes: 90 });

    await gate.look(1);

    expect((await gate.known()).run.deadline).toBe(at(minutes(90) - 30));
  });
});

describe('the authors of a change', () => {
  test('are those whom the event of its trigger names, and those whom its sources name, each once', async () => {
    await gate.intake.trigger(GATE.pipeline, EXECUTION, ['Ana', 'ana-gh'], at(-60));
    gate.codePipeline.run = { authors: ['ana-gh', 'bo-gh'] };

    await gate.look(1);

    expect((await gate.known()).run.authors).toEqual(['Ana', 'ana-gh', 'bo-gh']);
  });

  test('of another run or pipeline are not taken', async () => {
    await gate.intake.trigger(GATE.pipeline, '99999999-2222-3333-4444-555555555555', ['Ana'], at(-60));
    await gate.intake.trigger('other', EXECUTION, ['Bo'], at(-60));

    await gate.look(1);

    expect((await gate.known()).run.authors).toEqual([]);
  });

  test('have no vote, whichever source names them', async () => {
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { excludeAuthor: true } }) });
    await gate.intake.trigger(GATE.pipeline, EXECUTION, ['ana-gh'], at(-60));

    await gate.look(1);

    expect(gate.mails.map(({ to }) => to).sort()).toEqual([BO.mail, CY.mail]);
  });

  test('that nobody knows exclude nobody', async () => {
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { excludeAuthor: true } }) });

    await gate.look(1);

    expect((await gate.known()).run.authors).toEqual([]);
    expect(gate.mails).toHaveLength(3);
  });

  test('are not guessed from a row that cannot be read: the request waits, and it is counted', async () => {
    await gate.rows.putIfAbsent({
      pk: `trigger#${runKeyOf(GATE.pipeline, '', '', EXECUTION)}`,
      sk: 'trigger',
      v: 3,
      authors: [],
    });

    expect(await gate.look(1)).toEqual({ phase: 'UNREADABLE', next: at(hours(6) + 1) });

    expect((await gate.request()).phase).toBe('OPENED');
    const lines = jest.mocked(process.stdout.write).mock.calls.map(([line]) => String(line));
    expect(lines.filter((line) => line.includes('"Unreadable":1'))).toHaveLength(1);
  });
});

describe('a rollback', () => {
  test.each([
    ['by CodePipeline', 'AutomatedRollback', true],
    ['by a person', 'ManualRollback', false],
  ])('started %s is known as such', async (_, trigger, automatic) => {
    gate.codePipeline.run = { isRollback: true, trigger, target: 'run-0' };

    await gate.look(1);

    expect((await gate.known()).run.kind).toEqual({ type: 'ROLLBACK', automatic, target: 'run-0', proven: true });
  });

  test('is proven only by a target that is known and passed this gate', async () => {
    gate.codePipeline.run = { isRollback: true, trigger: 'AutomatedRollback', target: 'run-0' };
    gate.codePipeline.proven = false;
    await gate.look(1);
    expect((await gate.known()).run.kind).toMatchObject({ proven: false });

    gate = new GateFixture();
    await gate.ask();
    gate.codePipeline.run = { isRollback: true, trigger: 'AutomatedRollback' };
    await gate.look(1);
    expect((await gate.known()).run.kind).toEqual({ type: 'ROLLBACK', automatic: true, proven: false });
  });
});

test('what a no does is what CodePipeline will do', async () => {
  const target = [{ name: 'source', id: 'abc122' }];
  gate.policy = policyOf({ onReject: 'ROLLBACK' });
  gate.codePipeline.stage = { serving: [], rollbackTarget: target };

  await gate.look(1);

  expect((await gate.known()).run.onReject).toEqual({ kind: 'GOES_BACK', to: target });
});

describe('a policy that is not there', () => {
  beforeEach(() => {
    gate.policy = undefined;
  });

  test('is waited for for 15 minutes, in silence', async () => {
    expect(await gate.look(60)).toEqual({ phase: 'OPENED', openedBy: 'NOTIFICATION', next: at(90) });
    await gate.look(minutes(15) - 1);

    expect((await gate.request()).consoleOnly).toBeUndefined();
    expect(gate.events).toEqual([]);
  });

  test('leaves the gate to the console, which is said once; later it is looked for less and less often', async () => {
    expect(await gate.look(minutes(15))).toMatchObject({ next: at(minutes(30)) });
    expect(await gate.look(hours(2))).toMatchObject({ next: at(hours(3)) });
    expect(await gate.look(hours(48))).toMatchObject({ next: at(hours(54)) });

    expect((await gate.request()).consoleOnly).toBe('this gate has no policy');
    expect(gate.events).toEqual([
      {
        type: 'Gate Needs Console',
        at: at(minutes(15)),
        details: {
          requestId: REQUEST,
          reason: 'this gate has no policy',
          consoleLink: expect.stringContaining('/pipelines/shop/view') as string,
        },
      },
    ]);
  });

  test('and comes after all lets the request go on', async () => {
    await gate.look(minutes(16));
    gate.policy = policyOf();

    await gate.look(minutes(30));

    expect((await gate.request()).consoleOnly).toBeUndefined();
    expect((await gate.request()).phase).toBe('WAITING');
    expect(gate.mails).toHaveLength(3);
  });
});

test.each<[string, string]>([
  ['of version 0.1.0', JSON.stringify({ ...policyOf(), v: 1 })],
  ['of a version to come', JSON.stringify({ ...policyOf(), v: 3 })],
  ['that is not JSON', '{"v":2'],
])('a policy %s opens nothing; the console remains', async (_, policy) => {
  gate.policy = policy;

  await gate.look(minutes(16));

  expect((await gate.request()).phase).toBe('OPENED');
  expect(gate.events.map(({ type }) => type)).toEqual(['Gate Needs Console']);
  expect(gate.mails).toEqual([]);
});

test('a run that does not wait with the token of the request is looked for for five minutes', async () => {
  gate.codePipeline.visible = false;

  expect(await gate.look(10)).toMatchObject({ phase: 'OPENED', next: at(40) });
  await gate.look(minutes(5) - 1);
  expect((await gate.request()).consoleOnly).toBeUndefined();
  await gate.look(minutes(5));

  expect((await gate.request()).consoleOnly).toBe('no run of the pipeline waits with the token of this request');
  expect(gate.mails).toEqual([]);
});

test('a role that cannot be assumed is waited for for ten minutes', async () => {
  Object.assign(gate.ports, { pipeline: () => Promise.reject(denied()) });

  expect(await gate.look(60)).toMatchObject({ phase: 'OPENED', next: at(90) });
  await gate.look(minutes(10) - 1);
  expect((await gate.request()).consoleOnly).toBeUndefined();
  await gate.look(minutes(10));

  expect((await gate.request()).consoleOnly).toBe('the role that answers for this gate cannot be assumed');
});

test('a failure to assume the role that is no refusal fails the look, so that it is tried again', async () => {
  const unreachable = new Error('unreachable');
  Object.assign(gate.ports, { pipeline: () => Promise.reject(unreachable) });

  await expect(gate.look(60)).rejects.toBe(unreachable);
});

test('a request that no run ever matched ends when no approval could wait any more', async () => {
  gate.codePipeline.visible = false;
  expect(await gate.look(days(61))).toMatchObject({ phase: 'OPENED' });

  expect(await gate.look(days(61) + 1)).toEqual({ phase: 'CLOSED', openedBy: 'NOTIFICATION' });

  expect(await gate.request()).toMatchObject({
    outcome: {
      kind: 'STOPPED',
      by: 'CODEPIPELINE',
      at: at(days(61) + 1),
      summary: 'This request never could be matched to a run',
    },
  });
  expect(gate.mails).toEqual([]);
});

test('neither a seed nor the token is kept in the table', async () => {
  await gate.look(1);

  const stored = JSON.stringify(await gate.rows.query(REQUEST));
  expect(stored).toContain(ANA.mail);
  expect(stored).not.toContain(gate.seedOf(ANA));
  expect(stored).not.toContain(gate.codePipeline.token);
  expect(stored).not.toContain(sha256(gate.codePipeline.token));
});
