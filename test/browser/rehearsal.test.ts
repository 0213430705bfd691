/** The rehearsal's own page in a browser: readable by everybody, and usable without a mouse. */
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Page as ServedPage } from '../../rehearsal/page/server';
import { servePage } from '../../rehearsal/page/server';
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import { World } from '../../rehearsal/world';
import { DESKTOP, LOOKS, OVERFLOW, PHONE, inBrowser, launch, violations } from './browser';

/** Strings, not functions: what runs in the page has the page's types. */
const FOCUSED = `(() => {
  const e = document.activeElement;
  return e.id || e.getAttribute('aria-label') || e.textContent.trim().slice(0, 40);
})()`;
/** All that names the element in focus; its id keeps the focus on it while the page follows what happens. */
const NAMED = `(() => {
  const e = document.activeElement;
  return [e.id, e.getAttribute('aria-label'), e.textContent.trim().slice(0, 200)].join(' ');
})()`;
const IMAGES = join(__dirname, '../../docs/images');
const OUTLINE = 'getComputedStyle(document.activeElement).outlineStyle';
/** Badges and names that stick out of what they stand in. */
const STICKING_OUT = `[...document.querySelectorAll('.chip, .stage .head > *')]
  .filter((part) => {
    const [inner, outer] = [part, part.closest('.action, .stage, .card')].map((e) => e.getBoundingClientRect());
    return inner.left < outer.left || inner.right > outer.right;
  })
  .map((part) => part.textContent)`;

/** How far the stage that waits sticks out of the list. In one step: the page replaces its parts while it follows what happens. */
const OUT_OF_SIGHT = `(() => {
  const waits = [...document.querySelectorAll('.stage')].find((stage) => stage.textContent.includes('waits for an answer'));
  const [inner, outer] = [waits, document.querySelector('.stages')].map((part) => part.getBoundingClientRect());
  return inner.right - outer.right;
})()`;
const SCROLLED = "document.querySelector('.stages').scrollLeft";

/** How wide the text of the journal is. */
const JOURNAL = "document.querySelector('.journal li:not(.day) > :last-child').getBoundingClientRect().width";

