/** The short page of a request that takes no more answers: how it ended, when, and whether one's own answer counted. */
import { html } from 'hono/html';
import { cleanText } from '../domain/clean-text';
import type { Outcome } from '../domain/request';
import { ownAnswer, type Ending, type HowEnded } from './ending';
import { followUpSection, type TypedReview } from './follow-up-section';
import { OPENED_ALONE, OUTCOMES, type Tone } from './labels';
import { gatePath, layout } from './layout';
import { lookAgainForm, NOTHING, timeOf, type Html } from './markup';
import type { Submitted } from './submitted';

/** @param review what the reader did about its follow-up */
export function endingPage(ending: Ending, submitted: Submitted | undefined, review?: TypedReview | 'RECORDED'): Html {
  const { how, gate, link } = ending;
  const { title, tone, sentences } = wordsFor(how, ending.isRollback ? 'rollback' : 'change');
  const isOver = how.state === 'DELIVERED' && !ending.isFollowedUp;
  return layout(
    `${title} · ${cleanText(gate.pipeline, 100)}`,
    html`<main data-phase="${isOver ? 'ended' : 'telling'}">
      ${gatePath(gate)}
      <h1>${title}</h1>
      <div id="live-status" data-live role="status" class="ending">
        <div class="note ${tone}">${sentences.map((sentence) => html`<p>${sentence}</p>`)}</div>
        <p>${ownAnswer(ending, submitted)}</p>
        ${ending.isFollowedUp ? html`<p>Its follow-up is open: a second person has to look at what happened, and to close it.</p>` : NOTHING}
        ${review === 'RECORDED' ? html`<p class="note good"><strong>Recorded: you close its follow-up.</strong></p>` : NOTHING}
        ${isOver ? html`<p class="soft">Nothing is left to do here. You can close this page.</p>` : NOTHING}
      </div>
      ${review === 'RECORDED' ? NOTHING : followUpSection(ending, review)} ${lookAgainForm(link, submitted, !isOver)}
    </main>`,
  );
}

interface Words {
  readonly title: string;
  readonly tone: Tone;
  readonly sentences: readonly Html[];
}

function wordsFor(how: HowEnded, what: string): Words {
  if (how.state === 'TIME_OVER') {
    return {
      title: 'Time is up',
      tone: 'wait',
      sentences: [
        html`This gate stopped taking answers on ${timeOf(how.deadline)}.`,
        html`CodePipeline has not said yet how it ended.`,
      ],
    };
  }
  const { text, tone } = how.outcome.by === 'BREAK_GLASS' ? OPENED_ALONE : OUTCOMES[how.outcome.kind];
  const who = html`${reason(how.outcome, what)}`;
  if (how.state === 'DELIVERED') {
    const when = html`It ended on ${timeOf(how.outcome.at)}. CodePipeline has the answer.`;
    return { title: text, tone, sentences: [who, when] };
  }
  const when = html`It was decided on ${timeOf(how.outcome.at)}.`;
  return how.heldBack === undefined
    ? { title: text, tone, sentences: [who, when, html`CodePipeline is being told.`] }
    : { title: `${text}, and held back`, tone: 'wait', sentences: [who, when, heldBackPart(how.heldBack)] };
}

function heldBackPart(heldBack: NonNullable<Extract<HowEnded, { readonly state: 'DECIDED' }>['heldBack']>): Html {
  if (heldBack === 'UNTIL_HEALTHY') {
    return HELD_BACK;
  }
  return heldBack.opensAt === undefined
    ? html`CodePipeline does not have the answer yet: ${cleanText(heldBack.why, 200)}.`
    : html`CodePipeline does not have the answer yet: the approval goes out by itself on ${timeOf(heldBack.opensAt)}.`;
}

const HELD_BACK = html`CodePipeline does not have the answer yet: the approval is held back until the checks are
healthy, and goes out by itself then.`;

/** Who or what ended it, without names: the mail about the outcome tells the people who were asked. */
function reason({ kind, by }: Outcome, what: string): string {
  switch (by) {
    case 'PEOPLE':
      return kind === 'APPROVED'
        ? `The people who were asked approved this ${what}.`
        : `Somebody who was asked rejected it.`;
    case 'BREAK_GLASS':
      return 'One person opened it alone, in an emergency.';
    case 'CHECKS':
      return 'The checks decided it.';
    case 'ROLLBACK':
      return kind === 'APPROVED'
        ? 'This automatic rollback brings back a run that had passed this gate, so nobody had to answer.'
        : 'The rollback stepped aside for a newer run that waited behind it. What it deployed stays.';
    case 'NEWER_RUN':
      return 'A newer run waited for this stage, and took the place of this one before there were enough answers.';
    case 'CONSOLE':
      return 'An approver answered in the AWS console.';
    case 'BYPASS':
      return 'It was answered in AWS, outside this workflow.';
    case 'CODEPIPELINE':
      return kind === 'EXPIRED'
        ? 'There were not enough answers in time.'
        : 'The run ended before the gate had an answer.';
  }
}
