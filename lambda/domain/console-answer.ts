/** Who answered an approval that CodePipeline reports as over, and what that means for the request. */
import type { GatePolicy, Person } from '../../contract/policy';
import { isPerson, type Eligibility } from './eligibility';
import type { Outcome, RequestMeta } from './records';
import { summaryOf } from './summary';
import { nameOf, type Tally } from './tally';
import { millis, MINUTE } from './time';

/** What CodePipeline says about the approval action. */
export interface ActionTruth {
  readonly status: 'WAITING' | 'SUCCEEDED' | 'FAILED' | 'ABANDONED' | 'GONE';
  /** ARN of whoever changed it last; may lag behind, or be missing. */
  readonly updatedBy?: string;
  readonly updatedAt?: string;
  /** What was written with the answer. */
  readonly comment?: string;
}

export interface AnswerContext {
  readonly meta: RequestMeta;
  readonly policy?: GatePolicy;
  readonly voters: readonly Eligibility[];
  readonly votes: Tally;
  /** Whether the checks, where the policy has any, allow an approval now. */
  readonly checksAllow: boolean;
}

/**
 * Our own session: of the answer role, and named by the request. The name alone is anybody's who may assume any role, and
 * stands in every link; the role is what only `decide` has.
 */
export function isOurs(updatedBy: string | undefined, requestId: string, answerRoles: readonly string[]): boolean {
  return answerRoles.some((role) => {
    const [, partition, account, name] = /^arn:([^:]+):iam::(\d+):role\/(?:.+\/)?([^/]+)$/.exec(role) ?? [];
    return name !== undefined && updatedBy === `arn:${partition}:sts::${account}:assumed-role/${name}/${requestId}`;
  });
}

/** CodePipeline may name the answerer later than the answer: worth another look for a while. */
export function maybeNamedLater(truth: ActionTruth, { deadline }: RequestMeta, now: string): boolean {
  if (truth.status === 'FAILED' && deadline !== undefined && millis(truth.updatedAt ?? now) >= millis(deadline)) {
    return false;
  }
  const answered = truth.status === 'SUCCEEDED' || truth.status === 'FAILED';
  const recent = truth.updatedAt !== undefined && millis(now) - millis(truth.updatedAt) < 2 * MINUTE;
  return answered && truth.updatedBy === undefined && recent;
}

/** The outcome of an action that ended without us. */
export function answeredOutside(truth: ActionTruth, context: AnswerContext, now: string): Outcome {
  const at = truth.updatedAt ?? now;
  if (truth.status === 'ABANDONED' || truth.status === 'GONE') {
    const summary = truth.status === 'GONE' ? 'The approval no longer exists in CodePipeline' : 'The run was stopped';
    return { kind: 'STOPPED', by: 'CODEPIPELINE', at, summary: summaryOf(summary) };
  }
  if (truth.status === 'FAILED' && !isSomebody(truth.updatedBy) && isAtDeadline(context.meta, at)) {
    return { kind: 'EXPIRED', by: 'CODEPIPELINE', at, summary: summaryOf('Nobody answered in time') };
  }
  const kind = truth.status === 'SUCCEEDED' ? 'APPROVED' : 'REJECTED';
  const approver = approverBehind(truth.updatedBy, context.voters);
  const verb = kind === 'APPROVED' ? 'Approved' : 'Rejected';
  if (approver !== undefined && suffices(kind, approver, context)) {
    const summary = summaryOf(`${verb} in the console by ${nameOf(approver)}`, truth.comment);
    return { kind, by: 'CONSOLE', at, summary };
  }
  const who = truth.updatedBy ?? 'somebody CodePipeline does not name';
  return { kind, by: 'BYPASS', at, summary: summaryOf(`${verb} outside the workflow by ${who}`, truth.comment) };
}

function isSomebody(updatedBy: string | undefined): boolean {
  return updatedBy !== undefined && /^arn:[^:]+:(sts|iam):/.test(updatedBy);
}

function isAtDeadline({ deadline }: RequestMeta, at: string): boolean {
  return deadline === undefined || millis(at) >= millis(deadline) - MINUTE;
}

function approverBehind(updatedBy: string | undefined, voters: readonly Eligibility[]): Person | undefined {
  if (updatedBy === undefined) {
    return undefined;
  }
  return voters.find(({ person, excluded }) => excluded === undefined && isPerson(person, updatedBy))?.person;
}

function suffices(
  kind: 'APPROVED' | 'REJECTED',
  approver: Person,
  { policy, votes, checksAllow }: AnswerContext,
): boolean {
  if (kind === 'REJECTED') {
    return true;
  }
  const quorum = policy?.approvers?.quorum;
  const others = votes.approvals.filter(({ person }) => person.id !== approver.id).length;
  return quorum !== undefined && checksAllow && votes.rejections.length === 0 && others + 1 >= quorum;
}
