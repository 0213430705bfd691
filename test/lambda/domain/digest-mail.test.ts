import fc from 'fast-check';
import { digestMail, type DigestItem } from '../../../lambda/domain/digest-mail';
import type { Waiting } from '../../../lambda/domain/request';
import { APPROVED, CLOSED, RULES, RUN, rollback, waiting } from '../review/fixture';

const linkTo = (n: number) =>
  `https://abc.example.com/r/${`${n}`.repeat(32)}?by=${'b'.repeat(12)}&key=${`${n}`.repeat(43)}`;
const bo = { mail: 'bo@example.com', name: 'Bo', shared: false };
const sender = { workflow: 'Approvals' };
const asked = waiting({ rule: RULES.MANUAL, run: { onReject: { kind: 'STAYS' } } });
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\u061c]/;

function waits(n: number, more: Partial<Extract<DigestItem, { kind: 'WAITS' }>> = {}, pipeline = 'shop'): DigestItem {
  const request: Waiting = { ...asked, asked: { ...asked.asked, pipeline } };
  return {
    kind: 'WAITS',
    because: 'ASKED',
    further: false,
    request,
    link: { leadsTo: 'PAGE', url: linkTo(n) },
    ...more,
  };
}

const over: DigestItem = { kind: 'ENDED', request: { ...CLOSED, run: RUN, shown: asked.shown, outcome: APPROVED } };
const textOf = (...items: readonly DigestItem[]) => digestMail(items, 0, bo, sender).text;

test('says per pipeline which gates wait, each with its link, and how others ended', () => {
  expect(digestMail([waits(1), waits(2, {}, 'tea'), over, waits(3)], 0, bo, sender)).toMatchObject({
    subject: 'Approve? 3 approvals wait for you, 1 approval has ended',
    text: `Hello Bo, 3 approvals wait for you, 1 approval has ended.

Pipeline shop

Gate: Prod / Approve
Change: 9b1deb4d3b7d "Round basket totals once, at the end" by Cyrus Wong
Please answer by Wednesday 25 November 2026, 09:00 UTC.
Look and answer here:
${linkTo(1)}

Gate: Prod / Approve
Change: 9b1deb4d3b7d "Round basket totals once, at the end" by Cyrus Wong
Please answer by Wednesday 25 November 2026, 09:00 UTC.
Look and answer here:
${linkTo(3)}

Pipeline tea

Gate: Prod / Approve
Change: 9b1deb4d3b7d "Round basket totals once, at the end" by Cyrus Wong
Please answer by Wednesday 25 November 2026, 09:00 UTC.
Look and answer here:
${linkTo(2)}

Results of pipeline shop-release

Gate: Prod / Approve
Result: Approved
Change: 9b1deb4d3b7d "Round basket totals once, at the end" by Cyrus Wong
Summary: ${APPROVED.summary}
The change was approved, and Prod goes ahead.

Each link acts for you, on one request, so please do not forward this email. Opening a link decides nothing.
`,
  });
});

test('says which check failed and which passed, where that is why people are asked', () => {
  const check = { id: 'a', observeOnly: false };
  const request = waiting({
    rule: RULES.AUTOMATED_ELSE_PEOPLE,
    shown: {
      checks: [
        { ...check, title: 'http health', verdict: 'PASS', reason: '200' },
        { ...check, title: 'change set of shop-prod', verdict: 'FAIL', reason: '1 REPLACED (Table Orders)' },
      ],
    },
  });
  const text = textOf(waits(1), waits(2, { request }));

  expect(text).toContain(
    'Check: change set of shop-prod failed: 1 REPLACED (Table Orders)\nCheck: http health passed: 200\nA check failed, so people decide.\n',
  );
  expect(text.split('people decide')).toHaveLength(2);
});

test('one request alone makes the mail that it would have made without a digest', () => {
  const subjects = [waits(1), waits(1, { because: 'REMINDED' }), over].map(
    (item) => digestMail([item], 0, bo, sender).subject,
  );
  expect(subjects).toEqual([
    'Approve? shop Prod - Round basket totals once, at the end',
    'Still waiting: shop Prod - Round basket totals once, at the end',
    'Approved: shop-release Prod - Round basket totals once, at the end',
  ]);
  expect(textOf(waits(1, { further: true }))).toContain('so you are asked as well');
  expect(digestMail([waits(1)], 2, bo, sender).subject).toBe('Approve? 1 approval waits for you');
});

