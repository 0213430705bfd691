/** What travels between the functions, the state machine and the outside. Times are ISO 8601 in UTC. */
import type { CheckPlan, GateName } from './policy';

/** Input of a timer run: ids only. */
export interface TimerInput {
  /** The run sleeps until then before its first look. */
  readonly at: string;
  readonly look: Look;
  /** Looks taken so far, failed ones included. */
  readonly turns: number;
}

/** What to look at: a known request, or the second door's view of an approval action. */
export interface Look {
  readonly requestId?: string;
  /** `since` is the event's time: how long a missing policy is waited for. */
  readonly door?: GateName & { readonly executionId: string; readonly since?: string };
}

/** What the state machine hands to `decide`. */
export interface LookCommand {
  readonly kind: 'look';
  /** `$$.State.EnteredTime` */
  readonly now: string;
  readonly look: Look;
}

/** What `decide` answers: finished, or when to look again (and at what: a door may have become a request). */
export interface LookResult {
  readonly done: boolean;
  readonly next?: string;
  readonly look: Look;
}

/** `decide` → `check`, synchronous. */
export interface CheckCommand {
  readonly requestId: string;
  readonly check: CheckPlan;
  /** Role to assume for reading. */
  readonly role: string;
  /** When the gate began to watch. */
  readonly since: string;
  /**
   * When this check last found something out (PASS or FAIL): failures before that are counted already. A look that could
   * not tell does not count, since it may have missed a failure. Absent until the first one.
   */
  readonly lastLook?: string;
  readonly now: string;
}

/** `check` → `decide`. */
export interface Measurement {
  readonly checkId: string;
  readonly at: string;
  readonly verdict: 'PASS' | 'FAIL' | 'INCONCLUSIVE' | 'ERROR' | 'IN_PROGRESS';
  /** One sentence why, at most 300 characters. */
  readonly reason: string;
  /** What was looked at. */
  readonly from?: string;
  readonly to?: string;
  readonly value?: string;
  readonly threshold?: string;
  /** With IN_PROGRESS: seconds until it is worth looking again. */
  readonly callBackDelay?: number;
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
