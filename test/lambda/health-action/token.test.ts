import fc from 'fast-check';
import { parseToken, tokenOf } from '../../../lambda/health-action/token';
import type { CheckTally } from '../../../lambda/domain/check-tally';
import type { HookState } from '../../../lambda/domain/hook-state';
import { EXECUTION } from '../samples';

const BEGAN = Date.parse('2026-11-23T10:00:00.000Z');
const NOW = new Date(BEGAN + 86_400_000).toISOString();

const time = fc.integer({ min: 0, max: 86_400_000 }).map((ms) => new Date(BEGAN + ms).toISOString());
const count = fc.integer({ min: 0, max: 9_999 });
const text = fc.string({ minLength: 0, maxLength: 300 });
const id = fc.stringMatching(/^[a-z0-9-]{40}$/);

const measurement = fc.record({
  at: time,
  verdict: fc.constantFrom('PASS', 'FAIL', 'INCONCLUSIVE', 'ERROR', 'IN_PROGRESS'),
  reason: text,
  waitsUntil: time,
  callBackDelay: count,
  value: text,
  threshold: text,
  link: text,
});

const tally = fc
  .record({
    checkId: id,
    passes: count,
    failures: count,
    inconclusives: count,
    failuresInARow: count,
    errorsInARow: count,
    inconclusivesInARow: count,
    doubtedSince: time,
    failure: text,
    doubt: text,
    coveredUntil: time,
    hole: fc.record({ from: time, to: time }),
    lastFinding: time,
    lastFailure: time,
    last: measurement,
    lastFinished: measurement,
    unchangedSince: time,
    inProgressSince: time,
  })
  .map(({ last, lastFinished, ...one }) => ({
    ...one,
    last: { ...last, checkId: one.checkId },
    lastFinished: { ...lastFinished, checkId: one.checkId },
  })) as fc.Arbitrary<CheckTally>;

const stateOf = (tallies: readonly CheckTally[]): HookState => ({
  step: EXECUTION,
  since: new Date(BEGAN).toISOString(),
  tallies,
});

/** What decides, without what is for people. */
const deciding = ({ failure: _f, doubt: _d, course: _c, last, lastFinished, ...others }: CheckTally) => ({
  ...others,
  last: [last.at, last.verdict, last.waitsUntil, last.callBackDelay],
  lastFinished: [lastFinished?.at, lastFinished?.verdict],
});

test('five checks fit into a token, whatever is known of them, and nothing that decides is lost', () => {
  fc.assert(
    fc.property(fc.array(tally, { minLength: 1, maxLength: 5 }), (tallies) => {
      const token = tokenOf(stateOf(tallies));

      expect(token?.length).toBeLessThanOrEqual(2048);
      expect(token).toMatch(/^[\w-]+$/);
      const read = parseToken(token, EXECUTION, NOW);
      expect(read).toMatchObject({ ok: true, value: { step: EXECUTION, since: new Date(BEGAN).toISOString() } });
      const value = (read as { value: HookState }).value;
      expect(value.tallies.map(deciding)).toEqual(tallies.map(deciding));
    }),
  );
});

test('what does not fit is no token', () => {
  const [one] = fc.sample(tally, 1);
  const many = fc.sample(tally, 60).map((other, index) => ({ ...one!, ...other, checkId: `${index}` }));

  expect(tokenOf(stateOf(many))).toBeUndefined();
});

test('any other text is refused', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 2048 }), (token) => {
      expect(parseToken(token, EXECUTION, NOW).ok).toBe(false);
    }),
  );
});

test('without a token the action begins', () => {
  expect(parseToken(undefined, EXECUTION, NOW)).toEqual({ ok: true, value: undefined });
});
