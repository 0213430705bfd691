/**
 * What a scenario file may hold. Names of stages, actions, functions and alarms are those of the synthesized app.
 *
 * ```yaml
 * title: Two of three approve
 * app: bin/app.ts           # a folder with a cdk.json or a cloud assembly, a .ts file, or a command; --app when absent
 * context: { quorum: '2' }  # context of the synth
 * pipeline: shop-release    # the first one of the app when absent
 * steps:
 *   - push: { message: Sell tea, author: dora-gh }
 *   - wait: { until: { gate: { Prod/Approve: asks } }, within: 2h }
 *   - approve: { gate: Prod/Approve, as: ana@example.com }
 *   - expect: { gate: { Prod/Approve: approved } }
 * ```
 */
import type { Of } from './shape';
import {
  actionPath,
  aliasPath,
  choice,
  dollars,
  duration,
  flag,
  httpStatus,
  listOf,
  mapOf,
  number,
  object,
  oneOf,
  someOf,
  text,
  webAddress,
  whole,
} from './shape';

const ACTION_STATES = ['NotStarted', 'InProgress', 'Succeeded', 'Failed', 'Abandoned'] as const;
const RUN_STATES = ['InProgress', 'Stopping', 'Stopped', 'Succeeded', 'Superseded', 'Failed', 'Cancelled'] as const;

/** What can be seen from outside. All of it has to hold. */
export const expectation = object(
  {},
  {
    /** The run of the latest push. */
    run: oneOf(...RUN_STATES),
    /** Every run so far, rollbacks too, oldest first. */
    runs: listOf(oneOf(...RUN_STATES)),
    /** The latest rollback, by its status. */
    rollback: oneOf(...RUN_STATES, 'None'),
    /** The stage that the run of the latest push waits before, because another run has it; or None. */
    waitsBefore: text,
    /** The latest run of actions. */
    action: mapOf(actionPath, oneOf(...ACTION_STATES)),
    /** `asks` = waits for an answer. */
    gate: mapOf(actionPath, oneOf('asks', 'approved', 'rejected', 'expired', 'stopped')),
    /** Texts that the summary of an action holds. */
    summary: mapOf(actionPath, someOf(text)),
    /** Part of the ARN that answered. */
    answeredBy: mapOf(actionPath, text),
    /** Mails that arrived since the latest push, since the latest rollback, or in all. `without`: texts that none of them has, neither in its subject nor in its text. */
    mail: someOf(
      object(
        { to: text },
        {
          subject: text,
          text: someOf(text),
          without: someOf(text),
          count: whole,
          atLeast: whole,
          sincePush: flag,
          sinceRollback: flag,
        },
      ),
    ),
    /** Where an alias points: the version before the latest push, a newer one, or a number. */
    alias: mapOf(aliasPath, text),
    /** Percent of an alias's traffic on the newer version. */
    traffic: mapOf(aliasPath, whole),
    /** Custom events so far: how many of each detail type. */
    events: mapOf(text, whole),
    alarm: mapOf(text, oneOf('OK', 'ALARM', 'INSUFFICIENT_DATA')),
    /** Runs of state machines so far: how many have each status. */
    timers: mapOf(oneOf('RUNNING', 'SUCCEEDED', 'FAILED', 'ABORTED'), whole),
    /** Calls of AWS since the beginning, by operation: at most so many. */
    callsAtMost: mapOf(text, whole),
    /** What all of it would have cost since the beginning, past every free tier: at most so many dollars. */
    costAtMost: dollars,
    /** State transitions of Step Functions since the beginning: at most so many. */
    transitionsAtMost: whole,
    /** Request units of DynamoDB since the beginning: at most so many. */
    readUnitsAtMost: whole,
    /** The same for writes. */
    writeUnitsAtMost: whole,
    /** Read units since the beginning, as a multiple of those at a `mark`: at most so much. */
    readGrowthAtMost: mapOf(text, number),
    /** Processor seconds of this machine since the beginning: at most so many. */
    secondsAtMost: number,
    /** Texts that some line of the journal holds. */
    journal: someOf(text),
  },
);

/** Which link of the mail is used, and what is done to it. */
const link = {
  gate: actionPath,
  as: text,
};

const linkOptions = {
  /** `first` = the link of the first mail; `previous` = of the request before. */
  link: oneOf('latest', 'first', 'previous'),
  forge: oneOf('truncated', 'tampered', 'foreign', 'unknown-request'),
};

const answer = object(link, {
  ...linkOptions,
  comment: text,
  number: oneOf('right', 'wrong', 'none'),
  /** Uses the number and evidence of the page as it was when it was opened by `open` with `keep`. */
  page: oneOf('fresh', 'kept'),
  /** `ended` = the gate takes no more answers, and the page says how it ended. */
  expect: oneOf('recorded', 'not-recorded', 'ended', 'dead'),
  times: whole,
});

