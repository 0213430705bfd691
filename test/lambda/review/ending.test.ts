import type { Outcome, Request } from '../../../lambda/domain/request';
import type { Vote } from '../../../lambda/domain/vote';
import { newSeed } from '../../../lambda/signing/link-key';
import { form, logLines, quietLog, site, wordsOf } from './ask';
import {
  ANA,
  APPROVED,
  BO,
  CLOSED,
  CY,
  DEADLINE,
  DECIDED,
  DELIVERED,
  NOW,
  REQUEST,
  RUN,
  SHOWN,
  WAITING,
  query,
  rollback,
  scene,
  seedOf,
  vote,
} from './fixture';

quietLog();

const DAY = 86_400_000;
const AFTER = Date.parse(APPROVED.at);

function ended(request: Request = CLOSED, votes: readonly Vote[] = [], approver = BO) {
  const s = { ...scene(request), votes };
  const { ask, store } = site(s);
  return { s, store, ask, look: () => ask({ query: query(s, approver) }) };
}

function outcome(more: Partial<Outcome>): Request {
  return { ...CLOSED, outcome: { ...APPROVED, ...more } };
}

describe('the link of an ended request', () => {
  test('tells its holder how it ended and when, for seven days', async () => {
    const { ask, s } = ended();
    const at = (now: number) => ask({ query: query(s), now });

    const page = await at(NOW);

    expect(page.statusCode).toBe(200);
    expect(wordsOf(page)).toBe(
      'shop-release › Prod › Approve Approved The people who were asked approved this change. ' +
        'It ended on Monday 23 November 2026, 09:20 UTC. CodePipeline has the answer. ' +
        'No answer of yours was recorded. Nothing is left to do here. You can close this page. Refresh',
    );
    expect(page.body).toContain('<title>Approved · shop-release</title>');
    expect(page.body).toContain('<main data-phase="ended">');
    expect((await at(Date.parse(CLOSED.deliveredAt) + 7 * DAY - 1)).statusCode).toBe(200);
    expect((await at(Date.parse(CLOSED.deliveredAt) + 7 * DAY)).statusCode).toBe(404);
  });

  test.each([
    ['DECIDED', DECIDED, 'Approved'],
    ['DELIVERED', DELIVERED, 'Approved'],
    ['CLOSED', CLOSED, 'Approved'],
    ['WAITING after its deadline', WAITING, 'Time is up'],
  ] as const)(
    '%s: shows nothing of the change, the checks, the people and their reasons',
    async (_, request, title) => {
      const s = scene(request);
      const now = request === WAITING ? Date.parse(DEADLINE) : NOW;

      const page = await site(s).ask({ query: query(s), now });

      expect(page.statusCode).toBe(200);
      expect(page.body).toContain(`<h1>${title}</h1>`);
      for (const detail of [
        RUN.executionId,
        RUN.revisions[0]!.id.slice(0, 12),
        'Round basket totals',
        'Cyrus Wong',
        'Totals were off',
        'reviews.example.com',
        'Show delivery dates',
        ...SHOWN.checks.map(({ title }) => title),
        'Ana Lopez',
        'Tried it on staging',
        'ana@example.com',
        'bo@example.com',
        'ana-gh',
        'name="number"',
        'name="verdict"',
        'revoke',
      ]) {
        expect(page.body).not.toContain(detail);
      }
    },
  );

  test.each([
    ['PEOPLE', 'APPROVED', 'Approved', 'The people who were asked approved this change.'],
    ['PEOPLE', 'REJECTED', 'Rejected', 'Somebody who was asked rejected it.'],
    ['CHECKS', 'APPROVED', 'Approved', 'The checks decided it.'],
    ['CHECKS', 'REJECTED', 'Rejected', 'The checks decided it.'],
    ['CONSOLE', 'APPROVED', 'Approved', 'An approver answered in the AWS console.'],
    ['BYPASS', 'APPROVED', 'Approved', 'It was answered in AWS, outside this workflow.'],
    ['CODEPIPELINE', 'EXPIRED', 'Time ran out', 'There were not enough answers in time.'],
    ['CODEPIPELINE', 'STOPPED', 'The run was stopped', 'The run ended before the gate had an answer.'],
    [
      'ROLLBACK',
      'APPROVED',
      'Approved',
      'This automatic rollback brings back a run that had passed this gate, so nobody had to answer.',
    ],
    [
      'ROLLBACK',
      'REJECTED',
      'Rejected',
      'The rollback stepped aside for a newer run that waited behind it. What it deployed stays.',
    ],
  ] as const)('an outcome by %s, %s, is told as it was', async (by, kind, title, sentence) => {
    const page = await ended(outcome({ by, kind })).look();

    expect(page.body).toContain(`<h1>${title}</h1>`);
    expect(wordsOf(page)).toContain(sentence);
  });

  test('a rollback is called one', async () => {
    const page = await ended({ ...CLOSED, run: rollback() }).look();

    expect(wordsOf(page)).toContain('The people who were asked approved this rollback.');
  });

  test('what really happened is told, if that is not what was decided here', async () => {
    const overtakenBy = { ...APPROVED, kind: 'REJECTED', by: 'BYPASS', at: '2026-11-23T09:19:00.000Z' } as const;

    const page = wordsOf(await ended({ ...CLOSED, overtakenBy }).look());

    expect(page).toContain('Rejected It was answered in AWS, outside this workflow. It ended on Monday 23 November');
    expect(page).toContain('09:19 UTC');
  });

  test('a request that ended before its run was known has an ending too', async () => {
    const { run: _run, shown: _shown, asking: _asking, ...unknown } = CLOSED;
    const stopped = { ...APPROVED, kind: 'STOPPED', by: 'CODEPIPELINE' } as const;

    const page = await ended({ ...unknown, outcome: stopped }).look();

    expect(page.body).toContain('<h1>The run was stopped</h1>');
  });

  test('while CodePipeline does not have the outcome, the page says that it is being told, and follows', async () => {
    const page = await ended(DECIDED).look();

    expect(wordsOf(page)).toContain(
      'It was decided on Monday 23 November 2026, 09:20 UTC. CodePipeline is being told. No answer of yours',
    );
    expect(wordsOf(page)).not.toContain('Nothing is left to do');
    expect(wordsOf(page)).toContain('This page updates by itself.');
    expect(page.body).toContain('<main data-phase="telling">');
  });

  test.each([
    [{ whileHealthy: true }, 'its approval is held back until the checks are healthy: alarm shop-5xx is red', true],
    [{ whileHealthy: true }, undefined, false],
    [{}, 'only 1 of 2 approvers needed can be reached by mail', false],
  ])('an approval with %j and only the console for "%s" is held back: %s', async (more, consoleOnly, isHeldBack) => {
    const page = wordsOf(await ended({ ...DECIDED, outcome: { ...APPROVED, ...more }, consoleOnly }).look());

    const sentence =
      'CodePipeline does not have the answer yet: the approval is held back until the checks are healthy, and goes out by itself then.';
    expect(page.includes(sentence)).toBe(isHeldBack);
    expect(page.includes('Approve Approved, and held back The people')).toBe(isHeldBack);
    expect(page).toContain('It was decided on Monday 23 November 2026, 09:20 UTC.');
    expect(page.includes('CodePipeline is being told.')).toBe(!isHeldBack);
    expect(page).not.toContain('shop-5xx');
  });

  test('after the deadline, and before CodePipeline says how it ended', async () => {
    const s = scene();
    const { ask } = site(s);
    const at = (now: number) => ask({ query: query(s), now });

    const page = await at(Date.parse(DEADLINE));

    expect(page.statusCode).toBe(200);
    expect(wordsOf(page)).toBe(
      'shop-release › Prod › Approve Time is up This gate stopped taking answers on ' +
        'Wednesday 25 November 2026, 09:00 UTC. CodePipeline has not said yet how it ended. ' +
        'No answer of yours was recorded. Refresh This page updates by itself.',
    );
    expect((await at(Date.parse(DEADLINE) + 7 * DAY - 1)).statusCode).toBe(200);
  });
});

