/**
 * A request: one approval action of one run that waits for an answer. Each phase has the facts that it needs, and no phase can
 * be asked for a fact that it lacks.
 *
 *     OPENED → WAITING → DECIDED → DELIVERED → CLOSED
 *
 * An approval that ends before its run is known goes from OPENED to DELIVERED; one that somebody answers in CodePipeline goes
 * from WAITING to DELIVERED. No record holds a secret: not the seed of a link, not the token of an approval action.
 */
import type { Course } from '../../contract/check-course';
import type { FieldValues } from '../../contract/fields';
import type { EscalationRule, GateName, GatePolicy } from '../../contract/policy';
import type { ShownBeside } from '../../contract/record';
import type { ChangeRange } from './change-range';
import type { ChangeSetView } from './change-set';
import type { Proposed } from './in-force';

export type Request = Opened | Waiting | Decided | Delivered | Closed;
export type Phase = Request['phase'];

interface Every {
  /** Hash of pipeline, stage, action and token. */
  readonly id: string;
  readonly asked: Asked;
  /** Why links alone cannot open this gate, if so: the console remains. */
  readonly consoleOnly?: string;
  /** Since when a parameter of this gate, or a check in it, cannot be read. */
  readonly unreadableSince?: string;
  /** The checks are watched from then on: nobody could read them before. Absent = since the run was found. */
  readonly watchedSince?: string;
  /** How many rejections, approvals with details, and answers in the place of earlier ones were kept, or more. Absent = none. */
  readonly rejections?: number;
  /** Approved, and held back until the gate opens: the rule is judged anew then. */
  readonly held?: Held;
  /** Who of those invited has answered or has no vote, for the dashboard. Nothing is decided by it. */
  readonly responses?: readonly Response[];
}

/** An approval that waits for a deployment window or a change calendar. */
export interface Held {
  /** Who or what approved: the summary of the outcome, were it fixed now. */
  readonly summary: string;
  readonly why: string;
  /** Since when it is held back for that reason. */
  readonly since: string;
  /** When it goes ahead, as far as anybody can tell. */
  readonly opensAt?: string;
}

/** Where one of the people who were asked stands. Whoever is not among the responses has not answered yet. */
export interface Response {
  readonly approver: string;
  /**
   * OPENED: alone, in an emergency. OUTDATED: approved something else than what was shown when the approval arrived. AWAY: has left the
   * place to a delegate, or, where the delegate has a place already, to nobody.
   */
  readonly kind: 'APPROVED' | 'REJECTED' | 'OPENED' | 'OUTDATED' | 'EXCLUDED' | 'AWAY';
  /** With AWAY. */
  readonly name?: string;
  readonly delegate?: string;
  readonly until?: string;
}

/** The approval asks; which run it belongs to is not known yet. */
export interface Opened extends Every {
  readonly phase: 'OPENED';
}

/** The run is known; checks are watched, people are asked, or both. */
export interface Waiting extends Every, Known {
  readonly phase: 'WAITING';
}

/** The outcome is fixed; CodePipeline does not have it yet. */
export interface Decided extends Every, Known {
  readonly phase: 'DECIDED';
  readonly outcome: Outcome;
}

/** CodePipeline has an answer; not everybody was told yet. */
export interface Delivered extends Every, Partial<Known> {
  readonly phase: 'DELIVERED';
  readonly outcome: Outcome;
  readonly deliveredAt: string;
  /** What really happened, when somebody answered in CodePipeline (or it ended) before the outcome could be delivered. */
  readonly overtakenBy?: Outcome;
  /** Its number in the record; until it is closed, one that it claims. */
  readonly recorded?: number;
  /** Present when one person opened the gate alone and everybody was told; it is open until the request is closed. */
  readonly followUp?: FollowUp;
  /** The number of its closing in the record; until it is closed, one that it claims. */
  readonly closingRecorded?: number;
}

/** A second person has to look at what one person did alone. */
export interface FollowUp {
  readonly since: string;
  /** Whoever broke the glass. */
  readonly openedBy: readonly string[];
}

/** Everybody who was asked was told, and no follow-up is open. */
export interface Closed extends Omit<Delivered, 'phase'> {
  readonly phase: 'CLOSED';
  readonly closedAt: string;
}

/** A request whose outcome is fixed. */
export type Ended = Decided | Delivered | Closed;

/** What is known from the moment when the run was found. */
export interface Known {
  readonly run: Run;
  readonly shown: Shown;
  /** Present when people are asked. */
  readonly asking?: Asking;
}

/** What the approval action said when it asked. */
export interface Asked extends GateName {
  /** The notification's or the event's own time. */
  readonly at: string;
  /** What came first. A request that an event opened has that event's run as its timer. */
  readonly by: 'NOTIFICATION' | 'EVENT';
  /** Execution id as the notification's text claims it: where to look first, never believed. */
  readonly executionHint?: string;
  /** When the action expires, as the notification says. */
  readonly expires?: string;
}

