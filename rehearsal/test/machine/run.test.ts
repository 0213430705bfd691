import { StateError } from '../../machine/data-flow';
import { runStates, type Usage } from '../../machine/run';
import { VirtualClock } from '../../virtual-clock';

const START = Date.UTC(2030, 0, 1);

async function run(
  machine: object,
  input: unknown = {},
  perform = (_resource: string, value: unknown): unknown => value,
) {
  const clock = new VirtualClock(START);
  const states: string[] = [];
  const usage: Usage = { events: 2, transitions: 0 };
  let outcome: { output?: any; error?: StateError } | undefined;
  runStates(machine, input, {
    clock,
    context: { Execution: { Name: 'run', Input: input }, StateMachine: { Id: 'arn:machine' } },
    perform: async (resource, value) => perform(resource, value),
    stopped: () => false,
    enter: (state) => states.push(state),
    usage,
  }).then(
    (output) => (outcome = { output }),
    (error: StateError) => (outcome = { error }),
  );
  await clock.runUntil(() => outcome !== undefined);
  return { ...outcome, states, usage, seconds: (clock.now() - START) / 1000 };
}

const one = (state: object): object => ({ StartAt: 'S', States: { S: { End: true, ...state } } });

describe('data flow', () => {
  test.each<[string, object, unknown, unknown]>([
    ['Pass gives its input on', { Type: 'Pass' }, { a: 1 }, { a: 1 }],
    ['Result at ResultPath', { Type: 'Pass', Result: 2, ResultPath: '$.b.c' }, { a: 1 }, { a: 1, b: { c: 2 } }],
    [
      'Parameters',
      { Type: 'Pass', Parameters: { 'x.$': '$.a', y: [{ 'z.$': '$.l[1]' }] } },
      { a: 1, l: [3, 4] },
      { x: 1, y: [{ z: 4 }] },
    ],
    ['InputPath and OutputPath', { Type: 'Pass', InputPath: '$.a', OutputPath: '$.b' }, { a: { b: 5 } }, 5],
    ['dropped result', { Type: 'Task', Resource: 'r', ResultPath: null }, { a: 1 }, { a: 1 }],
    [
      'ResultSelector',
      { Type: 'Task', Resource: 'r', ResultSelector: { 'v.$': '$.a' }, ResultPath: '$.r' },
      { a: 1 },
      { a: 1, r: { v: 1 } },
    ],
    [
      'the context object',
      { Type: 'Pass', Parameters: { 'n.$': '$$.Execution.Name', 't.$': '$$.State.EnteredTime' } },
      {},
      { n: 'run', t: '2030-01-01T00:00:00.000Z' },
    ],
    ['sums', { Type: 'Pass', Parameters: { 'n.$': 'States.MathAdd($.n, 1)' } }, { n: 4 }, { n: 5 }],
    [
      'nested intrinsics',
      { Type: 'Pass', Parameters: { 't.$': "States.Format('{}/{} it\\'s', $.a, States.ArrayLength($.l))" } },
      { a: 'x', l: [1, 2] },
      { t: "x/2 it's" },
    ],
    [
      'JSON in and out',
      { Type: 'Pass', Parameters: { 'o.$': 'States.StringToJson($.s)', 's.$': 'States.JsonToString($.o)' } },
      { s: '{"a":1}', o: { b: 2 } },
      { o: { a: 1 }, s: '{"b":2}' },
    ],
    [
      'Map',
      {
        Type: 'Map',
        ItemsPath: '$.l',
        ItemProcessor: one({ Type: 'Pass', Parameters: { 'v.$': '$', 'i.$': '$$.Map.Item.Index' } }),
      },
      { l: ['a', 'b'] },
      [
        { v: 'a', i: 0 },
        { v: 'b', i: 1 },
      ],
    ],
    [
      'Parallel',
      { Type: 'Parallel', Branches: [one({ Type: 'Pass', Result: 1 }), one({ Type: 'Wait', Seconds: 5 })] },
      { a: 1 },
      [1, { a: 1 }],
    ],
  ])('%s', async (_what, state, input, expected) => {
    expect((await run(one(state), input)).output).toEqual(expected);
  });

  test('a path that selects nothing ends the run, past every catcher', async () => {
    const state = {
      Type: 'Pass',
      Parameters: { 'x.$': '$.none' },
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'S' }],
    };
    expect((await run(one(state))).error).toMatchObject({ code: 'States.Runtime' });
  });
});

describe('Choice', () => {
  const choose = (rule: object): object => ({
    StartAt: 'C',
    States: {
      C: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
      Yes: { Type: 'Succeed' },
      No: { Type: 'Succeed' },
    },
  });

  test.each<[object, boolean]>([
    [{ Variable: '$.b', BooleanEquals: true }, true],
    [{ Variable: '$.n', NumericGreaterThanEquals: 5 }, true],
    [{ Variable: '$.n', NumericLessThanPath: '$.m' }, false],
    [{ Variable: '$.s', StringMatches: 'sho*' }, true],
    [{ Variable: '$.none', IsPresent: false }, true],
    [{ Variable: '$.t', TimestampLessThan: '2030-02-01T00:00:00Z' }, true],
    [{ And: [{ Variable: '$.b', BooleanEquals: true }, { Not: { Variable: '$.s', StringEquals: 'shop' } }] }, false],
    [{ Variable: '$.s', NumericEquals: 5 }, false],
  ])('%j is %s', async (rule, expected) => {
    const input = { b: true, n: 5, m: 4, s: 'shop', t: '2030-01-05T00:00:00Z' };
    expect((await run(choose(rule), input)).states).toEqual(['C', expected ? 'Yes' : 'No']);
  });
});

