/**
 * The records of a request, as they stand in the tables.
 *
 * Requests table: `pk` = request id, `sk` = `meta`, `invite#<approver>`, `vote#<approver>#<signature hash>`,
 * `measure#<check>#<time>`; and `pk` = `run#<hash of pipeline, stage, action, execution>`, `sk` = request id, to find requests by run.
 * Written by `intake` (the first `meta`) and `decide`; read by `review`.
 *
 * Decisions table: `pk` = request id, `sk` = `<approver>#<signature hash>`. Put by `review`, copied to votes by `decide`.
 *
 * No record holds a secret: not the seed of a link, not the token of an approval action. Times are ISO 8601 in UTC.
 */
import type { GateName, GatePolicy } from '../../contract/policy';

export interface RequestMeta extends GateName {
  readonly pk: string;
  readonly sk: 'meta';
  /** When the approval action asked: the notification's or the event's own time. */
  readonly requestedAt: string;
  /** Which door came first. A request that an event opened has that event's run as its timer. */
  readonly openedBy?: 'notification' | 'event';
  /** Execution id as the notification's text claims it: where to look first, never believed. */
  readonly executionHint?: string;
  /** Set by the first look that found policy and run. Everything below is absent before. */
  readonly identifiedAt?: string;
  readonly executionId?: string;
  readonly actionExecutionId?: string;
  /** STANDARD or ROLLBACK, and the run that a rollback goes back to. */
  readonly executionType?: string;
  readonly rollbackTarget?: string;
  /** The run that an automated rollback goes back to had passed this very gate. */
  readonly rollbackProven?: boolean;
  /** AutomatedRollback, ManualRollback, Webhook, … */
  readonly trigger?: string;
  /** Login, address or ARN of whoever started the run, and of the authors of its revisions. */
  readonly startedBy?: string;
  readonly authors?: readonly string[];
  /** When the action stops waiting. */
  readonly deadline?: string;
  /** Policy as of now; `invited` is frozen at identification. */
  readonly policy?: GatePolicy;
  readonly invited?: readonly string[];
  readonly reviewUrl?: string;
  readonly text?: string;
  readonly revisions?: readonly Revision[];
  /** Revision ids that the stage runs now, newest first. */
  readonly deployedNow?: readonly Revision[];
  readonly newerRunWaiting?: boolean;
  /** Latest evaluation of the checks, for the page. */
  readonly checks?: readonly CheckState[];
  /** Hash of what approvers are shown, and every earlier one with the time from which it held, oldest first (the last 20). */
  readonly evidence?: string;
  readonly evidenceHistory?: readonly EvidencePeriod[];
  /** Why people cannot answer by link, if so: the console remains. */
  readonly consoleOnly?: string;
  readonly askedAt?: string;
  readonly remindedAt?: string;
  /** The verdict: set once, never changed. */
  readonly outcome?: Outcome;
  /** What really happened, when somebody answered in CodePipeline (or it ended) before the outcome could be delivered. */
  readonly overtakenBy?: Outcome;
  /** When CodePipeline had it (from us or from somebody else). */
  readonly deliveredAt?: string;
  /** When everyone asked was told. */
  readonly toldAt?: string;
  /** When the request ended: links are dead from then on. */
  readonly endedAt?: string;
  /** Epoch seconds; cleans, never decides. */
  readonly ttl?: number;
}

export interface Revision {
  /** Name of the source action. */
  readonly name: string;
  readonly id: string;
  readonly message?: string;
  readonly url?: string;
  readonly author?: string;
  readonly createdAt?: string;
}

export interface EvidencePeriod {
  readonly hash: string;
  readonly since: string;
}

export interface CheckState {
  readonly id: string;
  readonly title: string;
  readonly verdict: 'PASS' | 'FAIL' | 'INCONCLUSIVE' | 'ERROR' | 'RUNNING';
  readonly reason: string;
  readonly observeOnly: boolean;
}

