import { withMeasurement } from '../../../lambda/domain/check-tally';
import type { Fields } from '../../../lambda/domain/parsed';
import { expiryOf, parseRequest, recordsOf, UnreadableRow } from '../../../lambda/domain/rows';
import {
  ANA,
  at,
  BO,
  checkPlan,
  days,
  decidedRequest,
  EVIDENCE,
  GATE,
  outcomeOf,
  REQUEST,
  START,
  voteOf,
  waitingRequest,
} from '../samples';

const stored = (request: object, more: object = {}): Fields => {
  const { id, ...facts } = request as { id: string };
  return { pk: id, sk: 'meta', v: 2, ttl: 1, ...facts, ...more };
};
const OPENED = { phase: 'OPENED', id: REQUEST, asked: { ...GATE, at: START, by: 'NOTIFICATION' } } as const;
const MEASUREMENT = { checkId: 'errors', at: at(60), verdict: 'PASS', reason: 'ok' } as const;
const TALLY = withMeasurement(undefined, MEASUREMENT, checkPlan(), START);
const INVITATION = { approver: ANA.id, mail: ANA.mail, shared: false, keys: ['key'] };
const REVIEW = {
  approver: BO.id,
  comment: 'was right',
  evidence: EVIDENCE,
  seq: 1,
  at: at(90),
  sig: 'sig',
  key: 'key',
};
const STAND_IN = { person: ANA.id, mail: ANA.mail, delegate: BO.id, since: at(1), until: at(9), setAt: at(0) };
const row = (sk: string, facts: object, v: unknown = 2): Fields => ({ pk: REQUEST, sk, v, ttl: 1, ...facts });

describe('the rows of a request', () => {
  test('are its request, its checks, its invitations, its votes and its stand-ins, and nothing else of what is there', () => {
    const vote = voteOf(BO, 'REJECT', 5);

    expect(
      recordsOf([
        row('check#errors', TALLY),
        row(`invite#${ANA.id}`, INVITATION),
        stored(waitingRequest()),
        row('measure#errors#old', {}, 1),
        row(`vote#${BO.id}`, vote),
        row(`stand-in#${ANA.id}#${BO.id}`, STAND_IN),
        row(`review#${BO.id}`, REVIEW),
      ]),
    ).toEqual({
      request: waitingRequest(),
      tallies: [TALLY],
      invitations: [INVITATION],
      votes: [vote],
      reviews: [REVIEW],
      standIns: [STAND_IN],
    });
  });

  test.each(['PASS', 'FAIL', 'INCONCLUSIVE', 'ERROR', 'IN_PROGRESS'] as const)(
    'may hold a check that was measured last as %s, finished or not',
    (verdict) => {
      const tally = withMeasurement(undefined, { ...MEASUREMENT, verdict }, checkPlan(), START);

      expect(recordsOf([stored(waitingRequest()), row('check#errors', tally)])?.tallies).toEqual([tally]);
    },
  );

  test.each(['APPROVE', 'REJECT'] as const)('may hold the vote %s', (verdict) => {
    const vote = voteOf(ANA, verdict, 5);

    expect(recordsOf([stored(waitingRequest()), row(`vote#${ANA.id}`, vote)])?.votes).toEqual([vote]);
  });

  test('are none without a request', () => {
    expect(recordsOf([])).toBeUndefined();
    expect(recordsOf([row(`vote#${BO.id}`, voteOf(BO, 'REJECT', 5))])).toBeUndefined();
  });

  const without = (facts: object, name: string): object =>
    Object.fromEntries(Object.entries(facts).filter(([key]) => key !== name));

  test.each<[string, Fields]>([
    ['a check of another version', row('check#errors', TALLY, 1)],
    ['a check without a version', row('check#errors', TALLY, null)],
    ...[
      'checkId',
      'passes',
      'failures',
      'failuresInARow',
      'errorsInARow',
      'inconclusives',
      'inconclusivesInARow',
      'unchangedSince',
      'last',
    ].map((name): [string, Fields] => [`a check without \`${name}\``, row('check#errors', without(TALLY, name))]),
    ['a check that failed less than never', row('check#errors', { ...TALLY, failures: -1 })],
    ['a check measured at no time', row('check#errors', { ...TALLY, last: { ...MEASUREMENT, at: 'once' } })],
    [
      'a check with a verdict that is none',
      row('check#errors', { ...TALLY, last: { ...MEASUREMENT, verdict: 'FINE' } }),
    ],
    ...[
      ['without a beginning', { from: undefined }],
      ['with a step of no verdict', { steps: [[0, 'FINE']] }],
      ['with a step at no time', { steps: [['x', 'PASS']] }],
      ['with a value that is no number', { steps: [[0, 'PASS', '<b>', '<b>']] }],
      ['with a limit that is no number', { limit: '1' }],
      ['with a unit that is no text', { unit: 7 }],
    ].map(([what, change]): [string, Fields] => [
      `a course ${what as string}`,
      row('check#errors', { ...TALLY, course: { ...TALLY.course, ...(change as object) } }),
    ]),
    ['a check that finished at no time', row('check#errors', { ...TALLY, lastFinished: { verdict: 'PASS' } })],
    ['an invitation of another version', row(`invite#${ANA.id}`, INVITATION, 1)],
    ...['approver', 'mail', 'shared', 'keys'].map((name): [string, Fields] => [
      `an invitation without \`${name}\``,
      row(`invite#${ANA.id}`, without(INVITATION, name)),
    ]),
    ['an invitation of a guest without a time', row(`invite#${ANA.id}`, { ...INVITATION, until: 'soon' })],
    ['an invitation with a key that is none', row(`invite#${ANA.id}`, { ...INVITATION, keys: [7] })],
    ...['approver', 'comment', 'evidence', 'sig', 'key', 'at', 'seq'].map((name): [string, Fields] => [
      `a review without \`${name}\``,
      row(`review#${BO.id}`, without(REVIEW, name)),
    ]),
    ...['person', 'delegate', 'mail', 'since', 'until', 'setAt'].map((name): [string, Fields] => [
      `a stand-in without \`${name}\``,
      row(`stand-in#${ANA.id}#${BO.id}`, without(STAND_IN, name)),
    ]),
    ['a stand-in for no time', row(`stand-in#${ANA.id}#${BO.id}`, { ...STAND_IN, until: 'soon' })],
    [
      'a vote with details that are not known',
      row(`vote#${ANA.id}`, { ...voteOf(ANA, 'APPROVE', 5), details: '{"unless":"x"}' }),
    ],
    ['a vote of another version', row(`vote#${ANA.id}`, voteOf(ANA, 'APPROVE', 5), 3)],
    ...['approver', 'verdict', 'at', 'seq', 'current', 'sig', 'key'].map((name): [string, Fields] => [
      `a vote without \`${name}\``,
      row(`vote#${ANA.id}`, without(voteOf(ANA, 'APPROVE', 5), name)),
    ]),
  ])('cannot be read with %s: nothing is decided on what is left', (_, bad) => {
    expect(() => recordsOf([stored(waitingRequest()), bad])).toThrow(UnreadableRow);
  });

  test('cannot be read with a request that cannot', () => {
    expect(() => recordsOf([stored(waitingRequest(), { v: 1 })])).toThrow(
      'request: `v` is not 2: this row was written by another version of the library',
    );
  });
});

