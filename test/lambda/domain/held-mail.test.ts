import { heldMail } from '../../../lambda/domain/held-mail';
import { rollback, waiting } from '../review/fixture';

const LINK = 'https://review.example.com/r/x?by=y&key=z';
const PAGE = { leadsTo: 'PAGE', url: LINK } as const;
const bo = { name: 'Bo', mail: 'bo@example.com', shared: false };
const held = {
  summary: 'Approved by Ana, Bo (2 of 2 needed)',
  why: 'x',
  since: '2026-11-23T09:30:00.000Z',
  opensAt: '2026-11-24T22:00:00.000Z',
};
const mail = (request = waiting(), link: Parameters<typeof heldMail>[2] = PAGE, timeZone?: string) =>
  heldMail(request, bo, link, { workflow: '', ...(timeZone === undefined ? {} : { timeZone }) }, held);

test('those who approved read when it goes ahead, and where they can take it back', () => {
  const { subject, text, html } = mail();

  expect(subject).toBe('Goes ahead later: shop-release Prod - Round basket totals once, at the end');
  expect(text).toMatch(
    /^Hello Bo, this change is approved, and Prod of shop-release goes ahead on Tuesday 24 November 2026, 22:00 UTC\. Until then a rejection stops it, also one by you\.\n/,
  );
  expect(text).toContain('> Approved by Ana, Bo (2 of 2 needed)\n');
  expect(text).toContain(`\nLook, or take it back, here:\n${LINK}\n`);
  expect(html).toContain('22:00 UTC');
});

test('the time is said where the team lives, or else on the clock of the window', () => {
  const window = { timeZone: 'Asia/Tokyo', ranges: [{ days: [1], from: 0, to: 1 }] };
  const { shown } = waiting();
  const inWindow = { ...waiting(), shown: { ...shown, policy: { ...shown.policy, window } } };

  expect(mail(waiting(), PAGE, 'Europe/Berlin').text).toContain('23:00 in Europe/Berlin (22:00 UTC)');
  expect(mail(inWindow).text).toContain('07:00 in Asia/Tokyo');
  expect(mail(inWindow, PAGE, 'Europe/Berlin').text).toContain('23:00 in Europe/Berlin');
});

test('a rollback is called one, and a link to the console says so', () => {
  const { text } = mail(waiting({ run: rollback() }), { leadsTo: 'CONSOLE', url: 'https://console.example.com' });

  expect(text).toContain('this rollback is approved');
  expect(text).toContain('Look, or take it back, in the AWS console:\nhttps://console.example.com\n');
});

test('whatever somebody wrote as a reason is no link and no control character', () => {
  const { text } = heldMail(
    waiting(),
    bo,
    PAGE,
    { workflow: '' },
    { ...held, summary: 'see https://evil.example \u202e!' },
  );

  expect(text).toContain('> see https: //evil.example');
  expect(text).not.toContain('\u202e');
});

test('what is approved is told with its facts, and whom the link acts for', () => {
  const { text } = mail();

  expect(text).toContain('\n\nPipeline: shop-release\nGate: Prod / Approve\nChange: 9b1deb4d3b7d');
  expect(text).toMatch(/\n\nThe link acts for you, so please do not forward it\. Opening it decides nothing\.\n$/);
});

test('a link to the console acts for nobody: whoever follows it signs in as themselves', () => {
  const { text } = mail(waiting(), { leadsTo: 'CONSOLE', url: 'https://console.example.com' });

  expect(text).toContain('\n\nPlease sign in there as yourself: an answer counts as yours only by the role');
  expect(text).not.toContain('The link acts for');
});
