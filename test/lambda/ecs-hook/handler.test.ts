import { CloudWatchClient, DescribeAlarmHistoryCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { POLICY_VERSION } from '../../../contract/policy';
import type { EcsHookReply } from '../../../lambda/ecs-hook/handler';
import { TIMING } from '../check-timing';

process.env.AWS_REGION = 'eu-west-1';

const cloudwatch = mockClient(CloudWatchClient);
let handler: typeof import('../../../lambda/ecs-hook/handler').handler;
let lines: string[];

const REVISION = 'arn:aws:ecs:eu-west-1:111111111111:service-revision/shop/web/01275892';
const CHECK = {
  kind: 'alarm',
  id: 'alarm-x',
  title: 'alarm x',
  alarmName: 'x',
  region: 'eu-west-1',
  missingData: 'INCONCLUSIVE',
  alreadyRed: 'FAIL',
  ...TIMING,
  interval: 60,
  consecutiveErrorLimit: 0,
};

beforeAll(async () => {
  ({ handler } = await import('../../../lambda/ecs-hook/handler'));
});
beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse('2026-11-23T10:00:00.000Z'), doNotFake: ['nextTick', 'setImmediate'] });
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  cloudwatch.reset();
  cloudwatch.on(DescribeAlarmHistoryCommand).resolves({ AlarmHistoryItems: [] });
  alarm('OK');
  process.env.GATES_HOOK_CHECKS = JSON.stringify({ v: POLICY_VERSION, checks: [CHECK] });
  process.env.GATES_HOOK_BAKE_MINUTES = '5';
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

const alarm = (state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA') =>
  cloudwatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ AlarmName: 'x', StateValue: state }] });

const invoked = (hookDetails?: unknown, revision = REVISION) =>
  handler({
    executionDetails: { targetServiceRevisionArn: revision },
    ...(hookDetails === undefined ? {} : { hookDetails }),
  });

/** As ECS does it: again after the delay, with what the hook handed on, which it keeps as JSON. */
async function deployed(
  change: (minute: number) => void = () => undefined,
): Promise<EcsHookReply & { minutes: number }> {
  let details: unknown;
  const began = Date.now();
  for (let calls = 0; calls < 100; calls++) {
    const reply = await invoked(details);
    const minutes = (Date.now() - began) / 60_000;
    if (reply.hookStatus !== 'IN_PROGRESS') {
      return { ...reply, minutes };
    }
    details = JSON.parse(JSON.stringify(reply.hookDetails));
    jest.setSystemTime(Date.now() + reply.callBackDelay! * 1000);
    change((Date.now() - began) / 60_000);
  }
  throw new Error('the hook never ends');
}

test('a deployment that stays healthy goes on after the whole bake time', async () => {
  expect(await deployed()).toEqual({ hookStatus: 'SUCCEEDED', minutes: 5 });
});

test('one whose alarm turns red is rolled back then', async () => {
  expect(await deployed((minute) => minute >= 2 && alarm('ALARM'))).toEqual({ hookStatus: 'FAILED', minutes: 2 });
});

test('one that the checks cannot judge is rolled back', async () => {
  expect(await deployed((minute) => minute >= 3 && alarm('INSUFFICIENT_DATA'))).toMatchObject({ hookStatus: 'FAILED' });
});

test('without a bake time the moment decides', async () => {
  process.env.GATES_HOOK_BAKE_MINUTES = '0';

  expect(await deployed()).toEqual({ hookStatus: 'SUCCEEDED', minutes: 0 });
});

test('ECS is asked to come back when a check is due, and brings what is known so far', async () => {
  const { hookDetails, ...reply } = await invoked();

  expect(reply).toEqual({ hookStatus: 'IN_PROGRESS', callBackDelay: 60 });
  expect(hookDetails).toMatchObject({ step: '01275892', since: '2026-11-23T10:00:00.000Z' });
  expect(hookDetails!.tallies).toMatchObject([{ checkId: 'alarm-x', passes: 1 }]);
  expect(hookDetails!.tallies[0]).not.toHaveProperty('course');
  expect(JSON.stringify(hookDetails).length).toBeLessThan(1200);
});

test('a hole in what was watched is no healthy time', async () => {
  const { hookDetails } = await invoked();
  jest.setSystemTime(Date.now() + 6 * 60_000);
  cloudwatch.on(DescribeAlarmHistoryCommand).resolves({});
  alarm('INSUFFICIENT_DATA');

  expect(await invoked(hookDetails)).toMatchObject({ hookStatus: 'FAILED' });
});

test('what was known of another revision counts for nothing', async () => {
  const { hookDetails } = await invoked();
  jest.setSystemTime(Date.now() + 5 * 60_000);

  const reply = await invoked(hookDetails, REVISION.replace('01275892', '01275893'));

  expect(reply).toMatchObject({ hookStatus: 'IN_PROGRESS', hookDetails: { since: '2026-11-23T10:05:00.000Z' } });
});

