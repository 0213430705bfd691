/**
 * The decision: what is known about a request goes in, what to do next comes out. The one place where a gate opens.
 * It never reads a clock and never does anything itself; doing its effects twice is harmless.
 */
import type { GatePolicy, Person } from '../../contract/policy';
import { answeredOutside, isOurs, maybeNamedLater, type ActionTruth, type AnswerContext } from './console-answer';
import { eligibility, type Eligibility } from './eligibility';
import type { Evaluation } from './evaluate';
import type { Invitation, Outcome, RequestMeta, Vote } from './records';
import { tally } from './tally';
import { before, DAY, HOUR, iso, millis, MINUTE, plus, SECOND, soonest } from './time';
import { verdictOf, type Verdict } from './verdict';

/** Everything a look found out. */
export interface RequestView {
  readonly meta: RequestMeta;
  /** The policy as it stands now; absent when there is none, or none that can be understood. */
  readonly policy?: GatePolicy;
  readonly people: readonly Person[];
  readonly invitations: readonly Invitation[];
  readonly votes: readonly Vote[];
  /** Present when the policy has checks. */
  readonly evaluation?: Evaluation;
  readonly action: ActionTruth;
}

export type Effect =
  /** Fix the verdict, once. With `delivered`, CodePipeline has it already. */
  | { readonly kind: 'settle'; readonly outcome: Outcome; readonly delivered: boolean }
  | { readonly kind: 'deliver'; readonly outcome: Outcome }
  /** CodePipeline has an answer: ours, or somebody else's that came first. */
  | { readonly kind: 'delivered'; readonly overtakenBy?: Outcome }
  | { readonly kind: 'tell'; readonly outcome: Outcome }
  | { readonly kind: 'invite'; readonly approvers: readonly string[] }
  | { readonly kind: 'remind'; readonly approvers: readonly string[] }
  /** Nobody can answer by link: say so, once per reason. */
  | { readonly kind: 'consoleOnly'; readonly reason: string }
  | { readonly kind: 'reachable' };

export interface Step {
  readonly effects: readonly Effect[];
  readonly verdict?: Verdict;
  readonly done: boolean;
  readonly next?: string;
}

/** However quiet a request is, CodePipeline is asked this often. */
export const LONGEST_SLEEP = 6 * HOUR;
const SHORTEST_SLEEP = 5 * SECOND;

export function decide(view: RequestView, now: string): Step {
  const { meta, action } = view;
  const voters = eligibility(meta, view.policy, view.people);
  const votes = tally(meta, voters, view.votes);
  const context: AnswerContext = {
    meta,
    voters,
    votes,
    checksAllow: view.policy?.checks === undefined || view.evaluation?.verdict === 'PASS',
    ...(view.policy === undefined ? {} : { policy: view.policy }),
  };
  if (meta.outcome !== undefined) {
    return afterVerdict(meta, meta.outcome, action, context, now);
  }
  if (action.status !== 'WAITING') {
    return maybeNamedLater(action, meta, now)
      ? lookAgain(now, 30 * SECOND)
      : act([{ kind: 'settle', outcome: answeredOutside(action, context, now), delivered: true }]);
  }
  if (meta.deadline !== undefined && millis(now) > millis(meta.deadline) + DAY) {
    const summary = 'The time is over and CodePipeline never said how it ended';
    const outcome: Outcome = { kind: 'EXPIRED', by: 'CODEPIPELINE', at: now, summary };
    return act([{ kind: 'settle', outcome, delivered: true }]);
  }
  const { policy } = view;
  if (policy === undefined) {
    return {
      ...lookAgain(now, LONGEST_SLEEP),
      effects: says(meta, 'the policy of this gate is missing or unreadable'),
    };
  }
  const verdict = verdictOf({ meta, policy, votes, evaluation: view.evaluation, now });
  if (verdict.outcome !== undefined) {
    return { ...act([{ kind: 'settle', outcome: verdict.outcome, delivered: false }]), verdict };
  }
  return { ...waiting(view, policy, voters, verdict, now), verdict };
}

function act(effects: readonly Effect[]): Step {
  return { effects, done: false };
}

function lookAgain(now: string, milliseconds: number): Step {
  return { effects: [], done: false, next: plus(now, milliseconds) };
}

function says(meta: RequestMeta, reason: string): readonly Effect[] {
  return meta.consoleOnly === reason ? [] : [{ kind: 'consoleOnly', reason }];
}