describe('time', () => {
  test.each<[object, number]>([
    [{ Seconds: 90 }, 90],
    [{ SecondsPath: '$.s' }, 30],
    [{ Timestamp: '2030-01-03T00:00:00Z' }, 172_800],
    [{ TimestampPath: '$.at' }, 86_400],
    [{ Timestamp: '2029-01-01T00:00:00Z' }, 0],
  ])('Wait %j takes %s seconds', async (wait, seconds) => {
    expect((await run(one({ Type: 'Wait', ...wait }), { s: 30, at: '2030-01-02T00:00:00Z' })).seconds).toBe(seconds);
  });
});

describe('failures', () => {
  const failing = (times: number, code = 'Busy') => {
    let left = times;
    return (): unknown => {
      if (left-- > 0) {
        throw new StateError(code, 'why');
      }
      return 'done';
    };
  };

  test('are tried again with growing pauses', async () => {
    const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 3 }];
    const result = await run(one({ Type: 'Task', Resource: 'r', Retry }), {}, failing(3));
    expect(result).toMatchObject({ output: 'done', seconds: 2 + 6 + 18 });
  });

  test('are caught when tries are used up', async () => {
    const machine = {
      StartAt: 'T',
      States: {
        T: {
          Type: 'Task',
          Resource: 'r',
          Next: 'End',
          Retry: [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 1, MaxDelaySeconds: 1 }],
          Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Rest' }],
        },
        Rest: { Type: 'Wait', Seconds: 900, Next: 'End' },
        End: { Type: 'Succeed' },
      },
    };
    const result = await run(machine, { a: 1 }, failing(9));
    expect(result).toMatchObject({
      output: { a: 1, error: { Error: 'Busy', Cause: 'why' } },
      states: ['T', 'Rest', 'End'],
      seconds: 901,
    });
  });

  test('that nobody expects end the run', async () => {
    expect((await run(one({ Type: 'Task', Resource: 'r' }), {}, failing(1))).error).toMatchObject({
      code: 'Busy',
      reason: 'why',
    });
    expect((await run(one({ Type: 'Fail', Error: 'E', Cause: 'C' }))).error).toMatchObject({ code: 'E', reason: 'C' });
  });

  test('of a state nobody knows name it', async () => {
    expect((await run({ StartAt: 'X', States: {} })).error).toMatchObject({
      code: 'States.Runtime',
      reason: 'there is no state X',
    });
  });
});

describe('what AWS counts', () => {
  const twoTurns = {
    StartAt: 'Wait',
    States: {
      Wait: { Type: 'Wait', Seconds: 60, Next: 'Decide' },
      Decide: {
        Type: 'Task',
        Resource: 'decide',
        Retry: [
          { ErrorEquals: ['RequestOver', 'RunTooLong'], MaxAttempts: 0 },
          { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 6 },
        ],
        Catch: [
          { ErrorEquals: ['RequestOver'], ResultPath: null, Next: 'Done' },
          { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Wait' },
        ],
        Next: 'Wait',
      },
      Done: { Type: 'Succeed' },
    },
  };

  function overAfter(turns: number) {
    let made = 0;
    return (_resource: string, value: unknown): unknown => {
      made += 1;
      if (made > turns) throw new StateError('RequestOver', 'nothing is left to do');
      return value;
    };
  }

  test('an error that is named before States.ALL with no attempts is caught at once, and the input stays', async () => {
    const { output, states, seconds } = await run(twoTurns, { requestId: 'r' }, overAfter(0));

    expect(states).toEqual(['Wait', 'Decide', 'Done']);
    expect(seconds).toBe(60);
    expect(output).toEqual({ requestId: 'r' });
  });

  test('a turn of Wait and Task is two transitions and seven events', async () => {
    const three = await run(twoTurns, {}, overAfter(3));
    const four = await run(twoTurns, {}, overAfter(4));

    expect(four.usage.transitions - three.usage.transitions).toBe(2);
    expect(four.usage.events - three.usage.events).toBe(7);
  });

  test('each retry is a transition, and three events', async () => {
    let left = 2;
    const { usage } = await run(twoTurns, {}, () => {
      if (left > 0) {
        left -= 1;
        throw new StateError('Lambda.ServiceException', 'try again');
      }
      throw new StateError('RequestOver', 'over');
    });

    expect(usage).toEqual({ transitions: 1 + 3 + 1, events: 2 + 2 + (1 + 3 * 3 + 1) + 2 });
  });

  test('a run whose history is full fails, whatever its machine catches', async () => {
    const { error, states } = await run(twoTurns, {}, overAfter(Infinity));

    expect(error?.message).toContain('25000');
    expect(states.length).toBe(Math.ceil((25_000 - 2) / 3.5));
  });
});
