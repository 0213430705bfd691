/** The review page of one approver while the gate waits: whole without JavaScript, the secret in hidden fields. */
import { html } from 'hono/html';
import type { FieldValues } from '../../contract/fields';
import { cleanLines, cleanText } from '../domain/clean-text';
import { detailsOf } from '../domain/decision-details';
import { heldInWords, isStillHeld } from '../domain/opening';
import { localTime, plainDuration } from '../domain/plain-time';
import type { Waiting } from '../domain/request';
import { isLive, silenceSentence, whatIsAsked } from '../domain/run-sentences';
import { HOUR, elapsed, isBefore } from '../domain/time';
import type { Verdict } from '../domain/vote';
import { whyClosed, type Problem } from './answer';
import { changeRangeSection } from './change-range-section';
import { changeSetSection } from './change-set-section';
import { emergencySection } from './emergency-section';
import { whyNotFilled } from './fields-part';
import { answerForm, revokeForm } from './form';
import { changedSince } from './evidence-seen';
import { answerDeed, answerNoun, answerTone } from './labels';
import { gatePath, layout } from './layout';
import { voteOf, type Question } from './link';
import { lookAgainForm, NOTHING, timeOf, type Html } from './markup';
import { ownPlacePart } from './place-part';
import {
  changeSection,
  checksSection,
  effectSection,
  livePart,
  peopleSection,
  rollbackPart,
  runLine,
} from './sections';
import { typedAt, type TypedStart } from './start-choice';
import type { Submitted } from './submitted';
import { weakeningPart } from './weakening-part';

export interface PageState {
  readonly question: Question;
  readonly now: string;
  /** What this approver sent last, though it may not be counted yet. */
  readonly submitted?: Submitted;
  readonly problems: readonly Problem[];
  readonly changes: readonly string[];
  /** Typed so far: kept when the page is shown again. */
  readonly comment: string;
  /** Absent where nothing was typed yet. */
  readonly fields?: FieldValues;
  readonly number: string;
  /** Absent = what was answered so far. */
  readonly start?: TypedStart;
  /** They stood in the form of the emergency. */
  readonly isEmergency: boolean;
  readonly wrongNumbers: number;
  /** In which times are typed. */
  readonly timeZone: string;
}

export function questionPage(state: PageState): Html {
  const { question } = state;
  const { request, link } = question;
  const { pipeline, stage } = request.asked;
  const what = request.run.kind.type === 'ROLLBACK' ? 'rollback' : 'change';
  const heading = `Can this ${what} ${whatIsAsked(request)} in ${cleanText(stage, 100)}?`;
  const answered = answeredWith(state);
  const closed = whyClosed(question);
  const isClosed = closed !== undefined;
  const isAlone = answered?.verdict === 'BREAK_GLASS';
  const phase = answered === undefined || (isClosed && !isAlone) ? 'open' : 'answered';
  return layout(
    `${state.problems.length > 0 ? 'Please check: ' : ''}${heading} · ${cleanText(pipeline, 100)}`,
    html`<main data-phase="${phase}" data-evidence="${request.shown.evidence}">
      ${gatePath(request.asked)}
      <h1>${heading}</h1>
      ${timePart(request, state.now)}
      <div id="live-status" data-live role="status">
        ${closed === undefined || isAlone ? statusPart(state, answered) : closedPart(closed, answered)}
      </div>
      ${isClosed ? NOTHING : ownPlacePart(request, link.approver)} ${consolePart(request)}
      ${weakeningPart(request.shown)} ${livePart(request)} ${rollbackPart(request)}
      <p class="note wait" id="stale" hidden>
        Something changed while you were reading. Look again before you answer: an answer to the old view is not taken.
      </p>
      ${changesPart(state)} ${problemsPart(state)}
      ${isClosed ? NOTHING : html`<p class="jump"><a class="go" href="#decide">${answered === undefined ? 'Go to your answer' : 'Change your answer'}</a></p>`}
      <div class="grid">
        <div class="about">
          ${changeSection(request)} ${changeRangeSection(request)} ${changeSetSection(request)}
          ${effectSection(request, isClosed)} ${checksSection(question)} ${peopleSection(question)}
        </div>
        <div class="side">
          ${isClosed ? NOTHING : answerForm(withStart(state, answered), answered !== undefined)}
          ${emergencySection(state)} ${revokeForm(state)} ${lookAgainForm(link, state.submitted, true)}
        </div>
      </div>
      ${runLine(request)}
    </main>`,
  );
}

interface Answered {
  readonly verdict: Verdict;
  readonly isCounted: boolean;
  /** When it takes effect. Absent = at once. */
  readonly notBefore?: string;
}

/** The newest answer of this approver: the one their page sent last, or the one that was counted. */
function answeredWith({ question, submitted }: PageState): Answered | undefined {
  const vote = voteOf(question.votes, question.link.approver);
  if (submitted !== undefined && (vote === undefined || submitted.seq > vote.seq)) {
    return { ...submitted, isCounted: false };
  }
  return vote === undefined || isOutdated(vote) || whyNotFilled(question, vote) !== undefined
    ? undefined
    : { verdict: vote.verdict, isCounted: true, ...detailsOf(vote) };
}

