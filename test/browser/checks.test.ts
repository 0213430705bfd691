/** What people see of checks, on the page of a request and on the dashboard: every kind of course, readable on a small phone. */
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import type { Measurement } from '../../contract/messages';
import { withMeasurement, type CheckTally } from '../../lambda/domain/check-tally';
import { evaluate } from '../../lambda/domain/evaluate';
import type { CheckState } from '../../lambda/domain/request';
import { checksInList, checksWithCourse } from '../../lambda/domain/shown-checks';
import { dashboardPage } from '../../lambda/review/dashboard/dashboard-page';
import { questionPage } from '../../lambda/review/question-page';
import { TIMING } from '../lambda/check-timing';
import { PEOPLE } from '../lambda/review/dashboard/fixture';
import { NOW, RULES, waiting } from '../lambda/review/fixture';
import { stateOf } from '../lambda/review/page-state';
import { checkPlan } from '../lambda/samples';
import { inBrowser, launch, LOOKS, OVERFLOW, smallTargets, violations } from './browser';

const SMALL = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const SINCE = new Date(NOW - 30 * 60_000).toISOString();
const CONSOLE = 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1';
const minute = (count: number): string => new Date(NOW + (count - 30) * 60_000).toISOString();

/** A measurement each minute for half an hour. */
function measuredOver(title: string, at: (minute: number) => Omit<Measurement, 'checkId' | 'at'>) {
  const check = checkPlan({ ...TIMING, id: title.replaceAll(/[^a-z]+/g, '-'), title });
  const tally = Array.from({ length: 30 }, (_, count) => count + 1).reduce<CheckTally | undefined>(
    (before, count) => withMeasurement(before, { checkId: check.id, at: minute(count), ...at(count) }, check, SINCE),
    undefined,
  );
  return { check, tally: tally! };
}

const WATCHED = [
  measuredOver('latency p90 of the shop', (count) => ({
    verdict: 'PASS',
    reason: `It was at worst ${400 + count * 9} from 2026-11-23 09:00 to 09:${10 + count} UTC, and has to be at most 800.`,
    value: `${400 + count * 9}`,
    threshold: 'at most 800',
    from: SINCE,
    to: minute(count),
    drawn: { value: 400 + count * 9 + 60 * Math.sin(count), limit: 800 },
    link: `${CONSOLE}#metricsV2`,
    logs: `${CONSOLE}#logsV2:log-groups`,
    traces: `${CONSOLE}#xray:traces/query`,
  })),
  measuredOver('errors of orders', (count) => ({
    verdict: count < 23 ? 'PASS' : 'FAIL',
    reason: '60 of 2000 requests were errors (3 %) at 2026-11-23 09:22 UTC, at most 1 % may be.',
    value: '3 %',
    threshold: 'at most 1 %',
    from: SINCE,
    to: minute(count),
    drawn: { value: count < 23 ? 0.1 + 0.02 * (count % 5) : 3, limit: 1, unit: '%' },
    link: `${CONSOLE}#metricsV2`,
    account: '222222222222',
  })),
  measuredOver('canary errors, latency', (count) => ({
    verdict: 'PASS',
    reason: 'Look 2 of 3: errors: no difference that matters: +2.1 % (-3 % to +7.4 %), 60 data points each',
    value: 'score 100',
    threshold: 'score 95',
    from: SINCE,
    to: minute(count),
    drawn: { value: 4 * Math.cos(count / 3), limit: 10, baseline: 0, unit: '%' },
    link: `${CONSOLE}#metricsV2`,
  })),
  measuredOver('alarm shop-5xx-with-a-name-that-nobody-ever-meant-to-break-anywhere-in-any-list', (count) => ({
    verdict: count === 12 ? 'ERROR' : 'PASS',
    reason: "Alarm 'shop-5xx' is green.",
    value: 'OK',
    threshold: 'OK',
    from: SINCE,
    to: minute(count),
    link: `${CONSOLE}#alarmsV2:alarm/shop-5xx`,
  })),
];
const TALLIES = WATCHED.map(({ tally }) => tally);
const STATES: readonly CheckState[] = checksWithCourse(
  evaluate(
    { checks: WATCHED.map(({ check }) => check), bakeMinutes: 20, since: SINCE },
    TALLIES,
    new Date(NOW).toISOString(),
  ).checks,
  TALLIES,
);
const REQUEST = waiting({ rule: RULES.AUTOMATED_ELSE_PEOPLE, shown: { checks: checksInList(STATES, []) } });

const PAGES = {
  page: async (): Promise<string> => {
    const state = stateOf({}, REQUEST);
    return String(await questionPage({ ...state, question: { ...state.question, tallies: TALLIES } }));
  },
  dashboard: async (): Promise<string> =>
    String(
      await dashboardPage({
        viewer: { me: PEOPLE[1]!, people: PEOPLE } as never,
        filter: { text: '' },
        waiting: { requests: [REQUEST], isPart: false },
        overviews: [],
        decided: { rows: [] },
        now: new Date(NOW).toISOString(),
        timeZone: 'UTC',
      }),
    ),
};

inBrowser('what people see of checks', () => {
  let browser: Browser;
  const contexts: BrowserContext[] = [];
  beforeAll(async () => {
    browser = await launch();
  }, 60_000);
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });
  afterAll(() => browser?.close());

  async function shown(html: string, options: BrowserContextOptions) {
    const context = await browser.newContext({ ...options, javaScriptEnabled: true });
    contexts.push(context);
    const page = await context.newPage();
    // As people see it who have no JavaScript.
    await page.setContent(html.replaceAll(/<script>[\s\S]*?<\/script>/g, ''));
    return page;
  }

  test.each([...LOOKS, ['small phone', 'light', SMALL] as const, ['small phone', 'dark', SMALL] as const])(
    '%s, %s: nothing that axe objects to, no sideways scrolling, every course has its words',
    async (_device, colorScheme, options) => {
      for (const html of Object.values(PAGES)) {
        const page = await shown(await html(), { ...options, colorScheme });

        expect(await page.evaluate(OVERFLOW)).toBe(0);
        expect(await violations(page)).toEqual([]);
        expect(await smallTargets(page)).toEqual([]);
        expect(await page.locator('.course').count()).toBe(4);
        const captions = await page.locator('.course figcaption').allTextContents();
        expect(captions[1]).toMatch(
          /failed first by 09:23 · values from 0\.1\u00a0% to 3\u00a0% · limit 1\u00a0% \(dashed\)$/,
        );
        expect(captions[2]).toContain('stable version 0\u00a0% (dotted)');
        for (const drawing of await page.locator('.course svg').all()) {
          const { width, height } = (await drawing.boundingBox())!;
          expect(width).toBeGreaterThan(120);
          expect(height).toBeGreaterThan(8);
        }
      }
    },
    60_000,
  );
});
