import fc from 'fast-check';
import { judgeTargets, type TargetState } from '../../../lambda/domain/target-health';

const states = (text: string): TargetState[] =>
  text
    .split(' ')
    .filter(Boolean)
    .map((state) => ({ state }));
const limits = (minHealthy = 1, minHealthyPercent = 100) => ({ minHealthy, minHealthyPercent });

test.each([
  ['all healthy', 'healthy healthy', limits(), 'PASS'],
  ['one of two unhealthy', 'healthy unhealthy', limits(), 'FAIL'],
  ['one of two unhealthy, where half is enough', 'healthy unhealthy', limits(1, 50), 'PASS'],
  ['one of three healthy, where half is rounded up to two', 'healthy unhealthy unhealthy', limits(1, 50), 'FAIL'],
  ['all healthy, but fewer than wanted', 'healthy', limits(2), 'FAIL'],
  ['those that leave do not count', 'healthy draining unhealthy.draining', limits(), 'PASS'],
  ['nobody but those that leave', 'draining', limits(), 'INCONCLUSIVE'],
  ['nobody', '', limits(), 'INCONCLUSIVE'],
  ['a new one that may become healthy', 'healthy initial', limits(), 'IN_PROGRESS'],
  ['a new one that is not needed', 'healthy initial', limits(1, 50), 'PASS'],
  ['a new one that cannot make up for what is missing', 'initial unhealthy', limits(), 'FAIL'],
  ['one without health checks', 'healthy unavailable', limits(), 'INCONCLUSIVE'],
  ['one that gets no traffic', 'healthy unused', limits(), 'INCONCLUSIVE'],
  ['a state that is not known yet', 'healthy resting', limits(), 'INCONCLUSIVE'],
])('%s: %s', (_, targets, limit, verdict) => {
  expect(judgeTargets(states(targets), limit).verdict).toBe(verdict);
});

test('a failure says how many are healthy, how many have to be, and what the load balancer saw', () => {
  const why = 'Health checks failed with these codes: [503]';

  expect(judgeTargets([{ state: 'healthy' }, { state: 'unhealthy', why }], limits())).toEqual({
    verdict: 'FAIL',
    reason: `1 of 2 targets are healthy, but at least 2 have to be (${why}).`,
    value: '1 of 2',
    threshold: 'at least 2',
  });
});

test.each<[string, TargetState[], string]>([
  ['', states(''), 'No targets are registered, so nothing can be said of their health.'],
  ['', states('healthy healthy'), '2 of 2 targets are healthy.'],
  [
    'new ones',
    states('healthy initial initial'),
    '1 of 3 targets are healthy, but at least 3 have to be: 2 are being registered or checked first.',
  ],
  [
    'those of which nobody knows',
    [{ state: 'healthy', why: 'fine' }, { state: 'initial', why: 'new' }, { state: 'unused', why: 'not in use' }, {}],
    '1 of 4 targets are healthy, but at least 4 have to be: the health of 2 is not known (not in use).',
  ],
  [
    'one without a state, of which something is said',
    [{ state: 'healthy' }, { why: 'no answer' }],
    '1 of 2 targets are healthy, but at least 2 have to be: the health of 1 is not known (no answer).',
  ],
  [
    'unhealthy ones, of the first of which nothing is said',
    [
      { state: 'unused', why: 'not in use' },
      { state: 'unhealthy', why: '' },
      { state: 'unhealthy', why: 'slow' },
    ],
    '0 of 3 targets are healthy, but at least 3 have to be (slow).',
  ],
  ['unhealthy ones', states('unhealthy'), '0 of 1 targets are healthy, but at least 1 have to be.'],
])('says what is missing: %s', (_, targets, reason) => {
  expect(judgeTargets(targets, limits()).reason).toBe(reason);
});

test('new ones and those of which nobody knows may make up for what is missing together', () => {
  expect(judgeTargets(states('initial unused unhealthy'), limits(2, 1)).verdict).toBe('INCONCLUSIVE');
});

test.each([limits(0, 0), limits(NaN), limits(1, NaN), limits(-1, 0)])('limits that mean nothing: %j', (limit) => {
  expect(judgeTargets(states('healthy'), limit)).toEqual({
    verdict: 'ERROR',
    reason: 'The limits of the check cannot be understood.',
  });
});

test('whatever the targets and the limits are, only enough healthy ones pass', () => {
  const state = fc.constantFrom('healthy', 'unhealthy', 'initial', 'unused', 'draining', 'unavailable', '', undefined);
  const limit = fc.oneof(fc.integer({ min: -5, max: 200 }), fc.constantFrom(NaN, undefined as never));
  fc.assert(
    fc.property(fc.array(fc.record({ state })), limit, limit, (targets, minHealthy, minHealthyPercent) => {
      const { verdict } = judgeTargets(targets, { minHealthy, minHealthyPercent });
      const healthy = targets.filter((one) => one.state === 'healthy').length;
      const staying = targets.filter((one) => one.state !== 'draining').length;
      const enough = healthy >= 1 && healthy >= minHealthy && (healthy / staying) * 100 >= minHealthyPercent;

      expect(verdict === 'PASS').toBe(enough && (minHealthy > 0 || minHealthyPercent > 0));
    }),
  );
});
