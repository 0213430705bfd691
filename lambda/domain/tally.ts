/** Counts votes: one per eligible person, the latest, and an approval only of what its giver was shown. */
import type { Person } from '../../contract/policy';
import type { Eligibility } from './eligibility';
import type { RequestMeta, Vote } from './records';
import { before, millis, MINUTE, SECOND } from './time';

export interface Tally {
  readonly approvals: readonly CountedVote[];
  readonly rejections: readonly CountedVote[];
}

export interface CountedVote {
  readonly person: Person;
  readonly vote: Vote;
}

/** Evidence may change while a form is on its way. */
const IN_FLIGHT = MINUTE;
/** The stream tells times in whole seconds, rounded down. */
const ROUNDING = 2 * SECOND;

export function tally(
  meta: Pick<RequestMeta, 'deadline' | 'evidenceHistory'>,
  voters: readonly Eligibility[],
  votes: readonly Vote[],
): Tally {
  const approvals: CountedVote[] = [];
  const rejections: CountedVote[] = [];
  for (const { person, excluded } of voters) {
    if (excluded !== undefined) {
      continue;
    }
    const vote = latest(votes.filter(({ approver, at }) => approver === person.id && inTime(meta.deadline, at)));
    if (vote?.verdict === 'REJECT') {
      rejections.push({ person, vote });
    } else if (vote !== undefined && (vote.current === true || wasCurrent(meta.evidenceHistory, vote))) {
      approvals.push({ person, vote });
    }
  }
  return { approvals, rejections };
}

function inTime(deadline: string | undefined, at: string): boolean {
  return deadline !== undefined && before(at, deadline);
}

/** The highest sequence number; among equals a rejection, so that order of arrival decides nothing. */
function latest(votes: readonly Vote[]): Vote | undefined {
  return [...votes].sort(
    (a, b) =>
      b.seq - a.seq || Number(a.verdict === 'APPROVE') - Number(b.verdict === 'APPROVE') || (a.sk < b.sk ? -1 : 1),
  )[0];
}

/** Whether a vote names the evidence that was shown when it was given. */
export function wasCurrent(history: RequestMeta['evidenceHistory'], vote: Pick<Vote, 'at' | 'evidence'>): boolean {
  const given = millis(vote.at);
  return (history ?? []).some(({ hash, since }, index, all) => {
    const until = all[index + 1]?.since;
    const over = until !== undefined && millis(until) + IN_FLIGHT < given;
    return hash === vote.evidence && millis(since) <= given + ROUNDING && !over;
  });
}

export function nameOf(person: Pick<Person, 'name' | 'mail'>): string {
  return person.name ?? person.mail;
}
