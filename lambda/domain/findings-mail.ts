/** What a mail says of checks: which failed and which passed, and where people see more of what is not healthy. */
import { cleanText } from './clean-text';
import { sentence, worstFirst } from './evaluate';
import { findings } from './left-to-people';
import type { MailFact } from './mail-parts';
import { quiet } from './quiet';
import { isKnown, type CheckState, type Ended, type Waiting } from './request';

const MOST_TOLD = 5;
const FINDING_LIMIT = 200;
/** A line of an email ends at 998 characters, and a link that was broken leads nowhere. */
const LINK_LIMIT = 900;

/** Of the checks that led to the question. The page lists all of them. */
export function findingFacts(request: Waiting): readonly MailFact[] {
  return factsOf(findings(request), ', see the link');
}

/** Of all checks of the gate, as they were when it ended. */
export function endingFacts(request: Ended): readonly MailFact[] {
  return isKnown(request) ? factsOf(worstFirst(request.shown.checks), '') : [];
}

function factsOf(checks: readonly CheckState[], where: string): readonly MailFact[] {
  const others = checks.length - MOST_TOLD;
  return [
    ...checks.slice(0, MOST_TOLD).flatMap(factOf),
    ...(others > 0
      ? [{ kind: 'MORE', words: `and ${others} more check${others === 1 ? '' : 's'}${where}` } as const]
      : []),
  ];
}

function factOf(check: CheckState): readonly MailFact[] {
  const { seenAt } = check;
  const value = quiet(cleanText(sentence(check), FINDING_LIMIT));
  const words = `See it in AWS${seenAt?.account === undefined ? '' : `, in account ${cleanText(seenAt.account, 12)}`}`;
  return [
    { kind: 'VALUE', label: 'Check', value },
    ...(seenAt === undefined || lengthInHtml(seenAt.link) > LINK_LIMIT
      ? []
      : [{ kind: 'SEE', words, url: seenAt.link } as const]),
  ];
}

/** Where these two are written as `&amp;` and `&#39;`. */
function lengthInHtml(link: string): number {
  return link.replaceAll(/[&']/g, '&amp;').length;
}
