/** How a mail that asks ends: by when, how many it takes, what either answer does, and what happens by itself. */
import { quorumOf } from '../../contract/groups';
import { peopleOf } from '../../contract/policy';
import { uncapitalize } from './capitals';
import { cleanText } from './clean-text';
import { quorumInWords } from './group-words';
import { localTime } from './plain-time';
import { quiet } from './quiet';
import type { Waiting } from './request';
import { isLive, rejectionSentence, silenceSentence } from './run-sentences';
import { soonest } from './time';
import { windowInWords } from './window';

/** @param until when a guest has no vote any more */
export function closing(request: Waiting, until: string | undefined, timeZone: string | undefined): readonly string[] {
  const { asked, run, shown } = request;
  const groups = peopleOf(shown.policy.rule)?.groups ?? [];
  const needed =
    quorumOf(groups) > 1 ? `${quiet(quorumInWords(groups))}; one rejection stops it.` : 'One answer is enough.';
  const rejected = uncapitalize(quiet(rejectionSentence(run, cleanText(asked.stage, 100), shown.newerRunWaiting)));
  const { window } = shown.policy;
  return [
    `Please answer by ${localTime(soonest(run.deadline, until), timeZone)}. ${needed}`,
    ...(window === undefined ? [] : [`An approval takes effect in the deployment window: ${windowInWords(window)}.`]),
    ...(isLive(request)
      ? [
          'If it is approved, it stays live, and the run goes on.',
          `If it is rejected, ${rejected}`,
          `If nobody answers in time, ${silenceSentence(run)}`,
        ]
      : [`If nobody answers in time, it is rejected: ${rejected}`]),
  ];
}
