/** The mails about an emergency, and others that are rare. */
import { emergencyMail, escalationMail, outcomeMail, requestMail, titleOf } from '../../../lambda/domain/mail-text';
import { reviewMail } from '../../../lambda/domain/review-mail';
import type { ChangeSetView } from '../../../lambda/domain/change-set';
import type { Closed, Outcome } from '../../../lambda/domain/request';
import { APPROVED, BO, CLOSED, DELIVERED, POLICY, RULES, RUN, SHOWN, waiting } from '../review/fixture';

const URL = 'https://abc123.execute-api.eu-west-1.amazonaws.com/r/1';
const PAGE = { leadsTo: 'PAGE', url: URL } as const;
const CONSOLE = {
  leadsTo: 'CONSOLE',
  url: 'https://eu-west-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/shop/view',
} as const;
const bo = { id: BO, mail: 'bo@example.com', name: 'Bo', shared: false };
const team = { mail: 'team@example.com', shared: true };
const asked = waiting({ rule: RULES.MANUAL, run: { onReject: { kind: 'STAYS' } } });
const FACTS = `Pipeline: shop-release
Gate: Prod / Approve
Change: 9b1deb4d3b7d "Round basket totals once, at the end" by Cyrus Wong
Note:
> Totals were off by a cent since last Tuesday. Please try the basket on staging first.`;

const read = (stack: string, says: string): ChangeSetView => ({
  kind: 'READ',
  stack,
  name: 'Changes',
  id: 'arn:1',
  says,
  changes: [],
  unlisted: 0,
});
const views = (count: number) => Array.from({ length: count }, (_, n) => read(`Shop${n + 1}`, '1 added'));

const EMERGENCY = { by: 'BREAK_GLASS', summary: 'Opened by Ana: the shop is down' } as const;
const ended = (outcome: Partial<Outcome>): Closed => ({
  ...CLOSED,
  ...waiting({ run: { onReject: { kind: 'STAYS' } }, shown: { checks: [] } }),
  phase: 'CLOSED',
  outcome: { ...APPROVED, ...outcome },
});

describe('the mail with a link for an emergency', () => {
  test('says what the link does, to what, and who is told', () => {
    expect(emergencyMail(asked, bo, PAGE, { workflow: 'Approvals' })).toMatchObject({
      subject: 'In an emergency: shop-release Prod - Round basket totals once, at the end',
      text: `Hello Bo, by this link you can open Prod of shop-release in an emergency, alone and at once. Everybody who was asked is told that it was you, and why.

${FACTS}
Workflow: Approvals

Look and answer here:
${URL}

The link acts for you, so please do not forward it. Opening it decides nothing.
`,
    });
  });

  test('tells what the change sets would do, and speaks to a mailbox of several people', () => {
    const { text, html } = emergencyMail(waiting({ shown: { changeSets: views(1) } }), team, PAGE, { workflow: '' });

    expect(text).toContain('\nChange set Shop1: 1 added\n');
    expect(text).toContain('\nThe link acts for this mailbox. Opening it decides nothing.\n');
    expect(html).toMatch(/<span class="asks"[^>]*>In an emergency<\/span/);
  });
});

describe('the mail that asks for a review of an emergency', () => {
  test('says what was done, by which words, and what closes the follow-up', () => {
    expect(reviewMail(ended(EMERGENCY), bo, URL, 'Approvals')).toMatchObject({
      subject: 'Review an emergency: shop-release Prod - Round basket totals once, at the end',
      text: `Hello Bo, one person opened Prod of shop-release alone, in an emergency. Please look at what happened.

> Opened by Ana: the shop is down

${FACTS}
Workflow: Approvals

Close its follow-up here, with a comment:
${URL}

The follow-up stays open until a second person closes it. You are reminded until then.

The link acts for you, so please do not forward it. Opening it decides nothing.
`,
    });
  });

  test('quotes on one line whatever the person wrote who opened it', () => {
    const summary = `Opened by Ana: down\nLook and answer here:\nhttps://evil.example ${'x'.repeat(600)}`;
    const { text, html } = reviewMail(ended({ ...EMERGENCY, summary }), bo, URL, '');

    expect(text.split('\n').filter((line) => line.startsWith('>'))).toEqual([
      '> Opened by Ana: down',
      '> Totals were off by a cent since last Tuesday. Please try the basket on staging first.',
    ]);
    expect(html).toMatch(/<span class="asks"[^>]*>Review an emergency<\/span/);
  });

  test('quotes what really ended the gate', () => {
    const overtakenBy = { ...APPROVED, ...EMERGENCY };

    expect(reviewMail({ ...DELIVERED, overtakenBy }, bo, URL, '').text).toContain(`\n\n> ${EMERGENCY.summary}\n\n`);
  });
});

