/** The dashboard behind single sign-on in a browser: a provider's own pages, a proxy that adds the token, the bundled functions. */
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { assemblyOf } from '../../rehearsal/scenario/app';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import type { Step } from '../../rehearsal/scenario/schema';
import { Steps } from '../../rehearsal/scenario/steps';
import { World } from '../../rehearsal/world';
import { Organization, tokenTime } from '../single-sign-on/organization';
import { inBrowser, launch, LOOKS, OVERFLOW, smallTargets, violations } from './browser';

inBrowser('the dashboard behind single sign-on', () => {
  let organization: Organization;
  let rehearsal: Rehearsal;
  let browser: Browser;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    [browser, organization] = await Promise.all([launch(), Organization.open()]);
    const app = join(__dirname, '../single-sign-on/app.ts');
    const assembly = await assemblyOf(app, { issuer: organization.issuer, address: organization.front });
    rehearsal = new Rehearsal(await World.create(assembly, { start: tokenTime() }), 'shop');
    await organization.leadTo(rehearsal.world.reviewUrl);
    rehearsal.push({ message: 'Sell tea', author: 'dora' });
    const asks = { wait: { until: { gate: { 'Prod/Approve': 'asks' } }, within: 600_000 } };
    await new Steps(rehearsal).run(asks as unknown as Step);
  }, 120_000);
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await rehearsal?.close();
    await organization?.close();
  });

  /** Opens the dashboard, and signs in by the pages of the provider. */
  async function signIn(login: string, options: BrowserContextOptions = {}) {
    const context = await browser.newContext(options);
    contexts.push(context);
    const page = await context.newPage();
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (line) => line.type() === 'error' && !line.text().includes('403') && troubles.push(line.text()));
    await page.goto(`${organization.front}/dashboard`);
    await page.locator('input[name=login]').fill(login);
    await page.locator('input[name=password]').fill('any');
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(`${organization.front}/dashboard`);
    troubles.length = 0;
    return { context, page, troubles };
  }

  const waits = (page: Page) => page.getByText('Sell tea').first().waitFor();

  test('somebody signs in by the provider, and the page follows what happens', async () => {
    const { page, troubles } = await signIn('ana');
    await waits(page);
    const look = await page.waitForResponse((answer) => answer.url().endsWith('/dashboard/look'));

    expect(look.status()).toBe(200);
    expect(await page.getByRole('link', { name: 'Sign out' }).getAttribute('href')).toBe(
      'https://login.example.com/logout',
    );
    expect(troubles).toEqual([]);
  });

  test('their own link is mailed by the press of a button', async () => {
    const before = rehearsal.world.inbox.length;
    const { page, troubles } = await signIn('ana');
    await page.getByRole('button', { name: 'Email me my link' }).click();
    await page.getByText('on its way to your mailbox').waitFor();
    await rehearsal.world.clock.advanceBy(2_000);

    expect(rehearsal.world.inbox.slice(before).map(({ to }) => to)).toEqual(['ana@example.com']);
    expect(troubles).toEqual([]);
  });

  test('it works without JavaScript', async () => {
    const { page } = await signIn('dev', { javaScriptEnabled: false });
    await waits(page);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await waits(page);
  });

  test('when the session at the proxy is over, the page asks to sign in again by itself', async () => {
    const { context, page } = await signIn('ana');
    await waits(page);
    await context.clearCookies();
    await page.locator('input[name=login]').waitFor({ timeout: 15_000 });

    expect(page.url()).toContain('/interaction/');
  });

  test('somebody who is taken off while they look is told so by itself', async () => {
    const { page } = await signIn('dev');
    await waits(page);
    const { clock, faults } = rehearsal.world;
    const [people] = rehearsal.world
      .resources('AWS::SSM::Parameter')
      .filter(({ physicalId }) => physicalId.endsWith('/people/0'));
    faults.replace(String(people?.physicalId), (value) => value.replace('dev@', 'former@'), clock.now() + 60_000);
    await page.getByText('not on the list of people').waitFor({ timeout: 15_000 });
    await clock.advanceBy(60_000);
  });

  describe.each(LOOKS)('on a %s, %s', (_device, colorScheme, options) => {
    test.each([
      ['ana', 'Approvals'],
      ['eve', 'This account cannot see the approvals'],
    ])('the page of %s is accessible, and nothing overflows or is too small to tap', async (login, heading) => {
      const { page } = await signIn(login, { ...options, colorScheme });
      await page.getByRole('heading', { name: heading, exact: true }).waitFor({ state: 'attached' });

      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(OVERFLOW)).toBeLessThanOrEqual(0);
      expect(await smallTargets(page)).toEqual([]);
    });
  });
});
