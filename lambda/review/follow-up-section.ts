/** Where a second person closes the follow-up of a gate that one person opened alone. */
import { html } from 'hono/html';
import { cleanText } from '../domain/clean-text';
import type { Judgement } from './answer';
import type { Ending } from './ending';
import { numberFieldOf, problemOf, requiredComment } from './form';
import { linkFields, NOTHING, type Html } from './markup';

/** What was typed, and what is wrong with it. */
export interface TypedReview extends Pick<Judgement, 'problems' | 'number' | 'wrongNumbers'> {
  readonly comment: string;
}

/** Nothing for whoever may not close it, or where no follow-up is open. */
export function followUpSection({ link, review }: Ending, typed: TypedReview | undefined): Html {
  if (review === undefined) {
    return NOTHING;
  }
  const problems = typed?.problems ?? [];
  const wrongNumbers = typed?.wrongNumbers ?? review.me.wrongNumbers ?? 0;
  const shown = { link, evidence: review.evidence, wrongNumbers };
  return html`<section class="card ending" aria-labelledby="follow-up">
    <h2 id="follow-up">A second person has to look at this</h2>
    <p class="text">${cleanText(review.summary, 512)}</p>
    <form id="review" method="post" action="/r/${link.requestId}" autocomplete="off">
      ${linkFields(link)}
      <input type="hidden" name="evidence" value="${review.evidence}" />
      <button type="submit" disabled hidden></button>
      ${numberFieldOf(shown, 'review-number', typed?.number ?? '', problemOf(problems, 'number'))}
      ${requiredComment('review-comment', 'What did you find?', typed?.comment ?? '', problemOf(problems, 'comment'))}
      <button class="yes" type="submit" name="verdict" value="REVIEWED">Close the follow-up</button>
    </form>
  </section>`;
}
