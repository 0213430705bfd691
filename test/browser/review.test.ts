import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { newSeed, shownNumber } from '../../lambda/signing/link-key';
import {
  ANA,
  APPROVED,
  BO,
  CLOSED,
  CY,
  DECIDED,
  DELIVERED,
  EVIDENCE,
  NOW,
  PEOPLE,
  REQUEST,
  RULES,
  SHOWN,
  WAITING,
  rollback,
  scene,
  seedOf,
  vote,
  waiting,
} from '../lambda/review/fixture';
import type { Scene } from '../lambda/review/fixture';
import { CHOICE, TICKET } from '../lambda/samples';
import { DESKTOP, DEVICES, LOOKS, OVERFLOW, PHONE, inBrowser, launch, smallTargets, violations } from './browser';
import { Site } from './site';

/** Its approvers fill in a ticket and make a choice. */
const ASKING = waiting({ rule: { kind: 'MANUAL', people: { ...PEOPLE, fields: [TICKET, CHOICE] } } });

/** Its approvers may choose when their approval takes effect. */
const LATER = waiting({ rule: { kind: 'MANUAL', people: { ...PEOPLE, startLater: 'ALLOWED' } } });

/** Bo may open it alone; its checks are red. */
const EMERGENCY = waiting({
  run: { mayBreakGlass: [BO] },
  shown: { checks: SHOWN.checks.map((check) => ({ ...check, verdict: 'FAIL' as const, reason: 'since 09:12 UTC' })) },
  rule: { ...RULES.GUARDED, people: { ...PEOPLE, breakGlass: [BO] } },
});

/** Ana opened it alone, and somebody else has to look at that. */
const FOLLOWED_UP = scene(
  {
    ...DELIVERED,
    outcome: { ...APPROVED, by: 'BREAK_GLASS', summary: 'Opened in an emergency by Ana alone. Checkout is down' },
    followUp: { since: DELIVERED.deliveredAt, openedBy: [ANA] },
  },
  { reviewAskedAt: '2026-11-23T09:21:00.000Z' },
);

const IMAGES = join(__dirname, '../../docs/images');

