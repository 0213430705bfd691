/** What the checks said, in the room of a summary: what failed with its reason, and what passed at least by its name. */
import { cleanText } from './clean-text';
import { sentence, worstFirst, type Evaluation } from './evaluate';

/** So many that passed are named where there is no room for what they said. */
const MOST_NAMED = 5;
const NAME_LIMIT = 50;

/**
 * @param room characters that the sentences may have together
 */
export function healthInWords({ reasons, checks }: Evaluation, room: number): readonly string[] {
  const said = reasons.map((reason) => reason.length + 2).reduce((sum, length) => sum + length, 0);
  const passed = worstFirst(checks).filter(({ verdict }) => verdict === 'PASS');
  if (said <= room || passed.length === 0) {
    return reasons;
  }
  const others = worstFirst(checks).filter(({ verdict }) => verdict !== 'PASS');
  const more = passed.length - MOST_NAMED;
  const names = passed.slice(0, MOST_NAMED).map(({ title }) => cleanText(title, NAME_LIMIT));
  const named = `Passed: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const each = Math.floor((room - named.length - 2) / Math.max(others.length, 1)) - 2;
  return [...others.map((state) => cleanText(sentence(state), Math.max(each, NAME_LIMIT))), named];
}
