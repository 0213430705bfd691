import { RunHistory, TimerError } from '../../../contract/messages';

/** After nine tries of a turn have failed, the next ones wait so many seconds. */
const PAUSE = 900;

/**
 * The timer in Amazon States Language (https://states-language.net).
 *
 * A turn is two transitions, `Wait` and `Decide`, because each one is paid for. `decide` answers with the input of the next
 * turn. It ends a run by failing with an error of a certain name, which the machine catches without another transition.
 *
 * ```
 *        ┌────────────────────────┐
 *        ▼                        │ next time
 *      Wait ──────────────────▶ Decide ── RequestClosed ──▶ Finished
 *                                 ▲  ├─── TimerRunFull ───▶ Renew ──▶ Finished
 *                     15 minutes  │  └─── any other error
 *                               Pause            │
 *                                 ▲              ▼
 *                                 └── Too long? ◀─ Count failure
 *                                        └───────────────▶ Renew
 * ```
 */
export function timerDefinition(partition: string, decideArn: string): object {
  const service = (name: string) => `arn:${partition}:states:::${name}`;
  return {
    Comment: 'Timer of one approval request',
    StartAt: 'Wait',
    States: {
      Wait: { Type: 'Wait', TimestampPath: '$.at', Next: 'Decide' },
      Decide: {
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
        Retry: [
          { ErrorEquals: [TimerError.CLOSED, TimerError.RENEW], MaxAttempts: 0 },
          {
            ErrorEquals: ['States.ALL'],
            IntervalSeconds: 2,
            MaxAttempts: 8,
            BackoffRate: 2,
            MaxDelaySeconds: 60,
            JitterStrategy: 'FULL',
          },
        ],
        Catch: [
          { ErrorEquals: [TimerError.CLOSED], ResultPath: '$.failure', Next: 'Finished' },
          { ErrorEquals: [TimerError.RENEW], ResultPath: '$.failure', Next: 'Renew' },
          { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Count failure' },
        ],
        Next: 'Wait',
      },
      'Count failure': {
        Type: 'Pass',
        // Everything that the next state needs, and nothing of the failure.
        Parameters: {
          'at.$': '$$.State.EnteredTime',
          'target.$': '$.target',
          'events.$': `States.MathAdd($.events, ${RunHistory.FAILED_TURN})`,
        },
        Next: 'Too long?',
      },
      'Too long?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.events', NumericGreaterThanEquals: RunHistory.RENEW_AT, Next: 'Renew' }],
        Default: 'Pause',
      },
      Pause: { Type: 'Wait', Seconds: PAUSE, Next: 'Decide' },
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
