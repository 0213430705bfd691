/** Whether a vote is proven: signed by an invited person, at that time, for this very change. */
import type { RecordedVote, RecordEntry } from '../contract/record';
import { evidenceText } from '../lambda/domain/evidence';
import { shownUnder } from '../lambda/domain/record-shown';
import { millis, MINUTE } from '../lambda/domain/time';
import { decisionText } from '../lambda/domain/vote';
import { sha256, verifyText } from '../lambda/signing/link-key';

/** The signature holds the time of the page; the table writes moments later, and tells whole seconds. */
const ON_ITS_WAY = MINUTE;

export interface VerifiedVote {
  readonly vote: RecordedVote;
  /** What does not hold about it; nothing when it is proven. */
  readonly problems: readonly string[];
}

export function proofOf(entry: RecordEntry, vote: RecordedVote): VerifiedVote {
  const invitation = entry.invited.find(({ approver }) => approver === vote.approver);
  const who = invitation?.mail ?? `approver ${vote.approver}`;
  const say = (holds: boolean, problem: string) => (holds ? [] : [problem]);
  const problems = [
    ...say(invitation !== undefined, `${who} voted, and was not invited`),
    ...say(isSigned(entry, vote), `the signature of ${who} is not of this vote`),
    ...say(isOnTime(vote), `the time of the vote of ${who} is not the one that was signed`),
    ...say(isOfThisChange(entry, vote), `${who} signed something else than this change`),
  ];
  return { vote, problems };
}

function isSigned({ request }: RecordEntry, vote: RecordedVote): boolean {
  return verifyText(vote.key, decisionText({ ...vote, request }), vote.sig);
}

function isOnTime({ at, seq }: RecordedVote): boolean {
  return Math.abs(millis(at) - seq) <= ON_ITS_WAY;
}

/** The evidence that was signed covers the ids of the change and of what served, and what was shown beside them. */
function isOfThisChange(entry: RecordEntry, { evidence, current }: RecordedVote): boolean {
  const shown = shownUnder(evidence, entry);
  if (shown === undefined) {
    // Nothing of ours was ever shown under this evidence, so the vote does not count.
    return !current;
  }
  return entry.run !== undefined && sha256(evidenceText({ ...entry.run, ...shown })) === evidence;
}
