import fc from 'fast-check';
import { escalationMail, furtherMail, outcomeMail, reminderMail, requestMail } from '../../../lambda/domain/mail-text';
import type { CheckState, Closed, Outcome, Revision, Run, Waiting } from '../../../lambda/domain/request';
import type { Invitation } from '../../../lambda/domain/vote';
import {
  APPROVED,
  CLOSED,
  DECIDED,
  DELIVERED,
  ONE_OF_THEM,
  RULES,
  RUN,
  SERVING,
  rollback,
  waiting,
} from '../review/fixture';

const LINK = `https://abc.execute-api.eu-west-1.amazonaws.com/r/${'a'.repeat(32)}?by=${'b'.repeat(12)}&key=${'k'.repeat(43)}`;
const CONSOLE = {
  leadsTo: 'CONSOLE',
  url: 'https://eu-west-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/shop/view',
} as const;
const PAGE = { leadsTo: 'PAGE', url: LINK } as const;
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\u061c]/;

const bo: Invitation = { approver: 'b'.repeat(12), mail: 'bo@example.com', name: 'Bo', shared: false, keys: [] };
const asked = waiting({ rule: RULES.MANUAL, run: { onReject: { kind: 'STAYS' } } });

function ended(more: Partial<Outcome>, run: Partial<Run> = { onReject: { kind: 'STAYS' } }): Closed {
  return { ...CLOSED, run: { ...RUN, ...run }, outcome: { ...APPROVED, ...more } };
}

