/** What scenarios can say of rollbacks, changed structures, broken functions and parameters, and of what it all costs. */
import { parseScenario } from '../../scenario/load';
import { Rehearsal } from '../../scenario/rehearsal';
import { runScenario, type ScenarioResult } from '../../scenario/run';
import { World } from '../../world';
import { synthesize } from './small-app';

let assembly: string;
let rehearsal: Rehearsal;

beforeAll(() => {
  assembly = synthesize();
});

beforeEach(async () => {
  rehearsal = new Rehearsal(await World.create(assembly));
});

afterEach(() => rehearsal.close());

const run = (steps: string, more = ''): Promise<ScenarioResult> =>
  runScenario(rehearsal, parseScenario(`title: t\n${more}steps:\n${steps.replace(/^ {2}/gm, '')}`, 'mine.yaml'));

const passed = { passed: true, failure: undefined };
const fails = (why: string | RegExp) => ({
  passed: false,
  failure: { why: typeof why === 'string' ? expect.stringContaining(why) : expect.stringMatching(why) },
});

const USER = "'arn:aws:iam::111111111111:user/ana'";
const yes = (action: string) => `
    - wait: { until: { gate: { Prod/${action}: asks } }, within: 1h }
    - console: { gate: Prod/${action}, verdict: approve, as: ${USER} }`;
const RELEASED = `
    - push: { message: Good }${yes('Approve')}${yes('Healthy')}
    - wait: { until: { run: Succeeded }, within: 1h }`;
const ROLLING_BACK = `${RELEASED}
    - push: { message: Bad }${yes('Approve')}
    - wait: { until: { gate: { Prod/Healthy: asks } }, within: 1h }
    - console: { gate: Prod/Healthy, verdict: reject, as: ${USER} }
    - wait: { until: { rollback: InProgress }, within: 1h }`;

describe('a rollback', () => {
  test('is followed, and a newer push waits behind it', async () => {
    const result = await run(`${ROLLING_BACK}
    - expect: { run: Failed, waitsBefore: None }
    - push: { message: Fix }
    - wait: { for: 10m }
    - expect: { run: InProgress, waitsBefore: Prod }
    - follow: { run: rollback }
    - expect: { run: InProgress, gate: { Prod/Approve: asks, Prod/Healthy: asks }, waitsBefore: None }
`);
    // Only the first gate of the rollback asks: the second one is not reached yet.
    expect(result).toMatchObject(fails('Prod/Healthy is not reached, not asks'));
  });

  test('lets the fix in once it is answered', async () => {
    expect(
      await run(`${ROLLING_BACK}
    - push: { message: Fix }
    - follow: { run: rollback }${yes('Approve')}${yes('Healthy')}
    - wait: { until: { run: Succeeded }, within: 1h }
    - follow: { run: push }
    - wait: { until: { gate: { Prod/Approve: asks } }, within: 1h }
    - expect: { run: InProgress, gate: { Prod/Approve: asks }, waitsBefore: None, runs: [Succeeded, Failed, Succeeded, InProgress] }
`),
    ).toMatchObject(passed);
  });

  test.each([
    ['followed before there is one', '- follow: { run: rollback }', 'there was no rollback yet'],
    [
      'waited before where no stage is',
      '- expect: { waitsBefore: Tea }',
      'the app has no stage Tea; it has Source, Prod',
    ],
  ])('cannot be %s', async (_what, step, why) => {
    expect(await run(`\n    - push: { message: Good }\n    ${step}\n`)).toMatchObject(fails(why));
  });
});

describe('stages and rules of their conditions', () => {
  test('are told apart by what became of them', async () => {
    expect(await run(`${RELEASED}\n    - expect: { stage: { Source: Succeeded, Prod: Succeeded } }\n`)).toMatchObject(
      passed,
    );
    expect(await run(`\n    - expect: { stage: { Prod: Skipped } }\n`)).toMatchObject(
      fails('stage Prod is Succeeded, not Skipped'),
    );
  });

  test('have to be in the app', async () => {
    expect(await run(`\n    - expect: { stage: { Tea: Skipped } }\n`)).toMatchObject(fails('the app has no stage Tea'));
    expect(await run(`\n    - expect: { rule: { Prod/Alarm: Failed } }\n`)).toMatchObject(
      fails('the app has no rule Prod/Alarm; it has none'),
    );
  });
});

