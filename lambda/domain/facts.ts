/** What was found out about a request in its phase: all that a look decides by. */
import type { AnswerWay } from '../../contract/names';
import type { Person } from '../../contract/policy';
import type { ActionState } from './console-answer';
import type { Evaluation } from './evaluate';
import type { FollowedUp } from './follow-up';
import type { Opening } from './opening';
import type { Decided, Delivered, Waiting } from './request';
import type { Judged } from './ruling';
import type { Invitation, Review, Vote } from './vote';

/** A request that waits. */
export interface WaitingFacts {
  readonly request: Waiting;
  readonly action: ActionState;
  /** The rule with its votes and its health; undefined when policy or checks cannot be read. */
  readonly judged: Judged | undefined;
  readonly answers: AnswerWay;
  /** Why they cannot be read, and since when, once that was waited for long enough. */
  readonly problem?: { readonly reason: string; readonly since: string };
  readonly people: readonly Person[];
  readonly invitations: readonly Invitation[];
  readonly votes: readonly Vote[];
  /** Whether an approval may go to CodePipeline now; of one that somebody gave outside, whether it might then. */
  readonly opening: Opening;
}

/** A request whose outcome CodePipeline does not have yet. */
export interface DecidedFacts {
  readonly request: Decided;
  readonly action: ActionState;
  readonly judged: Judged | undefined;
  /** Health at this moment; undefined where the outcome does not depend on it. */
  readonly health: Evaluation | undefined;
  readonly answerRoles: readonly string[];
  readonly people: readonly Person[];
  readonly opening: Opening;
}

/** A request whose follow-up is open. */
export interface FollowUpFacts {
  readonly request: FollowedUp;
  /** Who may close it now. */
  readonly reviewers: readonly Person[];
  readonly reviews: readonly Review[];
  readonly invitations: readonly Invitation[];
}

export type Facts = WaitingFacts | DecidedFacts | FollowUpFacts | { readonly request: Delivered };
