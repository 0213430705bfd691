/** The page on which somebody hands their answers over, in a browser. */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import { World } from '../../rehearsal/world';
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';
import { inBrowser, launch, LOOKS, OVERFLOW, smallTargets, violations } from './browser';
import { signIn } from './sign-in';

const ANA = 'ana@example.com';
const APP = join(__dirname, '../../rehearsal/test/fixtures/delegate.ts');
const DAY = 86_400_000;

inBrowser('an absence', () => {
  let rehearsal: Rehearsal;
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
    rehearsal = new Rehearsal(await World.create(await sharedAssembly(APP)), 'shop');
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await rehearsal?.close();
  });

  test.each([...LOOKS.map((look) => [...look, true] as const), [...LOOKS[0], false] as const])(
    '%s, %s: is said and ended, with nothing that axe objects to (%#)',
    async (_device, colorScheme, options, javaScriptEnabled) => {
      const { world } = rehearsal;
      const context = await browser.newContext({ ...options, colorScheme, javaScriptEnabled });
      const page = await context.newPage();
      const isReadable = async () => {
        if (javaScriptEnabled) {
          expect(await violations(page)).toEqual([]);
          expect(await page.evaluate(OVERFLOW)).toBe(0);
          expect(await smallTargets(page)).toEqual([]);
        }
      };
      await signIn(rehearsal, page, ANA);
      await page.goto(`${world.reviewUrl}/dashboard/away`);
      await isReadable();

      const lastDay = new Date(world.clock.now() + 3 * DAY).toISOString().slice(0, 10);
      await page.getByLabel('Who answers for you').selectOption({ label: 'Di' });
      await page.getByLabel('Last day').fill(lastDay);
      await page.getByRole('button', { name: 'Hand over my answers' }).click();
      await world.clock.advanceBy(5_000);
      await page.goto(`${world.reviewUrl}/dashboard/away`);
      await page.getByText('Di is asked in your place').waitFor();
      await isReadable();

      await page.getByRole('button', { name: 'End my absence' }).click();
      await world.clock.advanceBy(5_000);
      await page.goto(`${world.reviewUrl}/dashboard/away`);
      expect(await page.getByRole('button', { name: 'End my absence' }).count()).toBe(0);
      const toldDi = world.inbox.filter(({ to, subject }) => to === 'di@example.com' && subject.includes('Ana'));
      expect(toldDi.length).toBeGreaterThanOrEqual(2);
      await context.close();
    },
    90_000,
  );
});