describe('the mail that asks', () => {
  test('says what, which change, by when, where, and what silence means', () => {
    expect(requestMail(asked, bo, PAGE, { workflow: 'Approvals' })).toMatchObject({
      subject: 'Approve? shop-release Prod - Round basket totals once, at the end',
      text: `Hello Bo, can this change go ahead in Prod of shop-release?

Pipeline: shop-release
Gate: Prod / Approve
Change: 9b1deb4d3b7d "Round basket totals once, at the end" by Cyrus Wong
Note:
> Totals were off by a cent since last Tuesday. Please try the basket on staging first.
Workflow: Approvals

Look and answer here:
${LINK}

Please answer by Wednesday 25 November 2026, 09:00 UTC. 2 people have to approve; one rejection stops it.
If nobody answers in time, it is rejected: the change goes no further, and Prod keeps the version that is live.

The link acts for you, so please do not forward it. Opening it decides nothing.
`,
    });
  });

  test('says by when in the time zone of its readers too, where the workflow has one', () => {
    for (const mail of [requestMail, reminderMail]) {
      expect(mail(asked, bo, PAGE, { workflow: '', timeZone: 'Europe/Berlin' }).text).toContain(
        'Please answer by Wednesday 25 November 2026, 10:00 in Europe/Berlin (09:00 UTC).',
      );
    }
  });

  test('fits a phone', () => {
    expect(requestMail(asked, bo, PAGE, { workflow: 'Approvals' }).text.length).toBeLessThan(900);
  });

  test('once more says that it still waits, with a link', () => {
    const mail = reminderMail(asked, bo, PAGE, { workflow: 'Approvals' });

    expect(mail.subject).toBe('Still waiting: shop-release Prod - Round basket totals once, at the end');
    expect(mail.text).toMatch(
      /^Hello Bo, this still waits for your answer: can this change go ahead in Prod of shop-release\?\n/,
    );
    expect(mail.text).toContain(`\nLook and answer here:\n${LINK}\n\nPlease answer by Wednesday`);
    expect(mail.text).toContain('\nWorkflow: Approvals\n');
    expect(mail.text).toContain('\nThe link acts for you, so please do not forward it.');
  });

  test('asks a guest to answer while they have a vote', () => {
    const guest = (until: string) => requestMail(asked, { ...bo, until }, PAGE, { workflow: '' }).text;

    expect(guest('2026-11-24T17:00:00.000Z')).toContain('Please answer by Tuesday 24 November 2026, 17:00 UTC.');
    expect(guest('2026-12-24T17:00:00.000Z')).toContain('Please answer by Wednesday 25 November 2026, 09:00 UTC.');
  });

  test('says of which groups people have to approve', () => {
    const groups = [
      { name: 'Security www.evil.example', quorum: 1, ids: [] },
      { name: 'Product', quorum: 1, ids: [] },
      { name: 'Operations', quorum: 2, ids: [] },
    ];
    const several = waiting({ rule: { ...RULES.MANUAL, people: { ...ONE_OF_THEM, groups } } });

    expect(requestMail(several, bo, PAGE, { workflow: '' }).text).toContain(
      '09:00 UTC. 4 people have to approve: 1 from Security www .evil.example, 1 from Product and 2 from Operations; ' +
        'one rejection stops it.\n',
    );
  });

  test('says to somebody who is asked later why', () => {
    const mail = furtherMail(asked, bo, PAGE, { workflow: 'Approvals' });

    expect(mail.subject).toBe('Approve? shop-release Prod - Round basket totals once, at the end');
    expect(mail.text).toMatch(
      /^Hello Bo, there are not enough answers so far, so you are asked as well: can this change go ahead in Prod of shop-release\?\n/,
    );
    expect(mail.text).toContain(`\nLook and answer here:\n${LINK}\n`);
  });

  test('one yes is enough where the rule says so, and a shared mailbox is spoken for', () => {
    const one = waiting({ rule: { ...RULES.MANUAL, people: ONE_OF_THEM } });
    const mail = requestMail(one, { mail: 'team@example.com', shared: true }, PAGE, { workflow: '' });

    expect(mail.text).toMatch(/^Hello, can this change/);
    expect(mail.text).toContain('09:00 UTC. One answer is enough.\n');
    expect(mail.text).toContain('\nThe link acts for this mailbox. Opening it decides nothing.\n');
  });

  test.each([
    ['Approvals', true],
    ['shop-0A1B2C3', true],
    ['shop-0a1b2c3d', true],
    ['shop-BEEB6BD1-eu', true],
    ['Mine-Approvals-BEEB6BD1', false],
    ['', false],
  ])('a workflow called "%s" is named: %s', (workflow, isNamed) => {
    for (const mail of [requestMail, reminderMail]) {
      const { text } = mail(asked, bo, PAGE, { workflow });
      expect(text.includes('Workflow:')).toBe(isNamed);
      expect(text.includes(`Workflow: ${workflow}\n`)).toBe(isNamed);
    }
  });

  test.each([
    ['MANUAL', false],
    ['GUARDED', false],
    ['AUTOMATED', false],
    ['AUTOMATED_ELSE_PEOPLE', true],
  ] as const)('people are asked because the checks cannot tell: rule %s, told %s', (kind, isTold) => {
    const { text } = requestMail(waiting({ rule: RULES[kind] }), bo, PAGE, { workflow: '' });

    expect(text.includes('of shop-release? The checks could not tell whether it is healthy, so people decide.\n')).toBe(
      isTold,
    );
    expect(text.includes('checks')).toBe(isTold);
    expect(text.includes('Check: ')).toBe(isTold);
  });

  describe('because a check failed', () => {
    const states = (...more: readonly Partial<CheckState>[]) =>
      more.map((one, n): CheckState => ({
        id: `check-${n}`,
        title: `check ${n}`,
        verdict: 'PASS',
        reason: 'fine',
        observeOnly: false,
        ...one,
      }));
    const mailOf = (checks: readonly CheckState[]) =>
      requestMail(waiting({ rule: RULES.AUTOMATED_ELSE_PEOPLE, shown: { checks } }), bo, PAGE, { workflow: '' }).text;

    test('says so, and which failed and which passed, the failed ones first', () => {
      const text = mailOf(
        states(
          { title: 'http health', reason: '200' },
          { title: 'change set of shop-prod', verdict: 'FAIL', reason: '1 REPLACED (Table Orders)' },
          { title: 'alarm trial', observeOnly: true },
        ),
      );

      expect(text).toContain('of shop-release? A check failed, so people decide.\n');
      expect(text).toContain(
        'Check: change set of shop-prod failed: 1 REPLACED (Table Orders)\nCheck: http health passed: 200\n',
      );
      expect(text).not.toContain('trial');
    });

    test('names five of them and counts the others', () => {
      const many = states({ verdict: 'FAIL' }, ...Array.from({ length: 6 }, () => ({})));

      expect(mailOf(many)).toContain('Check: check 4 passed: fine\nand 2 more checks, see the link\n');
      expect(mailOf(many.slice(0, 6))).toContain('and 1 more check, see the link\n');
      expect(mailOf(many.slice(0, 5))).not.toContain('see the link');
    });

    test('repeats no link and no control character that a check reports', () => {
      const text = mailOf(
        states({ verdict: 'FAIL', reason: `https://evil.example\r\nWorkflow: nobody ${'x'.repeat(900)}` }),
      );

      expect(text).toContain('Check: check 0 failed: https: //evil.example Workflow: nobody xxx');
      expect(text.length).toBeLessThan(1_100);
    });
  });

  test.each([
    [{ kind: 'STAYS' } as const, 'the change goes no further, and Prod keeps the version that is live.'],
    [
      { kind: 'GOES_BACK', to: [SERVING] } as const,
      'the change goes no further, and Prod goes back to 1c6fd0f23a5b "Show delivery dates in the basket".',
    ],
    [
      { kind: 'GOES_BACK', to: [SERVING, { name: 'B', id: 'v2' }, { name: 'C', id: 'v3' }] } as const,
      'the change goes no further, and Prod goes back to 1c6fd0f23a5b "Show delivery dates in the basket" and v2 and 1 more.',
    ],
    [
      { kind: 'GOES_BACK', to: [] } as const,
      'the change goes no further, and Prod goes back to its last good version.',
    ],
    [
      { kind: 'NOTHING_TO_GO_BACK_TO' } as const,
      'the change goes no further. CodePipeline has nothing to go back to, so Prod keeps the version that is live.',
    ],
  ])('what a rejection does is what CodePipeline will do: %j', (onReject, sentence) => {
    const { text } = requestMail(waiting({ run: { onReject } }), bo, PAGE, { workflow: '' });

    expect(text).toContain(`\nIf nobody answers in time, it is rejected: ${sentence}\n`);
  });

  test('no more than two revisions, each with what is known of it', () => {
    const of = (...revisions: readonly Revision[]) =>
      requestMail(waiting({ run: { revisions } }), bo, PAGE, { workflow: '' });
    const bare = { name: 'A', id: 'v1' };

    expect(of(bare).text).toContain('\nChange: v1\nNote:');
    expect(of(bare).subject).toBe('Approve? shop-release Prod');
    expect(of(bare, bare).text).not.toContain('more, see the link');
    expect(of(bare, { ...bare, author: 'Ana' }, bare, bare).text).toContain(
      '\nChange: v1\nChange: v1 by Ana\nand 2 more, see the link\n',
    );
    expect(of().text).toContain('\nGate: Prod / Approve\nNote:');
  });

  test('no note is no line', () => {
    const of = (text: string | undefined) => requestMail(waiting({ run: { text } }), bo, PAGE, { workflow: '' }).text;

    expect(of(undefined)).not.toContain('Note');
    expect(of(' \u200b ')).not.toContain('Note');
  });
});

