/** Invitations, signed decisions, and the votes that they become. */
import type { Person } from '../../contract/policy';
import type { ShownBeside } from '../../contract/record';

export interface Invitation {
  readonly approver: string;
  readonly mail: string;
  readonly name?: string;
  readonly shared: boolean;
  /** When the time of a guest is over, as was known when they were asked. Absent = no guest. */
  readonly until?: string;
  /** Base64url Ed25519 public keys, one per mail sent. Revoking a link removes its key. */
  readonly keys: readonly string[];
  readonly sentAt?: string;
  /** Until when this person is asked by a digest: the mail is held back. Stays when it was sent. */
  readonly queuedUntil?: string;
  /** When a mail that leads to the console was last about to go out. Absent = none was: a mail with a personal link has a key. */
  readonly askedAt?: string;
  /** State of the mail subscription at the last look: confirmed, pending, missing, or `direct` with SES. */
  readonly mailbox?: 'confirmed' | 'pending' | 'missing' | 'direct';
  /** Why this person has no vote on this change (wrote or started it, was removed). */
  readonly excluded?: string;
  /** Wrong numbers typed so far. */
  readonly wrongNumbers?: number;
  /** When this person was last reminded, and told the outcome: a repeated look does not mail again. */
  readonly remindedAt?: string;
  readonly toldAt?: string;
  /** When this person was told that further people are asked. */
  readonly toldEscalationAt?: string;
  /** When this person, who approved, was told when it goes ahead. */
  readonly toldHeldAt?: string;
  /** When this person was last asked to close the follow-up of an emergency. */
  readonly reviewAskedAt?: string;
}

/** What decides about a request. BREAK_GLASS opens the gate alone, in an emergency. */
export const VERDICTS = ['APPROVE', 'REJECT', 'BREAK_GLASS'] as const;
export type Verdict = (typeof VERDICTS)[number];

export function isVerdict(submission: string | undefined): submission is Verdict {
  return VERDICTS.some((verdict) => verdict === submission);
}

/** A first invitation: no mail went out yet. */
export function invitationOf({ id, mail, name, shared, until }: Person): Invitation {
  return {
    approver: id,
    mail,
    shared,
    keys: [],
    ...(name === undefined ? {} : { name }),
    ...(until === undefined ? {} : { until }),
  };
}

/**
 * What an approver can submit. REVIEWED closes the follow-up of a gate that somebody opened alone; WRONG_NUMBER and REVOKE are signed like
 * the others. None of these is a vote.
 */
export type Submission = Verdict | 'REVIEWED' | 'WRONG_NUMBER' | 'REVOKE';

/** What somebody said of a gate that another person opened alone, verified like a vote. */
export type Review = Pick<Vote, 'approver' | 'comment' | 'evidence' | 'seq' | 'at' | 'sig' | 'key'>;

/** A row of the decisions table; exactly these attributes (the role of `review` allows no other). */
export interface DecisionRow {
  /** The request. */
  readonly pk: string;
  /** `<approver>#<sha-256 of sig, hex>` */
  readonly sk: string;
  readonly verdict: Submission;
  readonly comment: string;
  readonly evidence: string;
  /** Milliseconds of the HTTP request; the highest valid one of an approver before the outcome counts. */
  readonly seq: number;
  /** `DecisionDetails` as canonical JSON. Absent = none. */
  readonly details?: string;
  readonly at: string;
  /** Base64url Ed25519 signature over `decisionText`. */
  readonly sig: string;
  readonly ttl: number;
}

/** The newest decision of an approver that `decide` verified. */
export interface Vote {
  readonly approver: string;
  readonly verdict: Verdict;
  readonly comment: string;
  readonly evidence: string;
  readonly seq: number;
  /** As it was signed: `DecisionDetails` as canonical JSON. Absent = none. */
  readonly details?: string;
  /** The stream record's creation time. */
  readonly at: string;
  readonly sig: string;
  /** The public key that verified it: the invitation loses it when the link is revoked. */
  readonly key: string;
  /** Whether its evidence was the one shown at that time. */
  readonly current: boolean;
  /** What its evidence covers beside the change. Absent when that evidence was never shown. */
  readonly shown?: ShownBeside;
}

/** The text that a decision signs: unambiguous, whatever comment and details hold. */
export function decisionText(decision: {
  readonly request: string;
  readonly approver: string;
  readonly verdict: Submission;
  readonly comment: string;
  readonly evidence: string;
  readonly seq: number;
  readonly details?: string;
}): string {
  const { request, approver, verdict, comment, evidence, seq, details } = decision;
  const parts = ['cdk-approval-gates/decision/v1', request, approver, verdict, comment, evidence, seq];
  return JSON.stringify(details === undefined ? parts : [...parts, details]);
}

/** Forms of the ids and secrets that come from outside. */
export const REQUEST_ID = /^[0-9a-f]{32}$/;
export const APPROVER_ID = /^[0-9a-f]{12}$/;
export const SEED = /^[A-Za-z0-9_-]{43}$/;
export const EVIDENCE = /^[0-9a-f]{64}$/;
