import { RunHistory, TimerError } from '../../../contract/messages';

/** A turn that failed is taken again after so many seconds: a throttle or a deployment passes by itself. */
const SHORT_PAUSE = 10;
/** After so many failures in a row something is broken, and turns are taken every 15 minutes. */
const QUICK_FAILURES = 20;
const LONG_PAUSE = 900;

/**
 * The timer in Amazon States Language (https://states-language.net).
 *
 * A turn is two transitions, `Wait` and `Decide`, because each one is paid for. `decide` answers with the input of the next
 * turn. It ends a run by failing with an error of a certain name, which the machine catches without another transition.
 *
 * No state retries: a state that is tried again keeps the time at which it was entered, and `decide` would judge old measurements
 * as fresh by it. A turn that failed is entered anew instead.
 *
 * ```
 *        ┌────────────────────────┐
 *        ▼                        │ next time
 *      Wait ──────────────────▶ Decide ───── RequestClosed ──▶ Finished
 *        ▲                        ├───────── TimerRunFull ───▶ Renew ──▶ Finished
 *        │ next time              └─ any other error ─▶ First failure ─▶ Too long?
 *        │                                                               │     └──▶ Renew
 *      Decide again ◀────────────── Short pause, or Long pause ◀─────────┘
 *        ├─ RequestClosed, TimerRunFull: as above             ▲
 *        └─ any other error ─▶ Another failure ─▶ Too long? ──┘
 * ```
 */
export function timerDefinition(partition: string, decideArn: string): object {
  const service = (name: string) => `arn:${partition}:states:::${name}`;
  const decide = (afterFailure: string) => ({
    Type: 'Task',
    Resource: service('lambda:invoke'),
    Parameters: {
      FunctionName: decideArn,
      Payload: {
        kind: 'turn',
        'now.$': '$$.State.EnteredTime',
        'target.$': '$.target',
        'events.$': '$.events',
      },
    },
    OutputPath: '$.Payload',
    Catch: [
      { ErrorEquals: [TimerError.CLOSED], ResultPath: '$.failure', Next: 'Finished' },
      { ErrorEquals: [TimerError.RENEW], ResultPath: '$.failure', Next: 'Renew' },
      { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: afterFailure },
    ],
    Next: 'Wait',
  });
  // Everything that the next states need, and nothing of the failure.
  const count = (failures: object) => ({
    Type: 'Pass',
    Parameters: {
      'at.$': '$$.State.EnteredTime',
      'target.$': '$.target',
      'events.$': `States.MathAdd($.events, ${RunHistory.FAILED_TURN})`,
      ...failures,
    },
    Next: 'Too long?',
  });
  return {
    Comment: 'Timer of one approval request',
    StartAt: 'Wait',
    States: {
      Wait: { Type: 'Wait', TimestampPath: '$.at', Next: 'Decide' },
      Decide: decide('First failure'),
      'First failure': count({ failures: 1 }),
      'Decide again': decide('Another failure'),
      'Another failure': count({ 'failures.$': 'States.MathAdd($.failures, 1)' }),
      'Too long?': {
        Type: 'Choice',
        Choices: [
          { Variable: '$.events', NumericGreaterThanEquals: RunHistory.RENEW_AT, Next: 'Renew' },
          { Variable: '$.failures', NumericGreaterThanEquals: QUICK_FAILURES, Next: 'Long pause' },
        ],
        Default: 'Short pause',
      },
      'Short pause': { Type: 'Wait', Seconds: SHORT_PAUSE, Next: 'Decide again' },
      'Long pause': { Type: 'Wait', Seconds: LONG_PAUSE, Next: 'Decide again' },
      Renew: {
        Type: 'Task',
        Resource: service('states:startExecution'),
        Parameters: {
          'StateMachineArn.$': '$$.StateMachine.Id',
          // The same name on every try, so that a run has one successor.
          'Name.$': "States.Hash($$.Execution.Name, 'SHA-256')",
          Input: { 'at.$': '$.at', 'target.$': '$.target', events: 0 },
        },
        Retry: [
          { ErrorEquals: [ALREADY_STARTED], MaxAttempts: 0 },
          {
            // About a day: a run that gives up here leaves its request without a timer.
            ErrorEquals: ['States.ALL'],
            IntervalSeconds: 5,
            MaxAttempts: 200,
            BackoffRate: 2,
            MaxDelaySeconds: 900,
            JitterStrategy: 'FULL',
          },
        ],
        Catch: [{ ErrorEquals: [ALREADY_STARTED], Next: 'Finished' }],
        Next: 'Finished',
      },
      Finished: { Type: 'Succeed' },
    },
  };
}

const ALREADY_STARTED = 'StepFunctions.ExecutionAlreadyExistsException';
