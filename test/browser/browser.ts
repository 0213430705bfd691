/** Chromium for tests: where it is, how pages are looked at, and what happens where there is none. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Page } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

const AXE = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
export const DESKTOP = { viewport: { width: 1280, height: 900 } };
export const DEVICES = [
  ['phone', PHONE],
  ['desktop', DESKTOP],
] as const;
export const LOOKS = [
  ['phone', 'light', PHONE],
  ['phone', 'dark', PHONE],
  ['desktop', 'light', DESKTOP],
  ['desktop', 'dark', DESKTOP],
] as const;

/** A string, not a function: what runs in the page has the page's types. */
export const OVERFLOW = 'document.documentElement.scrollWidth - window.innerWidth';

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}

/** `describe` where there is a browser. Elsewhere it says that it skips, and why, or fails when one is required. */
export function inBrowser(what: string, tests: () => void): void {
  if (existsSync(CHROMIUM)) {
    describe(what, tests);
    return;
  }
  if (process.env['REQUIRE_BROWSER'] === '1') {
    throw new Error(`no browser at ${CHROMIUM}: install Chromium or set CHROMIUM_PATH`);
  }
  process.stderr.write(`no browser at ${CHROMIUM}: ${what} is not tested (set CHROMIUM_PATH)\n`);
  describe.skip(what, tests);
}

/** What axe objects to. `rules` as axe takes them, for what is no whole page. */
export async function violations(page: Page, rules: object = {}): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>("'axe' in globalThis"))) await page.evaluate(AXE);
  return page.evaluate(
    async (options) => {
      type Axe = {
        run(options: object): Promise<{
          violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
        }>;
      };
      const found = await (globalThis as unknown as { axe: Axe }).axe.run(options);
      return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html} ${n.failureSummary}`));
    },
    { rules },
  );
}

/** Targets that a thumb misses: lower than 44 px. Links within a line of text are no targets of their own; a choice is chosen by its label, too. */
export function smallTargets(page: Page): Promise<readonly string[]> {
  return page.$$eval('a, button, input:not([type=hidden]), select, textarea, summary', (targets) =>
    targets
      .filter((target) => {
        const touched = target.matches('[type=radio]') ? (target.closest('label') ?? target) : target;
        return target.checkVisibility() && touched.getBoundingClientRect().height < 44;
      })
      .map((target) => target.outerHTML),
  );
}