/** A start that was chosen stands in the form again: whoever answers anew shall not lose it unawares. */
function withStart(state: PageState, answered: Answered | undefined): PageState {
  const { now, timeZone } = state;
  const notBefore = answered?.notBefore;
  return state.start !== undefined || notBefore === undefined || !isBefore(now, notBefore)
    ? state
    : { ...state, start: typedAt(notBefore, timeZone) };
}

/** A yes to something else than what was shown when it arrived. */
function isOutdated({ verdict, current }: Question['votes'][number]): boolean {
  return verdict !== 'REJECT' && !current;
}

function timePart(request: Waiting, now: string): Html {
  const { run } = request;
  const left = elapsed(now, run.deadline);
  return html`<div class="left" id="live-time" data-live>
    <span class="tag ${left < HOUR ? 'wait' : ''}">${plainDuration(left)} left</span>
    <span class="soft small"
      >until ${timeOf(run.deadline)}. Without an answer
      ${isLive(request) ? silenceSentence(run) : 'it is rejected.'}</span
    >
  </div>`;
}

function statusPart(state: PageState, answered: Answered | undefined): Html {
  return html`${heldPart(state)} ${ownPart(state, answered)}`;
}

/** That it is approved, and when it goes ahead. */
function heldPart({ question: { request }, now, timeZone }: PageState): Html {
  const { held, shown } = request;
  return held === undefined || !isStillHeld(held, now)
    ? NOTHING
    : html`<div class="note wait">
        <p class="text">${cleanLines(heldInWords(held, shown.policy.window?.timeZone ?? timeZone), 800, 4)}</p>
        <p>Until then, a rejection stops it.</p>
      </div>`;
}

function ownPart({ question, timeZone }: PageState, answered: Answered | undefined): Html {
  if (answered !== undefined) {
    const { notBefore } = answered;
    return html`<div class="note ${answerTone(answered.verdict)}">
      <p>
        <strong>Recorded: you ${answerDeed(answered.verdict)}.</strong>
        ${answered.isCounted ? 'It is counted.' : 'It is being counted.'}
        ${notBefore === undefined ? '' : `It is to start no earlier than ${localTime(notBefore, timeZone)}.`}
      </p>
      <p>You can change your mind until the gate has its outcome.</p>
    </div>`;
  }
  const vote = voteOf(question.votes, question.link.approver);
  if (vote === undefined) {
    return NOTHING;
  }
  const unfilled = whyNotFilled(question, vote);
  if (unfilled !== undefined) {
    return html`<p class="note wait text">
      Your approval does not count: it lacks what this gate asks for. ${unfilled} Please fill in the form and answer
      again.
    </p>`;
  }
  const again = changedSince(vote.shown, question.request);
  return again.length === 0
    ? html`<p class="note wait">
        Your approval does not count: the page had changed before your approval arrived. Please look and answer again.
      </p>`
    : html`<div class="note wait">
        <p>Your approval does not count any more. Please look and answer again.</p>
        ${again.map((sentence) => html`<p class="text">${sentence}</p>`)}
      </div>`;
}

/** Whoever has no vote may have had one when they answered. */
function closedPart(closed: string, answered: Answered | undefined): Html {
  return html`<div class="note wait">
    <p class="text">${closed}</p>
    ${answered === undefined ? NOTHING : html`<p>Your ${answerNoun(answered.verdict)} does not count.</p>`}
  </div>`;
}

/** An answer is taken all the same: it counts as soon as links can decide again. */
function consolePart({ consoleOnly }: Waiting): Html {
  return consoleOnly === undefined
    ? NOTHING
    : html`<p class="note wait text">
        Links alone cannot open this gate at the moment: ${cleanLines(consoleOnly, 300, 3)}. Your answer is kept and
        counts once they can; until then somebody has to answer in the AWS console.
      </p>`;
}

function changesPart(state: PageState): Html {
  if (state.changes.length === 0) {
    return NOTHING;
  }
  return html`<div class="note wait" id="problems" role="alert" tabindex="-1">
    <h2>This has changed since you looked. Nothing was recorded.</h2>
    <ul>
      ${state.changes.slice(0, 20).map((change) => html`<li class="text">${change}</li>`)}
    </ul>
    <p>Look again and, if you still want to, answer with the new number.</p>
  </div>`;
}

function problemsPart(state: PageState): Html {
  if (state.problems.length === 0) {
    return NOTHING;
  }
  return html`<div class="note bad" id="problems" role="alert" tabindex="-1">
    <h2>Your answer was not recorded</h2>
    <ul>
      ${state.problems.map((problem) =>
        problem.field === 'answer'
          ? html`<li class="text">${problem.text}</li>`
          : html`<li class="text"><a href="#${problem.field}">${problem.text}</a></li>`,
      )}
    </ul>
  </div>`;
}
