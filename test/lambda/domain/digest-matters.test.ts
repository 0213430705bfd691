/** What a digest says of matters that are rare. */
import { mailKey } from '../../../lambda/domain/digest';
import { digestMail, type DigestItem } from '../../../lambda/domain/digest-mail';
import { approvalsInWords } from '../../../lambda/domain/group-words';
import { hasAnswered, isOwed, remindersOf } from '../../../lambda/domain/reminders';
import { slotOf } from '../../../lambda/domain/time';
import { APPROVED, CLOSED, RULES, RUN, waiting } from '../review/fixture';
import { ANA, at, BO, GATE, hours, REQUEST, runOf, START, voteOf } from '../samples';

const bo = { mail: 'bo@example.com', name: 'Bo', shared: false };
const sender = { workflow: '' };
const asked = waiting({ rule: RULES.MANUAL, run: { onReject: { kind: 'STAYS' } } });
const link = { leadsTo: 'PAGE', url: 'https://approvals.example.com/r/1' } as const;
const waits: DigestItem = { kind: 'WAITS', because: 'ASKED', further: false, request: asked, link };
const over = (outcome = {}): DigestItem => ({
  kind: 'ENDED',
  request: {
    ...CLOSED,
    run: { ...RUN, text: undefined, onReject: { kind: 'STAYS' } },
    shown: asked.shown,
    outcome: { ...APPROVED, ...outcome },
  },
});
const GATE_LINES =
  'Gate: Prod / Approve\nResult: Rejected\nChange: 9b1deb4d3b7d "Round basket totals once, at the end" by Cyrus Wong';

describe('a digest of results alone', () => {
  const { subject, text, html } = digestMail(
    [over({ kind: 'REJECTED', summary: '' }), over({ kind: 'REJECTED', summary: 'too late' })],
    0,
    bo,
    sender,
  );

  test('says how many there are, how each ended, and what follows from that', () => {
    const end = 'The change was rejected. The change goes no further, and Prod keeps the version that is live.';

    expect(subject).toBe('Ended: 2 approvals have ended');
    expect(text).toBe(
      `Hello Bo, 2 approvals have ended.\n\nResults of pipeline shop-release\n\n${GATE_LINES}\n${end}\n\n${GATE_LINES}\nSummary: too late\n${end}\n`,
    );
    expect(html).toMatch(/<span class="calm"[^>]*>Ended<\/span/);
  });
});

describe('a digest', () => {
  test.each([
    [0, 'Hello Bo, 1 approval waits for you, 1 approval has ended.\n'],
    [1, 'Hello Bo, 1 approval waits for you, 1 approval has ended. 1 more request follows in another email.\n'],
    [2, 'Hello Bo, 1 approval waits for you, 1 approval has ended. 2 more requests follow in another email.\n'],
  ])('after which %d follow says so', (more, lead) => {
    const { text, html } = digestMail([waits, over()], more, bo, sender);

    expect(text.startsWith(lead)).toBe(true);
    expect(html).toMatch(/<span class="asks"[^>]*>Approve\?<\/span/);
  });

  test('of one gate at which others are asked is a digest, too', () => {
    expect(digestMail([{ ...waits, because: 'OTHERS_ASKED' }], 0, bo, sender).subject).toBe(
      'Approve? 1 approval waits for you',
    );
  });
});

describe('the name of a mail that is held back', () => {
  test.each([
    [{ request: REQUEST, kind: 'REQUEST' } as const, `${REQUEST}#REQUEST`],
    [{ request: REQUEST, kind: 'REMINDER', due: at(1) } as const, `${REQUEST}#REMINDER#${at(1)}`],
  ])('%j is %s', (mail, key) => {
    expect(mailKey(mail)).toBe(key);
  });
});

describe('a reminder', () => {
  const request = (length: number) => ({
    asked: { ...GATE, at: START, by: 'NOTIFICATION' } as const,
    asking: { since: START },
    run: runOf({ deadline: at(length) }),
  });

  test('is due, is next, or is neither, and says nothing of what is not', () => {
    expect(remindersOf(request(hours(4)), [0.5], at(hours(1)))).toStrictEqual({ next: at(hours(2)) });
    expect(remindersOf(request(hours(4)), [0.5], at(hours(2)))).toStrictEqual({ due: at(hours(2)) });
    expect(remindersOf(request(hours(4)), [], at(hours(2)))).toStrictEqual({});
  });

  test('is owed to whoever had no mail since it became due', () => {
    expect(isOwed({ sentAt: at(1) }, at(2))).toBe(true);
    expect(isOwed({ sentAt: at(2) }, at(2))).toBe(false);
    expect(isOwed({ sentAt: at(1), remindedAt: at(2) }, at(2))).toBe(false);
    expect(isOwed({ remindedAt: at(1) }, at(2))).toBe(false);
  });

  test('is not for whoever rejected, even what has changed since', () => {
    expect(hasAnswered(ANA.id, [voteOf(ANA, 'REJECT', 1, { current: false })])).toBe(true);
    expect(hasAnswered(ANA.id, [voteOf(ANA, 'APPROVE', 1, { current: false })])).toBe(false);
    expect(hasAnswered(ANA.id, [voteOf(BO, 'REJECT', 1)])).toBe(false);
  });
});

test('approvals of groups are told with the share of each that has a name', () => {
  const group = { quorum: 1, ids: [ANA.id] };

  expect(approvalsInWords([{ ...group, quorum: 2 }])).toBe('2 approvals');
  expect(
    approvalsInWords([
      { ...group, name: 'Security' },
      { ...group, name: 'Product' },
    ]),
  ).toBe('2 approvals: 1 from Security and 1 from Product');
});

test('a slot begins at a whole multiple of its length', () => {
  expect(slotOf('2026-11-23T08:29:59.999Z', 1_800_000)).toBe('2026-11-23T08:00:00.000Z');
  expect(slotOf('2026-11-23T08:30:00.000Z', 1_800_000)).toBe('2026-11-23T08:30:00.000Z');
});
