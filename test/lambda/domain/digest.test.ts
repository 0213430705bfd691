import {
  isToBeAsked,
  lateFrom,
  mailKey,
  mayWait,
  parseOwedMail,
  topicOf,
  type OwedKind,
} from '../../../lambda/domain/digest';
import type { RequestRecords } from '../../../lambda/domain/rows';
import type { Invitation } from '../../../lambda/domain/vote';
import {
  ANA,
  at,
  BO,
  decidedRequest,
  hours,
  minutes,
  outcomeOf,
  REQUEST,
  runOf,
  voteOf,
  waitingRequest,
} from '../samples';

const EVERY = 15 * 60_000;
const LEAST = minutes(60);

describe('a mail may wait for a digest', () => {
  const untilAnswer = (seconds: number, more = {}) =>
    waitingRequest({ run: runOf({ deadline: at(seconds) }), ...more });

  test.each([
    ['where four times as long is left', untilAnswer(LEAST), {}, true],
    ['where it is a second less', untilAnswer(LEAST - 1), {}, false],
    ['where a guest has that long', untilAnswer(hours(20)), { until: at(LEAST) }, true],
    ['where a guest has less', untilAnswer(hours(20)), { until: at(LEAST - 1) }, false],
  ])('%s: %#', (_what, request, person, may) => {
    expect(mayWait(request, person, EVERY, at(0))).toBe(may);
  });

  test.each([
    [60, true],
    [59, false],
  ])('where others are asked after %d minutes: %s', (afterMinutes, may) => {
    const request = waitingRequest({ run: runOf({ escalation: { afterMinutes, ids: [BO.id] } }) });
    expect(mayWait(request, {}, EVERY, at(0))).toBe(may);
    expect(mayWait({ ...request, asking: { since: at(0), escalatedAt: at(60) } }, {}, EVERY, at(0))).toBe(true);
  });

  test.each([
    ['PEOPLE', true],
    ['CHECKS', true],
    ['NEWER_RUN', true],
    ['BYPASS', false],
    ['BREAK_GLASS', false],
  ] as const)('that tells of an end by %s: %s', (by, may) => {
    expect(mayWait(decidedRequest({ by }), {}, EVERY, at(hours(30)))).toBe(may);
  });

  test('unless a bypass came before the outcome that was decided', () => {
    const overtaken = { phase: 'DELIVERED', deliveredAt: at(90), overtakenBy: outcomeOf({ by: 'BYPASS' }) } as const;
    expect(mayWait({ ...decidedRequest(), ...overtaken }, {}, EVERY, at(100))).toBe(false);
  });
});

describe('a question', () => {
  test.each<[string, Partial<Invitation> | undefined, boolean, string | undefined]>([
    ['that nobody has asked', undefined, true, undefined],
    ['whose invitation was not mailed', {}, true, undefined],
    ['that was mailed', { sentAt: at(1) }, false, undefined],
    ['that waits for a digest', { queuedUntil: at(1) }, false, at(1 + minutes(15))],
    ['whose digest is 15 minutes late', { queuedUntil: at(hours(1) - minutes(15)) }, true, undefined],
    ['whose digest is a little less late', { queuedUntil: at(hours(1) - minutes(15) + 1) }, false, at(hours(1) + 1)],
    ['that a digest has asked', { queuedUntil: at(1), sentAt: at(2) }, false, undefined],
  ])('%s', (_what, invitation, asked, late) => {
    const now = at(invitation?.queuedUntil === at(1) ? 10 : hours(1));
    expect(isToBeAsked(invitation, now)).toBe(asked);
    expect(lateFrom(invitation, now)).toBe(late);
  });
});