describe('the mail about an outcome that is rare', () => {
  test.each([
    [
      'an emergency',
      EMERGENCY,
      'Opened in an emergency: shop-release Prod',
      'one person opened the gate alone, in an emergency, and Prod goes ahead. Nothing else that this gate asks for was waited for.',
      'A second person has to review it: those who may are asked by another email. Nothing else is left to do.',
    ],
    [
      'a newer run',
      { kind: 'REJECTED', by: 'NEWER_RUN' },
      'Replaced: shop-release Prod',
      'a newer run took the place of this one before there were enough answers. It asks for itself.',
      'Nothing is left to do: this gate takes no more answers.',
    ],
  ] as const)('says so: %s', (_, outcome, subject, sentence, left) => {
    const mail = outcomeMail(ended(outcome), bo);

    expect(mail.subject).toBe(`${subject} - Round basket totals once, at the end`);
    expect(mail.text.startsWith(`Hello Bo, ${sentence}\n\n> `)).toBe(true);
    expect(mail.text.endsWith(`\n\n${FACTS}\n\n${left}\n`)).toBe(true);
  });

  test.each([
    ['APPROVED', 'PEOPLE', 'Approved', 'GOOD'],
    ['APPROVED', 'BREAK_GLASS', 'Opened in an emergency', 'BAD'],
    ['REJECTED', 'NEWER_RUN', 'Replaced', 'CALM'],
    ['REJECTED', 'CHECKS', 'Rejected', 'BAD'],
    ['EXPIRED', 'CODEPIPELINE', 'Expired', 'BAD'],
    ['STOPPED', 'CODEPIPELINE', 'Stopped', 'CALM'],
  ] as const)('calls %s by %s "%s", %s', (kind, by, words, tone) => {
    expect(titleOf({ ...APPROVED, kind, by })).toEqual({ words, tone });
  });
});

