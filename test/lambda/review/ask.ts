import { reviewHandler } from '../../../lambda/review/handler';
import { shownNumber } from '../../../lambda/signing/link-key';
import { BO, EVIDENCE, MemoryStore, httpEvent, seedOf } from './fixture';
import type { Ask, Scene } from './fixture';

/** Keeps the log lines of the handler out of the report; what was logged can be asked of the spy. */
export function quietLog(): void {
  beforeEach(() => {
    jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
}

/** What was logged since the test began. */
export function logLines(): readonly Record<string, unknown>[] {
  return (process.stdout.write as unknown as jest.Mock<boolean, [string]>).mock.calls.map(
    ([line]) => JSON.parse(line) as Record<string, unknown>,
  );
}

export function site(of: Scene) {
  const store = new MemoryStore(of);
  const run = reviewHandler(() => store);
  return { store, ask: (ask: Ask) => run(httpEvent(ask)) };
}

/** What a page says, without its markup: one line. */
export function wordsOf({ body = '' }: { readonly body?: string }): string {
  const [, main = ''] = /<main[^>]*>([\s\S]*)<\/main>/.exec(body) ?? [];
  return main
    .replace(/<p[^>]* hidden>[^<]*<\/p>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .replace(/ ([.,])/g, '$1')
    .trim();
}

export function form(of: Scene, more: Readonly<Record<string, string>> = {}, digits = 4) {
  const key = seedOf(of, BO);
  return {
    by: BO,
    key,
    evidence: EVIDENCE,
    number: shownNumber(key, EVIDENCE, digits),
    comment: '',
    verdict: 'APPROVE',
    ...more,
  };
}

export function wrongNumber(of: Scene): string {
  return shownNumber(seedOf(of, BO), EVIDENCE, 4) === '1111' ? '2222' : '1111';
}

/** What a part of a page says, without its markup: one line. */
export function wordsIn(part: unknown): string {
  return wordsOf({ body: `<main>${String(part)}</main>` });
}

/** The markup of a part, on one line. */
export function markupOf(part: unknown): string {
  return String(part)
    .replace(/\s+/g, ' ')
    .replace(/ ?(<\/?(?:div|p|ul|li|h2|h3|section|form|details|fieldset|legend|label)\b)/g, '$1')
    .replace(/ >/g, '>')
    .trim();
}
