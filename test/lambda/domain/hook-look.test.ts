import type { CheckPlan } from '../../../contract/checks';
import type { CheckCommand, Measurement } from '../../../contract/messages';
import type { CheckTally } from '../../../lambda/domain/check-tally';
import { look, lookAnew } from '../../../lambda/domain/hook-look';
import { TIMING } from '../check-timing';

const SINCE = '2026-11-23T10:00:00.000Z';
const at = (seconds: number) => new Date(Date.parse(SINCE) + seconds * 1000).toISOString();

function check(id: string, more: Partial<CheckPlan> = {}): CheckPlan {
  return {
    kind: 'http',
    id,
    title: id,
    url: 'https://example.com',
    minStatus: 200,
    maxStatus: 299,
    timeoutSeconds: 5,
    ...TIMING,
    ...more,
  } as CheckPlan;
}

const asked: CheckCommand[] = [];
beforeEach(() => {
  asked.length = 0;
});

function lookAt(
  checks: readonly CheckPlan[],
  seconds: number,
  tallies: readonly CheckTally[] = [],
  verdict: Measurement['verdict'] = 'PASS',
) {
  return look({ checks, bakeMinutes: 2, since: SINCE }, tallies, 'd-ABC', at(seconds), (command) => {
    asked.push(command);
    return Promise.resolve({ checkId: command.check.id, at: command.now, verdict, reason: 'x' });
  });
}

test('what is due is measured, with the permissions of the hook itself', async () => {
  const checks = [check('a'), check('b', { initialDelay: 60 })];

  const { evaluation, tallies } = await lookAt(checks, 0);

  expect(asked).toEqual([{ requestId: 'd-ABC', check: checks[0], role: '', since: SINCE, now: SINCE }]);
  expect(tallies.map(({ checkId }) => checkId)).toEqual(['a']);
  expect(evaluation).toMatchObject({ verdict: 'RUNNING', next: at(60) });
});

test('what is not due stays as it is, and counts', async () => {
  const checks = [check('a', { interval: 300 }), check('b')];
  const first = await lookAt(checks, 0);
  asked.length = 0;

  const second = await lookAt(checks, 60, first.tallies);

  expect(asked.map((command) => command.check.id)).toEqual(['b']);
  expect(second.tallies.map(({ checkId, passes }) => [checkId, passes])).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
});

test('each measurement knows what its own check found before', async () => {
  const checks = [check('a'), check('b', { failureLimit: 5 })];
  const first = await lookAt(checks, 0);
  const failed = await lookAt([checks[1]!], 60, first.tallies, 'FAIL');
  asked.length = 0;

  await lookAt(checks, 120, failed.tallies);

  expect(asked.map(({ lastFinding, lastFailure }) => [lastFinding, lastFailure])).toEqual([
    [at(0), undefined],
    [at(60), at(60)],
  ]);
});

test('the measurements of this look are judged in it', async () => {
  const bad = await lookAt([check('a')], 0, [], 'FAIL');

  expect(bad.evaluation).toMatchObject({ verdict: 'FAIL', reasons: ['a failed: x'] });
});

test('what was measured before the first time of a check does not count', async () => {
  const later = [check('a', { initialDelay: 60, minSamples: 1 })];
  const { tallies } = await lookAt(later, 60);

  expect(tallies[0]).toMatchObject({ passes: 1, lastFinding: at(60) });
});

describe('a look whose pass is found out at that moment', () => {
  const checks = [check('a', { interval: 120 }), check('b')];

  const anewAt = (seconds: number, tallies: readonly CheckTally[], verdict: Measurement['verdict'] = 'PASS') =>
    lookAnew({ checks, bakeMinutes: 2, since: SINCE }, tallies, 'd-ABC', at(seconds), (command) => {
      asked.push(command);
      return Promise.resolve({ checkId: command.check.id, at: command.now, verdict, reason: 'x' });
    });

  async function atTheEnd(): Promise<readonly CheckTally[]> {
    const first = await lookAt(checks, 0);
    const second = await lookAt(checks, 60, first.tallies);
    const third = await lookAt(checks, 121, second.tallies);
    asked.length = 0;
    return third.tallies;
  }

  test('measures what is not due, too, before it passes', async () => {
    const tallies = await atTheEnd();

    expect((await anewAt(125, tallies)).evaluation.verdict).toBe('PASS');
    expect(asked.map((command) => command.check.id)).toEqual(['a', 'b']);
  });

  test('does not pass on what was said before', async () => {
    const tallies = await atTheEnd();

    expect((await lookAt(checks, 125, tallies, 'FAIL')).evaluation.verdict).toBe('PASS');
    expect((await anewAt(125, tallies, 'FAIL')).evaluation.verdict).toBe('FAIL');
  });

  test('measures what was due once, and what was not', async () => {
    const tallies = await atTheEnd();

    expect((await anewAt(185, tallies)).evaluation.verdict).toBe('PASS');
    expect(asked.map((command) => command.check.id)).toEqual(['b', 'a']);
  });

  test('measures nothing more where it fails', async () => {
    const tallies = await atTheEnd();

    expect((await anewAt(185, tallies, 'FAIL')).evaluation.verdict).toBe('FAIL');
    expect(asked.map((command) => command.check.id)).toEqual(['b']);
  });

  test('measures nothing twice, and nothing more before the end', async () => {
    await anewAt(0, []);

    expect(asked.map((command) => command.check.id)).toEqual(['a', 'b']);
  });
});