describe('in a stage that ECS runs more than once', () => {
  const OLD = REVISION.replace('01275892', '00000001');
  const inShift = (share: number, hookDetails?: unknown, lifecycleStage = 'PRODUCTION_TRAFFIC_SHIFT') => {
    const weights = { [REVISION]: share, [OLD]: 100 - share };
    const of = lifecycleStage === 'TEST_TRAFFIC_SHIFT' ? 'testTrafficWeights' : 'productionTrafficWeights';
    return handler({
      lifecycleStage,
      executionDetails: { targetServiceRevisionArn: REVISION, [of]: weights },
      ...(hookDetails === undefined ? {} : { hookDetails }),
    });
  };

  test('each step of the traffic has a bake time of its own', async () => {
    const { hookDetails } = await inShift(10);
    jest.setSystemTime(Date.now() + 5 * 60_000);

    expect(await inShift(10, hookDetails)).toEqual({ hookStatus: 'SUCCEEDED' });
    expect(await inShift(100, hookDetails)).toMatchObject({
      hookStatus: 'IN_PROGRESS',
      hookDetails: { step: '01275892 PRODUCTION_TRAFFIC_SHIFT 100', since: '2026-11-23T10:05:00.000Z' },
    });
  });

  test.each(['TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT'])(
    'a rollback in %s, which takes all traffic from the new revision, is not held up',
    async (stage) => {
      alarm('ALARM');

      expect(await inShift(0, undefined, stage)).toEqual({ hookStatus: 'SUCCEEDED' });
      expect(await inShift(1, undefined, stage)).toEqual({ hookStatus: 'FAILED' });
    },
  );

  test.each<[string, string | undefined, unknown]>([
    ['a stage that shifts nothing', 'POST_SCALE_UP', { [REVISION]: 0 }],
    ['no stage', undefined, { [REVISION]: 0 }],
    ['weights of other revisions', 'PRODUCTION_TRAFFIC_SHIFT', { [OLD]: 0 }],
    ['weights that are no numbers', 'PRODUCTION_TRAFFIC_SHIFT', { [REVISION]: '0' }],
    ['no weights', 'PRODUCTION_TRAFFIC_SHIFT', null],
  ])('%s is no rollback', async (_, lifecycleStage, productionTrafficWeights: any) => {
    alarm('ALARM');
    const testTrafficWeights = { [REVISION]: 0 };
    const executionDetails = { targetServiceRevisionArn: REVISION, productionTrafficWeights, testTrafficWeights };

    expect(await handler({ lifecycleStage, executionDetails })).toEqual({ hookStatus: 'FAILED' });
  });
});

test('details of the service’s own are none of ours', async () => {
  expect(await invoked({ team: 'shop' })).toMatchObject({ hookStatus: 'IN_PROGRESS' });
});

describe('fails, and so rolls back,', () => {
  const details = { step: '01275892', since: '2026-11-23T09:00:00.000Z', tallies: [] };

  test.each<[string, unknown]>([
    ['a text', 'healthy'],
    ['a list', []],
    ['no time', { ...details, since: 'long ago' }],
    ['no tallies', { ...details, tallies: 'none' }],
    ['a tally without counters', { ...details, tallies: [{ checkId: 'alarm-x', passes: 99 }] }],
  ])('when ECS brings %s', async (_, broken) => {
    expect(await invoked(broken)).toEqual({ hookStatus: 'FAILED' });
  });

  test.each<[string, string | undefined]>([
    ['no checks', undefined],
    ['checks of another version', JSON.stringify({ v: POLICY_VERSION + 1, checks: [CHECK] })],
    ['checks of an unknown kind', JSON.stringify({ v: POLICY_VERSION, checks: [{ ...CHECK, kind: 'horoscope' }] })],
  ])('with %s', async (_, checks) => {
    if (checks === undefined) {
      delete process.env.GATES_HOOK_CHECKS;
    } else {
      process.env.GATES_HOOK_CHECKS = checks;
    }

    expect(await invoked()).toEqual({ hookStatus: 'FAILED' });
  });

  test('and says what cannot be read', async () => {
    await invoked({ ...details, since: 'long ago' });

    expect(JSON.parse(lines[0]!)).toEqual({
      level: 'ERROR',
      message: 'the hook cannot be read',
      requestId: '01275892',
      reason: expect.stringContaining('since'),
    });
  });

  test('and says that its checks could not be run, by the name of the error alone', async () => {
    process.env.GATES_HOOK_BAKE_MINUTES = 'long';
    await invoked();

    expect(JSON.parse(lines[0]!)).toEqual({
      level: 'ERROR',
      message: 'the hook could not run its checks',
      requestId: '01275892',
      error: 'Error',
    });
  });

  test.each(['', '-1', '1.5', 'NaN', '999999'])('with a bake time of %j', async (minutes) => {
    process.env.GATES_HOOK_BAKE_MINUTES = minutes;

    expect(await invoked()).toEqual({ hookStatus: 'FAILED' });
  });
});

test('a bake time of several digits is one of minutes', async () => {
  process.env.GATES_HOOK_BAKE_MINUTES = '90';

  expect(await deployed()).toEqual({ hookStatus: 'SUCCEEDED', minutes: 90 });
});

test.each(['r:1', `r1\n`, ' r1', 'r'.repeat(65)])('a revision called %j is not repeated', async (name) => {
  expect(await invoked(undefined, `arn:service-revision/shop/web/${name}`)).toMatchObject({
    hookDetails: { step: 'ecs-deployment' },
  });
});

test('an event without a revision is served all the same', async () => {
  expect(await handler({})).toMatchObject({ hookStatus: 'IN_PROGRESS', hookDetails: { step: 'ecs-deployment' } });
});