inBrowser('the page of the rehearsal', () => {
  let rehearsal: Rehearsal;
  let served: ServedPage;
  let browser: Browser;
  const pages: Page[] = [];

  beforeEach(async () => {
    rehearsal = new Rehearsal(await World.create(await sharedAssembly()));
    served = await servePage(rehearsal, 0);
  }, 60_000);
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.context().close()));
    await served.close();
    await rehearsal.close();
  });
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  async function visit(options: BrowserContextOptions = {}) {
    const page = await (await browser.newContext(options)).newPage();
    pages.push(page);
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (line) => line.type() === 'error' && troubles.push(line.text()));
    await page.goto(served.url);
    return { page, troubles };
  }

  /** A run that waits, an alarm that is red, a mail that is open. */
  async function makeBusy(): Promise<void> {
    const { world } = rehearsal;
    rehearsal.push({ message: `Sell tea ${'<b>and much more</b> '.repeat(20)}` });
    await world.clock.runUntil(() => world.inbox.length > 0, { limit: world.clock.now() + 7_200_000 });
    world.alarms.set('shop-prod-5xx', 'ALARM', 'too many errors');
    world.alarms.set('shop-dev-5xx', 'INSUFFICIENT_DATA', 'no data');
    await world.clock.settle();
  }

  test.each(LOOKS)(
    '%s, %s: nothing that axe objects to and no sideways scrolling',
    async (_device, colorScheme, options) => {
      const empty = await visit({ ...options, colorScheme });
      expect(await violations(empty.page)).toEqual([]);
      await empty.page.context().close();
      pages.splice(0);

      await makeBusy();
      const { page, troubles } = await visit({ ...options, colorScheme });
      await page.getByText('waits for an answer').first().waitFor();

      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate<number>(OVERFLOW)).toBeLessThanOrEqual(0);
      expect(troubles).toEqual([]);
    },
  );

  test.each(LOOKS)(
    '%s, %s: what traffic did is drawn, and told in words',
    async (_device, colorScheme, options) => {
      await served.close();
      await rehearsal.close();
      const app = join(__dirname, '../../rehearsal/test/fixtures/linear.ts');
      rehearsal = new Rehearsal(await World.create(await sharedAssembly(app)));
      served = await servePage(rehearsal, 0);
      const { world } = rehearsal;
      const isOver = () => rehearsal.codeDeploy.active().length === 0 && rehearsal.codeDeploy.deployments.length > 0;
      world.alarms.set('shop-errors', 'OK');
      rehearsal.push({ message: 'Sell tea' });
      await world.clock.runUntil(isOver);
      await world.clock.runUntil(() => rehearsal.latest?.execution.status === 'Succeeded');
      rehearsal.push({ message: 'Sell bad tea', breaks: { shop: 'errors' } });
      await world.clock.runUntil(() => rehearsal.latest?.execution.status === 'Failed');
      const { page, troubles } = await visit({ ...options, colorScheme });

      const figures = page.locator('.courses figure');
      expect(await figures.count()).toBe(2);
      expect(await figures.first().textContent()).toMatch(
        /shop:live ✗ failed.*version 3: 25 % at [\d:]+, 0 % at .*returns errors/s,
      );
      expect(await figures.last().textContent()).toMatch(/✓ succeeded.*version 2: 25 % at .*, 50 % at .*, 100 % at/s);
      const [drawn, around] = [page.locator('.courses polygon').last(), figures.last()];
      expect((await drawn.boundingBox())?.width).toBeGreaterThan(0.8 * ((await around.boundingBox())?.width ?? 0));
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate<number>(OVERFLOW)).toBeLessThanOrEqual(0);
      expect(troubles).toEqual([]);
    },
    60_000,
  );

  async function rehearseStages(stages: number): Promise<void> {
    await served.close();
    await rehearsal.close();
    const app = join(__dirname, '../../rehearsal/test/fixtures/stages.ts');
    rehearsal = new Rehearsal(await World.create(await sharedAssembly(app, { stages: String(stages) })));
    served = await servePage(rehearsal, 0);
    rehearsal.push({ message: 'Sell tea' });
    await rehearsal.world.clock.runUntil(() => rehearsal.world.inbox.length > 0);
  }

  describe.each([2, 3, 9])('of a pipeline with %i stages', (stages) => {
    beforeEach(() => rehearseStages(stages), 60_000);

    test.each([1280, 390, 320])('nothing sticks out, in a window of %i pixels', async (width) => {
      const { page } = await visit({ viewport: { width, height: 900 } });
      await page.getByText('waits for an answer').first().waitFor();

      expect(await page.evaluate<number>(OVERFLOW)).toBeLessThanOrEqual(0);
      expect(await page.evaluate<string[]>(STICKING_OUT)).toEqual([]);
      expect(await page.evaluate<number>(JOURNAL)).toBeGreaterThan(200);
      // Of a source by a connection, whose summary is JSON.
      expect(await page.locator('.stage .action').first().textContent()).toMatch(/succeeded\s+Sell tea\s*$/);
    });
  });

  /** By the form of the approval that waits. */
  async function approveAsInTheConsole(page: Page): Promise<void> {
    await page.getByText('Answer as in the AWS console').click();
    const answered = page.waitForResponse((response) => response.url().endsWith('/answer'));
    await page.locator('details.console').getByRole('button', { name: 'Approve' }).click();
    await answered;
    await rehearsal.world.clock.advanceBy(5_000);
  }

  test('an approval is answered as in the AWS console', async () => {
    await rehearseStages(2);
    const { page, troubles } = await visit(DESKTOP);

    await approveAsInTheConsole(page);

    await page.locator('.runs').getByText('succeeded').waitFor();
    expect(troubles).toEqual([]);
  });

  test('the stage that waits is in sight, until somebody scrolls elsewhere; what they chose stays, too', async () => {
    await rehearseStages(9);
    const { page, troubles } = await visit(DESKTOP);
    const waits = page.locator('.stage').filter({ hasText: 'waits for an answer' });
    for (const stage of ['Region2', 'Region3', 'Region4', 'Region5', 'Region6', 'Region7', 'XXX']) {
      await approveAsInTheConsole(page);
      await waits.filter({ hasText: stage }).waitFor();
    }
    expect(await page.evaluate<number>(OUT_OF_SIGHT)).toBeLessThanOrEqual(1);

    await page.evaluate(`${SCROLLED} = 100`);
    await page.locator('#kind-0').selectOption({ index: 1 });
    rehearsal.push({ message: 'Sell cake' });
    await rehearsal.world.clock.settle();
    await page.getByText('Run 2').first().waitFor();
    expect(await page.evaluate(SCROLLED)).toBe(100);
    expect(await page.locator('#kind-0').inputValue()).toMatch(/^errors /);

    const later = await visit(DESKTOP);
    expect(await later.page.evaluate(SCROLLED)).toBeGreaterThan(100);
    expect([...troubles, ...later.troubles]).toEqual([]);
  });

  test('the page and its newest mail are what the pictures of the documentation show (UPDATE_SCREENSHOTS=1 takes them)', async () => {
    const { world } = rehearsal;
    rehearsal.push({ message: 'Sell tea' });
    await world.clock.runUntil(() => world.inbox.length === 3, { limit: world.clock.now() + 7_200_000 });
    const wide = await visit({ viewport: { width: 1360, height: 900 } });
    const narrow = await visit({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
    const mail = narrow.page.locator('details.mail').first();

    await wide.page.getByText('waits for an answer').first().waitFor();
    expect(await mail.textContent()).toMatch(/Hello.*can this change go ahead in Prod of shop-release\?/);
    if (process.env['UPDATE_SCREENSHOTS'] === '1') {
      await wide.page.screenshot({ path: join(IMAGES, 'rehearsal.png') });
      await mail.screenshot({ path: join(IMAGES, 'mail.png') });
    }
  });

  test('HTML of a mail stands beside its text, runs nothing, and its button opens the review page', async () => {
    await served.close();
    await rehearsal.close();
    const assembly = await sharedAssembly(undefined, { mailFrom: 'releases@example.com' });
    rehearsal = new Rehearsal(await World.create(assembly));
    served = await servePage(rehearsal, 0);
    await makeBusy();
    for (const options of [DESKTOP, PHONE]) {
      const { page, troubles } = await visit(options);
      const mail = page.frameLocator('details.mail[open] iframe');
      await mail.getByRole('heading', { name: /can this change go ahead in Prod of shop-release/ }).waitFor();

      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate<number>(OVERFLOW)).toBeLessThanOrEqual(0);
      const [review] = await Promise.all([
        page.waitForEvent('popup'),
        mail.getByRole('link', { name: 'Look and answer here' }).click(),
      ]);
      await review.getByRole('button', { name: 'Approve' }).waitFor();
      expect(troubles).toEqual([]);
    }
  });

  test('leads to the dashboard, which signs in by a mail of the inbox', async () => {
    const { page } = await visit(DESKTOP);
    const [dashboard] = await Promise.all([page.waitForEvent('popup'), page.locator('#dashboard').click()]);
    await dashboard.getByLabel('Your email address').fill('ana@example.com');
    await dashboard.getByRole('button', { name: 'Email me a link' }).click();
    await dashboard.getByRole('heading', { name: 'Check your email' }).waitFor();
    await rehearsal.world.clock.advanceBy(2_000);
    const [opened] = await Promise.all([
      page.waitForEvent('popup'),
      page.locator('details.mail a').filter({ hasText: '/dashboard/sign-in' }).first().click(),
    ]);
    await opened.getByRole('button', { name: 'Sign in' }).click();
    await opened.waitForURL(/turn=/);
    await rehearsal.world.clock.advanceBy(2_000);
    await opened.getByRole('heading', { name: /^Waiting/ }).waitFor();
  });

  test('a change is pushed, skipped to its gate and its mail opened by keyboard alone', async () => {
    const { page, troubles } = await visit(DESKTOP);
    const tabTo = async (wanted: string): Promise<void> => {
      const seen: string[] = [];
      for (let turn = 0; turn < 40; turn += 1) {
        await page.keyboard.press('Tab');
        const focused = await page.evaluate<string>(NAMED);
        expect(await page.evaluate<string>(OUTLINE)).not.toBe('none');
        if (focused.includes(wanted)) return;
        seen.push(focused);
      }
      throw new Error(`the keyboard does not reach ${wanted}, only ${seen.join(', ')}`);
    };

    await tabTo('Skip to the pipeline');
    await page.keyboard.press('Enter');
    await tabTo('message-0');
    await page.keyboard.type('Sell coffee');
    await page.keyboard.press('Enter');
    await page.getByText('Run 1').first().waitFor();

    await page.keyboard.press('Control+Home');
    await page.locator('#skip-next').focus();
    for (let turn = 0; turn < 200 && rehearsal.world.inbox.length === 0; turn += 1) {
      const skipped = page.waitForResponse((response) => response.url().endsWith('/skip'));
      await page.keyboard.press('Enter');
      await skipped;
      expect(await page.evaluate<string>(FOCUSED)).toBe('skip-next');
    }
    await page.locator('details.mail').first().waitFor();
    await tabTo('Approve? shop-release Prod');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await tabTo('/r/');
    expect(await page.evaluate<string>('document.activeElement.tagName')).toBe('A');
    expect(troubles).toEqual([]);
  });

  test('without JavaScript the buttons still work', async () => {
    const { page } = await visit({ ...PHONE, javaScriptEnabled: false });

    await page.getByRole('button', { name: 'Push it' }).first().click();

    await page.getByText('Run 1').first().waitFor();
    expect(rehearsal.engine().executions).toHaveLength(1);
  });
});
