/** What a mail says of the checks that led to its question. */
import { cleanText } from './clean-text';
import { findings } from './left-to-people';
import type { MailFact } from './mail-parts';
import { quiet } from './quiet';
import type { Waiting } from './request';

const MOST_TOLD = 5;
const FINDING_LIMIT = 200;

/** One line for each: the page lists all of them. */
export function findingFacts(request: Waiting): readonly MailFact[] {
  const all = findings(request);
  const others = all.length - MOST_TOLD;
  return [
    ...all.slice(0, MOST_TOLD).map((finding): MailFact => ({
      kind: 'VALUE',
      label: 'Check',
      value: quiet(cleanText(finding, FINDING_LIMIT)),
    })),
    ...(others > 0
      ? [{ kind: 'MORE', words: `and ${others} more check${others === 1 ? '' : 's'}, see the link` } as const]
      : []),
  ];
}
