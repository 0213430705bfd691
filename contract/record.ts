/**
 * The record of a workflow: one entry for each request that ended, in a chain of hashes. This is what an export holds, so it is read
 * by auditors and by `cdk-approval-gates verify`. Times are ISO 8601 in UTC.
 */
import type { Course } from './check-course';
import type { FieldValues } from './fields';
import type { GateName, PeopleRule, RuleKind } from './policy';

/** `kind` of an export. */
export const RECORD_KIND = 'cdk-approval-gates/record';

/** Version of exports and of their entries. A reader refuses every other version. */
export const RECORD_VERSION = 1;

/** Consecutive entries of one workflow, without a gap. */
export interface RecordExport {
  readonly kind: typeof RECORD_KIND;
  readonly v: typeof RECORD_VERSION;
  readonly workflow: string;
  /** The time that was asked for: entries from then on, and before then. */
  readonly from?: string;
  readonly to?: string;
  readonly entries: readonly RecordRow[];
}

/** An entry in its place in the chain. */
export interface RecordRow {
  readonly v: typeof RECORD_VERSION;
  /** From 1, without a gap. */
  readonly n: number;
  /** Never earlier than that of the entry before. */
  readonly at: string;
  /** Hash of the entry before; 64 zeros for the first one. */
  readonly previous: string;
  /** SHA-256 in hex over the entry, its number, its time and `previous`. */
  readonly hash: string;
  readonly entry: RecordEntry | ClosingEntry;
}

/** The follow-up of a gate that one person opened alone, closed by a second one. It stands after the entry that it is about. */
export interface ClosingEntry {
  readonly kind: typeof CLOSING;
  readonly workflow: string;
  /** The request whose follow-up it was. */
  readonly request: string;
  readonly gate: GateName;
  /** Number of the entry of that request. */
  readonly about: number;
  /** When the follow-up was opened. */
  readonly openedAt: string;
  /** Whoever opened the gate alone. */
  readonly openedBy: readonly string[];
  readonly reviewer: { readonly approver: string; readonly mail: string; readonly name?: string };
  /** What the reviewer signed, under the verdict REVIEWED. */
  readonly review: Omit<RecordedVote, 'approver' | 'verdict' | 'details' | 'current'>;
}

/** `kind` of such an entry; the entry of a request has none. */
export const CLOSING = 'FOLLOW_UP_CLOSED';

/** A row with the entry of a request. */
export type RequestRow = RecordRow & { readonly entry: RecordEntry };
/** A row with the closing of a follow-up. */
export type ClosingRow = RecordRow & { readonly entry: ClosingEntry };

export function isClosing<Row extends Pick<RecordRow, 'entry'>>(
  row: Row,
): row is Row & { readonly entry: ClosingEntry } {
  return 'kind' in row.entry;
}

export function isOfRequest<Row extends Pick<RecordRow, 'entry'>>(
  row: Row,
): row is Row & { readonly entry: RecordEntry } {
  return !isClosing(row);
}

/** A request that ended: what asked, who was invited, who answered what, and what became of it. */
export interface RecordEntry {
  readonly workflow: string;
  /** Id of the request, which is also the session name of the answer in CloudTrail. */
  readonly request: string;
  readonly gate: GateName;
  readonly asked: { readonly at: string; readonly by: 'NOTIFICATION' | 'EVENT' };
  /** Absent when the request ended before its run was found. */
  readonly run?: RecordedRun;
  /** What opened the gate, as it stood when the request ended. Absent without a run. */
  readonly rule?: RecordedRule;
  readonly invited: readonly RecordedInvitation[];
  /** The newest decision of each approver. */
  readonly votes: readonly RecordedVote[];
  /**
   * The part of what approvers were shown that may have changed meanwhile, by the evidence that their votes name. A vote whose evidence
   * is not among them is of something that was never shown.
   */
  readonly shown: Readonly<Record<string, RecordedShown>>;
  /** Every change set that `shown` means, once: an entry stays below the 400 KB of a row however many people answer. */
  readonly changeSets: readonly ShownChangeSet[];
  /** Who was asked in the place of an approver who was away. Absent = nobody. */
  readonly standIns?: readonly RecordedStandIn[];
  /** What the checks of the gate had come to when it ended. Absent = it had none. */
  readonly checks?: readonly RecordedCheck[];
  /** What was decided here. */
  readonly outcome: RecordedOutcome;
  /** What really happened, when somebody answered in CodePipeline before the outcome could be delivered. */
  readonly overtakenBy?: RecordedOutcome;
  /** When CodePipeline was known to have an answer. */
  readonly deliveredAt: string;
}

