import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { RunHistory, TimerError } from '../../../contract/messages';
import { ApprovalWorkflow } from '../../../lib/approval';
import { flat } from './gate-fixture';

const stack = new Stack(new App(), 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
const workflow = new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop' });
const template = Template.fromStack(stack);
const [machineId, machine] = Object.entries(template.findResources('AWS::StepFunctions::StateMachine'))[0] as [
  string,
  any,
];
const { StartAt, States } = JSON.parse(flat(machine.Properties.DefinitionString)) as {
  StartAt: string;
  States: { [name: string]: any };
};

/** How often a task is tried when it always fails with this error. */
function triesOf(task: any, error: string): number {
  const retrier = (task.Retry ?? []).find(({ ErrorEquals }: any) => fits(ErrorEquals, error));
  return 1 + (retrier?.MaxAttempts ?? 0);
}

function fits(errors: string[], error: string): boolean {
  return errors.includes(error) || errors.includes('States.ALL');
}

function caughtBy(state: any, error: string): any {
  return state.Catch.find(({ ErrorEquals }: any) => fits(ErrorEquals, error));
}

/**
 * Events that one visit of a state leaves in the history: entered and exited, and for each try of a task that it was scheduled,
 * started and ended (https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html).
 */
function eventsOf(name: string, tries = 1): number {
  const state = States[name];
  const ends = state.Type === 'Succeed' ? 1 : 0;
  return 2 + (state.Type === 'Task' ? 3 * tries : 0) + ends;
}

/** States that follow one another when a turn fails for good, until `decide` is asked again. */
function failedTurn(from: string, pause: string): string[] {
  return [from, caughtBy(States[from], 'Lambda.Unknown').Next, 'Too long?', pause];
}

describe('a good turn', () => {
  test('is exactly two state transitions', () => {
    expect(StartAt).toBe('Wait');
    expect([States.Wait.Next, States.Decide.Next]).toEqual(['Decide', 'Wait']);
  });

  test('leaves as many events in the history as are counted for it', () => {
    expect(eventsOf('Wait') + eventsOf('Decide')).toBe(RunHistory.TURN);
  });

  test('hands the time of the turn and ids to decide, whose answer is the input of the next turn', () => {
    expect(States.Wait).toEqual({ Type: 'Wait', TimestampPath: '$.at', Next: 'Decide' });
    expect(States.Decide).toMatchObject({
      Resource: expect.stringMatching(/:states:::lambda:invoke$/),
      Parameters: {
        FunctionName: expect.stringContaining('DecideFunction'),
        Payload: { kind: 'turn', 'now.$': '$$.State.EnteredTime', 'target.$': '$.target', 'events.$': '$.events' },
      },
      OutputPath: '$.Payload',
    });
    expect(States.Decide).not.toHaveProperty('ResultPath');
    expect(States.Decide).not.toHaveProperty('ResultSelector');
  });
});

describe('a turn that fails', () => {
  test('is not tried again with its old time: it is entered anew, soon, and after many failures every 15 minutes', () => {
    for (const name of ['Decide', 'Decide again']) {
      expect(States[name]).not.toHaveProperty('Retry');
      expect(States[name].Parameters.Payload['now.$']).toBe('$$.State.EnteredTime');
    }
    expect(failedTurn('Decide', 'Short pause')[1]).toBe('First failure');
    expect(failedTurn('Decide again', 'Long pause')[1]).toBe('Another failure');
    expect(States['Too long?']).toMatchObject({
      Choices: [{ Next: 'Renew' }, { Variable: '$.failures', NumericGreaterThanEquals: 20, Next: 'Long pause' }],
      Default: 'Short pause',
    });
    expect(States['Short pause']).toEqual({ Type: 'Wait', Seconds: 10, Next: 'Decide again' });
    expect(States['Long pause']).toEqual({ Type: 'Wait', Seconds: 900, Next: 'Decide again' });
    expect(States['Decide again'].Next).toBe('Wait');
  });

  test('leaves at most as many events in the history as are counted for it', () => {
    for (const [from, before, after] of [
      ['Decide', 'Wait', 'Short pause'],
      ['Decide again', 'Long pause', 'Long pause'],
    ] as const) {
      const all = failedTurn(from, after).reduce((sum, name) => sum + eventsOf(name), 0);
      const waited = before === after ? 0 : eventsOf(before);

      expect(all + waited - (waited > 0 ? eventsOf(after) : 0)).toBeLessThanOrEqual(RunHistory.FAILED_TURN);
    }
  });

  test('is counted, keeps its target, and nothing of its failure', () => {
    expect(caughtBy(States.Decide, 'Lambda.Unknown').ResultPath).toBe('$.failure');
    const counted = {
      'at.$': '$$.State.EnteredTime',
      'target.$': '$.target',
      'events.$': `States.MathAdd($.events, ${RunHistory.FAILED_TURN})`,
    };
    expect(States['First failure'].Parameters).toEqual({ ...counted, failures: 1 });
    expect(States['Another failure'].Parameters).toEqual({
      ...counted,
      'failures.$': 'States.MathAdd($.failures, 1)',
    });
  });
});

describe('the end of a run', () => {
  test.each([
    [TimerError.CLOSED, 'Finished'],
    [TimerError.RENEW, 'Renew'],
  ])('by %s is caught at once', (error, next) => {
    for (const name of ['Decide', 'Decide again']) {
      expect(triesOf(States[name], error)).toBe(1);
      expect(caughtBy(States[name], error)).toMatchObject({ Next: next, ResultPath: '$.failure' });
    }
  });

  test('comes before its history is full, however its turns fail and however often renewing is tried', () => {
    expect(States['Too long?'].Choices[0]).toEqual({
      Variable: '$.events',
      NumericGreaterThanEquals: RunHistory.RENEW_AT,
      Next: 'Renew',
    });
    const started = 1;
    const last = Math.max(RunHistory.TURN, RunHistory.FAILED_TURN);
    const renewing = eventsOf('Renew', triesOf(States.Renew, 'States.TaskFailed')) + eventsOf('Finished');

    expect(started + RunHistory.RENEW_AT + last + renewing).toBeLessThan(RunHistory.LIMIT);
  });

  test('is taken over by one successor, whatever happens while it starts', () => {
    expect(States.Renew.Parameters).toEqual({
      'StateMachineArn.$': '$$.StateMachine.Id',
      'Name.$': "States.Hash($$.Execution.Name, 'SHA-256')",
      Input: { 'at.$': '$.at', 'target.$': '$.target', events: 0 },
    });
    const started = 'StepFunctions.ExecutionAlreadyExistsException';
    expect(triesOf(States.Renew, started)).toBe(1);
    expect(caughtBy(States.Renew, started).Next).toBe('Finished');
  });
});

test('every state can be reached and leads on', () => {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (!seen.has(name)) {
      seen.add(name);
      const { Next, Default, Choices = [], Catch = [] } = States[name];
      [Next, Default, ...[...Choices, ...Catch].map((one: any) => one.Next)].filter(Boolean).forEach(visit);
    }
  };
  visit(StartAt);

  expect([...seen].sort()).toEqual(Object.keys(States).sort());
});

