/** The dashboard in a browser, over the bundled functions: readable by everybody, and usable without a mouse or JavaScript. */
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import type { Step } from '../../rehearsal/scenario/schema';
import { Steps } from '../../rehearsal/scenario/steps';
import { World } from '../../rehearsal/world';
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';
import { inBrowser, launch, LOOKS, OVERFLOW, smallTargets, violations } from './browser';
import { signIn } from './sign-in';

const IMAGES = join(__dirname, '../../docs/images');
const ANA = 'ana@example.com';
const GATE = 'Prod/Approve';
const HOUR = 3_600_000;
/** How much of the reader's own address is not seen. */
const CUT = "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.who .text'))";

inBrowser('the dashboard', () => {
  let rehearsal: Rehearsal;
  let browser: Browser;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    browser = await launch();
    rehearsal = new Rehearsal(await World.create(await sharedAssembly()), 'shop-release');
    const steps = new Steps(rehearsal);
    const run = (step: object) => steps.run(step as Step);
    const push = (message: string) => rehearsal.push({ message, author: 'dora' });
    const asked = { wait: { until: { gate: { [GATE]: 'asks' } }, within: 4 * HOUR } };
    push('Show delivery dates in the basket');
    await run(asked);
    await run({ approve: { gate: GATE, as: ANA, comment: 'Tried it on staging, looks right' } });
    await run({ wait: { until: { run: 'Succeeded' }, within: 4 * HOUR } });
    push('Sell gift cards');
    await run(asked);
    await run({ reject: { gate: GATE, as: 'bo@example.com', comment: 'The terms are not reviewed yet' } });
    await run({ wait: { until: { run: 'Failed' }, within: 4 * HOUR } });
    push('Round basket totals once, at the end');
    await run(asked);
    push('Ask for the postcode first');
    await rehearsal.world.clock.advanceBy(2 * HOUR);
  }, 120_000);
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await rehearsal?.close();
  });

  async function visit(options: BrowserContextOptions = {}) {
    const context = await browser.newContext(options);
    contexts.push(context);
    const page = await context.newPage();
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (line) => line.type() === 'error' && !line.text().includes('401') && troubles.push(line.text()));
    return { page, troubles };
  }

  test.each(LOOKS)(
    '%s, %s: nothing that axe objects to, no sideways scrolling',
    async (device, colorScheme, options) => {
      const { page, troubles } = await visit({ ...options, colorScheme });
      await signIn(rehearsal, page, ANA);
      await page.reload();

      expect(await page.evaluate(OVERFLOW)).toBe(0);
      expect(await page.evaluate(CUT)).toBe(0);
      expect(await violations(page)).toEqual([]);
      await page.getByText('Filter', { exact: true }).click();
      await page.locator('.entries summary').first().click();
      expect(await page.evaluate(OVERFLOW)).toBe(0);
      expect(await violations(page)).toEqual([]);
      expect(await smallTargets(page)).toEqual([]);
      expect(troubles).toEqual([]);
      if (process.env['UPDATE_SCREENSHOTS'] === '1') {
        await page.goto(`${rehearsal.world.reviewUrl}/dashboard`);
        await page.screenshot({ path: join(IMAGES, `dashboard-${device}-${colorScheme}.png`), fullPage: true });
      }
    },
  );

  test('follows what happens without being loaded again, and leaves alone what somebody reads', async () => {
    const { page, troubles } = await visit();
    await signIn(rehearsal, page, ANA);
    const decided = page.locator('#live-decided');
    await page.locator('#live-waiting').getByText('newer run waiting').waitFor();
    await page.evaluate("document.querySelector('h1').dataset.same = 'page'");
    await page.locator('.entries summary').first().click();
    const read = await decided.locator('details[open]').first().textContent();

    await new Steps(rehearsal).run({ approve: { gate: GATE, as: ANA, comment: 'By the way' } } as Step);
    await rehearsal.world.clock.advanceBy(60_000);
    await page.locator('#live-waiting').getByText('Round basket totals').waitFor({ state: 'detached' });
    expect(await decided.locator('details[open]').first().textContent()).toBe(read);
    await page.locator('.entries summary').first().click();
    await page.evaluate('document.activeElement.blur()');
    await decided.getByText('“By the way”').waitFor({ state: 'attached' });
    expect(await page.evaluate("document.querySelector('h1').dataset.same")).toBe('page');
    expect(troubles).toEqual([]);
  }, 90_000);

  test('is loaded again when whatever stands in front lets nobody in any more, and not where it never let a form in', async () => {
    const { page } = await visit();
    await signIn(rehearsal, page, ANA);
    const refused = { status: 403, contentType: 'application/json', body: '{"message":"Forbidden"}' };
    const looked = () => page.waitForResponse((answer) => answer.url().endsWith('/dashboard/look'));
    const isSame = () => page.evaluate("document.querySelector('h1').dataset.same");
    await page.evaluate("document.querySelector('h1').dataset.same = 'page'");
    expect((await looked()).status()).toBe(200);
    await page.route('**/dashboard/look', (route) => route.fulfill(refused));
    await Promise.all([page.waitForEvent('load'), looked()]);
    expect(await isSame()).toBeUndefined();

    await page.evaluate("document.querySelector('h1').dataset.same = 'page'");
    await looked();
    await looked();
    expect(await isSame()).toBe('page');
  }, 90_000);

  test('works without JavaScript: sign-in, search, look again, one’s own link, sign-out', async () => {
    const { page } = await visit({ javaScriptEnabled: false });
    await signIn(rehearsal, page, ANA);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByRole('heading', { name: 'Live now' }).waitFor();
    await page.getByLabel('Search', { exact: true }).fill('gift cards');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('Rejected', { exact: true }).first().waitFor();
    expect(await page.getByText('Show delivery dates').count()).toBe(0);
    await page.getByRole('link', { name: 'Show everything' }).click();
    await page.getByText('Show delivery dates').first().waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Your email address').waitFor();
    await rehearsal.world.clock.advanceBy(2_000);
    await page.goto(`${rehearsal.world.reviewUrl}/dashboard`);
    await page.getByLabel('Your email address').waitFor();
  }, 90_000);
});
