/** Counts votes: one per eligible person, and an approval only of what its giver was shown. */
import type { FieldRule } from '../../contract/fields';
import type { Person } from '../../contract/policy';
import type { Eligibility } from './eligibility';
import { whyUnfilled } from './fields';
import { FORM_IN_FLIGHT, STREAM_ROUNDING } from './limits';
import type { EvidencePeriod } from './request';
import { isBefore, millis, soonest } from './time';
import type { Verdict, Vote } from './vote';

export interface VoteCount {
  readonly approvals: readonly CountedVote[];
  readonly rejections: readonly CountedVote[];
  /** Of those who may open the gate alone, the ones who did. */
  readonly emergencies: readonly CountedVote[];
}

export interface CountedVote {
  readonly person: Person;
  readonly vote: Vote;
}

/**
 * A vote counts that came before the deadline, and in a guest's time, of whoever still may vote; an approval, too, only with what the
 * gate asks to be filled in.
 *
 * @param breakers who may open the gate alone, with or without a vote
 */
export function countVotes(
  voters: readonly Eligibility[],
  votes: readonly Vote[],
  deadline: string,
  breakers: readonly Person[] = [],
  fields?: readonly FieldRule[],
): VoteCount {
  const able = voters.filter(({ excluded }) => excluded === undefined).map(({ person }) => person);
  const counted = of(able, votes, deadline);
  return {
    approvals: counted.filter(
      ({ vote }) => vote.verdict === 'APPROVE' && vote.current && whyUnfilled(fields, vote) === undefined,
    ),
    rejections: counted.filter(({ vote }) => vote.verdict === 'REJECT'),
    emergencies: of(breakers, votes, deadline).filter(({ vote }) => vote.verdict === 'BREAK_GLASS' && vote.current),
  };
}

function of(people: readonly Person[], votes: readonly Vote[], deadline: string): readonly CountedVote[] {
  return people
    .flatMap((person) => votes.filter(({ approver }) => approver === person.id).map((vote) => ({ person, vote })))
    .filter(({ person, vote }) => isBefore(vote.at, soonest(deadline, person.until)));
}

/**
 * Whether an outcome of that time had the vote before it. A look is never before a vote that it knows, and a vote that comes once the
 * outcome is fixed is kept only from before it: so the moment of the outcome itself belongs to its votes.
 */
export function isAmongThoseOf(outcomeAt: string, { at }: Pick<Vote, 'at'>): boolean {
  return !isBefore(outcomeAt, at);
}

/** Of what one person says at once, the most careful counts. */
const LEAST_CAREFUL_FIRST: readonly Verdict[] = ['BREAK_GLASS', 'APPROVE', 'REJECT'];

/** The verdicts whose place this one takes at the same sequence number. */
export function lessCareful(verdict: Verdict): readonly Verdict[] {
  return LEAST_CAREFUL_FIRST.slice(0, LEAST_CAREFUL_FIRST.indexOf(verdict));
}

/**
 * Whether a decision takes the place of its giver's earlier one: the higher sequence number, and of equal ones the more careful one,
 * so that the order of arrival decides nothing.
 */
export function replaces(
  decision: Pick<Vote, 'seq' | 'verdict'>,
  earlier: Pick<Vote, 'seq' | 'verdict'> | undefined,
): boolean {
  return (
    earlier === undefined ||
    decision.seq > earlier.seq ||
    (decision.seq === earlier.seq && lessCareful(decision.verdict).includes(earlier.verdict))
  );
}

/** Whether a decision names the evidence that was shown when it was given. */
export function wasCurrent(
  history: readonly Pick<EvidencePeriod, 'hash' | 'since'>[],
  decision: Pick<Vote, 'at' | 'evidence'>,
): boolean {
  const given = millis(decision.at);
  return history.some(({ hash, since }, index) => {
    const until = history[index + 1]?.since;
    const over = until !== undefined && millis(until) + FORM_IN_FLIGHT < given;
    return hash === decision.evidence && millis(since) <= given + STREAM_ROUNDING && !over;
  });
}

export function nameOf(person: Pick<Person, 'name' | 'mail'>): string {
  return person.name ?? person.mail;
}
