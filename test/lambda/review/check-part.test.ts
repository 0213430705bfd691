import { withMeasurement, type CheckTally } from '../../../lambda/domain/check-tally';
import type { Measurement } from '../../../contract/messages';
import { checkPart, linksPart } from '../../../lambda/review/check-part';

const AT = '2026-11-24T09:00:00.000Z';
const LINK = 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home';
const check = { id: 'c', title: 'errors', verdict: 'FAIL', reason: 'too many', observeOnly: false } as const;

const shown = (...measurements: readonly Partial<Measurement>[]): string => {
  const tally = measurements.reduce<CheckTally | undefined>((before, more, index) => {
    const at = new Date(Date.parse(AT) + index * 60_000).toISOString();
    return withMeasurement(before, { checkId: 'c', at, verdict: 'PASS', reason: 'x', ...more }, { interval: 60 }, AT);
  }, undefined);
  return String(checkPart(check, tally)).replace(/\s+/g, ' ');
};
const figures = (html: string): readonly string[] =>
  [...html.matchAll(/<dt>(.*?)<\/dt> ?<dd class="text">(.*?)<\/dd>/g)].map(([, name, value]) => `${name}: ${value}`);

test('a check says what was measured, what is needed, over which time, and how often', () => {
  const measured = { value: '3 %', threshold: 'at most 1 %', from: AT, to: '2026-11-24T09:12:00.000Z' };

  expect(figures(shown({}, {}, { verdict: 'INCONCLUSIVE' }, { verdict: 'FAIL', ...measured }))).toEqual([
    'Value: 3 %',
    'Needed: at most 1 %',
    'Looked at: from 2026-11-24 09:00 to 09:12 UTC',
    'Measurements: 2 good, 1 failed, 1 unclear',
  ]);
});

test('figures that nobody told are left out', () => {
  expect(figures(shown({ verdict: 'IN_PROGRESS' }))).toEqual([]);
  expect(figures(shown())).toEqual([]);
});

test('what a function said is text', () => {
  const html = shown({ value: '<script>', threshold: '"><img src=x>' });

  expect(html).not.toMatch(/<script>|<img/);
});

test('links lead to what was measured, to its log and to its traces, and say in which account', () => {
  const html = String(linksPart({ link: LINK, logs: `${LINK}#l`, traces: `${LINK}#t`, account: '222222222222' }));

  expect([...html.matchAll(/href="([^"]*)"[^>]*>([^<]*)</g)].map(([, href, words]) => [href, words])).toEqual([
    [LINK, 'See it in AWS ↗'],
    [`${LINK}#l`, 'Logs ↗'],
    [`${LINK}#t`, 'Traces ↗'],
  ]);
  expect(html).toContain('in account 222222222222');
});

test('without a link nothing is said of the account', () => {
  expect(String(linksPart({ account: '222222222222', link: 'javascript:alert(1)' }))).toBe('');
});
