import { withMeasurement } from '../../../lambda/domain/check-tally';
import { carried, carriedInBrief, parseHookState } from '../../../lambda/domain/hook-state';
import { TIMING } from '../check-timing';

const SINCE = '2026-11-23T10:00:00.000Z';
const measurement = { checkId: 'a', at: SINCE, verdict: 'PASS', reason: 'fine' } as const;
const { course, ...tally } = withMeasurement(undefined, measurement, TIMING, SINCE);
const state = { step: 'r1', since: SINCE, tallies: [tally] };

/** As ECS brings it back. */
const brought = (value: unknown, step = 'r1') =>
  parseHookState(value === undefined ? undefined : JSON.parse(JSON.stringify(value)), step);

test('what a hook hands on comes back as it was, without what only people look at', () => {
  expect(course).toBeDefined();
  expect(carried({ ...state, tallies: [{ ...tally, course: course! }] })).toEqual(state);
  expect(brought(carried(state))).toEqual({ ok: true, value: state });
});

test.each([[undefined], [null]])('%j means that the hook begins', (details) => {
  expect(parseHookState(details, 'r1')).toEqual({ ok: true, value: undefined });
});

test('so does what is known of another step, in any form', () => {
  expect(brought(state, 'r2')).toEqual({ ok: true, value: undefined });
  expect(brought({ step: 'r2' })).toEqual({ ok: true, value: undefined });
  expect(brought({ team: 'shop' })).toEqual({ ok: true, value: undefined });
});

test.each<[string, unknown, string]>([
  ['a text', 'shop', 'hookDetails'],
  ['a list', [], 'hookDetails'],
  ['no time', { ...state, since: undefined }, 'since'],
  ['a time that is none', { ...state, since: 'today' }, 'since'],
  ['no tallies', { ...state, tallies: undefined }, 'tallies'],
  ['a tally that is none', { ...state, tallies: [7] }, 'tally'],
  ['a tally without its last measurement', { ...state, tallies: [{ ...tally, last: undefined }] }, ''],
  ['a tally whose failures are no number', { ...state, tallies: [{ ...tally, failures: 'none' }] }, ''],
])('%s is refused, and the reason names the part', (_, details, part) => {
  const read = brought(details);

  expect(read.ok).toBe(false);
  expect(read.ok ? '' : read.problem).toContain(part);
});

test('in brief it keeps what is waited for, and why something is in doubt', () => {
  const waiting = {
    ...measurement,
    verdict: 'IN_PROGRESS',
    waitsUntil: '2026-11-23T10:05:00.000Z',
    callBackDelay: 30,
  } as const;
  const unclear = { ...measurement, verdict: 'INCONCLUSIVE', reason: 'no data' } as const;
  const briefOf = (one: typeof waiting | typeof unclear) =>
    carriedInBrief({ ...state, tallies: [withMeasurement(undefined, one, TIMING, SINCE)] }, 10).tallies[0];

  expect(briefOf(waiting)!.last).toEqual({ ...waiting, checkId: 'a' });
  expect(briefOf(waiting)).not.toHaveProperty('lastFinished');
  expect(briefOf(waiting)).not.toHaveProperty('failure');
  expect(briefOf(unclear)).toMatchObject({ doubt: 'no data' });
  expect(Object.keys(briefOf(unclear)!.last).sort()).toEqual(['at', 'checkId', 'reason', 'verdict']);
});

test('in brief it keeps what decides, and so many characters of each reason', () => {
  const long = 'It was too slow, and then it was slower still.';
  const at = '2026-11-23T10:01:00.000Z';
  const bad = { ...measurement, at, verdict: 'FAIL', reason: long, value: '9', link: 'https://x' } as const;
  const failed = withMeasurement(tally, bad, TIMING, SINCE);

  const [brief] = carriedInBrief({ ...state, tallies: [failed] }, 10).tallies;

  expect(brief).toMatchObject({ failures: 1, failuresInARow: 1, failure: 'It was to…', lastFailure: at });
  expect(brief!.last).toEqual({ checkId: 'a', at, verdict: 'FAIL', reason: 'It was to…' });
  expect(brief!.lastFinished).toEqual({ checkId: 'a', at, verdict: 'FAIL', reason: '' });
  expect(brief).not.toHaveProperty('course');
});
