import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { RequestMeta } from '../../lambda/domain/records';
import { newSeed, shownNumber } from '../../lambda/signing/link-key';
import { ANA, BO, CY, EVIDENCE, META, NOW, REQUEST, scene, seedOf, vote } from '../lambda/review/fixture';
import type { Scene } from '../lambda/review/fixture';
import { AXE, DESKTOP, LOOKS, OVERFLOW, PHONE, inBrowser, launch } from './browser';
import { Site } from './site';

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

  async function violations(page: Page): Promise<readonly string[]> {
    await page.evaluate(AXE);
    return page.evaluate(async () => {
      type Axe = {
        run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
      };
      const found = await (globalThis as unknown as { axe: Axe }).axe.run();
      return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html} ${n.failureSummary}`));
    });
  }

  const number = (of: Scene, digits = 4) => shownNumber(seedOf(of, BO), EVIDENCE, digits);

  describe.each(LOOKS)('%s, %s', (device, colorScheme, options) => {
    test('nothing that axe objects to, no sideways scrolling, no target below 44 px, on every kind of page', async () => {
      const open = scene();
      const locked = scene({ checks: META.checks?.map((check) => ({ ...check, verdict: 'FAIL' as const })) });
      const outcome = { kind: 'REJECTED', summary: 'Rejected by bo.', by: 'PEOPLE', at: META.requestedAt } as const;
      for (const [of, who] of [
        [open, BO],
        [locked, BO],
        [open, CY],
        [scene({ outcome }), BO],
      ] as const) {
        await site.show(of);
        const { page, troubles } = await visit(site.link(of, who), { ...options, colorScheme });
        expect(await violations(page)).toEqual([]);
        expect(await page.evaluate<number>(OVERFLOW)).toBeLessThanOrEqual(0);
        const small = await page.$$eval('a, button, input:not([type=hidden]), textarea, summary', (targets) =>
          targets
            .filter((target) => target.checkVisibility() && target.getBoundingClientRect().height < 44)
            .map((target) => target.outerHTML),
        );
        expect(small).toEqual([]);
        expect(troubles).toEqual([]);
      }
      const { page } = await visit(`${site.url}/r/${REQUEST}`, { ...options, colorScheme });
      expect(await violations(page)).toEqual([]);
    });

    test.each([true, false])('an answer given with JavaScript %s', async (javaScriptEnabled) => {
      const s = scene();
      await site.show(s);
      const { page, troubles } = await visit(site.link(s), { ...options, colorScheme, javaScriptEnabled });

      await page
        .getByLabel('Type this number')
        .first()
        .fill(await shownOn(page));
      await page.getByLabel('Reason').fill('fine <b>by</b> me');
      await page.getByRole('button', { name: 'Approve' }).click();

      await page.getByText('Recorded: you said yes.').waitFor();
      expect((await site.contents()).decisions).toMatchObject([{ verdict: 'APPROVE', comment: 'fine <b>by</b> me' }]);
      expect(troubles).toEqual([]);
      if (javaScriptEnabled) {
        expect(await violations(page)).toEqual([]);
      }
    });

    test('its picture', async () => {
      const s = scene({}, {}, () => Buffer.alloc(32, 'picture').toString('base64url'));
      await site.show(s);
      const { page } = await visit(site.link(s), { ...options, colorScheme });
      await page.getByRole('button', { name: 'Approve' }).waitFor();
      if (process.env['UPDATE_SCREENSHOTS'] === '1') {
        mkdirSync(IMAGES, { recursive: true });
        await page.screenshot({ path: join(IMAGES, `review-${device}-${colorScheme}.png`), fullPage: true });
      }
      expect(await page.title()).toContain('May this change pass Prod?');
    });
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

    await site.write({ meta: s.meta, invitations: [], votes: [vote(BO, 'APPROVE', { seq: NOW })] });
    await page.getByText('It is counted.').waitFor();
    const outcome = { kind: 'APPROVED', summary: '2 of 2 said yes', by: 'PEOPLE', at: META.requestedAt } as const;
    const meta = { ...(s.meta as RequestMeta), outcome, deliveredAt: outcome.at, endedAt: outcome.at };
    await site.write({ meta, invitations: [], votes: [] });

    await page.getByRole('heading', { name: 'Approved' }).waitFor();
    await page.getByText('2 of 2 said yes').waitFor();
    expect(await page.locator('#answer').count()).toBe(0);
  });

  test('a page that is being filled in says that something changed, and keeps what was typed', async () => {
    const s = scene({ deadline: '2026-11-25T09:00:00.000Z' });
    await site.show(s);
    const { page } = await visit(site.link(s), DESKTOP);
    await page.clock.install();
    await page.reload();
    await page.getByLabel('Reason').fill('half a sent');

    await site.write({ meta: { ...(s.meta as RequestMeta), evidence: 'f'.repeat(64) }, invitations: [], votes: [] });
    await page.clock.runFor(16_000);

    await page.getByText('Something changed while you were reading.').waitFor();
    expect(await page.getByLabel('Reason').inputValue()).toBe('half a sent');
  });

  test('a hostile commit message is text, and its hidden characters are gone', async () => {
    const evil = `<script>alert(1)</script><img src=x onerror=alert(2)>"><b>\u202egnp.exe\u0007\u001b[31m\n</details></main>${'A'.repeat(20_000)}`;
    const revisions = [{ name: evil, id: evil, message: evil, author: evil, url: 'javascript:alert(3)' }];
    const s = scene({ revisions, text: evil, deployedNow: revisions, startedBy: evil, reviewUrl: 'data:text/html,x' });
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

    await page.getByText('Recorded: you said yes.').waitFor();
    await page.getByLabel('Reason').fill('changed my mind');
    await page.locator('#number').fill(number(s));
    await page.getByRole('button', { name: 'Reject' }).click();

    await page.getByText('Recorded: you said no.').waitFor();
    expect((await site.contents()).decisions).toMatchObject([{ verdict: 'REJECT', comment: 'changed my mind' }]);
  });

  test('used after the end, forged, truncated, foreign and expired links all show the one dead page', async () => {
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
    site.now = Date.parse(META.deadline ?? '');
    await look(site.link(s));
    site.now = NOW;
    await site.write({ meta: { ...(s.meta as RequestMeta), endedAt: META.requestedAt }, invitations: [], votes: [] });
    await look(site.link(s));

    expect(new Set(seen).size).toBe(1);
    expect((await site.contents()).decisions).toEqual([]);
  });
});