describe('the state machine', () => {
  test('has a name that functions and policies can write down beforehand', () => {
    expect(machine.Properties.StateMachineName).toBe('gates-shop');
    for (const name of ['Intake', 'Decide']) {
      template.hasResourceProperties('AWS::Lambda::Function', {
        Role: { 'Fn::GetAtt': [Match.stringLikeRegexp(`Approvals${name}Role`), 'Arn'] },
        Environment: {
          Variables: Match.objectLike({
            GATES_STATE_MACHINE: {
              'Fn::Join': [
                '',
                ['arn:', { Ref: 'AWS::Partition' }, ':states:eu-west-1:111111111111:stateMachine:gates-shop'],
              ],
            },
          }),
        },
      });
    }
  });

  test('may start itself, by a policy that it does not wait for', () => {
    const [[id, policy]] = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([name]) =>
      name.includes('RenewPolicy'),
    ) as [[string, any]];

    expect(policy.Properties.PolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: 'states:StartExecution', Resource: { Ref: machineId } },
    ]);
    expect(machine.DependsOn).not.toContain(id);
  });

  test('may invoke decide, and none of its versions', () => {
    const invoking = Object.entries(template.findResources('AWS::IAM::Policy'))
      .filter(([name]) => name.includes('TimerRole'))
      .flatMap(([, policy]) => policy.Properties.PolicyDocument.Statement as any[])
      .filter(({ Action }) => Action === 'lambda:InvokeFunction');

    expect(invoking.map(({ Resource }) => Resource)).toEqual([
      { 'Fn::GetAtt': [expect.stringContaining('DecideFunction'), 'Arn'] },
    ]);
  });

  test('logs without data into the group of vended logs', () => {
    expect(machine.Properties.LoggingConfiguration).toMatchObject({ IncludeExecutionData: false, Level: 'ALL' });
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: Match.stringLikeRegexp('^/aws/vendedlogs/states/'),
    });
  });

  test('is the resource itself, so that what users add to it has an effect', () => {
    expect(stack.resolve(workflow.stateMachine.stateMachineArn)).toEqual({ Ref: machineId });
  });
});
