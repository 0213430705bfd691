/** The timer of a gate, as a state machine of AWS would run it: two transitions a turn, ends and renewal by named errors. */
import { Dispatcher } from '../../aws/dispatcher';
import { FaultInjector } from '../../aws/faults';
import { StateMachines, type Execution } from '../../aws/state-machines';
import type { Surroundings } from '../../aws/surroundings';
import { Tally } from '../../counts';
import type { Service } from '../../service';
import type { Resource } from '../../template/model';
import { VirtualClock } from '../../virtual-clock';
import { RunHistory, TimerError } from '../../../contract/messages';

const START = Date.parse('2030-01-01T00:00:00Z');
const MACHINE = 'arn:aws:states:eu-west-1:111111111111:stateMachine:timer';
const DECIDE = 'arn:aws:lambda:eu-west-1:111111111111:function:decide';

const TIMER = {
  StartAt: 'Wait',
  States: {
    Wait: { Type: 'Wait', TimestampPath: '$.at', Next: 'Decide' },
    Decide: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: {
        FunctionName: DECIDE,
        Payload: { 'now.$': '$$.State.EnteredTime', 'target.$': '$.target', 'events.$': '$.events' },
      },
      OutputPath: '$.Payload',
      Retry: [
        { ErrorEquals: [TimerError.CLOSED, TimerError.RENEW], MaxAttempts: 0 },
        {
          ErrorEquals: ['States.ALL'],
          IntervalSeconds: 2,
          MaxAttempts: 8,
          BackoffRate: 2,
          MaxDelaySeconds: 120,
          JitterStrategy: 'FULL',
        },
      ],
      Catch: [
        { ErrorEquals: [TimerError.CLOSED], ResultPath: null, Next: 'Closed' },
        { ErrorEquals: [TimerError.RENEW], ResultPath: null, Next: 'Renew' },
        { ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Pause' },
      ],
      Next: 'Wait',
    },
    Pause: { Type: 'Wait', Seconds: 900, Next: 'Decide' },
    Renew: {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution',
      Parameters: {
        'StateMachineArn.$': '$$.StateMachine.Id',
        'Name.$': "States.Hash(States.Format('{} {}', $$.Execution.Name, $.at), 'SHA-256')",
        Input: { 'at.$': '$.at', 'target.$': '$.target', events: 0 },
      },
      Catch: [{ ErrorEquals: ['StepFunctions.ExecutionAlreadyExistsException'], ResultPath: null, Next: 'Closed' }],
      Next: 'Closed',
    },
    Closed: { Type: 'Succeed' },
  },
};

type Turn = (payload: { now: string; target: unknown; events: number }) => unknown;

/** What a function throws that has such an error, as Lambda answers it. */
class Thrown extends Error {}

function thrown(name: string): never {
  throw Object.assign(new Thrown('because'), { name });
}

async function rehearse(turn: Turn, ended = (runs: readonly Execution[]) => runs.every((r) => r.status !== 'RUNNING')) {
  const clock = new VirtualClock(START);
  const tally = new Tally();
  const dispatcher = new Dispatcher(clock, new FaultInjector(() => clock.now()), tally, { check: () => undefined });
  const machine: Resource = {
    account: '111111111111',
    region: 'eu-west-1',
    stack: 'S',
    logicalId: 'Timer',
    type: 'AWS::StepFunctions::StateMachine',
    physicalId: MACHINE,
    arn: MACHINE,
    properties: { DefinitionString: JSON.stringify(TIMER), RoleArn: 'arn:aws:iam::111111111111:role/timer' },
    attributes: { Name: 'timer' },
    dependsOn: [],
  };
  const around = {
    account: '111111111111',
    region: 'eu-west-1',
    clock,
    dispatcher,
    tally,
    resources: () => [machine],
    resource: (id: string) => (id === MACHINE ? machine : undefined),
    caller: (arn: string) => ({ principal: 'timer', arn, roleArn: arn }),
    tell: () => undefined,
    deliver: () => undefined,
    emit: () => undefined,
  } as unknown as Surroundings;
  const machines = new StateMachines(around);
  const lambda: Service = {
    name: 'lambda',
    operations: {
      Invoke: ({ Payload }) => {
        try {
          return { statusCode: 200, executedVersion: '$LATEST', payload: turn(Payload) };
        } catch (error) {
          if (!(error instanceof Thrown)) throw error;
          const payload = { errorType: error.name, errorMessage: error.message };
          return { statusCode: 200, executedVersion: '$LATEST', payload, functionError: 'Unhandled' };
        }
      },
    },
  };
  [lambda, machines.service()].forEach((service) => dispatcher.register(service));
  const input = { at: new Date(START + 60_000).toISOString(), target: { requestId: 'r' }, events: 0 };
  machines.start(MACHINE, JSON.stringify(input), 'first');
  await clock.runUntil(() => ended(machines.executions), { limit: START + 400 * 86_400_000 });
  return { runs: machines.executions, transitions: machines.transitions, clock, tally };
}