describe('mails', () => {
  test('are told apart by when they came and what they hold, or do not hold', async () => {
    const mails = `${ROLLING_BACK}
    - expect: { mail: { to: ana@example.com, count: 3 } }
    - expect: { mail: { to: ana@example.com, subject: Approve, sinceRollback: true, count: 1, without: Healthy } }
    - expect: { mail: { to: ana@example.com, subject: Approve, text: 'Action name: Approve', without: [goes back] } }`;
    expect(await run(`${mails}\n`)).toMatchObject(passed);
  });

  test('that hold what they must not fail, by subject and by text', async () => {
    const at = `\n    - push: { message: Good }\n    - wait: { until: { gate: { Prod/Approve: asks } }, within: 1h }\n`;
    const without = (text: string) => run(`    - expect: { mail: { to: ana@example.com, without: ${text} } }\n`);
    await run(at);

    expect(await without('APPROVAL NEEDED')).toMatchObject(
      fails('one of the mails to ana@example.com holds “APPROVAL'),
    );
    expect(await without('Approve or reject')).toMatchObject(fails('holds “Approve or reject”'));
    expect(await run('\n    - expect: { mail: { to: ana@example.com, sinceRollback: true } }\n')).toMatchObject(
      fails('there are 0 mails'),
    );
  });
});

describe('the structure of a pipeline', () => {
  const asks = `\n    - push: { message: Good }\n    - wait: { until: { gate: { Prod/Approve: asks } }, within: 1h }`;

  test('changes under a request, which is cancelled', async () => {
    expect(
      await run(`${asks}
    - update: { rename: { Prod/Approve: Confirm }, remove: Prod/Healthy }
    - expect: { run: Cancelled }
    - push: { message: Next }
    - wait: { until: { gate: { Prod/Confirm: asks } }, within: 1h }
`),
    ).toMatchObject(passed);
  });

  test('changes under a request, which waits on', async () => {
    expect(
      await run(`${asks}
    - update: { rename: { Prod: Production }, keepsRuns: true }
    - wait: { for: 1d }
    - expect: { run: InProgress }
`),
    ).toMatchObject(passed);
    await expect(
      rehearsal.world.call('codepipeline', 'PutApprovalResult', {
        pipelineName: 'small',
        stageName: 'Prod',
        actionName: 'Approve',
        token: rehearsal.latest!.execution.actions.at(-1)!.token,
        result: { status: 'Approved', summary: '' },
      }),
    ).rejects.toMatchObject({ code: 'StageNotFoundException' });
  });

  test('is gone with the pipeline', async () => {
    expect(await run(`${asks}\n    - update: { delete: true }\n    - expect: { run: Cancelled }\n`)).toMatchObject(
      passed,
    );
    await expect(rehearsal.world.call('codepipeline', 'GetPipelineState', { name: 'small' })).rejects.toMatchObject({
      code: 'PipelineNotFoundException',
    });
  });

  test('has no names that it does not have', async () => {
    expect(await run(`${asks}\n    - update: { remove: Prod/Tea }\n`)).toMatchObject(
      fails('the app has no stage or action Prod/Tea; it has Source, Source/Source, Prod, Prod/Approve, Prod/Healthy'),
    );
  });
});

describe('a parameter', () => {
  const value = () =>
    rehearsal.world
      .call('ssm', 'GetParameter', { Name: '/gates/policy' })
      .then(({ Parameter }) => Parameter.Value as string);

  test('holds a document of another version for a while', async () => {
    expect(await run('\n    - parameter: { name: policy, with: { v: 99, kind: NEW }, for: 10m }\n')).toMatchObject(
      passed,
    );
    expect(JSON.parse(await value())).toEqual({ v: 99, kind: 'NEW' });
    await rehearsal.world.clock.advanceBy(600_000);
    expect(JSON.parse(await value())).toEqual({ v: 2, kind: 'MANUAL' });
  });

  test('holds any text, for good', async () => {
    expect(await run("\n    - parameter: { name: policy, value: 'no JSON' }\n")).toMatchObject(passed);
    await rehearsal.world.clock.advanceBy(86_400_000);
    expect(await value()).toBe('no JSON');
  });

  test('is told one thing at a time', () => {
    const parse = (step: string) => () => parseScenario(`title: t\nsteps:\n  - ${step}\n`, 'mine.yaml');

    expect(parse('parameter: { name: a }')).toThrow('steps[0].parameter: needs one of missing, value and with');
    expect(parse('parameter: { name: a, missing: 1m, value: b }')).toThrow('needs one of missing, value and with');
  });
});