/** The run that asks, found by the token of its approval action. */
export interface Run {
  readonly executionId: string;
  readonly actionExecutionId: string;
  readonly identifiedAt: string;
  /** When the action stops waiting. */
  readonly deadline: string;
  readonly kind: RunKind;
  /** AutomatedRollback, ManualRollback, Webhook, … */
  readonly trigger?: string;
  /** Login, address or ARN of whoever started the run. */
  readonly startedBy?: string;
  /** Who wrote its revisions; empty when no source says so. */
  readonly authors: readonly string[];
  /** The policy's approvers at that moment: later additions have no vote, removals act at once. */
  readonly invited: readonly string[];
  /** Of the invited, those who stood in each list at that moment, by the name of its parameter. Absent = no list. */
  readonly listed?: Readonly<Record<string, readonly string[]>>;
  /** Who is to be invited later, as the policy had it at that moment. They are not among `invited` until they are asked. */
  readonly escalation?: EscalationRule;
  /** Who might open the gate in an emergency, as the policy had it at that moment: later additions may not. Absent = nobody. */
  readonly mayBreakGlass?: readonly string[];
  readonly reviewUrl?: string;
  readonly text?: string;
  readonly revisions: readonly Revision[];
  /** What serves in the stage now: the revisions of the last run whose deployments there succeeded, this one included. */
  readonly serving: readonly Revision[];
  /** This run has deployed to the stage already: the gate stands behind a deployment. Absent = it has not, as far as CodePipeline says. */
  readonly deployed?: true;
  readonly onReject: RejectionEffect;
  /** Changes between what serves and this one. Absent = none, or nobody is asked. */
  readonly range?: ChangeRange;
}

export type RunKind =
  | { readonly type: 'STANDARD' }
  | {
      readonly type: 'ROLLBACK';
      /** The run that it goes back to. */
      readonly target?: string;
      /** CodePipeline started it by itself. */
      readonly automatic: boolean;
      /** Its target passed this very gate. */
      readonly proven: boolean;
    };

/** What a no does to the stage. */
export type RejectionEffect =
  | { readonly kind: 'STAYS' }
  | { readonly kind: 'GOES_BACK'; readonly to: readonly Revision[] }
  /** The stage would go back, and there is no run that CodePipeline would go back to. */
  | { readonly kind: 'NOTHING_TO_GO_BACK_TO' };

export interface Revision {
  /** Name of the source artifact. */
  readonly name: string;
  readonly id: string;
  readonly message?: string;
  readonly url?: string;
  readonly author?: string;
  readonly createdAt?: string;
}

/** What approvers are shown. */
export interface Shown {
  /** The policy by which the request is judged as of now. */
  readonly policy: GatePolicy;
  /** The one that its parameter has, while the gate has not opened under it. */
  readonly proposed?: Proposed;
  readonly newerRunWaiting: boolean;
  /** So many people were put on lists after the request asked, so that they are not asked. Absent = none. */
  readonly addedToLists?: number;
  readonly checks: readonly CheckState[];
  /** What the prepared change sets would do. Absent = the gate shows none, or nobody is asked yet. */
  readonly changeSets?: readonly ChangeSetView[];
  /** When the checks had been healthy for the whole bake time. */
  readonly bakedAt?: string;
  /** Hash of what approvers are shown. */
  readonly evidence: string;
  /** It and every earlier one with the time from which it held, oldest first (the last 20). */
  readonly evidenceHistory: readonly EvidencePeriod[];
}

/** Since when the checks of a request are watched. */
export function watchedSince({ run, watchedSince: since }: KnownRequest): string {
  return since ?? run.identifiedAt;
}

export interface EvidencePeriod {
  readonly hash: string;
  readonly since: string;
  /** What the hash covers beside the change itself. */
  readonly shown: ShownBeside;
}

export interface Asking {
  readonly since: string;
  /** When further people were asked; from then on they are among the invited. */
  readonly escalatedAt?: string;
}

export interface CheckState {
  readonly id: string;
  readonly title: string;
  /** UNREADABLE: this version does not know the kind of check. */
  readonly verdict: 'PASS' | 'FAIL' | 'INCONCLUSIVE' | 'ERROR' | 'RUNNING' | 'UNREADABLE';
  readonly reason: string;
  readonly observeOnly: boolean;
  /** What it said over time, for lists of requests. */
  readonly course?: Course;
  /** Where people see more in the AWS console, of a check that is not healthy. */
  readonly seenAt?: SeenAt;
}

export interface SeenAt {
  readonly link: string;
  /** Where that is not the account of the gate. */
  readonly account?: string;
}

export type OutcomeKind = 'APPROVED' | 'REJECTED' | 'EXPIRED' | 'STOPPED';

export interface Outcome {
  readonly kind: OutcomeKind;
  /** One or two sentences: who, how many of how many, why. Goes to CodePipeline as summary and to everyone asked. */
  readonly summary: string;
  /**
   * PEOPLE by link, BREAK_GLASS (one of them alone, in an emergency), CHECKS, ROLLBACK (a rollback that needs no answer), NEWER_RUN (one
   * that took its place), CONSOLE by a known approver, BYPASS by anybody else, CODEPIPELINE (expired, stopped).
   */
  readonly by: 'PEOPLE' | 'BREAK_GLASS' | 'CHECKS' | 'ROLLBACK' | 'NEWER_RUN' | 'CONSOLE' | 'BYPASS' | 'CODEPIPELINE';
  readonly at: string;
  /** Values for later actions, of every field of the gate: an optional one that nobody filled in is empty. Absent = nobody was asked for any. */
  readonly fields?: FieldValues;
  /** Health is part of the outcome: it is delivered only while the checks are healthy. */
  readonly whileHealthy?: boolean;
}

/** What really happened, if that is not what was decided here. */
export function endingOf(request: Ended): Outcome {
  return (request.phase === 'DECIDED' ? undefined : request.overtakenBy) ?? request.outcome;
}

export function isEnded(request: Request): request is Ended {
  return request.phase === 'DECIDED' || request.phase === 'DELIVERED' || request.phase === 'CLOSED';
}

/** A request whose run is known, in whatever phase. */
export type KnownRequest = Exclude<Request, Opened> & Known;

export function isKnown(request: Request): request is KnownRequest {
  return request.phase !== 'OPENED' && request.run !== undefined && request.shown !== undefined;
}

/** The gate of a request. */
export function gateOf({ asked }: { readonly asked: GateName }): GateName {
  return { pipeline: asked.pipeline, stage: asked.stage, action: asked.action };
}