describe('whether one’s own answer counted', () => {
  test.each([
    ['a yes in time', vote(BO, 'APPROVE'), {}, 'Your approval was counted.'],
    ['a no in time', vote(BO, 'REJECT'), { kind: 'REJECTED' }, 'Your rejection was counted.'],
    ['a no to an older view', vote(BO, 'REJECT', { current: false }), {}, 'Your rejection was counted.'],
    [
      'a yes to an older view',
      vote(BO, 'APPROVE', { current: false }),
      {},
      'Your approval was not counted: the page had changed before it arrived.',
    ],
    ['a yes at the end', vote(BO, 'APPROVE', { at: APPROVED.at }), {}, 'Your approval was counted.'],
    [
      'a no after the end',
      vote(BO, 'REJECT', { at: DEADLINE }),
      {},
      'Your rejection came too late and was not counted.',
    ],
    ['no answer', vote(ANA, 'APPROVE'), {}, 'No answer of yours was recorded.'],
    ['a yes before the console answered', vote(BO, 'APPROVE'), { by: 'CONSOLE' }, 'Your approval was counted.'],
    [
      'a yes before somebody went past the workflow',
      vote(BO, 'APPROVE'),
      { by: 'BYPASS' },
      'Your approval was counted, and did not decide how this ended.',
    ],
  ] as const)('%s', async (_, answer, how, sentence) => {
    const page = wordsOf(await ended(outcome(how), [answer]).look());

    expect(page).toContain(` ${sentence} Nothing is left`);
  });

  test('a late answer is told so and is not recorded', async () => {
    const { s, store, ask } = ended();

    const yes = await ask({ form: form(s) });
    const no = await ask({ form: form(s, { verdict: 'REJECT', comment: 'wait' }) });

    expect([yes.statusCode, no.statusCode]).toEqual([409, 409]);
    expect(wordsOf(yes)).toContain(' Your approval came too late and was not counted. Nothing');
    expect(wordsOf(no)).toContain(' Your rejection came too late and was not counted. Nothing');
    expect(store.puts).toEqual([]);
    expect(logLines()).toEqual([]);
  });

  test('an answer changed too late: the earlier one is what counted', async () => {
    const { s, ask } = ended(CLOSED, [vote(BO, 'APPROVE')]);

    const page = await ask({ form: form(s, { verdict: 'REJECT', comment: 'wait' }) });

    expect(wordsOf(page)).toContain(
      'Your rejection came too late and was not counted. Before that, your approval was counted. Nothing',
    );
  });

  test.each([
    ['that was recorded and never counted', AFTER - 1, [], 'Your approval came too late and was not counted.'],
    ['that was counted', NOW - 1_200_000, [vote(BO, 'APPROVE')], 'Your approval was counted.'],
    [
      'newer than the one that was counted',
      NOW - 1_199_999,
      [vote(BO, 'REJECT')],
      'Your approval came too late and was not counted. Before that, your rejection was counted.',
    ],
  ])('an open page that follows its gate is told of the answer %s', async (_, seq, votes, sentence) => {
    const { s, ask } = ended(CLOSED, votes);

    const page = await ask({ path: `/r/${REQUEST}/status`, form: { ...form(s), submitted: `APPROVE@${seq}` } });

    expect(page.statusCode).toBe(200);
    expect(wordsOf(page)).toContain(` ${sentence} Nothing`);
    expect(page.body).toContain(`<input type="hidden" name="submitted" value="APPROVE@${seq}" />`);
  });

  test.each([
    [Date.parse(DEADLINE) - 1, 'Your approval is recorded and is being counted.'],
    [Date.parse(DEADLINE), 'Your approval came too late and was not counted.'],
  ])('an answer sent at %d, when the time is over and nothing else is known', async (seq, sentence) => {
    const s = scene();

    const page = await site(s).ask({
      path: `/r/${REQUEST}/status`,
      form: { ...form(s), submitted: `APPROVE@${seq}` },
      now: Date.parse(DEADLINE) + 1,
    });

    expect(wordsOf(page)).toContain(sentence);
  });

  test('a vote given in time is counted, when the time is over and nothing else is known', async () => {
    const s = { ...scene(), votes: [vote(BO, 'APPROVE')] };

    const page = await site(s).ask({ query: query(s), now: Date.parse(DEADLINE) });

    expect(wordsOf(page)).toContain('Your approval was counted. Refresh');
  });

  test('who had no vote is told that', async () => {
    const page = await ended(CLOSED, [vote(CY, 'APPROVE')], CY).look();

    expect(wordsOf(page)).toContain('You had no vote on this change. Nothing is left');
  });

  test('revoking after the end changes nothing and says how it ended', async () => {
    const { s, store, ask } = ended();

    const page = await ask({ path: `/r/${REQUEST}/revoke`, form: { by: BO, key: seedOf(s, BO), number: '1' } });

    expect(page.statusCode).toBe(409);
    expect(wordsOf(page)).toContain('No answer of yours was recorded. Nothing is left');
    expect(store.puts).toEqual([]);
  });

  test('the status of an ended request is told to whom it was mailed, and to nobody else', async () => {
    const { s, ask } = ended();
    const path = `/r/${REQUEST}/status`;

    expect((await ask({ path, form: form(s) })).statusCode).toBe(200);
    expect((await ask({ path, form: { ...form(s), key: newSeed() } })).statusCode).toBe(404);
  });
});