export type OutcomeKind = 'APPROVED' | 'REJECTED' | 'EXPIRED' | 'STOPPED';

export interface Outcome {
  readonly kind: OutcomeKind;
  /** One or two sentences: who, how many of how many, why. Goes to CodePipeline as summary and to everyone asked. */
  readonly summary: string;
  /** PEOPLE by link, CHECKS, CONSOLE by a known approver, BYPASS by anybody else, CODEPIPELINE (expired, stopped). */
  readonly by: 'PEOPLE' | 'CHECKS' | 'CONSOLE' | 'BYPASS' | 'CODEPIPELINE';
  readonly at: string;
}

export interface Invitation {
  readonly pk: string;
  readonly sk: string; // invite#<approver>
  readonly approver: string;
  readonly mail: string;
  readonly name?: string;
  readonly shared: boolean;
  /** Base64url Ed25519 public keys, one per mail sent. Revoking a link removes its key. */
  readonly keys: readonly string[];
  readonly sentAt?: string;
  /** State of the mail subscription at the last look: confirmed, pending, missing, or `direct` with SES. */
  readonly mailbox?: 'confirmed' | 'pending' | 'missing' | 'direct';
  /** Why this person has no vote on this change (wrote or started it, was removed). */
  readonly excluded?: string;
  /** Wrong numbers typed so far. */
  readonly wrongNumbers?: number;
  /** When this person was reminded, and told the outcome: a repeated look does not mail again. */
  readonly remindedAt?: string;
  readonly toldAt?: string;
}

/** What an approver can say. WRONG_NUMBER and REVOKE are signed like the others, and are never votes. */
export type Verdict = 'APPROVE' | 'REJECT' | 'WRONG_NUMBER' | 'REVOKE';

/** A row of the decisions table; exactly these attributes (the role of `review` allows no other). */
export interface Decision {
  readonly pk: string;
  readonly sk: string; // <approver>#<sha-256 of sig, hex>
  readonly verdict: Verdict;
  readonly comment: string;
  readonly evidence: string;
  /** Milliseconds of the HTTP request; the highest valid one of an approver before the outcome counts. */
  readonly seq: number;
  readonly at: string;
  /** Base64url Ed25519 signature over `decisionText`. */
  readonly sig: string;
  readonly ttl: number;
}

/** A decision that `decide` verified and copied. */
export interface Vote {
  readonly pk: string;
  readonly sk: string; // vote#<approver>#<sha-256 of sig, hex>
  readonly approver: string;
  readonly verdict: 'APPROVE' | 'REJECT';
  readonly comment: string;
  readonly evidence: string;
  readonly seq: number;
  /** The stream record's creation time. */
  readonly at: string;
  readonly sig: string;
  /** Set when its evidence was the one shown at that time: the history that tells so is short. */
  readonly current?: boolean;
}

/** The text that a decision signs: unambiguous, whatever the comment holds. */
export function decisionText(d: {
  request: string;
  approver: string;
  verdict: Verdict;
  comment: string;
  evidence: string;
  seq: number;
}): string {
  return JSON.stringify([
    'cdk-approval-gates/decision/v1',
    d.request,
    d.approver,
    d.verdict,
    d.comment,
    d.evidence,
    d.seq,
  ]);
}

/** Limits of what people may send. */
export const COMMENT_LIMIT = 400;
export const REQUEST_ID = /^[0-9a-f]{32}$/;
export const APPROVER_ID = /^[0-9a-f]{12}$/;
export const SEED = /^[A-Za-z0-9_-]{43}$/;
export const EVIDENCE = /^[0-9a-f]{64}$/;
/** From here on wrong numbers are told and no longer counted: junk must not fill a table. */
export const WRONG_NUMBERS_KEPT = 50;
/** Links grow longer numbers after so many wrong ones: a junk typist falls behind, a person never is locked out. */
export const NUMBER_DIGITS = [
  { after: 0, digits: 4 },
  { after: 5, digits: 6 },
  { after: 25, digits: 8 },
] as const;