describe('a request', () => {
  const DELIVERED = { ...decidedRequest(), phase: 'DELIVERED', deliveredAt: at(70) };
  const FOLLOWED = { ...DELIVERED, followUp: { since: at(70), openedBy: [BO.id] } };
  const HELD = waitingRequest({
    held: { summary: 'Approved by Bo', why: 'outside its window', since: at(60) } as never,
  });
  const withRange = (range: object) => waitingRequest({ run: { ...waitingRequest().run, range: range as never } });

  test.each<[string, object]>([
    ['opened', OPENED],
    ['waiting', waitingRequest({ asking: { since: at(1) }, consoleOnly: 'why' })],
    ['decided', decidedRequest({ whileHealthy: true })],
    ['delivered', DELIVERED],
    [
      'delivered before its run was known',
      { ...OPENED, phase: 'DELIVERED', outcome: outcomeOf(), deliveredAt: at(70) },
    ],
    [
      'waiting, with a course and a link of a check',
      waitingRequest({
        shown: {
          ...waitingRequest().shown,
          checks: [
            {
              id: 'a',
              title: 'a',
              verdict: 'FAIL',
              reason: 'red',
              observeOnly: false,
              course: { from: START, steps: [[60, 'FAIL', 1, 2, 0]], limit: 1, unit: '%' },
              seenAt: { link: 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home', account: '222222222222' },
            },
          ],
        },
      }),
    ],
    ['waiting, of a run that brings others along', withRange({ kind: 'ALONG', changes: [], authors: ['dev'] })],
    ['waiting, of a run that goes back', withRange({ kind: 'BACK', changes: [], authors: [] })],
    ['waiting, and nobody knows what its run brings along', withRange({ kind: 'UNKNOWN', reason: 'UNLISTED' })],
    ['held', HELD],
    ['delivered, with a follow-up that is open', FOLLOWED],
    ['closed', { ...DELIVERED, phase: 'CLOSED', closedAt: at(80) }],
  ])('that is %s is read as it was', (_, request) => {
    expect(parseRequest(stored(request))).toEqual({ ok: true, value: request });
  });

  test.each(['APPROVED', 'REJECTED', 'EXPIRED', 'STOPPED'] as const)('may have been %s', (kind) => {
    expect(parseRequest(stored(decidedRequest({ kind }))).ok).toBe(true);
  });

  const run = (change: object) => stored(waitingRequest(), { run: { ...waitingRequest().run, ...change } });
  const shown = (change: object) => stored(waitingRequest(), { shown: { ...waitingRequest().shown, ...change } });

  test.each<[string, Fields]>([
    ['v', stored(OPENED, { v: 1 })],
    ['v', stored(OPENED, { v: 3 })],
    ['v', { pk: REQUEST, sk: 'meta', ...GATE, requestedAt: START, openedBy: 'notification' }],
    ['phase', stored(OPENED, { phase: 'SETTLED' })],
    ['phase', stored(OPENED, { phase: undefined })],
    ['asked', stored(OPENED, { asked: undefined })],
    ['stage', stored(OPENED, { asked: { ...OPENED.asked, stage: undefined } })],
    ['at', stored(OPENED, { asked: { ...OPENED.asked, at: 'once' } })],
    ['run', stored({ ...OPENED, phase: 'WAITING' })],
    ['run', stored({ ...OPENED, phase: 'DECIDED', outcome: outcomeOf() })],
    ['run', stored({ ...OPENED, phase: 'DELIVERED', outcome: outcomeOf(), deliveredAt: at(70), run: 'run-1' })],
    ['executionId', run({ executionId: undefined })],
    ['actionExecutionId', run({ actionExecutionId: '' })],
    ['deadline', run({ deadline: 'once' })],
    ['identifiedAt', run({ identifiedAt: undefined })],
    ['authors', run({ authors: undefined })],
    ['invited', run({ invited: 'everybody' })],
    ['revisions', run({ revisions: undefined })],
    ['serving', run({ serving: undefined })],
    ['kind', run({ kind: 'STANDARD' })],
    ['onReject', run({ onReject: undefined })],
    ['shown', stored(waitingRequest(), { shown: undefined })],
    ['evidence', shown({ evidence: undefined })],
    ['policy', shown({ policy: undefined })],
    ['checks', shown({ checks: undefined })],
    ['evidenceHistory', shown({ evidenceHistory: undefined })],
    ['checks', shown({ checks: ['alarm'] })],
    ['from', shown({ checks: [{ course: { steps: [] } }] })],
    ['step', shown({ checks: [{ course: { from: START, steps: [[0, 'PASS', 'much', 'much']] } }] })],
    ['link', shown({ checks: [{ seenAt: { link: 7 } }] })],
    ['changeSets', shown({ changeSets: {} })],
    ['range', run({ range: 1 })],
    ['kind', run({ range: { kind: 'OTHER' } })],
    ['changes', run({ range: { kind: 'ALONG', authors: [] } })],
    ['authors', run({ range: { kind: 'BACK', changes: [] } })],
    ['held', stored(HELD, { held: 'yes' })],
    ['summary', stored(HELD, { held: { why: 'x', since: at(60) } })],
    ['why', stored(HELD, { held: { summary: 'x', since: at(60) } })],
    ['since', stored(HELD, { held: { summary: 'x', why: 'x', since: 'once' } })],
    ['followUp', stored(FOLLOWED, { followUp: 'open' })],
    ['since', stored(FOLLOWED, { followUp: { openedBy: [BO.id] } })],
    ['openedBy', stored(FOLLOWED, { followUp: { since: at(70), openedBy: BO.id } })],
    ['outcome', stored({ ...waitingRequest(), phase: 'DECIDED' })],
    ['kind', stored(decidedRequest({ kind: 'MAYBE' as never }))],
    ['at', stored(decidedRequest({ at: 'once' }))],
    ['outcome', stored({ ...OPENED, phase: 'DELIVERED', deliveredAt: at(70) })],
    ['outcome', stored({ ...OPENED, phase: 'CLOSED', deliveredAt: at(70), closedAt: at(80) })],
    ['deliveredAt', stored({ ...decidedRequest(), phase: 'DELIVERED' })],
    ['deliveredAt', stored({ ...decidedRequest(), phase: 'CLOSED' })],
    ['pk', stored(OPENED, { pk: undefined })],
  ])('with a wrong `%s` is refused', (name, bad) => {
    expect(parseRequest(bad)).toEqual({
      ok: false,
      problem: expect.stringContaining(`request: \`${name}\``) as string,
    });
  });
});

test('rows are kept for 430 days', () => {
  expect(expiryOf(START)).toBe(Date.parse(at(days(430))) / 1000);
  expect(expiryOf('2026-11-23T08:00:00.999Z')).toBe(Date.parse(at(days(430))) / 1000);
});