describe('the mail about further people', () => {
  const tell = (...names: string[]) => escalationMail(asked, bo, PAGE, names, { workflow: 'Approvals' });

  test('says who was asked, by when it has to be answered, and where', () => {
    const { subject, text } = tell('Cy', 'dora@example.com');

    expect(subject).toBe('More people asked: shop-release Prod - Round basket totals once, at the end');
    expect(text).toMatch(
      /^Hello Bo, there are not enough answers yet about this change at Prod of shop-release\. Also asked now: Cy, dora@example\.com\.\n/,
    );
    expect(text).toContain('\nPlease answer by Wednesday 25 November 2026, 09:00 UTC. 2 people have to approve;');
    expect(text).toContain(`\nLook and answer here:\n${LINK}\n`);
    expect(text).toContain('\nThe link acts for you, so please do not forward it. Opening it decides nothing.\n');
    expect(text.match(/:\/\//g)).toHaveLength(1);
  });

  test('leads to the console where people answer there, and says as whom', () => {
    const { text } = escalationMail(asked, bo, CONSOLE, ['Cy'], { workflow: 'Approvals' });

    expect(text).toContain(`\nLook and answer in the AWS console:\n${CONSOLE.url}\n`);
    expect(text).toContain('Please sign in there as yourself');
  });

  test('names five at most, and cannot be made to hold a link', () => {
    expect(tell('a', 'b', 'c', 'd', 'e').text).toContain('now: a, b, c, d, e.');
    expect(tell('a', 'b', 'c', 'd', 'e', 'f', 'g').text).toContain('now: a, b, c, d, e and 2 more.');
    expect(tell('https://evil.example\nx').text).toContain('now: https: //evil.example x.');
    expect(escalationMail(waiting({ run: rollback() }), bo, PAGE, ['Cy'], { workflow: '' }).text).toContain(
      'about this rollback at',
    );
  });
});

describe('the mail of a rollback', () => {
  const request = (more: Parameters<typeof rollback>[0] = {}, shown = {}) =>
    requestMail(waiting({ run: rollback(more), shown, rule: RULES.MANUAL }), bo, PAGE, { workflow: '' });

  test('subject and text say that it is one, who started it, what it brings back, and what a no does', () => {
    const { subject, text } = request();

    expect(subject).toBe('Approve? rollback of shop-release Prod - Show delivery dates in the basket');
    expect(text).toContain(
      'Hello Bo, can this rollback go ahead in Prod of shop-release? CodePipeline started this rollback by itself. ' +
        'It brings back 1c6fd0f23a5b "Show delivery dates in the basket".\n',
    );
    expect(text).toContain(
      'it is rejected: the rollback goes no further, and nothing is rolled back: Prod keeps the version that is live.\n',
    );
    expect(text).not.toMatch(/newer run|Prod goes back/);
  });

  test('says which change leaves the stage, the newest where there are several', () => {
    const bad = { name: 'App', id: 'c81d4e2ebcf9', message: 'Sell bad tea', author: 'Dora' };
    const back = { kind: 'BACK', changes: [bad], total: 1, others: 1, isCut: false, authors: [] } as const;
    const of = (range: Run['range']) =>
      requestMail(waiting({ run: { ...rollback(), range } }), bo, PAGE, { workflow: '' }).text;

    expect(of(back)).toContain(
      'It brings back 1c6fd0f23a5b "Show delivery dates in the basket" and takes away c81d4e2ebcf9 "Sell bad tea".\n',
    );
    expect(of({ ...back, total: 3, others: 3 })).toContain(
      ' and takes away 3 changes, the newest of them c81d4e2ebcf9 "Sell bad tea".\n',
    );
    expect(of({ ...back, total: 3, others: 3, isCut: true })).toContain(
      ' and takes away at least 3 changes, the newest',
    );
    expect(of(back)).not.toContain('goes back over');
    expect(of({ kind: 'UNKNOWN', reason: 'UNLISTED' })).toContain('"Show delivery dates in the basket".\n');
    expect(of({ ...back, changes: [{ ...bad, message: 'https://evil.example' }] })).toContain('https: //evil.example');
  });

  test('by hand: says so', () => {
    expect(request({ automatic: false }).text).toContain(
      'of shop-release? Somebody started this rollback by hand. It brings back',
    );
  });

  test('with a newer run waiting: a no lets that in', () => {
    expect(request({}, { newerRunWaiting: true }).text).toContain(
      'Prod keeps the version that is live. This lets in the newer run that waits behind it.\n',
    );
  });

  test('without revisions: names the run that it brings back, if that is known', () => {
    const of = (target: string | undefined) =>
      requestMail(waiting({ run: { ...rollback({ target }), revisions: [] } }), bo, PAGE, { workflow: '' }).text;

    expect(of('run-1')).toContain('It brings back run run-1.');
    expect(of(undefined)).toContain('It brings back an earlier run.');
  });

  test('a reminder and an outcome call it a rollback, too', () => {
    const reminder = reminderMail(waiting({ run: rollback() }), bo, PAGE, { workflow: '' });
    const outcome = outcomeMail(ended({ kind: 'REJECTED' }, rollback()), bo);

    expect(reminder.subject).toBe('Still waiting: rollback of shop-release Prod - Show delivery dates in the basket');
    expect(reminder.text).toContain('this still waits for your answer: can this rollback go ahead in Prod');
    expect(outcome.subject).toBe('Rejected: rollback of shop-release Prod - Show delivery dates in the basket');
    expect(outcome.text).toContain(
      'the rollback was rejected. The rollback goes no further, and nothing is rolled back: Prod keeps the version that is live.\n',
    );
  });
});

describe('the mail about the outcome', () => {
  test('says how it ended and why, and has no link', () => {
    expect(outcomeMail(ended({}), bo)).toMatchObject({
      subject: 'Approved: shop-release Prod - Round basket totals once, at the end',
      text: `Hello Bo, the change was approved, and Prod goes ahead.

> Approved by Ana Lopez, Bo (2 of 2 needed). Ana Lopez: Tried it on staging, looks right

Pipeline: shop-release
Gate: Prod / Approve
Change: 9b1deb4d3b7d "Round basket totals once, at the end" by Cyrus Wong
Note:
> Totals were off by a cent since last Tuesday. Please try the basket on staging first.
Check: alarm shop-staging-5xx passed: OK since 09:02 UTC, never in alarm since the gate began
Check: GET https: //staging.shop.example.com/health passed: 15 answers, all 200

Nothing is left to do: this gate takes no more answers.
`,
    });
  });

  test.each([
    ['APPROVED', 'PEOPLE', 'Approved: ', 'the change was approved, and Prod goes ahead.'],
    [
      'APPROVED',
      'ROLLBACK',
      'Approved: ',
      'the rollback passed by itself, because the run that it brings back had passed this gate. Prod goes ahead.',
    ],
    [
      'REJECTED',
      'PEOPLE',
      'Rejected: ',
      'the change was rejected. The change goes no further, and Prod keeps the version that is live.',
    ],
    [
      'REJECTED',
      'ROLLBACK',
      'Rejected: ',
      'the rollback stepped aside for the newer run that waited behind it. Prod keeps the version that is live.',
    ],
    [
      'EXPIRED',
      'CODEPIPELINE',
      'Expired: ',
      'there were not enough answers in time. The change goes no further, and Prod keeps the version that is live.',
    ],
    ['STOPPED', 'CODEPIPELINE', 'Stopped: ', 'the run ended before the gate had an answer. Prod stays as it is.'],
  ] as const)('%s by %s', (kind, by, start, sentence) => {
    const mail = outcomeMail(ended({ kind, by }), bo);

    expect(mail.subject.startsWith(`${start}shop-release`)).toBe(true);
    expect(mail.text).toContain(`Hello Bo, ${sentence}\n\n> `);
  });

  const failed: CheckState = {
    id: 'a',
    title: 'alarm shop-5xx',
    verdict: 'FAIL',
    reason: "Alarm 'shop-5xx' turned red at 2026-11-23 10:07 UTC.",
    observeOnly: false,
    seenAt: { link: CONSOLE.url, account: '222222222222' },
  };
  const passed: CheckState = { ...failed, id: 'b', title: 'http health', verdict: 'PASS', reason: 'It answered 200.' };
  const byChecks = (checks: readonly CheckState[]) =>
    outcomeMail({ ...ended({ kind: 'REJECTED', by: 'CHECKS' }), shown: waiting({ shown: { checks } }).shown }, bo);

  test('of checks says which failed and which passed, each once, and where to see more of what failed', () => {
    const { seenAt: _, ...healthy } = passed;
    const { text, html } = byChecks([healthy, failed]);

    expect(text).toContain('Hello Bo, the change was rejected by its checks. The change goes no further');
    expect(text).toContain(
      `Check: alarm shop-5xx failed: Alarm 'shop-5xx' turned red at 2026-11-23 10:07 UTC.
See it in AWS, in account 222222222222: ${CONSOLE.url}
Check: http health passed: It answered 200.
`,
    );
    expect(text).not.toContain('> Approved by');
    expect(html).toContain(`href="${CONSOLE.url}"`);
    expect(html!.match(/<a\b/g)).toHaveLength(1);
  });

  test('leaves out a link that is longer than a line of an email may be', () => {
    const long = (length: number): CheckState => ({
      ...failed,
      seenAt: { link: CONSOLE.url.padEnd(length, 'x') },
    });

    const quotes: CheckState = { ...failed, seenAt: { link: CONSOLE.url + "'".repeat(300) } };

    expect(byChecks([long(900)]).text).toContain('See it in AWS: ');
    expect(byChecks([long(901)]).text).not.toContain('See it in AWS');
    expect(byChecks([quotes]).html).not.toContain('See it in AWS');
    expect(byChecks([long(901)]).text).toContain('Check: alarm shop-5xx failed');
  });

  test('says what decided where nothing is known of any check', () => {
    expect(byChecks([]).text).toContain('> Approved by Ana Lopez');
  });

  test('a rejection that goes back says to what', () => {
    expect(
      outcomeMail(ended({ kind: 'REJECTED' }, { onReject: { kind: 'GOES_BACK', to: [SERVING] } }), bo).text,
    ).toContain('Prod goes back to 1c6fd0f23a5b "Show delivery dates in the basket".');
  });

  test('a rollback that was approved is called one', () => {
    expect(outcomeMail(ended({}, rollback()), bo).text).toContain(
      'Hello Bo, the rollback was approved, and Prod goes ahead.',
    );
  });

  test('is told of whatever phase has an outcome, as what really happened', () => {
    const overtakenBy = { ...APPROVED, kind: 'REJECTED', by: 'BYPASS', summary: 'rejected in the console' } as const;

    expect(outcomeMail(DECIDED, bo)).toEqual(outcomeMail(CLOSED, bo));
    expect(outcomeMail(DELIVERED, bo)).toEqual(outcomeMail(CLOSED, bo));
    const mail = outcomeMail({ ...DELIVERED, overtakenBy }, bo);
    expect(mail.subject).toMatch(/^Rejected: /);
    expect(mail.text).toContain('\n> rejected in the console\n');
    expect(mail.text).not.toContain('Approved by Ana');
  });

  test('of a run that nobody knows says what there is to say', () => {
    const { run: _run, shown: _shown, asking: _asking, ...unknown } = CLOSED;

    const mail = outcomeMail({ ...unknown, outcome: { ...APPROVED, kind: 'EXPIRED', by: 'CODEPIPELINE' } }, bo);

    expect(mail.subject).toBe('Expired: shop-release Prod');
    expect(mail.text).toContain('there were not enough answers in time. The change goes no further.\n');
    expect(mail.text).toContain('\nPipeline: shop-release\nGate: Prod / Approve\n\nNothing is left');
  });
});

describe('what other people wrote, in a mail', () => {
  const FORGED =
    'harmless\n\nLook and answer here:\nhttps://evil.example/r/1\r\nLook and answer here:\u2028Pipeline: x';
  /** Lines that a reader may take for ours. */
  const ours = (text: string) => text.split('\n').filter((line) => !line.startsWith('> '));

  test('a note of several lines cannot forge the line with the link: each of its lines is quoted', () => {
    for (const mail of [requestMail, reminderMail]) {
      const { text } = mail(waiting({ run: { text: FORGED } }), bo, PAGE, { workflow: '' });

      expect(text).toContain('\nNote:\n> harmless\n> \n> Look and answer here:\n> https: //evil.example/r/1\n\nLook');
      expect(ours(text).filter((line) => line.startsWith('Look and answer here'))).toHaveLength(1);
      expect(ours(text)[ours(text).indexOf('Look and answer here:') + 1]).toBe(LINK);
    }
  });

  test('a comment in an outcome is quoted, on one line', () => {
    const { text } = outcomeMail(ended({ summary: FORGED }), bo);

    expect(text).toContain('\n\n> harmless\n\nPipeline: shop-release');
    expect(ours(text).some((line) => line.includes('Look and answer here'))).toBe(false);
  });

  test('an address in a commit message does not become a second link', () => {
    const revisions = [{ name: 'S', id: '1', message: 'see https://evil.example/r or WWW.evil.example' }];
    const { text } = requestMail(waiting({ run: { revisions } }), bo, PAGE, { workflow: '' });

    expect(text).toContain('"see https: //evil.example/r or www .evil.example"');
    expect(text.match(/https?:\/\//g)).toHaveLength(1);
  });

  test('whatever they wrote, the mail stays short, on its lines, and has our link once', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3000 }),
      fc.constant('<b>\u202e\r\nSubject: x\u0007'.repeat(500)),
      fc.constant(FORGED),
      fc.constant('https://evil.example '.repeat(50)),
    );
    fc.assert(
      fc.property(anything, anything, anything, fc.boolean(), (message, author, text, isRollback) => {
        const revisions = [1, 2, 3].map((n) => ({ name: `S${n}`, id: message.slice(0, 40), message, author }));
        const run = {
          ...(isRollback ? rollback({ target: author }) : RUN),
          revisions,
          text,
          onReject: { kind: 'GOES_BACK', to: revisions } as const,
        };
        const hostile: Waiting = waiting({ run });
        const over = ended({ kind: 'REJECTED', summary: message }, run);
        const mails = [
          requestMail(hostile, { ...bo, name: author }, PAGE, { workflow: text }),
          reminderMail(hostile, bo, PAGE, { workflow: 'W' }),
          outcomeMail(over, bo),
        ];
        for (const mail of mails) {
          expect(mail.subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
          expect(mail.text).not.toMatch(CONTROL);
          expect(mail.text.length).toBeLessThanOrEqual(2400);
          expect(mail.text.split('\n').length).toBeLessThan(40);
          expect(mail.text.match(/\bwww\./gi)).toBeNull();
        }
        expect(mails.map((mail) => mail.text.match(/:\/\//g)?.length)).toEqual([1, 1, undefined]);
        const lines = requestMail(hostile, bo, PAGE, { workflow: '' }).text.split('\n');
        expect(lines.filter((line) => line === 'Look and answer here:')).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a mail that leads to the console', () => {
  const mail = requestMail(asked, bo, CONSOLE, { workflow: 'Approvals' });

  test('says all that one with a link of its own says, which run it is, and as whom to answer', () => {
    const lines = (text: string) => text.split('\n');
    const withLink = lines(requestMail(asked, bo, PAGE, { workflow: 'Approvals' }).text);
    const [more, fewer] = [lines(mail.text), withLink].map((one, index, all) =>
      one.filter((line) => !all[1 - index]!.includes(line)),
    );

    expect(mail.subject).toBe(requestMail(asked, bo, PAGE, { workflow: 'Approvals' }).subject);
    expect(fewer).toEqual([
      'Look and answer here:',
      LINK,
      'The link acts for you, so please do not forward it. Opening it decides nothing.',
    ]);
    expect(more).toEqual([
      `Run: ${asked.run.executionId}`,
      'Look and answer in the AWS console:',
      CONSOLE.url,
      'Please sign in there as yourself: an answer counts as yours only by the role or user that you are known by. From anybody else it is recorded as a bypass.',
    ]);
  });

  test.each([
    ['a reminder', reminderMail],
    ['further people', furtherMail],
  ])('may be for %s', (_, write) => {
    expect(write(asked, bo, CONSOLE, { workflow: '' }).text).toContain(
      `Look and answer in the AWS console:\n${CONSOLE.url}\n`,
    );
  });
});