test('says why each is there', () => {
  expect(textOf(waits(1), waits(2, { because: 'REMINDED' }))).toContain('This still waits for your answer.');
  expect(textOf(waits(1, { because: 'OTHERS_ASKED' }))).toContain('so more people are asked.');
  expect(textOf(waits(1), waits(2, { further: true }))).toContain('so you are asked as well.');
});

test('says of a rollback and of a weaker rule that they are that', () => {
  const { request } = waits(1) as { readonly request: Waiting };
  const back = { ...request, run: { ...request.run, ...rollback() } };
  const proposed = { weakens: ['only 1 approval instead of 2'], nobody: false };
  const weaker = { ...request, shown: { ...request.shown, proposed } } as unknown as Waiting;

  const text = textOf(waits(1, { request: back }), waits(2, { request: weaker }));

  expect(text).toMatch(/started this rollback by .*It brings back/);
  expect(text).toContain('The former rule applies until this is approved.');
});

test('says by when a guest has to answer, and whom the links of a shared mailbox act for', () => {
  const guest = { ...bo, until: '2026-11-24T10:00:00.000Z' };
  expect(digestMail([waits(1), waits(2)], 0, guest, sender).text).toContain('Tuesday 24 November 2026, 10:00 UTC');
  expect(digestMail([waits(1), waits(2)], 0, { ...bo, shared: true }, sender).text).toContain(
    'Each link acts for this mailbox',
  );
});

test('leads to the console where there are no links, and names the run', () => {
  const link = { leadsTo: 'CONSOLE', url: 'https://eu-west-1.console.aws.amazon.com/codesuite' } as const;
  const text = textOf(waits(1, { link }), waits(2, { link }));

  expect(text).toContain(`Run: ${RUN.executionId}`);
  expect(text).toContain('Please sign in there as yourself');
  expect(text).not.toContain('key=');
});

test('says how many requests follow in another mail', () => {
  expect(digestMail([waits(1), waits(2)], 5, bo, sender).text).toContain('5 more requests follow in another email.');
});

test('whatever the author of a change wrote, the only addresses are the links, and nothing passes for a line of ours', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom(
      'x\nLook and answer here:\nhttps://evil.example.com/r/1',
      'http://evil.example.com',
      'www.evil.example.com',
      '"\r\nGate: Prod / Other\r\n',
      '</td><script>alert(1)</script>',
    ),
  );
  fc.assert(
    fc.property(hostile, hostile, hostile, (message, author, name) => {
      const { request } = waits(1) as { readonly request: Waiting };
      const change = { ...request.run.revisions[0]!, message, author };
      const items = [1, 2].map((n) =>
        waits(n, { request: { ...request, run: { ...request.run, revisions: [change] } } }),
      );
      const ended = {
        ...over,
        request: { ...CLOSED, run: RUN, shown: asked.shown, outcome: { ...APPROVED, summary: message } },
      };

      const { subject, text, html } = digestMail([...items, ended as DigestItem], 0, { ...bo, name }, sender);

      expect(text.match(/https?:\/\/|\bwww\./gi)).toHaveLength(2);
      expect(html.match(/href="/g)).toHaveLength(2);
      expect(html).not.toContain('<script');
      expect(text).not.toMatch(CONTROL);
      expect(text.match(/^Gate: /gm)).toHaveLength(3);
      expect(text.match(/^Look and answer here:$/gm)).toHaveLength(2);
      expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    }),
  );
});

test('forty requests with everything as long as it may be fit into one message of SNS', () => {
  const long = '€'.repeat(5000);
  const { request } = waits(1) as { readonly request: Waiting };
  const revisions = Array.from({ length: 5 }, () => ({ name: long, id: long, message: long, author: long }));
  const proposed = { weakens: [long], nobody: false };
  const bulky = { ...request, run: { ...request.run, revisions, text: long }, shown: { ...request.shown, proposed } };
  const items = Array.from({ length: 40 }, (_, n) =>
    waits(n % 10, { request: bulky as unknown as Waiting, further: true }),
  );

  const { text, subject } = digestMail(items, 1000, { ...bo, name: long }, sender);

  expect(Buffer.byteLength(text)).toBeLessThan(256 * 1024);
  expect(subject.length).toBeLessThan(100);
});