const next = (payload: Parameters<Turn>[0]): object => ({
  at: new Date(Date.parse(payload.now) + 60_000).toISOString(),
  target: payload.target,
  events: payload.events + RunHistory.TURN,
});

function closesAfter(turns: number): Turn {
  let made = 0;
  return (payload) => (++made > turns ? thrown(TimerError.CLOSED) : next(payload));
}

test('a good turn is seven events and two transitions, and hands on what the function answers', async () => {
  const one = await rehearse(closesAfter(1));
  const eleven = await rehearse(closesAfter(11));

  expect(eleven.runs[0]!.usage.events - one.runs[0]!.usage.events).toBe(10 * RunHistory.TURN);
  expect(eleven.transitions - one.transitions).toBe(10 * 2);
  expect(eleven.clock.now()).toBe(START + 12 * 60_000);
  expect(eleven.runs[0]!.entered).toEqual({ Wait: 12, Decide: 12, Closed: 1 });
});

test('the named end is not tried again, and takes its input with it', async () => {
  const { runs, tally } = await rehearse(closesAfter(0));

  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({ status: 'SUCCEEDED', entered: { Wait: 1, Decide: 1, Closed: 1 } });
  expect(JSON.parse(runs[0]!.output!)).toMatchObject({ target: { requestId: 'r' } });
  expect(tally.counts({ transitions: 0, mails: 0 }).calls['lambda:Invoke']).toBe(1);
});

test('a full run starts its successor under a name that is the same however often it is tried', async () => {
  let renewed = 0;
  const { runs } = await rehearse(() => thrown(++renewed === 1 ? TimerError.RENEW : TimerError.CLOSED));

  expect(runs.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  expect(runs[1]!.name).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.parse(runs[1]!.input)).toEqual({
    at: '2030-01-01T00:01:00.000Z',
    target: { requestId: 'r' },
    events: 0,
  });
});

test('pauses between tries are spread from nothing to their full length, the same way every time', async () => {
  const lasted = async (): Promise<number> => {
    let tries = 0;
    const { clock } = await rehearse(() => thrown(++tries > 6 ? TimerError.CLOSED : 'TooBusy'));
    return clock.now() - START - 60_000;
  };
  const first = await lasted();

  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThan((2 + 4 + 8 + 16 + 32 + 64) * 1000);
  expect(await lasted()).toBe(first);
});

test('a turn in which every try fails has three events for each try', async () => {
  let failing = 0;
  const failed = async (turns: number): Promise<number> => {
    failing = 0;
    const { runs } = await rehearse(() => (++failing > 9 * turns ? thrown(TimerError.CLOSED) : thrown('AnyError')));
    return runs[0]!.usage.events;
  };
  const perTurn = (await failed(2)) - (await failed(1));

  // Wait and Decide entered and exited, and three events for each of nine tries.
  expect(perTurn).toBe(4 + 9 * 3);
});

test('a run that never renews itself ends with a full history, although it catches every error', async () => {
  const { runs } = await rehearse(() => thrown('AnyError'));

  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  expect(runs[0]!.entered.Decide).toBe(Math.ceil((RunHistory.LIMIT - 2) / (4 + 9 * 3)));
});