inBrowser('the review page', () => {
  let site: Site;
  let browser: Browser;
  const pages: Page[] = [];

  beforeAll(async () => {
    jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
    site = await Site.open();
    browser = await launch();
  });
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.context().close()));
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
    jest.restoreAllMocks();
  });

  /** A page whose every script error, refused resource or dialog fails the test that looks at `troubles`. */
  async function visit(url: string, options: BrowserContextOptions = {}) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    pages.push(page);
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (line) => line.type() === 'error' && troubles.push(line.text()));
    page.on('dialog', (dialog) => {
      troubles.push(dialog.message());
      void dialog.dismiss();
    });
    const response = await page.goto(url);
    return { page, troubles, response };
  }

  /** In light and in dark: axe objects to nothing, and nothing scrolls sideways. */
  async function looksRight(page: Page): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate('Promise.all(document.getAnimations().map(({ finished }) => finished))');
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate<number>(OVERFLOW)).toBeLessThanOrEqual(0);
    }
  }

  const number = (of: Scene, digits = 4) => shownNumber(seedOf(of, BO), EVIDENCE, digits);

  describe.each(DEVICES)('on a %s', (_device, options) => {
    test('nothing that axe objects to, no sideways scrolling, no target below 44 px, on every kind of page', async () => {
      const checks = SHOWN.checks.map((check) => ({ ...check, verdict: 'FAIL' as const }));
      const heldBack = { ...DECIDED, outcome: { ...APPROVED, whileHealthy: true }, consoleOnly: 'held back' };
      for (const [of, who] of [
        [scene(), BO],
        [scene(), CY],
        [scene(waiting({ shown: { checks } })), BO],
        [scene(waiting({ run: { ...rollback(), authors: [] }, shown: { newerRunWaiting: true } })), BO],
        [scene(heldBack), BO],
        [scene(LATER), BO],
        [scene(ASKING), BO],
        [scene(EMERGENCY), BO],
        [FOLLOWED_UP, BO],
        [scene(CLOSED), BO],
      ] as const) {
        await site.show(of);
        const { page, troubles } = await visit(site.link(of, who), options);
        await looksRight(page);
        expect(await smallTargets(page)).toEqual([]);
        expect(troubles).toEqual([]);
      }
      const { page } = await visit(`${site.url}/r/${REQUEST}`, options);
      await looksRight(page);
    });

    test.each([true, false])('an answer given with JavaScript %s', async (javaScriptEnabled) => {
      const s = scene();
      await site.show(s);
      const { page, troubles } = await visit(site.link(s), { ...options, javaScriptEnabled });

      await page
        .getByLabel('Type this number')
        .first()
        .fill(await shownOn(page));
      await page.getByLabel('Reason').fill('fine <b>by</b> me');
      await page.getByRole('button', { name: 'Approve' }).click();

      await page.getByText('Recorded: you approved it.').waitFor();
      expect((await site.contents()).decisions).toMatchObject([{ verdict: 'APPROVE', comment: 'fine <b>by</b> me' }]);
      expect(troubles).toEqual([]);
      if (javaScriptEnabled) {
        expect(await violations(page)).toEqual([]);
      }
    });

    test.each([true, false])('an approval for later with JavaScript %s', async (javaScriptEnabled) => {
      const s = scene(LATER);
      await site.show(s);
      const { page, troubles } = await visit(site.link(s), { ...options, javaScriptEnabled });

      await page.locator('#number').fill(await shownOn(page));
      await page.getByLabel('Time in UTC').fill('22:00');
      await page.getByRole('button', { name: 'Approve' }).click();
      await page.getByText('Give both the date and the time').first().waitFor();
      if (javaScriptEnabled) {
        expect(await violations(page)).toEqual([]);
      }
      await page.getByLabel('Date').fill('2026-11-24');
      await page.getByRole('button', { name: 'Approve' }).click();

      await page.getByText('It is to start no earlier than Tuesday 24 November 2026, 22:00 UTC.').waitFor();
      expect(await page.getByLabel('Date').inputValue()).toBe('2026-11-24');
      expect(await page.getByLabel('Time in UTC').inputValue()).toBe('22:00');
      expect((await site.contents()).decisions).toMatchObject([
        { verdict: 'APPROVE', details: '{"notBefore":"2026-11-24T22:00:00.000Z"}' },
      ]);
      // The browser itself says in its log that the first answer was refused.
      expect(troubles.filter((line) => !line.includes('422'))).toEqual([]);
    });

    test.each([true, false])('fields that are filled in with JavaScript %s', async (javaScriptEnabled) => {
      const s = { ...scene(ASKING), votes: [] };
      await site.show(s);
      const { page, troubles } = await visit(site.link(s), { ...options, javaScriptEnabled });

      await page.locator('#number').fill(await shownOn(page));
      await page.getByLabel('Change ticket').fill('soon');
      await page.getByLabel('50 %').check();
      await page.getByRole('button', { name: 'Approve' }).click();
      await page.getByText('Change ticket: As in CHG-1234').first().waitFor();
      if (javaScriptEnabled) {
        expect(await violations(page)).toEqual([]);
      }
      expect(await page.getByLabel('Change ticket').inputValue()).toBe('soon');
      expect(await page.getByLabel('50 %').isChecked()).toBe(true);
      await page.getByLabel('Change ticket').fill('CHG-7');
      await page.getByRole('button', { name: 'Approve' }).click();

      await page.getByText('Recorded: you approved it.').waitFor();
      expect((await site.contents()).decisions).toMatchObject([
        { verdict: 'APPROVE', details: '{"fields":{"ticket":"CHG-7","traffic":"50 %"}}' },
      ]);
      // The browser itself says in its log that the first answer was refused.
      expect(troubles.filter((line) => !line.includes('422'))).toEqual([]);
    });
  });

  test.each(LOOKS)('its picture: %s, %s', async (device, colorScheme, options) => {
    const s = scene(WAITING, {}, () => Buffer.alloc(32, 'picture').toString('base64url'));
    await site.show(s);
    const { page } = await visit(site.link(s), { ...options, colorScheme });
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    if (process.env['UPDATE_SCREENSHOTS'] === '1') {
      mkdirSync(IMAGES, { recursive: true });
      await page.screenshot({ path: join(IMAGES, `review-${device}-${colorScheme}.png`), fullPage: true });
    }
    expect(await page.title()).toContain('Can this change go ahead in Prod?');
  });

  test.each([
    [
      'fields',
      waiting({ rule: { kind: 'MANUAL', people: { ...PEOPLE, fields: [TICKET, CHOICE], startLater: 'ALLOWED' } } }),
    ],
    ['emergency', EMERGENCY],
  ] as const)('what a gate may offer besides: %s, in a picture', async (name, request) => {
    const s = scene(request, {}, () => Buffer.alloc(32, 'picture').toString('base64url'));
    await site.show(s);
    const { page } = await visit(site.link(s), { ...PHONE, colorScheme: 'light' });
    if (name === 'emergency') {
      await page.getByText('Open this gate now, alone').click();
    }
    if (process.env['UPDATE_SCREENSHOTS'] === '1') {
      await page.screenshot({ path: join(IMAGES, `review-${name}.png`), fullPage: true });
    }
    expect(await page.getByRole('button', { name: name === 'fields' ? 'Approve' : 'Open this gate now' }).count()).toBe(
      1,
    );
  });

  function shownOn(page: Page): Promise<string> {
    return page.locator('#number-shown').innerText();
  }

  test('the secret leaves the address bar, a reload still works, and nothing is asked of other hosts', async () => {
    const s = scene();
    await site.show(s);
    const { page, troubles } = await visit(site.link(s), PHONE);
    const foreign: string[] = [];
    page.on('request', (request) => !request.url().startsWith(site.url) && foreign.push(request.url()));

    expect(page.url()).toBe(`${site.url}/r/${REQUEST}`);
    await page.reload();
    await page.getByRole('button', { name: 'Approve' }).waitFor();

    expect(page.url()).toBe(`${site.url}/r/${REQUEST}`);
    expect(foreign).toEqual([]);
    expect(troubles.filter((line) => !line.includes('404'))).toEqual([]);
  });

  test('Enter in a field answers nothing', async () => {
    const s = scene();
    await site.show(s);
    const { page } = await visit(site.link(s), DESKTOP);

    await page.locator('#number').fill(number(s));
    await page.locator('#number').press('Enter');
    await page.getByRole('heading', { name: 'Your answer', exact: true }).waitFor();

    expect((await site.contents()).decisions).toEqual([]);
  });

  test('a wrong number brings the focus to what is wrong and keeps the reason', async () => {
    const s = scene();
    await site.show(s);
    const { page } = await visit(site.link(s), PHONE);

    await page.locator('#number').fill(number(s) === '1111' ? '2222' : '1111');
    await page.getByLabel('Reason').fill('keep me');
    await page.getByRole('button', { name: 'Reject' }).click();

    await page.getByText('Your answer was not recorded').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('problems');
    expect(await page.getByLabel('Reason').inputValue()).toBe('keep me');
    expect(await page.locator('#number').getAttribute('aria-invalid')).toBe('true');
    expect(await violations(page)).toEqual([]);
  });

  test('an open page follows its gate to the end by itself', async () => {
    const s = scene();
    await site.show(s);
    const { page } = await visit(site.link(s), DESKTOP);
    await page.locator('#number').fill(number(s));
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('It is being counted.').waitFor();

    await site.write({ votes: [vote(BO, 'APPROVE', { seq: NOW })] });
    await page.getByText('It is counted.').waitFor();
    await site.write({ request: DECIDED });
    await page.getByRole('heading', { name: 'Approved' }).waitFor();
    await page.getByText('CodePipeline is being told.').waitFor();
    await site.write({ request: CLOSED });
    await page.getByText('CodePipeline has the answer.').waitFor();

    await page.getByText('Your approval was counted.').waitFor();
    expect(await page.locator('#answer').count()).toBe(0);
  });

  test('a page that is being filled in says that something changed, and keeps what was typed', async () => {
    const s = scene();
    await site.show(s);
    const { page } = await visit(site.link(s), DESKTOP);
    await page.clock.install();
    await page.reload();
    await page.getByLabel('Reason').fill('half a sent');

    await site.write({ request: waiting({ shown: { evidence: 'f'.repeat(64) } }) });
    await page.clock.runFor(16_000);

    await page.getByText('Something changed while you were reading.').waitFor();
    expect(await page.getByLabel('Reason').inputValue()).toBe('half a sent');
  });

  test('a hostile commit message is text, and its hidden characters are gone', async () => {
    const evil = `<script>alert(1)</script><img src=x onerror=alert(2)>"><b>\u202egnp.exe\u0007\u001b[31m\n</details></main>${'A'.repeat(20_000)}`;
    const revisions = [{ name: evil, id: evil, message: evil, author: evil, url: 'javascript:alert(3)' }];
    const run = { revisions, text: evil, serving: revisions, startedBy: evil, reviewUrl: 'data:text/html,x' };
    const s = scene(waiting({ run }));
    await site.show(s);
    const { page, troubles } = await visit(site.link(s), PHONE);

    expect(await page.locator('main img, main b, main script').count()).toBe(0);
    expect(await page.locator('a[href^="javascript"], a[href^="data"]').count()).toBe(0);
    expect(await page.locator('main').innerText()).toContain('<script>alert(1)</script>');
    expect(await page.content()).not.toMatch(/[\u202e\u0007\u001b]/);
    expect(await page.evaluate<number>(OVERFLOW)).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
    expect(troubles).toEqual([]);
  });

  test('a thousand GET, HEAD and OPTIONS change nothing', async () => {
    const s = scene();
    await site.show(s);
    const before = await site.contents();

    for (let round = 0; round < 50; round += 1) {
      const batch = Array.from({ length: 20 }, (_, n) => ['GET', 'HEAD', 'OPTIONS'][(round * 20 + n) % 3]);
      const answers = await Promise.all(batch.map((method) => fetch(site.link(s), { method })));
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    }

    expect(await site.contents()).toEqual(before);
  });

  test('a scanner that runs scripts, fills every field and presses every button leaves wrong numbers behind, nothing else', async () => {
    const s = scene();
    await site.show(s);
    const before = (await site.contents()).requests;

    for (const junk of ['1', 'a@b.example']) {
      const buttons = await countButtons(s);
      for (let n = 0; n < buttons; n += 1) {
        const { page } = await visit(site.link(s), DESKTOP);
        await page.$$eval('details', (all) => all.forEach((details) => (details.open = true)));
        for (const field of await page.locator('input:not([type=hidden]), textarea').all()) {
          await field.fill(junk);
        }
        await Promise.all([
          page.waitForLoadState('load'),
          page.locator('button:not([disabled])').nth(n).click({ timeout: 5_000 }),
        ]);
        await page.context().close();
        pages.splice(0);
      }
    }

    const { requests, decisions } = await site.contents();
    expect(requests).toEqual(before);
    expect(new Set(decisions.map((row) => row.verdict))).toEqual(new Set(['WRONG_NUMBER']));
  });

  async function countButtons(s: Scene): Promise<number> {
    const { page } = await visit(site.link(s), DESKTOP);
    return page.locator('button:not([disabled])').count();
  }

  test('a link works twice while the gate waits: the second look knows the first answer', async () => {
    const s = scene();
    await site.show({ ...s, votes: [...s.votes, vote(BO, 'APPROVE')] });
    const { page } = await visit(site.link(s), PHONE);

    await page.getByText('Recorded: you approved it.').waitFor();
    await page.getByLabel('Reason').fill('changed my mind');
    await page.locator('#number').fill(number(s));
    await page.getByRole('button', { name: 'Reject' }).click();

    await page.getByText('Recorded: you rejected it.').waitFor();
    expect((await site.contents()).decisions).toMatchObject([{ verdict: 'REJECT', comment: 'changed my mind' }]);
  });

  test('used long after the end, forged, truncated, foreign and revoked links all show the one dead page', async () => {
    const s = scene();
    await site.show(s);
    const seen: string[] = [];
    const look = async (url: string) => {
      const { page, response } = await visit(url, PHONE);
      expect(response?.status()).toBe(404);
      seen.push(await page.content());
    };

    await look(site.link(s).slice(0, -1));
    await look(`${site.url}/r/${REQUEST}?by=${BO}&key=${newSeed()}`);
    await look(`${site.url}/r/${REQUEST}?by=${BO}&key=${seedOf(s, ANA)}`);
    await look(`${site.url}/r/${'0'.repeat(32)}?by=${BO}&key=${seedOf(s, BO)}`);
    await site.write({ request: CLOSED });
    site.now = Date.parse(CLOSED.deliveredAt) + 7 * 86_400_000;
    await look(site.link(s));
    site.now = NOW;
    await site.write({ invitations: s.invitations.map((invitation) => ({ ...invitation, keys: [] })) });
    await look(site.link(s));

    expect(new Set(seen).size).toBe(1);
    expect((await site.contents()).decisions).toEqual([]);
  });

  test('after the end the link tells how it ended, survives a reload, and takes no answer', async () => {
    const s = { ...scene(CLOSED), votes: [vote(BO, 'REJECT')] };
    await site.show(s);
    const { page, troubles } = await visit(site.link(s), PHONE);

    await page.getByRole('heading', { name: 'Approved' }).waitFor();
    expect(page.url()).toBe(`${site.url}/r/${REQUEST}`);
    await page.reload();
    await page.getByText('Your rejection was counted.').waitFor();

    expect(await page.locator('main').innerText()).not.toContain('Round basket totals');
    expect(await page.locator('#answer').count()).toBe(0);
    expect(troubles.filter((line) => !line.includes('404'))).toEqual([]);
  });

  describe('times', () => {
    const deadline = (page: Page) => page.locator('#live-time time').innerText();

    test.each([
      ['Europe/Berlin', 'en-GB', /^Wednesday 25 November 2026, 09:00 UTC \(Wed,? 25 Nov, 10:00 CET\)$/],
      ['Asia/Kolkata', 'en-US', /^Wednesday 25 November 2026, 09:00 UTC \(Wed, Nov 25, 02:30\sPM GMT\+5:30\)$/],
      ['UTC', 'en-GB', /^Wednesday 25 November 2026, 09:00 UTC$/],
    ])('in %s they stand in the reader’s own zone beside UTC', async (timezoneId, locale, words) => {
      const s = scene();
      await site.show(s);
      const { page } = await visit(site.link(s), { ...DESKTOP, timezoneId, locale });

      expect(await deadline(page)).toMatch(words);
    });

    test('without JavaScript they stand in UTC', async () => {
      const s = scene();
      await site.show(s);
      const { page } = await visit(site.link(s), { ...PHONE, timezoneId: 'Europe/Berlin', javaScriptEnabled: false });

      expect(await deadline(page)).toBe('Wednesday 25 November 2026, 09:00 UTC');
    });

    test('a page that follows its gate keeps them', async () => {
      const s = scene();
      await site.show(s);
      const { page } = await visit(site.link(s), { ...DESKTOP, timezoneId: 'Europe/Berlin', locale: 'en-GB' });
      await page.locator('#number').fill(number(s));
      await page.getByRole('button', { name: 'Approve' }).click();
      await site.write({ votes: [vote(BO, 'APPROVE', { seq: NOW })] });
      await page.getByText('It is counted.').waitFor();

      expect(await deadline(page)).toMatch(/ UTC \(Wed,? 25 Nov, 10:00 CET\)$/);
    });
  });

  test('the right number stays in its field when the reason is missing', async () => {
    const s = scene();
    await site.show(s);
    const { page } = await visit(site.link(s), PHONE);

    await page.locator('#number').fill(number(s));
    await page.getByRole('button', { name: 'Reject' }).click();
    await page.getByText('Your answer was not recorded').waitFor();
    expect(await page.locator('#number').inputValue()).toBe(number(s));
    await page.getByLabel('Reason').fill('not today');
    await page.getByRole('button', { name: 'Reject' }).click();

    await page.getByText('Recorded: you rejected it.').waitFor();
  });
});