export interface RecordedRun {
  readonly executionId: string;
  /** Votes count until then. */
  readonly deadline: string;
  readonly kind: 'STANDARD' | 'ROLLBACK';
  /** The run that a rollback goes back to. */
  readonly target?: string;
  readonly trigger?: string;
  readonly startedBy?: string;
  /** Of the change, and of earlier ones that went live with it. */
  readonly authors: readonly string[];
  readonly revisions: readonly RecordedRevision[];
  /** What served in the stage before. */
  readonly serving: readonly { readonly name: string; readonly id: string }[];
}

export interface RecordedRevision {
  /** Name of the source artifact. */
  readonly name: string;
  readonly id: string;
  /** At most 300 characters. */
  readonly message?: string;
  readonly url?: string;
  readonly author?: string;
  readonly createdAt?: string;
}

export interface RecordedRule {
  readonly kind: RuleKind;
  /** Absent for the kind that asks nobody. */
  readonly people?: PeopleRule;
  /** A failed check asked people. Absent = it rejected, or there was none. */
  readonly onFail?: 'ASK_APPROVERS';
  /** What the gate would have lost by a policy that was not in force yet: the people are those of the former rule. Absent = nothing. */
  readonly weakens?: readonly string[];
}

export interface RecordedInvitation {
  readonly approver: string;
  readonly mail: string;
  readonly name?: string;
  readonly shared: boolean;
  readonly sentAt?: string;
  /** Why this person had no vote. */
  readonly excluded?: string;
}

/** A delegate was asked in the place of an approver. The rule says who may be. */
export interface RecordedStandIn {
  /** The approver who was away. */
  readonly person: string;
  readonly mail: string;
  readonly name?: string;
  readonly delegate: string;
  readonly since: string;
  /** An answer of the delegate counts in this place if it was given before. */
  readonly until: string;
}

export interface RecordedVote {
  readonly approver: string;
  readonly verdict: 'APPROVE' | 'REJECT' | 'BREAK_GLASS';
  readonly comment: string;
  /** Hash of what the page showed: the change, what served, and what `shown` has under this hash. */
  readonly evidence: string;
  readonly seq: number;
  /** Canonical JSON of `DecisionDetails`: the text that was signed. Absent = none. */
  readonly details?: string;
  readonly at: string;
  /** Base64url Ed25519 signature, and the public key that verifies it. */
  readonly sig: string;
  readonly key: string;
  /** Whether its evidence was the one shown at that time; an approval of anything else does not count. */
  readonly current: boolean;
}

export interface RecordedCheck {
  readonly title: string;
  readonly verdict: 'PASS' | 'FAIL' | 'INCONCLUSIVE' | 'ERROR' | 'RUNNING' | 'UNREADABLE';
  /** One sentence, at most 300 characters. */
  readonly reason: string;
  /** Shown, and decided nothing. */
  readonly observeOnly: boolean;
  /** What it said over time. Absent = too little, or there were too many checks. */
  readonly course?: Course;
}

export interface RecordedShown extends Omit<ShownBeside, 'changeSets'> {
  /** Where each stands among `changeSets`, from 0. Absent = the gate showed none. */
  readonly changeSets?: readonly number[];
}

/** What a decision says beside its comment. */
export interface DecisionDetails {
  /** The approval takes effect at that time, ISO 8601 in UTC, and not before. Only approvals have it. Absent = at once. */
  readonly notBefore?: string;
  /** What was filled in, by the names of the gate's fields. Only approvals have it. Absent = nothing. */
  readonly fields?: FieldValues;
}

/** What approvers are shown beside the change, as far as the evidence covers it. */
export interface ShownBeside {
  readonly newerRunWaiting: boolean;
  /** Check and verdict. */
  readonly verdicts: readonly (readonly [string, string])[];
  /** What the prepared change sets of the stage would do. Absent = the gate shows none. */
  readonly changeSets?: readonly ShownChangeSet[];
  /** What the gate would lose by a policy that is not in force yet. Absent = nothing. */
  readonly weakens?: readonly string[];
  /** SHA-256 in hex of that policy: two of them may be said in the same words. Present where `weakens` is. */
  readonly weaker?: string;
}

export interface ShownChangeSet {
  readonly stack: string;
  readonly name: string;
  /** ARN of the change set, which CloudFormation never changes: one that is made again has another. Absent = it could not be read. */
  readonly id?: string;
  /** `2 added, 1 REPLACED (Table Orders), 1 IAM change` */
  readonly says: string;
}

export interface RecordedOutcome {
  readonly kind: 'APPROVED' | 'REJECTED' | 'EXPIRED' | 'STOPPED';
  readonly by: 'PEOPLE' | 'BREAK_GLASS' | 'CHECKS' | 'ROLLBACK' | 'NEWER_RUN' | 'CONSOLE' | 'BYPASS' | 'CODEPIPELINE';
  readonly at: string;
  readonly summary: string;
  /** What approvers had filled in for later actions, by the names of the gate's fields. Absent = the gate asked for nothing. */
  readonly fields?: FieldValues;
}
