/** The HTML of mails, as a mail program with a browser inside shows it. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { digestMail } from '../../lambda/domain/digest-mail';
import { escalationMail, outcomeMail, requestMail } from '../../lambda/domain/mail-text';
import type { MailText } from '../../lambda/domain/write-mail';
import { newSeed } from '../../lambda/signing/link-key';
import { BO, CLOSED, REQUEST, RULES, rollback, waiting } from '../lambda/review/fixture';
import { LOOKS, OVERFLOW, inBrowser, launch, violations } from './browser';

const IMAGES = join(__dirname, '../../docs/images');
const LINK = `https://reviews.example.com/r/${REQUEST}?by=${BO}&key=${newSeed()}`;
const PAGE = { leadsTo: 'PAGE', url: LINK } as const;
const bo = { name: 'Bo', mail: 'bo@example.com', shared: false };
const sender = { workflow: 'Approvals', timeZone: 'Europe/Berlin' };

const ASKS = requestMail(waiting({ rule: RULES.MANUAL }), bo, PAGE, sender);
const LONG = 'A'.repeat(3_000);
const waits = { kind: 'WAITS', because: 'ASKED', further: false, link: PAGE } as const;
const DIGEST = digestMail(
  [
    { ...waits, request: waiting({ rule: RULES.MANUAL }) },
    { ...waits, request: waiting({ run: rollback() }), because: 'REMINDED' },
    { ...waits, request: waiting({ run: { revisions: [{ name: LONG, id: LONG, message: LONG, author: LONG }] } }) },
    { kind: 'ENDED', request: { ...CLOSED, run: waiting().run, shown: waiting().shown } },
  ],
  3,
  bo,
  sender,
);
const MAILS: readonly (readonly [string, MailText])[] = [
  ['a request', ASKS],
  ['a rollback', requestMail(waiting({ run: rollback() }), bo, PAGE, sender)],
  ['further people', escalationMail(waiting(), bo, PAGE, ['Cy', 'dora@example.com'], sender)],
  ['an outcome', outcomeMail(CLOSED, bo)],
  ['a digest', DIGEST],
  ['a rejection', outcomeMail({ ...CLOSED, outcome: { ...CLOSED.outcome, kind: 'REJECTED' } }, bo)],
  [
    'long words',
    requestMail(
      waiting({ run: { text: LONG, revisions: [{ name: LONG, id: LONG, message: LONG, author: LONG }] } }),
      { ...bo, name: LONG },
      PAGE,
      { workflow: LONG },
    ),
  ],
];

/** A mail stands within the page of a mail program. */
const PIECE = { region: { enabled: false }, 'landmark-one-main': { enabled: false } };

inBrowser('the HTML of a mail', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  describe.each(LOOKS)('%s, %s', (device, colorScheme, options) => {
    let page: Page;

    beforeEach(async () => {
      page = await (await browser.newContext({ ...options, colorScheme })).newPage();
    });
    afterEach(() => page.context().close());

    test.each(MAILS)(
      '%s: nothing that axe objects to, no sideways scrolling, nothing asked of any host',
      async (_what, { html }) => {
        const asked: string[] = [];
        page.on('request', (request) => asked.push(request.url()));
        await page.setContent(html);

        expect(await violations(page, PIECE)).toEqual([]);
        expect(await page.evaluate<number>(OVERFLOW)).toBeLessThanOrEqual(0);
        const small = await page.$$eval('a', (links) =>
          links.filter((link) => link.getBoundingClientRect().height < 44).map((link) => link.outerHTML),
        );
        expect(small).toEqual([]);
        expect(asked).toEqual([]);
      },
    );

    test('its picture', async () => {
      await page.setContent(ASKS.html);
      if (process.env['UPDATE_SCREENSHOTS'] === '1') {
        await page.screenshot({ path: join(IMAGES, `mail-html-${device}-${colorScheme}.png`), fullPage: true });
      }
      const ground = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      expect(ground).toBe(colorScheme === 'dark' ? 'rgb(16, 21, 27)' : 'rgb(244, 243, 239)');
    });
  });

  /** A mail is shown within the page of a mail program, so it has no landmarks of its own. */
});