describe('a function', () => {
  const invoke = () => rehearsal.world.invoke('look', { now: '2030-01-01T00:00:00Z' });

  test('is throttled for a while, whoever calls it', async () => {
    expect(await run('\n    - function: { name: look, down: 1h }\n')).toMatchObject(passed);
    await expect(invoke()).rejects.toMatchObject({ code: 'TooManyRequestsException' });
    await rehearsal.world.clock.advanceBy(3_600_000);
    expect(await invoke()).toMatchObject({ payload: { at: '2030-01-01T00:01:00.000Z' } });
  });

  test('crashes for a while', async () => {
    expect(await run('\n    - function: { name: look, down: 1h, how: crashes }\n')).toMatchObject(passed);
    expect(await invoke()).toMatchObject({ functionError: 'Unhandled', payload: { errorType: 'Runtime.ExitError' } });
  });

  test('that nobody has is no function', async () => {
    expect(await run('\n    - function: { name: tea, down: 1h }\n')).toMatchObject(
      fails('no deployed function is called tea'),
    );
  });
});

describe('bounds', () => {
  const timer = () => {
    const machine = rehearsal.world.resources('AWS::StepFunctions::StateMachine')[0]!;
    const input = JSON.stringify({ at: rehearsal.world.clock.iso() });
    return rehearsal.world.call('sfn', 'StartExecution', { stateMachineArn: machine.arn, input });
  };

  test('a timer whose function cannot run for sixty days: whether it is alive is told, in a few seconds', async () => {
    await timer();
    // The machine of this app does not renew itself: its history is full of failing turns after 24 days.
    expect(
      await run(`
    - function: { name: look, down: 60d, how: crashes }
    - wait: { for: 20d }
    - expect: { timers: { RUNNING: 1, FAILED: 0 }, secondsAtMost: 20, costAtMost: 1 }
    - wait: { for: 40d }
    - expect: { timers: { RUNNING: 0, FAILED: 1 } }
`),
    ).toMatchObject(passed);
  });

  test('of transitions and of request units, absolute and against a mark', async () => {
    const read = () =>
      rehearsal.world.call('dynamodb', 'GetItem', { TableName: 'rows', Key: { pk: { S: 'a' } }, ConsistentRead: true });
    await timer();
    await Promise.all([read(), read()]);
    expect(
      await run(`
    - mark: { as: before }
    - wait: { for: 10m }
    - expect: { readGrowthAtMost: { before: 1 }, readUnitsAtMost: 2, writeUnitsAtMost: 0 }
`),
    ).toMatchObject(passed);
    await Promise.all([read(), read(), read()]);

    expect(await run('\n    - expect: { readGrowthAtMost: { before: 2.1 } }\n')).toMatchObject(
      fails('the read units are 2.5 times those at before, more than 2.1'),
    );
    expect(await run('\n    - expect: { readUnitsAtMost: 4 }\n')).toMatchObject(fails('read units are 5, more than 4'));
    expect(await run('\n    - expect: { transitionsAtMost: 4 }\n')).toMatchObject(
      fails(/transitions are \d+, more than 4/),
    );
    expect(await run('\n    - expect: { secondsAtMost: 0 }\n')).toMatchObject(
      fails(/processor seconds are [\d.]+, more/),
    );
    expect(await run('\n    - expect: { readGrowthAtMost: { after: 1 } }\n')).toMatchObject(
      fails('the app has no mark after; it has before'),
    );
  });
});

test('what no document settles is assumed by the scenario', async () => {
  const steps = `
    - push: { message: Good }
    - wait: { until: { gate: { Prod/Approve: expired } }, within: 8d }`;
  expect(
    await run(
      `${steps}\n    - expect: { answeredBy: { Prod/Approve: assumed-role } }\n`,
      'assume: { closedBy: pipeline-role }\n',
    ),
  ).toMatchObject(passed);
  expect(await run(`${steps}\n    - expect: { answeredBy: { Prod/Approve: nobody } }\n`)).toMatchObject(passed);
});

test('an alarm has no data for a time', async () => {
  expect(
    await run(`
    - alarm: { name: shop-5xx, state: INSUFFICIENT_DATA, for: 10m }
    - wait: { for: 9m }
    - expect: { alarm: { shop-5xx: INSUFFICIENT_DATA } }
    - wait: { for: 1m }
    - expect: { alarm: { shop-5xx: OK } }
`),
  ).toMatchObject(passed);
});
