/** What votes and checks mean under a policy. */
import type { GatePolicy } from '../../contract/policy';
import type { Evaluation } from './evaluate';
import type { Outcome, RequestMeta } from './records';
import { summaryOf } from './summary';
import { nameOf, type CountedVote, type Tally } from './tally';
import { before, MINUTE, plus } from './time';

export interface Verdict {
  /** Absent while the gate waits. */
  readonly outcome?: Outcome;
  /** Whether people are asked now. */
  readonly askPeople: boolean;
  /** Approvers whose approval counts. */
  readonly approvers: readonly string[];
}

export interface VerdictInput {
  readonly meta: RequestMeta;
  readonly policy: GatePolicy;
  readonly votes: Tally;
  readonly evaluation?: Evaluation | undefined;
  readonly now: string;
}

export function verdictOf(input: VerdictInput): Verdict {
  const { policy, votes } = input;
  const approvers = votes.approvals.map(({ person }) => person.id);
  const { approvers: people, checks } = policy;
  if (people !== undefined && checks === undefined) {
    return { ...byPeople(input, people.quorum), approvers };
  }
  if (checks === undefined) {
    return { askPeople: false, approvers };
  }
  const guarded = people !== undefined && checks.onInconclusive === undefined;
  return { ...(guarded ? guard(input, people.quorum) : automatic(input)), approvers };
}

type Opinion = Omit<Verdict, 'approvers'>;

/** The first no ends it, enough yeses open. */
function byVotes({ votes, now }: VerdictInput, quorum: number): Opinion {
  const rejection = votes.rejections[0];
  if (rejection !== undefined) {
    return { askPeople: false, outcome: rejectedBy(rejection, now) };
  }
  if (votes.approvals.length >= quorum && quorum >= 1) {
    return { askPeople: false, outcome: approvedBy(votes.approvals, quorum, now) };
  }
  return { askPeople: true };
}

/** As `byVotes`, and a proven rollback has the yes that its target got. */
function byPeople(input: VerdictInput, quorum: number): Opinion {
  return input.votes.rejections.length === 0 && isProvenRollback(input.meta)
    ? { askPeople: false, outcome: approvedAsRollback(input) }
    : byVotes(input, quorum);
}

/** People said yes and the checks are healthy at that moment; only a bake that fails rejects by itself. */
function guard(input: VerdictInput, quorum: number): Opinion {
  const { policy, votes, evaluation, now } = input;
  const rejection = votes.rejections[0];
  if (rejection !== undefined) {
    return { askPeople: false, outcome: rejectedBy(rejection, now) };
  }
  if (evaluation?.verdict === 'FAIL' && (policy.checks?.bakeMinutes ?? 0) > 0) {
    return { askPeople: false, outcome: byChecks('REJECTED', evaluation, now) };
  }
  if (evaluation?.verdict !== 'PASS') {
    return { askPeople: true };
  }
  return byPeople(input, quorum);
}

/**
 * The checks answer; people only where the policy says so, and only when the checks cannot tell. Then they are really asked,
 * also about a rollback: that its target was healthy once says nothing about now.
 */
function automatic(input: VerdictInput): Opinion {
  const { meta, policy, evaluation, now } = input;
  const quorum = policy.approvers?.quorum;
  if (quorum !== undefined && meta.askedAt !== undefined) {
    return byVotes(input, quorum);
  }
  const inTime = meta.deadline === undefined || before(now, meta.deadline);
  switch (evaluation?.verdict) {
    case 'FAIL':
      return { askPeople: false, outcome: byChecks('REJECTED', evaluation, now) };
    case 'PASS':
      return inTime ? { askPeople: false, outcome: byChecks('APPROVED', evaluation, now) } : { askPeople: false };
    case 'INCONCLUSIVE':
      break;
    default:
      return { askPeople: false };
  }
  switch (policy.checks?.onInconclusive) {
    case 'ASK_APPROVERS':
      return quorum === undefined
        ? { askPeople: false, outcome: byChecks('REJECTED', evaluation, now, 'The checks cannot tell') }
        : byVotes(input, quorum);
    case 'APPROVE_WITH_WARNING':
      if (!isWatched(evaluation)) {
        return { askPeople: false, outcome: byChecks('REJECTED', evaluation, now, 'The checks cannot tell') };
      }
      return inTime && isBaked(input)
        ? { askPeople: false, outcome: byChecks('APPROVED', evaluation, now, 'Warning: the checks cannot tell') }
        : { askPeople: false };
    default:
      return { askPeople: false, outcome: byChecks('REJECTED', evaluation, now, 'The checks cannot tell') };
  }
}

/** Whether anything was there to be watched: a warning stands for checks that could not tell, never for none. */
function isWatched({ checks }: Evaluation): boolean {
  return checks.some(({ observeOnly }) => !observeOnly);
}

/** Checks that fail to look may recover within the bake, and then see what is wrong. */
function isBaked({ meta, policy, now }: VerdictInput): boolean {
  const since = meta.identifiedAt ?? meta.requestedAt;
  return !before(now, plus(since, (policy.checks?.bakeMinutes ?? 0) * MINUTE));
}

/** A rollback that CodePipeline started itself, to a run that passed this gate, needs nobody's second yes. */
function isProvenRollback(meta: RequestMeta): boolean {
  return meta.executionType === 'ROLLBACK' && meta.trigger === 'AutomatedRollback' && meta.rollbackProven === true;
}

function approvedAsRollback({ meta, now }: VerdictInput): Outcome {
  const summary = summaryOf(`Automatic rollback to run ${meta.rollbackTarget ?? 'before'}, which passed this gate`);
  return { kind: 'APPROVED', by: 'PEOPLE', at: now, summary };
}

function approvedBy(approvals: readonly CountedVote[], quorum: number, now: string): Outcome {
  const names = approvals.map(({ person }) => nameOf(person)).join(', ');
  const comments = approvals
    .filter(({ vote }) => vote.comment.trim() !== '')
    .map(({ person, vote }) => `${nameOf(person)}: ${vote.comment}`);
  const count = quorum === 1 ? '' : ` (${approvals.length} of ${quorum} needed)`;
  return { kind: 'APPROVED', by: 'PEOPLE', at: now, summary: summaryOf(`Approved by ${names}${count}`, ...comments) };
}

function rejectedBy({ person, vote }: CountedVote, now: string): Outcome {
  return { kind: 'REJECTED', by: 'PEOPLE', at: now, summary: summaryOf(`Rejected by ${nameOf(person)}`, vote.comment) };
}

function byChecks(kind: 'APPROVED' | 'REJECTED', evaluation: Evaluation, now: string, first?: string): Outcome {
  const verb = kind === 'APPROVED' ? 'Approved by the checks' : 'Rejected by the checks';
  return { kind, by: 'CHECKS', at: now, summary: summaryOf(first, verb, ...evaluation.reasons) };
}
