/** Who answered an approval that CodePipeline reports as over, and what that means for the request. */
import { mayBeArn } from '../../contract/alias';
import { areFilled, fillGroups, quorumOf } from '../../contract/groups';
import type { GroupRule, Person } from '../../contract/policy';
import { nameOf } from './count-votes';
import { isPerson, type Eligibility } from './eligibility';
import { Patience } from './limits';
import type { Outcome } from './request';
import type { Judged } from './ruling';
import { isInEffect } from './start-later';
import { summaryOf } from './summary';
import { elapsed, isBefore, MINUTE, plus } from './time';

/** What CodePipeline says about the approval action. */
export type ActionState =
  | { readonly status: 'WAITING' }
  | { readonly status: 'SUCCEEDED' | 'FAILED' | 'ABANDONED' | 'GONE'; readonly answer: ConsoleAnswer };

export interface ConsoleAnswer {
  /** ARN of whoever changed the action last; may lag behind, or be missing. */
  readonly by?: string;
  readonly at?: string;
  /** What was written with the answer. */
  readonly comment?: string;
}

export type EndedAction = Exclude<ActionState, { readonly status: 'WAITING' }>;

/**
 * Our own session: of the answer role, and named by the request. The name alone is anybody's who may assume any role, and
 * stands in every link; the role is what only `decide` has.
 */
export function isOurs(by: string | undefined, requestId: string, answerRoles: readonly string[]): boolean {
  return answerRoles.some((role) => {
    const [, partition, account, name] = /^arn:([^:]+):iam::(\d+):role\/(?:.+\/)?([^/]+)$/.exec(role) ?? [];
    return name !== undefined && by === `arn:${partition}:sts::${account}:assumed-role/${name}/${requestId}`;
  });
}

/** An answer from outside is judged by how the gate stood when it was given, as far as CodePipeline says when. */
export function judgedAt(action: ActionState, now: string): string {
  return action.status === 'WAITING' ? now : (action.answer.at ?? now);
}

/** CodePipeline may name the answerer later than the answer: worth another look for a while. */
export function maybeNamedLater({ status, answer }: EndedAction, deadline: string, now: string): boolean {
  const answered = status === 'SUCCEEDED' || (status === 'FAILED' && !isExpiry(answer, deadline));
  return answered && answer.by === undefined && answer.at !== undefined && elapsed(answer.at, now) < Patience.ANSWERER;
}

/** What the console answer is judged by: who may answer, and how the gate stood. Health is part of it where the rule has checks. */
export interface AnswerContext {
  readonly deadline: string;
  readonly voters: readonly Eligibility[];
  readonly judged: Judged | undefined;
  /** Whether people were asked: before that, an automated gate takes no person's yes. */
  readonly asked: boolean;
  /** Whether an approval might go to CodePipeline then. */
  readonly isOpen: boolean;
}

/** The outcome of an action that ended without us. */
export function answeredOutside(action: EndedAction, context: AnswerContext, now: string): Outcome {
  const { status, answer } = action;
  const at = answer.at ?? now;
  if (status === 'ABANDONED' || status === 'GONE') {
    const summary = status === 'GONE' ? 'The approval no longer exists in CodePipeline' : 'The run was stopped';
    return { kind: 'STOPPED', by: 'CODEPIPELINE', at, summary: summaryOf(summary) };
  }
  const approver = approverBehind(answer.by, context.voters);
  if (status === 'FAILED' && approver === undefined && isExpiry(answer, context.deadline)) {
    return { kind: 'EXPIRED', by: 'CODEPIPELINE', at, summary: summaryOf('Nobody answered in time') };
  }
  const kind = status === 'SUCCEEDED' ? 'APPROVED' : 'REJECTED';
  const verb = kind === 'APPROVED' ? 'Approved' : 'Rejected';
  if (approver !== undefined && suffices(kind, approver, context, at)) {
    return {
      kind,
      by: 'CONSOLE',
      at,
      summary: summaryOf(`${verb} in the console by ${nameOf(approver)}`, answer.comment),
    };
  }
  const who = answer.by ?? 'somebody CodePipeline does not name';
  return { kind, by: 'BYPASS', at, summary: summaryOf(`${verb} outside the workflow by ${who}`, answer.comment) };
}

/**
 * Whether a failure is the end of the time. CodePipeline may name anything as its author then, and may write a comment of its
 * own, so the time says it. Deadlines are known to the minute: just before one, a comment is a person's.
 */
function isExpiry({ at, comment }: ConsoleAnswer, deadline: string): boolean {
  const isSilent = (comment ?? '').trim() === '';
  if (at === undefined) {
    return isSilent;
  }
  return !isBefore(at, deadline) || (isSilent && !isBefore(at, plus(deadline, -MINUTE)));
}

function approverBehind(by: string | undefined, voters: readonly Eligibility[]): Person | undefined {
  return by === undefined
    ? undefined
    : voters.find(({ person, excluded }) => excluded === undefined && isPerson(person, by))?.person;
}

/**
 * Why nobody's answer in the console can be an approval, where people answer there alone. Synth refuses such gates, as far as the
 * app with the gate knows how the workflow is answered.
 */
export function whyOnlyBypass(groups: readonly GroupRule[], approvers: readonly Person[]): string | undefined {
  const quorum = quorumOf(groups);
  if (quorum > 1) {
    return `it takes ${quorum} approvers, and an answer in the console is one person's`;
  }
  const isKnown = approvers.some(({ shared, alsoKnownAs }) => !shared && alsoKnownAs.some(mayBeArn));
  return isKnown ? undefined : 'no approver is known in the console by a role or user';
}

/** Whether the rule would have accepted this answer from this approver by link. */
function suffices(
  kind: 'APPROVED' | 'REJECTED',
  approver: Person,
  { judged, asked, isOpen }: AnswerContext,
  at: string,
): boolean {
  if (judged === undefined || judged.kind === 'AUTOMATED') {
    return false;
  }
  if (kind === 'REJECTED') {
    return true;
  }
  if (!isOpen) {
    return false;
  }
  const { votes, rule } = judged;
  // Whoever answers here starts it now; those who chose a later time do not help with that.
  const inEffect = votes.approvals.filter(({ vote }) => isInEffect(vote, at));
  const approving = [...inEffect.map(({ person }) => person.id), approver.id];
  const enough = votes.rejections.length === 0 && areFilled(fillGroups(rule.people.groups, approving));
  switch (judged.kind) {
    case 'MANUAL':
      return enough;
    case 'GUARDED':
      return enough && judged.evaluation.verdict === 'PASS';
    case 'AUTOMATED_ELSE_PEOPLE':
      return enough && asked;
  }
}