describe('what a digest says of a request', () => {
  const invitation: Invitation = { approver: ANA.id, mail: ANA.mail, shared: false, keys: [] };
  const records = (more: Partial<RequestRecords> = {}): RequestRecords => ({
    request: waitingRequest(),
    tallies: [],
    standIns: [],
    invitations: [invitation],
    votes: [],
    reviews: [],
    ...more,
  });
  const sent = [{ ...invitation, sentAt: at(1) }];
  const said = (kinds: readonly OwedKind[], more: Partial<RequestRecords>, person: object | undefined = ANA) => {
    const topic = topicOf(kinds, records(more), ANA.id, person, at(100));
    return topic?.kind === 'WAITS' ? topic.because : topic?.kind;
  };

  test.each<[string, readonly OwedKind[], Partial<RequestRecords>, string | undefined]>([
    ['a question', ['REQUEST'], {}, 'ASKED'],
    ['a question comes before a reminder', ['REMINDER', 'REQUEST'], {}, 'ASKED'],
    ['a question that was asked', ['REQUEST'], { invitations: sent }, undefined],
    ['a reminder', ['REQUEST', 'REMINDER'], { invitations: sent }, 'REMINDED'],
    ['a reminder says more than others do', ['ESCALATION', 'REMINDER'], { invitations: sent }, 'REMINDED'],
    ['others are asked', ['ESCALATION'], { invitations: sent }, 'OTHERS_ASKED'],
    [
      'who said yes is not reminded',
      ['REMINDER'],
      { invitations: sent, votes: [voteOf(ANA, 'APPROVE', 50)] },
      undefined,
    ],
    [
      'who said yes to something else is',
      ['REMINDER'],
      { invitations: sent, votes: [voteOf(ANA, 'APPROVE', 50, { current: false })] },
      'REMINDED',
    ],
    ['a result', ['OUTCOME'], { request: decidedRequest() }, 'ENDED'],
    ['a result that nobody is owed', ['REQUEST', 'REMINDER'], { request: decidedRequest() }, undefined],
    ['a result of what still waits', ['OUTCOME'], {}, undefined],
    ['somebody else’s invitation', ['REQUEST'], { invitations: [{ ...invitation, approver: BO.id }] }, undefined],
    ['no vote', ['REQUEST'], { invitations: [{ ...invitation, excluded: 'wrote this' }] }, undefined],
    [
      'the deadline is over',
      ['REQUEST'],
      { request: waitingRequest({ run: runOf({ deadline: at(100) }) }) },
      undefined,
    ],
    [
      'a run that was never found',
      ['OUTCOME'],
      { request: { ...decidedRequest(), run: undefined } as never },
      undefined,
    ],
  ])('%s', (_what, kinds, more, expected) => {
    expect(said(kinds, more)).toBe(expected);
  });

  test('nothing to somebody who is not declared any more, but how it ended', () => {
    const topic = (kinds: readonly OwedKind[], request: RequestRecords['request']) =>
      topicOf(kinds, records({ request }), ANA.id, undefined, at(100))?.kind;

    expect(topic(['REQUEST'], waitingRequest())).toBeUndefined();
    expect(topic(['OUTCOME'], decidedRequest())).toBe('ENDED');
  });

  test('nothing to a guest whose time is over, nor of what is approved and waits for its window', () => {
    expect(said(['REQUEST'], {}, { until: at(100) })).toBeUndefined();
    expect(said(['REQUEST'], {}, { until: at(101) })).toBe('ASKED');
    const held = { summary: 'Approved', why: 'closed', since: at(50) };
    expect(said(['REQUEST'], { request: waitingRequest({ held }) })).toBeUndefined();
  });
});

describe('a mail that is held back', () => {
  test('has a name of its own among those of a request', () => {
    const names = [
      mailKey({ request: REQUEST, kind: 'REQUEST' }),
      mailKey({ request: REQUEST, kind: 'REMINDER', due: at(1) }),
      mailKey({ request: REQUEST, kind: 'REMINDER', due: at(2) }),
    ];
    expect(new Set(names).size).toBe(3);
  });

  test.each([
    ['of no request', { kind: 'REQUEST' }],
    ['of a request that is none', { request: '../x', kind: 'REQUEST' }],
    ['of a kind that is not known', { request: REQUEST, kind: 'SONG' }],
  ])('%s is refused', (_what, row) => {
    expect(parseOwedMail(row)).toMatchObject({ ok: false });
  });

  test('is read as it was written', () => {
    const mail = { request: REQUEST, kind: 'REMINDER', due: at(1) };
    expect(parseOwedMail({ ...mail, pk: 'p', sk: 's', at: at(0) })).toEqual({ ok: true, value: mail });
  });
});
