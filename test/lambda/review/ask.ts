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

export function site(of: Scene) {
  const store = new MemoryStore(of);
  const run = reviewHandler(() => store);
  return { store, ask: (ask: Ask) => run(httpEvent(ask)) };
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
