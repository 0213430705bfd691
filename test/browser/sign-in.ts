/** Signs somebody in at the dashboard as people do it: asks for a link, opens it from the mailbox, presses the button, and waits. */
import type { Page } from 'playwright-core';
import type { Rehearsal } from '../../rehearsal/scenario/rehearsal';

const HOUR = 3_600_000;

export async function signIn({ world }: Rehearsal, page: Page, address: string): Promise<void> {
  // Links are mailed a few times an hour.
  await world.clock.advanceBy(HOUR);
  await page.goto(`${world.reviewUrl}/dashboard`);
  await page.getByLabel('Your email address').fill(address);
  await page.getByRole('button', { name: 'Email me a link' }).click();
  await page.getByRole('heading', { name: 'Check your email' }).waitFor();
  await world.clock.advanceBy(2_000);
  const mail = world.inbox.findLast(({ to, subject }) => to === address && subject.startsWith('Sign in'));
  const link = /https?:\S+\/dashboard\/sign-in\?\S+/.exec(mail?.text ?? '')?.[0] ?? '';
  await page.goto(link);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/turn=/);
  await world.clock.advanceBy(5_000);
  await page.getByRole('heading', { name: /^Waiting/ }).waitFor();
}
