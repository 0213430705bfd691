/** Everything that may happen to a hook while ECS deploys, in every order: it dies, is invoked again or late, and its alarm turns red. */
import { CloudWatchClient, DescribeAlarmHistoryCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { POLICY_VERSION } from '../../../contract/policy';
import type { EcsHookReply } from '../../../lambda/ecs-hook/handler';
import { TIMING } from '../check-timing';

process.env.AWS_REGION = 'eu-west-1';

const START = Date.parse('2026-11-23T10:00:00.000Z');
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const BAKE = 3 * MINUTE;

interface World {
  readonly now: number;
  readonly revision: number;
  /** When the first look of this deployment began whose answer ECS kept. */
  readonly since?: number;
  /** What ECS keeps of the last answer. */
  readonly details?: string;
  /** When the alarm turned red, green, red, … */
  readonly turned: readonly number[];
  readonly faults: number;
}

type Ended = World & { readonly status: 'SUCCEEDED' | 'FAILED' };
type Hook = (details: unknown, revision: string) => Promise<EcsHookReply>;

const cloudwatch = mockClient(CloudWatchClient);
let handler: typeof import('../../../lambda/ecs-hook/handler').handler;
let world: World;

beforeAll(async () => {
  ({ handler } = await import('../../../lambda/ecs-hook/handler'));
});
beforeEach(() => {
  jest.useFakeTimers({ now: START, doNotFake: ['nextTick', 'setImmediate'] });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const check = { kind: 'alarm', id: 'alarm-x', title: 'alarm x', alarmName: 'x', region: 'eu-west-1' };
  const rule = { missingData: 'INCONCLUSIVE', alreadyRed: 'FAIL', ...TIMING };
  process.env.GATES_HOOK_CHECKS = JSON.stringify({ v: POLICY_VERSION, checks: [{ ...check, ...rule }] });
  process.env.GATES_HOOK_BAKE_MINUTES = String(BAKE / MINUTE);
  cloudwatch.reset();
  cloudwatch.on(DescribeAlarmsCommand).callsFake(() => {
    const last = world.turned.at(-1);
    const StateTransitionedTimestamp = last === undefined ? undefined : new Date(last);
    return { MetricAlarms: [{ AlarmName: 'x', StateValue: nameOf(world.turned.length), StateTransitionedTimestamp }] };
  });
  cloudwatch.on(DescribeAlarmHistoryCommand).callsFake(({ StartDate }: { StartDate: Date }) => ({
    AlarmHistoryItems: world.turned.flatMap((time, index) =>
      time < StartDate.getTime()
        ? []
        : [
            {
              Timestamp: new Date(time),
              HistoryData: JSON.stringify({
                oldState: { stateValue: nameOf(index) },
                newState: { stateValue: nameOf(index + 1) },
              }),
            },
          ],
    ),
  }));
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

const nameOf = (turns: number) => (turns % 2 === 0 ? 'OK' : 'ALARM');
const revisionOf = (number: number) => `arn:aws:ecs:eu-west-1:111111111111:service-revision/shop/web/${number}`;
const real: Hook = (details, revision) =>
  handler({ executionDetails: { targetServiceRevisionArn: revision }, hookDetails: details });

async function invoked(at: World, hook: Hook): Promise<EcsHookReply> {
  world = at;
  jest.setSystemTime(at.now);
  return hook(at.details === undefined ? undefined : JSON.parse(at.details), revisionOf(at.revision));
}

async function answered(at: World, hook: Hook): Promise<World | Ended> {
  const { hookStatus, callBackDelay = 0, hookDetails } = await invoked(at, hook);
  const begun = { ...at, since: at.since ?? at.now };
  return hookStatus === 'IN_PROGRESS'
    ? { ...begun, now: at.now + callBackDelay * SECOND, details: JSON.stringify(hookDetails) }
    : { ...begun, status: hookStatus };
}

/** Everything that may happen next. */
async function moves(at: World, hook: Hook): Promise<readonly (World | Ended)[]> {
  const spoilt = { ...at, faults: at.faults - 1 };
  const { since: _since, ...other } = spoilt;
  const turns = at.turned.length < 2 && at.turned.at(-1) !== at.now;
  return [
    await answered(at, hook),
    ...(turns ? [{ ...at, turned: [...at.turned, at.now] }] : []),
    // Between two looks, and green again before the next one.
    ...(turns && at.turned.length === 0 && at.now > START + MINUTE
      ? [{ ...at, turned: [at.now - 40 * SECOND, at.now - 20 * SECOND] }]
      : []),
    ...(at.faults > 0
      ? [
          // It died, or its answer got lost.
          { ...spoilt, now: at.now + 30 * SECOND },
          { ...spoilt, now: at.now + 6 * MINUTE },
          // Another deployment, to which ECS hands what it kept of the one before.
          { ...other, revision: at.revision + 1 },
        ]
      : []),
  ];
}

/** Visits every state; says what was wrong with the first end that was wrong. */
async function explored(hook: Hook): Promise<{ readonly states: number; readonly wrong?: string }> {
  const seen = new Set<string>();
  const waiting: World[] = [{ now: START, revision: 1, turned: [], faults: 2 }];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const next of await moves(at, hook)) {
      const wrong = 'status' in next ? wrongIn(next) : next.now > START + 40 * MINUTE ? 'it never ends' : undefined;
      if (wrong !== undefined) {
        return { states: seen.size, wrong };
      }
      const key = JSON.stringify(next);
      if (!('status' in next) && !seen.has(key)) {
        seen.add(key);
        waiting.push(next);
      }
    }
  }
  return { states: seen.size };
}

function wrongIn({ status, now, turned, since = now }: Ended): string | undefined {
  const isRed = turned.length % 2 === 1;
  const wasRed = turned.some((_, index) => index % 2 === 0 && (turned[index + 1] ?? now) >= since);
  if (status === 'FAILED') {
    return wasRed || isRed ? undefined : 'it failed without a red minute';
  }
  if (now - since < BAKE) {
    return `it succeeded after ${(now - since) / SECOND} s`;
  }
  return wasRed || isRed ? 'it succeeded although its alarm was red' : undefined;
}

test('a deployment goes on only after its whole bake, without a red minute', async () => {
  const { states, wrong } = await explored(real);

  expect(wrong).toBeUndefined();
  expect(states).toBeGreaterThan(300);
});

describe('a bug that is planted is found', () => {
  const changed =
    (change: (details: Record<string, unknown>, revision: string) => object | undefined): Hook =>
    (details, revision) =>
      real(details === undefined ? undefined : change(details as Record<string, unknown>, revision), revision);

  test.each<[string, Hook, string]>([
    [
      'what was known of another deployment counts',
      changed((details, revision) => ({ ...details, step: revision.split('/').at(-1) })),
      'it succeeded after',
    ],
    ['what was known is forgotten', changed(() => undefined), 'it never ends'],
    [
      'the bake begins with the first deployment of a service',
      changed((details) => ({ ...details, since: new Date(START - BAKE).toISOString() })),
      'it succeeded after',
    ],
  ])('%s', async (_, hook, wrong) => {
    expect((await explored(hook)).wrong).toContain(wrong);
  });
});
