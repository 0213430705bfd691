/** Chromium for tests: where it is, how pages are looked at, and what happens where there is none. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

export const AXE = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
export const DESKTOP = { viewport: { width: 1280, height: 900 } };
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
