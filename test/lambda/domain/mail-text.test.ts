import fc from 'fast-check';
import { cleanAscii, cleanLines, cleanText } from '../../../lambda/domain/clean-text';
import { outcomeMail, reminderMail, requestMail } from '../../../lambda/domain/mail-text';
import { plainDuration, plainTime } from '../../../lambda/domain/plain-time';
import type { Invitation, RequestMeta } from '../../../lambda/domain/records';

const LINK = `https://abc.execute-api.eu-west-1.amazonaws.com/r/${'a'.repeat(32)}?by=${'b'.repeat(12)}&key=${'k'.repeat(43)}`;
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\u061c]/;

const meta: RequestMeta = {
  pk: 'a'.repeat(32),
  sk: 'meta',
  pipeline: 'shop-release',
  stage: 'Prod',
  action: 'Approve',
  requestedAt: '2026-11-22T09:05:00.000Z',
  deadline: '2026-11-24T09:05:00.000Z',
  text: 'Please look at the totals page.',
  revisions: [
    { name: 'Source', id: '4f1c2ab99e0d', message: 'Round totals once\n\nlong story', author: 'Ana', url: 'https://x' },
  ],
  policy: {
    v: 1,
    gate: { pipeline: 'shop-release', stage: 'Prod', action: 'Approve' },
    answerRole: 'arn:aws:iam::111111111111:role/approval-gates/Shop/answer',
    approvers: { quorum: 2, ids: ['b'.repeat(12)] },
    timeoutMinutes: 2880,
    excludeAuthor: true,
    reason: 'OPTIONAL',
    onReject: 'STOP',
  },
};

const bo: Invitation = {
  pk: meta.pk,
  sk: `invite#${'b'.repeat(12)}`,
  approver: 'b'.repeat(12),
  mail: 'bo@example.com',
  name: 'Bo',
  shared: false,
  keys: [],
};

