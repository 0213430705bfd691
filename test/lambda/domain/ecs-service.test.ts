import fc from 'fast-check';
import { judgeEcsService, type EcsService, type EcsVersion } from '../../../lambda/domain/ecs-service';

const FROM = '2026-11-23T10:00:00.000Z';
const BEFORE = Date.parse('2026-11-23T09:59:00.000Z');
const AFTER = Date.parse('2026-11-23T10:07:00.000Z');

const primary: EcsVersion = { isPrimary: true, state: 'COMPLETED', createdAt: BEFORE, failedTasks: 0 };
const older: EcsVersion = { isPrimary: false, state: 'COMPLETED', createdAt: BEFORE };
const steady: EcsService = { status: 'ACTIVE', desired: 2, running: 2, pending: 0, versions: [primary] };
const verdictOf = (service: EcsService, maxFailedTasks = 0) => judgeEcsService(service, maxFailedTasks, FROM).verdict;

test('a steady service passes, and says how many tasks run', () => {
  expect(judgeEcsService(steady, 0, FROM)).toEqual({
    verdict: 'PASS',
    reason: 'The service is steady: 2 of 2 tasks run.',
    value: '2 of 2',
    threshold: '2 of 2',
  });
});

test.each<[string, Partial<EcsService>, string]>([
  ['that is deleted', { status: 'INACTIVE' }, 'ERROR'],
  ['without a status', { status: undefined }, 'ERROR'],
  ['whose deployment failed', { versions: [{ ...primary, state: 'FAILED' }] }, 'FAIL'],
  ['whose former deployment failed', { versions: [primary, { ...older, state: 'FAILED' }] }, 'FAIL'],
  ['that was deployed again', { versions: [{ ...primary, createdAt: AFTER }] }, 'FAIL'],
  ['that is being deployed again', { versions: [{ ...primary, createdAt: AFTER, state: 'IN_PROGRESS' }] }, 'FAIL'],
  ['whose tasks fail', { versions: [{ ...primary, state: 'IN_PROGRESS', failedTasks: 1 }] }, 'FAIL'],
  ['without deployments', { versions: [] }, 'INCONCLUSIVE'],
  ['without a primary deployment', { versions: [older] }, 'INCONCLUSIVE'],
  ['that was deployed nobody knows when', { versions: [{ ...primary, createdAt: undefined }] }, 'INCONCLUSIVE'],
  ['that runs nothing', { desired: 0, running: 0 }, 'INCONCLUSIVE'],
  ['without numbers', { desired: undefined, running: undefined }, 'INCONCLUSIVE'],
  ['behind a Classic Load Balancer', { versions: [{ ...primary, state: undefined }] }, 'INCONCLUSIVE'],
  ['in a state that is not known yet', { versions: [{ ...primary, state: 'PAUSED' }] }, 'INCONCLUSIVE'],
  ['that is being deployed', { versions: [{ ...primary, state: 'IN_PROGRESS' }] }, 'IN_PROGRESS'],
  ['whose former version still runs', { versions: [primary, older] }, 'IN_PROGRESS'],
  ['that lost a task', { running: 1 }, 'IN_PROGRESS'],
  ['that starts a task', { pending: 1 }, 'IN_PROGRESS'],
  ['that starts nobody knows how many', { pending: undefined }, 'IN_PROGRESS'],
])('a service %s: %s', (_, change, verdict) => {
  expect(verdictOf({ ...steady, ...change })).toBe(verdict);
});

test('so many failed tasks are forgiven as was said, and a failure says why', () => {
  const deploying = (failedTasks: number) => ({
    ...steady,
    versions: [{ ...primary, state: 'IN_PROGRESS', failedTasks }],
  });
  expect(verdictOf(deploying(2), 2)).toBe('IN_PROGRESS');
  expect(verdictOf(deploying(3), 2)).toBe('FAIL');

  const versions = [{ ...primary, state: 'FAILED', why: 'tasks failed to start' }];
  expect(judgeEcsService({ ...steady, versions }, 0, FROM).reason).toBe('A deployment failed: tasks failed to start.');
});

test.each<[string, Partial<EcsService>, string]>([
  ['is deleted', { status: 'INACTIVE' }, 'The service is INACTIVE.'],
  ['tells no status', { status: undefined }, 'The service is in a state that ECS does not tell.'],
  ['failed for no reason', { versions: [{ ...primary, state: 'FAILED' }] }, 'A deployment failed.'],
  ['has no version', { versions: [] }, 'ECS does not say what the service deployed last, and when.'],
  [
    'was deployed again',
    { versions: [{ ...primary, createdAt: AFTER }] },
    'It was deployed again at 2026-11-23 10:07 UTC, so it is not what the gate began with.',
  ],
  ['has failing tasks', { versions: [{ ...primary, failedTasks: 3 }] }, '3 tasks failed in a row, at most 0 may.'],
  ['runs nothing', { desired: 0 }, 'The service is to run no tasks, so nothing can be said of them.'],
  ['tells no number', { desired: undefined }, 'The service is to run no tasks, so nothing can be said of them.'],
  [
    'is in a new state',
    { versions: [{ ...primary, state: 'PAUSED' }] },
    '2 of 2 tasks run, but ECS does not say whether that is all.',
  ],
  ['is being deployed', { versions: [primary, older] }, '2 of 2 tasks run, and a deployment is in progress.'],
  ['lost a task', { running: 1 }, '1 of 2 tasks run: the others are being started or stopped.'],
])('of a service that %s it is said so', (_, change, reason) => {
  expect(judgeEcsService({ ...steady, ...change }, 0, FROM).reason).toBe(reason);
});

test('what was deployed in the moment in which the gate began is what it began with', () => {
  expect(verdictOf({ ...steady, versions: [{ ...primary, createdAt: Date.parse(FROM) }] })).toBe('PASS');
});

test('whatever ECS says, nothing but a steady service that was not deployed again passes', () => {
  const number = fc.option(fc.nat(3), { nil: undefined });
  const version = fc.record({
    isPrimary: fc.boolean(),
    state: fc.constantFrom('COMPLETED', 'IN_PROGRESS', 'FAILED', 'PAUSED', undefined),
    createdAt: fc.constantFrom(BEFORE, AFTER, NaN, undefined),
    failedTasks: number,
  });
  const service = fc.record({
    status: fc.constantFrom('ACTIVE', 'DRAINING', 'INACTIVE', undefined),
    desired: number,
    running: number,
    pending: number,
    versions: fc.array(version, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(service, (one) => {
      if (verdictOf(one) !== 'PASS') return;
      expect(one).toEqual({ ...steady, desired: one.desired, running: one.desired, versions: [expect.anything()] });
      const { isPrimary, state, createdAt, failedTasks = 0 } = one.versions[0]!;
      expect({ isPrimary, state, createdAt, failedTasks }).toEqual(primary);
    }),
    { numRuns: 20_000 },
  );
});