function afterVerdict(
  meta: RequestMeta,
  outcome: Outcome,
  action: ActionTruth,
  context: AnswerContext,
  now: string,
): Step {
  const answerRoles = [context.policy, meta.policy].flatMap((policy) => policy?.answerRole ?? []);
  if (meta.deliveredAt === undefined) {
    if (action.status === 'WAITING') {
      return act([{ kind: 'deliver', outcome }]);
    }
    if (agrees(outcome, action) && isOurs(action.updatedBy, meta.pk, answerRoles)) {
      return act([{ kind: 'delivered' }]);
    }
    return maybeNamedLater(action, meta, now)
      ? lookAgain(now, 30 * SECOND)
      : act([{ kind: 'delivered', overtakenBy: answeredOutside(action, context, now) }]);
  }
  return meta.toldAt === undefined
    ? act([{ kind: 'tell', outcome: meta.overtakenBy ?? outcome }])
    : { effects: [], done: true };
}

function agrees({ kind }: Outcome, { status }: ActionTruth): boolean {
  return status === (kind === 'APPROVED' ? 'SUCCEEDED' : 'FAILED');
}

function waiting(
  view: RequestView,
  policy: GatePolicy,
  voters: readonly Eligibility[],
  verdict: Verdict,
  now: string,
): Step {
  const { meta, invitations } = view;
  const effects: Effect[] = [];
  const able = voters.filter(({ excluded }) => excluded === undefined).map(({ person }) => person.id);
  const byApprover = new Map(invitations.map((invitation) => [invitation.approver, invitation]));
  const open = meta.deadline === undefined || before(now, meta.deadline);
  const unsent = verdict.askPeople && open ? able.filter((id) => byApprover.get(id)?.sentAt === undefined) : [];
  if (unsent.length > 0) {
    effects.push({ kind: 'invite', approvers: unsent });
  }
  const reminderAt = reminderTime(meta, policy);
  const silent = able.filter((id) => {
    const invitation = byApprover.get(id);
    const answered = view.votes.some(({ approver }) => approver === id);
    return invitation?.sentAt !== undefined && invitation.remindedAt === undefined && !answered;
  });
  if (verdict.askPeople && open && isDue(reminderAt, now) && silent.length > 0) {
    effects.push({ kind: 'remind', approvers: silent });
  }
  effects.push(...reachability(meta, policy, verdict, able, byApprover));
  const grace = meta.deadline === undefined ? undefined : plus(meta.deadline, MINUTE);
  const next = soonest(
    view.evaluation?.next,
    unsent.length > 0 ? plus(now, 15 * MINUTE) : undefined,
    isDue(reminderAt, now) ? undefined : reminderAt,
    isDue(grace, now) ? plus(now, 5 * MINUTE) : grace,
    plus(now, LONGEST_SLEEP),
  );
  return { effects, done: false, next: next === undefined ? plus(now, MINUTE) : atLeast(next, now) };
}

function atLeast(next: string, now: string): string {
  return iso(Math.max(millis(next), millis(now) + SHORTEST_SLEEP));
}

function isDue(time: string | undefined, now: string): boolean {
  return time !== undefined && millis(time) <= millis(now);
}

/** Once, at half of the time-out; short ones are not worth it. */
function reminderTime(meta: RequestMeta, policy: GatePolicy): string | undefined {
  const start = meta.askedAt;
  if (start === undefined || policy.timeoutMinutes < 60 || meta.deadline === undefined) {
    return undefined;
  }
  return iso(millis(start) + (millis(meta.deadline) - millis(start)) / 2);
}

function reachability(
  meta: RequestMeta,
  policy: GatePolicy,
  verdict: Verdict,
  able: readonly string[],
  byApprover: ReadonlyMap<string, Invitation>,
): readonly Effect[] {
  const quorum = policy.approvers?.quorum ?? 0;
  if (!verdict.askPeople) {
    return meta.consoleOnly === undefined ? [] : [{ kind: 'reachable' }];
  }
  if (able.length < quorum) {
    return says(meta, `only ${able.length} of ${quorum} approvers needed may answer this change`);
  }
  const unreachable = able.filter((id) => {
    const invitation = byApprover.get(id);
    const mute = invitation?.mailbox === 'pending' || invitation?.mailbox === 'missing';
    const revoked = invitation?.sentAt !== undefined && invitation.keys.length === 0;
    return mute || (revoked && !verdict.approvers.includes(id));
  });
  if (able.length - unreachable.length < quorum) {
    return says(meta, `only ${able.length - unreachable.length} of ${quorum} approvers needed can be reached by mail`);
  }
  return meta.consoleOnly === undefined ? [] : [{ kind: 'reachable' }];
}