export const step = choice({
  /** A change arrives. `breaks` makes the built functions misbehave: errors, unhealthy, undecided. */
  push: object(
    { message: text },
    {
      author: text,
      mail: text,
      commit: text,
      breaks: mapOf(text, oneOf('errors', 'unhealthy', 'undecided')),
      pipeline: text,
    },
  ),
  /** Lets time go by, or goes on until something is so. */
  wait: object({}, { for: duration, until: expectation, within: duration }),
  expect: expectation,
  /** Somebody opens the link of the mail, types the number and presses Approve. */
  approve: answer,
  /** The same, and presses Reject. */
  reject: answer,
  /** Opens a link without answering. */
  open: object(link, {
    ...linkOptions,
    method: oneOf('GET', 'HEAD', 'OPTIONS'),
    times: whole,
    /** `ended` = the page says how the gate ended, and nothing else. */
    expect: oneOf('page', 'ended', 'dead', 'any'),
    shows: someOf(text),
    /** Texts that the page does not hold. */
    hides: someOf(text),
    keep: flag,
  }),
  /** Answers in the AWS console, as an ARN. */
  console: object(
    { gate: actionPath, verdict: oneOf('approve', 'reject'), as: text },
    { summary: text, expect: oneOf('accepted', 'refused') },
  ),
  /** An alarm changes its state, now or later, and back after `for`. */
  alarm: object(
    { name: text, state: oneOf('OK', 'ALARM', 'INSUFFICIENT_DATA') },
    { after: duration, for: duration, reason: text },
  ),
  /** Calls of AWS fail: `codepipeline:*`, `sns:Publish`; `of` = only those of a function whose name holds this. */
  fail: object({ operation: text }, { for: duration, times: whole, code: text, after: flag, of: text }),
  /** An action ends otherwise than it would. */
  action: object({ name: actionPath, result: oneOf('Succeeded', 'Failed') }, { summary: text, times: whole }),
  /** The notification of a gate is delivered once more. */
  notify: object({ gate: actionPath }, { times: whole }),
  /** The next notification of a gate never arrives. */
  lose: object({ gate: actionPath }, { times: whole }),
  /** How web addresses that begin so answer from now on; those that nobody told answer 200. */
  web: object({ address: webAddress, status: httpStatus }, { body: text }),
  /** How the mail subscription of an address stands. */
  mailbox: object({ address: text, state: oneOf('confirmed', 'pending', 'missing') }, {}),
  /** Functions that cannot run for a while, whoever calls them: Lambda refuses (`throttled`), or they crash. */
  function: object({ name: text, down: duration }, { how: oneOf('throttled', 'crashes') }),
  /** Parameters of Parameter Store, by their name or a part of it: not to be found for a time, or with another value, for good or `for` a time. `with` changes members of a JSON value. */
  parameter: object({ name: text }, { missing: duration, value: text, with: mapOf(text, text), for: duration }),
  /** The run of the latest push is stopped, its actions abandoned unless `abandon` is false. */
  stop: object({}, { abandon: flag, reason: text }),
  /** A stage that failed is tried again: the actions that failed, or `all`. */
  retry: object({ stage: text }, { all: flag }),
  /** Somebody brings a stage back to the run before; from now on, this is the run that expectations are about. */
  rollback: object({ stage: text }, { as: text }),
  /** From now on, expectations and the console are about the latest rollback, or again about the latest push. */
  follow: object({ run: oneOf('rollback', 'push') }, {}),
  /** Remembers what was counted so far, for `readGrowthAtMost`. */
  mark: object({ as: text }, {}),
  /** The definition of a pipeline is changed: CodePipeline rolls back to no run of before. `rename` and `remove` take stages and actions (Prod, Prod/Approve); a run whose action is gone is cancelled, or with `keepsRuns` waits until it expires. */
  update: object(
    {},
    { pipeline: text, rename: mapOf(text, text), remove: someOf(text), keepsRuns: flag, delete: flag },
  ),
});

export const scenario = object(
  { title: text, steps: listOf(step) },
  {
    about: text,
    app: text,
    context: mapOf(text, text),
    pipeline: text,
    start: text,
    /** Whether calls need the permissions of their roles, as on AWS: a refused call fails the scenario. Enforced when absent. */
    permissions: oneOf('enforced', 'ignored'),
    /** What no document of AWS settles: the order of ListActionExecutions, and whom it names for what CodePipeline closed by itself. */
    assume: object(
      {},
      {
        actionOrder: oneOf('newest-first', 'oldest-first', 'shuffled'),
        closedBy: oneOf('nobody', 'pipeline-role'),
      },
    ),
  },
);

export type Scenario = Of<typeof scenario>;
export type Step = Of<typeof step>;
export type Expectation = Of<typeof expectation>;
export type AnswerStep = Of<typeof answer>;
export type OpenStep = Extract<Step, { readonly open: unknown }>['open'];
export type LinkChoice = Pick<AnswerStep, 'gate' | 'as' | 'link' | 'forge'>;