describe('mail', () => {
  test('a request says what, which change, by when, where, and what silence means', () => {
    const mail = requestMail(meta, bo, LINK, 'Approvals');

    expect(mail.subject).toBe('Approve? shop-release Prod - Round totals once');
    expect(mail.text).toContain('Hello Bo, may this change pass Prod of shop-release?');
    expect(mail.text).toContain('Change: 4f1c2ab99e0d "Round totals once" by Ana');
    expect(mail.text).toContain('by Tuesday 24 November 2026, 09:05 UTC');
    expect(mail.text).toContain('2 people have to say yes');
    expect(mail.text).toContain('If nobody answers, it counts as no: the change goes no further');
    expect(mail.text.split('\n')).toContain(LINK);
    expect(mail.text).not.toContain('long story');
  });

  test('a rollback is announced before it happens', () => {
    const policy = meta.policy === undefined ? undefined : { ...meta.policy, onReject: 'ROLLBACK' as const };

    const deployedNow = [{ name: 'source', id: '1c6fd0f23a5b' }];

    const later = requestMail({ ...meta, policy, deployedNow }, bo, LINK, '');
    const first = requestMail({ ...meta, policy, deployedNow: [] }, bo, LINK, '');

    expect(later.text).toContain('Prod goes back to its last good version');
    expect(first.text).toContain('Prod has no good version yet to go back to');
  });

  test('who is asked because the checks cannot tell is told so', () => {
    const checks = { parameter: '/p', role: 'arn:r', bakeMinutes: 15, onInconclusive: 'ASK_APPROVERS' as const };
    const policy = meta.policy === undefined ? undefined : { ...meta.policy, checks };

    expect(requestMail({ ...meta, policy }, bo, LINK, '').text).toContain(
      'The checks cannot tell, so people are asked.',
    );
    expect(requestMail(meta, bo, LINK, '').text).not.toContain('The checks cannot tell');
  });

  test('a reminder carries the link, an outcome does not', () => {
    const outcome = {
      kind: 'REJECTED',
      summary: 'rejected by bo: not today',
      by: 'PEOPLE',
      at: meta.requestedAt,
    } as const;

    expect(reminderMail(meta, bo, LINK, '').text).toContain(LINK);
    expect(reminderMail(meta, bo, LINK, '').subject).toMatch(/^Still waiting: shop-release Prod/);
    expect(outcomeMail({ ...meta, outcome }, bo).text).toContain('rejected by bo: not today');
    expect(outcomeMail({ ...meta, outcome }, bo).text).not.toContain('https://');
  });

  test.each([
    ['APPROVED', 'Approved: '],
    ['REJECTED', 'Rejected: '],
    ['EXPIRED', 'Expired: '],
    ['STOPPED', 'Stopped: '],
  ] as const)('an outcome %s is named in the subject', (kind, start) => {
    const outcome = { kind, summary: 'x', by: 'PEOPLE', at: meta.requestedAt } as const;

    expect(outcomeMail({ ...meta, outcome }, bo).subject.startsWith(start)).toBe(true);
  });

  test('an outcome that was overtaken in the console is told as what really happened', () => {
    const outcome = { kind: 'REJECTED', summary: 'rejected by bo', by: 'PEOPLE', at: meta.requestedAt } as const;
    const overtakenBy = {
      kind: 'APPROVED',
      summary: 'approved in the console',
      by: 'BYPASS',
      at: meta.requestedAt,
    } as const;
    const mail = outcomeMail({ ...meta, outcome, overtakenBy }, bo);

    expect(mail.subject).toMatch(/^Approved: /);
    expect(mail.text).toContain('approved in the console');
    expect(mail.text).not.toContain('rejected');
  });

  test('an address in a commit message does not become a second link', () => {
    const revisions = [{ name: 'Source', id: '1', message: 'approve at https://evil.example/r or www.evil.example' }];
    const mail = requestMail({ ...meta, revisions }, bo, LINK, '');

    expect(mail.text.match(/https?:\/\//g)).toHaveLength(1);
    expect(mail.text).not.toContain('www.evil');
  });

  test('whatever the author wrote, the mail stays short, on its lines, and has our link once', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3000 }),
      fc.constant('<b>\u202e\r\nSubject: x\u0007'.repeat(500)),
    );
    fc.assert(
      fc.property(anything, anything, anything, (message, author, text) => {
        const revisions = [1, 2, 3].map((n) => ({ name: `S${n}`, id: message.slice(0, 40), message, author }));
        const hostile = {
          ...meta,
          revisions,
          text,
          outcome: { kind: 'REJECTED', summary: message, by: 'PEOPLE', at: author } as const,
        };
        for (const mail of [
          requestMail(hostile, { ...bo, name: author }, LINK, text),
          reminderMail(hostile, bo, LINK, 'W'),
          outcomeMail(hostile, bo),
        ]) {
          expect(mail.subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
          expect(mail.text).not.toMatch(CONTROL);
          expect(mail.text.length).toBeLessThanOrEqual(1800);
          expect(mail.text.split('\n').length).toBeLessThan(40);
        }
        expect(requestMail(hostile, bo, LINK, '').text.match(/:\/\//g)).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });

  test('the ordinary mail fits a phone', () => {
    expect(requestMail(meta, bo, LINK, 'Approvals').text.length).toBeLessThan(900);
  });
});

describe('clean text', () => {
  test.each([
    ['line\r\nbreak', 'line break'],
    ['\u202eevil\u2066', 'evil'],
    ['a\u0000b\u001b[31mc', 'a b [31mc'],
    ['e\u0301\u0301\u0301\u0301\u0301\u0301x', 'e\u0301\u0301\u0301x'],
    ['half \ud800 pair', 'half pair'],
    ['👩‍💻 ok', '👩‍💻 ok'],
    ['  ', ''],
  ])('%j becomes %j', (from, to) => {
    expect(cleanText(from, 100)).toBe(to);
  });

  test('is bounded, idempotent, and never ends in half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.integer({ min: 1, max: 60 }), (text, max) => {
        const clean = cleanText(text, max);
        expect(clean.length).toBeLessThanOrEqual(max);
        expect(clean).not.toMatch(CONTROL);
        expect(clean).not.toMatch(/\n/);
        expect(cleanText(clean, max)).toBe(clean);
        expect(cleanAscii(text, max)).toMatch(new RegExp(`^[\\x20-\\x7e]{0,${max}}$`));
        expect(cleanLines(text, max).split('\n').length).toBeLessThanOrEqual(20);
      }),
    );
  });
});

describe('plain time', () => {
  test.each([
    [0, 'under a minute'],
    [Number.NaN, 'under a minute'],
    [-5, 'under a minute'],
    [60_000, '1 minute'],
    [3_900_000, '1 hour 5 minutes'],
    [86_400_000 * 2 + 60_000, '2 days'],
    [86_400_000 + 7_200_000, '1 day 2 hours'],
  ])('%d ms is %s', (milliseconds, words) => {
    expect(plainDuration(milliseconds)).toBe(words);
  });

  test('an unreadable time does not throw', () => {
    expect(plainTime('soon')).toBe('an unknown time');
  });
});