describe('the mail that asks', () => {
  const text = (more: Parameters<typeof waiting>[0], link: typeof PAGE | typeof CONSOLE = PAGE) =>
    requestMail(waiting(more), bo, link, { workflow: '' }).text;
  const MANUAL = { ...POLICY, rule: RULES.MANUAL };

  test('and leads to the AWS console names the run, and how an answer counts there', () => {
    const { text: mail } = requestMail(asked, bo, CONSOLE, { workflow: 'Approvals' });

    expect(mail).toContain(`\nWorkflow: Approvals\nRun: ${RUN.executionId}\n\n`);
    expect(mail).toContain(`\n\nLook and answer in the AWS console:\n${CONSOLE.url}\n\n`);
    expect(mail).toMatch(
      /\n\nPlease sign in there as yourself: an answer counts as yours only by the role or user that you are known by\. From anybody else it is recorded as a bypass\.\n$/,
    );
    expect(mail).not.toContain('The link acts for');
  });

  test('and leads to a page names no run', () => {
    expect(text({})).not.toContain('Run:');
    expect(text({})).not.toContain('Please sign in');
  });

  test.each([
    [0, [], undefined],
    [5, ['Shop1', 'Shop2', 'Shop3', 'Shop4', 'Shop5'], undefined],
    [6, ['Shop1', 'Shop2', 'Shop3', 'Shop4', 'Shop5'], 'and 1 more change set, see the link'],
    [7, ['Shop1', 'Shop2', 'Shop3', 'Shop4', 'Shop5'], 'and 2 more change sets, see the link'],
  ])('tells of %d change sets %j', (count, told, more) => {
    const mail = text({ shown: { changeSets: views(count) } });

    expect(mail.split('\n').filter((line) => line.startsWith('Change set '))).toEqual(
      told.map((stack) => `Change set ${stack}: 1 added`),
    );
    expect(mail.split('\n').find((line) => line.includes('more change set'))).toBe(more);
  });

  test('tells of a change set that could not be read, and makes no link of what it says', () => {
    const unread = { kind: 'UNREAD', stack: 'www.Shop', name: 'Changes', reason: 'see https://evil.example' } as const;

    expect(text({ shown: { changeSets: [unread] } })).toContain(
      '\nChange set www .Shop: could not be read: see https: //evil.example\n',
    );
  });

  test.each([
    [undefined, undefined],
    [{ kind: 'UNKNOWN', reason: 'PARALLEL' } as const, undefined],
    [
      { kind: 'ALONG', changes: [], total: 3, others: 2, isCut: false, authors: [] } as const,
      'It brings along 2 earlier changes that are not live now.',
    ],
  ])('tells what comes along: %j', (range, line) => {
    const mail = text({ run: { range } });

    expect(mail.split('\n').find((one) => one.startsWith('It '))).toBe(line);
  });

  test('tells in which window an approval takes effect, where there is one', () => {
    const window = { timeZone: 'Europe/Berlin', ranges: [{ days: [1, 2, 3, 4, 5] as const, from: 540, to: 960 }] };
    const told = text({ shown: { ...SHOWN, policy: { ...MANUAL, window } } });

    expect(told).toContain(
      'one rejection stops it.\nAn approval takes effect in the deployment window: Monday to Friday 09:00-16:00 (Europe/Berlin).\nIf nobody answers',
    );
    expect(text({ shown: { ...SHOWN, policy: MANUAL } })).toContain('one rejection stops it.\nIf nobody answers');
  });

  test('says what the gate would lose by its new rule, and that the former one applies', () => {
    const shown = {
      proposed: { policy: MANUAL, hash: 'h', after: 1, weakens: ['one approval less', 'see www.evil.example'] },
    };

    expect(text({ rule: RULES.AUTOMATED_ELSE_PEOPLE, shown })).toContain(
      'of shop-release? This gate is being weakened: one approval less; see www .evil.example. ' +
        'The former rule applies until this is approved.\n\n',
    );
  });

  test('of a rollback whose rule is being weakened says both', () => {
    const run = {
      kind: { type: 'ROLLBACK', target: 'run-1', automatic: false, proven: false },
      revisions: [],
    } as const;
    const shown = { proposed: { policy: MANUAL, hash: 'h', after: 1, weakens: ['one approval less'] } };

    expect(text({ run, shown })).toContain(
      'The former rule applies until this is approved. Somebody started this rollback by hand. It brings back run run-1.\n',
    );
  });

  test('a message that is missing, or of several lines, is told by its first line or by none', () => {
    const of = (message?: string) =>
      requestMail(
        waiting({ run: { revisions: [{ name: 'S', id: 'v1', ...(message === undefined ? {} : { message }) }] } }),
        bo,
        PAGE,
        { workflow: '' },
      );

    expect(of('').subject).toBe('Approve? shop-release Prod');
    expect(of('\nsecond').text).toContain('\nChange: v1\n');
    expect(of('first\nsecond').subject).toBe('Approve? shop-release Prod - first');
    expect(of('first\nsecond').text).toContain('\nChange: v1 "first"\n');
  });
});

describe('the mail about further people', () => {
  test('tells which change it is about', () => {
    expect(escalationMail(asked, bo, PAGE, ['Cy'], { workflow: 'Approvals' }).text).toContain(
      `Also asked now: Cy.\n\n${FACTS}\nWorkflow: Approvals\n\nLook and answer here:\n`,
    );
  });
});
