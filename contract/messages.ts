/** What travels between the functions, the state machine and the outside. Times are ISO 8601 in UTC. */
import type { CheckPlan } from './checks';
import type { GateName } from './policy';

/** Input of a timer run, and what each of its turns hands to the next: ids and numbers only. */
export interface TimerInput {
  /** The run sleeps until then. */
  readonly at: string;
  readonly target: Target;
  /** Events in the run's history so far, as far as they are counted. */
  readonly events: number;
}

/** What a timer run looks after. */
export type Target = RequestTarget | ActionTarget | OverviewTarget | DigestTarget;

/** A request that is known. */
export interface RequestTarget {
  readonly requestId: string;
  /** The run was started for a vote: its first look measures anew, and it ends once the vote has had its effect. */
  readonly vote?: boolean;
}

/** An approval action whose state changed, whether or not its notification came. */
export interface ActionTarget {
  readonly gate: GateName;
  readonly executionId: string;
  /** The event's time: from then on a missing policy is waited for. */
  readonly since: string;
}

/** What serves in the stages of all pipelines: somebody looks at the dashboard. */
export interface OverviewTarget {
  /** When the dashboard asked. */
  readonly overviewOf: string;
}

/** Emails that were held back, sent to their reader as one. */
export interface DigestTarget {
  /** The reader. */
  readonly digestOf: string;
}

/** What the state machine hands to `decide` in every turn. It answers with the next `TimerInput`, or fails with a `TimerError`. */
export interface TurnCommand {
  readonly kind: 'turn';
  /** `$$.State.EnteredTime` */
  readonly now: string;
  readonly target: Target;
  readonly events: number;
}

/** Names of the errors by which `decide` ends a timer run: a state machine catches them without another transition. */
export const TimerError = {
  /** Nothing is left to look after. */
  CLOSED: 'RequestClosed',
  /** The history of the run is nearly full: a successor goes on. */
  RENEW: 'TimerRunFull',
} as const;

/** History of a run of Step Functions: at most 25,000 events (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). */
export const RunHistory = {
  LIMIT: 25_000,
  /** A run that has so many events renews itself: room for hundreds of failing turns is left. */
  RENEW_AT: 20_000,
  /** Events of a turn in which the look succeeds: Wait entered and exited, Decide entered, scheduled, started, succeeded, exited. */
  TURN: 7,
  /** Most events of a turn that fails: of the wait or the pause, of `decide`, the count and the choice. */
  FAILED_TURN: 12,
} as const;

/** `decide` → `check`, synchronous. */
export interface CheckCommand {
  readonly requestId: string;
  readonly check: CheckPlan;
  /** Role to assume for reading. */
  readonly role: string;
  /** When the gate began to watch. */
  readonly since: string;
  /**
   * When this check last found something out (PASS or FAIL): failures before that are counted already. A measurement that could
   * not tell does not count, since it may have missed a failure. Absent until the first one.
   */
  readonly lastFinding?: string;
  /** The time of the last FAIL, so that what it failed for is not counted again. Absent until there is one. */
  readonly lastFailure?: string;
  readonly now: string;
  /** What a check of some kinds has to know of the run. Absent for the others, and in a hook, which knows of no run. */
  readonly run?: RunToJudge;
}

/** The run that waits at the gate. */
export interface RunToJudge {
  /** CodePipeline's id of the run, or of the one that a rollback goes back to. */
  readonly executionId?: string;
  /** Its builds: of each action the latest one. Those of a rollback are the builds of the run that it goes back to. */
  readonly builds?: readonly RunBuild[];
  /**
   * What the newest other run passed this gate with, where a check compares with it: its builds until then. In a rollback those of the run
   * that it goes back to, if that passed the gate. Absent = there is none.
   */
  readonly lastGreen?: readonly RunBuild[];
  /** Tag or digest of its image. */
  readonly image?: string;
}

export interface RunBuild {
  /** As CodePipeline knows it: `project:uuid`. Absent = it has just begun, and has none yet. */
  readonly id?: string;
  readonly stage: string;
  readonly action: string;
  readonly startedAt: string;
  readonly isRunning: boolean;
}

/** `check` → `decide`. */
export interface Measurement {
  readonly checkId: string;
  readonly at: string;
  readonly verdict: 'PASS' | 'FAIL' | 'INCONCLUSIVE' | 'ERROR' | 'IN_PROGRESS';
  /** One sentence why, at most 300 characters. */
  readonly reason: string;
  /** With PASS: the check was healthy without interruption from then until `at`. Absent = it was seen at `at` only. */
  readonly healthySince?: string;
  /** What was looked at. */
  readonly from?: string;
  readonly to?: string;
  readonly value?: string;
  readonly threshold?: string;
  /** The value as a number, where it is one that can be drawn over time. */
  readonly drawn?: DrawnValue;
  /** Where people see more, in the AWS console: what was measured, and the log and the traces of what serves there. */
  readonly link?: string;
  readonly logs?: string;
  readonly traces?: string;
  /** The account in which these are, where it is not that of the gate: a link opens in the account in which its reader is signed in. */
  readonly account?: string;
  /** With IN_PROGRESS: it will be so until then, and that is no reason to give up. */
  readonly waitsUntil?: string;
  /** With IN_PROGRESS: seconds until it is worth measuring again. */
  readonly callBackDelay?: number;
}

export interface DrawnValue {
  readonly value: number;
  /** Where it begins to be unhealthy. */
  readonly limit?: number;
  /** What it is compared with: the value of the stable version. */
  readonly baseline?: number;
  /** What stands behind the numbers: `%`. Absent = nothing. */
  readonly unit?: string;
}

/** What an own Lambda check is invoked with. It answers `LambdaCheckReply`. */
export interface LambdaCheckEvent {
  readonly kind: 'approval-gate-check';
  readonly requestId: string;
  readonly checkId: string;
  readonly since: string;
  readonly now: string;
  readonly details?: string;
}

/** The contract of the ECS deployment hooks, so that one function serves both. */
export interface LambdaCheckReply {
  readonly hookStatus: 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS';
  readonly callBackDelay?: number;
  readonly reason?: string;
}

/** What an action asks the function `fields`, as its user parameters. */
export interface FieldsQuestion {
  /** The run; CodePipeline fills it in. */
  readonly run: string;
  /** The gate. */
  readonly stage: string;
  readonly action: string;
  /** Names of the fields that later actions may read. */
  readonly fields: readonly string[];
}
