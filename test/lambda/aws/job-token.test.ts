import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { parseToken, tokenOf } from '../../../lambda/aws/job-token';
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

test.each([undefined, null])('without a token (%s) the action begins', (token) => {
  expect(parseToken(token, EXECUTION, NOW)).toEqual({ ok: true, value: undefined });
});

test('a token may have all of the 2048 characters, and no more', () => {
  // Digits that cannot be written shorter.
  const long = Array.from({ length: 40 }, (_, n) => createHash('sha512').update(`${n}`).digest('hex')).join('');
  const lengths = Array.from({ length: 400 }, (_, n) =>
    tokenOf({ step: long.slice(0, 2700 + n), since: NOW, tallies: [] }),
  ).map((token) => token?.length ?? Infinity);

  expect(Math.max(...lengths.filter(Number.isFinite))).toBe(2048);
  expect(lengths.at(-1)).toBe(Infinity);
});

describe('is refused, and says why:', () => {
  const at = (ms: number) => new Date(Date.parse(NOW) + ms).toISOString();
  const known = { ...fc.sample(tally, { numRuns: 1, seed: 1 })[0]!, last: { at: at(0), verdict: 'PASS', reason: '' } };
  const state = (last: number, since = 0) => ({
    step: EXECUTION,
    since: at(since),
    tallies: [known, { ...known, last: { ...known.last, at: at(last) } }],
  });
  const packed = (value: unknown) => deflateRawSync(JSON.stringify(value)).toString('base64url');

  test('nothing that is of now', () => {
    expect(parseToken(packed(state(0)), EXECUTION, NOW)).toMatchObject({ ok: true, value: { since: NOW } });
  });

  test.each<[string, string, string]>([
    ['what is no token', 'healthy', 'hookDetails: `hookDetails` is not an object'],
    ['a token of nothing', packed(null), 'the token is not of this run'],
    ['a token of another run', packed({ ...state(0), step: 'another' }), 'the token is not of this run'],
    ['one that began in the future', packed(state(0, 1)), 'the token is of the future'],
    ['one in which anything was measured in the future', packed(state(1)), 'the token is of the future'],
  ])('%s', (_, token, problem) => {
    expect(parseToken(token, EXECUTION, NOW)).toEqual({ ok: false, problem });
  });
});
