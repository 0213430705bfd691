/** An approval may take effect later than it is given, at a time that its giver chose. It counts from the moment when it was given. */
import type { Person } from '../../contract/policy';
import { nameOf, type CountedVote } from './count-votes';
import { detailsOf } from './decision-details';
import { plainTime } from './plain-time';
import { isBefore } from './time';
import type { Vote } from './vote';

/** The time at which a gate may open at the earliest, and who asked for it. */
export interface Start {
  readonly at: string;
  readonly by: Pick<Person, 'name' | 'mail'>;
}

/** The latest of the times that approvals ask for: an approval for "at once" does not make it earlier. Undefined = at once. */
export function startOf(approvals: readonly CountedVote[]): Start | undefined {
  return approvals.reduce<Start | undefined>((latest, { person, vote }) => {
    const { notBefore } = detailsOf(vote);
    return notBefore === undefined || (latest !== undefined && !isBefore(latest.at, notBefore))
      ? latest
      : { at: notBefore, by: person };
  }, undefined);
}

/** Whether an approval has taken effect by a time. */
export function isInEffect(vote: Pick<Vote, 'verdict' | 'details'>, at: string): boolean {
  const { notBefore } = detailsOf(vote);
  return notBefore === undefined || !isBefore(at, notBefore);
}

/** `no earlier than Friday 27 November 2026, 22:00 UTC, as Ana asked` */
export function startInWords({ at, by }: Start): string {
  return `no earlier than ${plainTime(at)}, as ${nameOf(by)} asked`;
}
