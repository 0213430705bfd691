/** The review page of one approver: whole without JavaScript, the secret in hidden fields. */
import { html, raw } from 'hono/html';
import { cleanLines, cleanText } from '../domain/clean-text';
import { plainDuration, plainTime } from '../domain/plain-time';
import type { Outcome, OutcomeKind, RequestMeta } from '../domain/records';
import { whyClosed } from './answer';
import type { Problem } from './answer';
import { answerForm, revokeForm } from './form';
import type { Opened } from './link';
import { SCRIPT } from './script';
import { changeSection, checksSection, effectSection, latestVote, peopleSection, runLine } from './sections';
import type { Html } from './sections';
import { STYLE } from './style';
import { answerWord } from './words';

export interface PageState {
  readonly opened: Opened;
  readonly now: number;
  /** What this approver has just said, though it may not be counted yet. */
  readonly said?: Said;
  readonly problems: readonly Problem[];
  readonly changes: readonly string[];
  /** Typed so far: kept when the page is shown again. */
  readonly comment: string;
  readonly wrongNumbers: number;
}

export interface Said {
  readonly verdict: 'APPROVE' | 'REJECT';
  readonly seq: number;
}

const NOTHING = html``;

const OUTCOME_WORDS: Readonly<Record<OutcomeKind, { readonly title: string; readonly tone: string }>> = {
  APPROVED: { title: 'Approved', tone: 'good' },
  REJECTED: { title: 'Rejected', tone: 'bad' },
  EXPIRED: { title: 'Time ran out', tone: 'wait' },
  STOPPED: { title: 'The run was stopped', tone: 'wait' },
};

export function reviewPage(state: PageState): Html {
  const { meta } = state.opened;
  const stage = cleanText(meta.stage, 100);
  const question =
    meta.outcome === undefined ? `May this change pass ${stage}?` : OUTCOME_WORDS[meta.outcome.kind].title;
  const title = `${state.problems.length > 0 ? 'Please check: ' : ''}${question} · ${cleanText(meta.pipeline, 100)}`;
  const phase = phaseOf(state);
  const over = phase === 'ended' || phase === 'telling';
  return layout(
    title,
    html`<main data-phase="${phase}" data-evidence="${meta.evidence ?? ''}">
      <p class="over">
        <strong>${cleanText(meta.pipeline, 100)}</strong> <span aria-hidden="true">›</span> ${stage}
        <span aria-hidden="true">›</span> ${cleanText(meta.action, 100)}
      </p>
      <h1>${question}</h1>
      ${timePart(state)}
      <div id="live-status" data-live role="status">${statusPart(state)}</div>
      ${over ? NOTHING : consolePart(meta)}
      <p class="note wait" id="stale" hidden>
        Something changed while you were reading. Look again before you answer: an answer to the old view is not taken.
      </p>
      ${changesPart(state)} ${problemsPart(state)}
      ${over || whyClosed(state.opened) !== undefined ? NOTHING : html`<p class="jump"><a class="go" href="#decide">${phase === 'said' ? 'Change your answer' : 'Go to your answer'}</a></p>`}
      <div class="grid">
        <div class="about">
          ${changeSection(meta)} ${over ? NOTHING : effectSection(meta)} ${checksSection(meta)}
          ${peopleSection(state.opened)}
        </div>
        <div class="side">
          ${over ? NOTHING : html`${answerForm(state)} ${revokeForm(state)}`}
          <form id="again" class="again" method="post" action="/r/${state.opened.request}/status">
            <input type="hidden" name="by" value="${state.opened.by}" />
            <input type="hidden" name="key" value="${state.opened.key}" />
            ${
              state.said === undefined
                ? NOTHING
                : html`<input type="hidden" name="said" value="${state.said.verdict}@${state.said.seq}" />`
            }
            <button class="plain" type="submit">Look again</button>
            ${phase === 'ended' ? NOTHING : html`<span class="small soft">This page also follows its gate by itself.</span>`}
          </form>
        </div>
      </div>
      ${runLine(meta)}
    </main>`,
  );
}

/** What really happened, if that is not what was decided here. */
function endingOf(meta: RequestMeta): Outcome | undefined {
  return meta.overtakenBy ?? meta.outcome;
}

/** `open`: to be answered; `said`: answered, may change; `telling`: decided, CodePipeline does not know yet; `ended`: all done. */
function phaseOf(state: PageState): 'open' | 'said' | 'telling' | 'ended' {
  const { meta, by } = state.opened;
  if (endingOf(meta) !== undefined && meta.endedAt === undefined && meta.deliveredAt === undefined) {
    return 'telling';
  }
  if (endingOf(meta) !== undefined || meta.endedAt !== undefined || timeIsOver(state)) {
    return 'ended';
  }
  return state.said !== undefined || latestVote(state.opened, by) !== undefined ? 'said' : 'open';
}

function timeIsOver(state: PageState): boolean {
  const { deadline } = state.opened.meta;
  return deadline === undefined || !(state.now < Date.parse(deadline));
}

function timePart(state: PageState): Html {
  const { deadline, endedAt } = state.opened.meta;
  if (endingOf(state.opened.meta) !== undefined || endedAt !== undefined || deadline === undefined) {
    return NOTHING;
  }
  const left = Date.parse(deadline) - state.now;
  return html`<div class="left" id="live-time" data-live>
    <span class="tag ${left > 0 && left < 3_600_000 ? 'wait' : ''}"
      >${left > 0 ? `${plainDuration(left)} left` : 'Time is over'}</span
    >
    <span class="soft small">until ${plainTime(deadline)}. No answer counts as no.</span>
  </div>`;
}

function statusPart(state: PageState): Html {
  const { meta, by } = state.opened;
  const ending = endingOf(meta);
  if (ending !== undefined) {
    const words = OUTCOME_WORDS[ending.kind];
    return html`<div class="note ${words.tone}">
      <p class="text">${cleanText(ending.summary, 512)}</p>
      <p>
        ${meta.deliveredAt === undefined ? 'CodePipeline is being told.' : 'CodePipeline has the answer.'} You can close
        this page.
      </p>
    </div>`;
  }
  if (meta.endedAt !== undefined || timeIsOver(state)) {
    return html`<p class="note wait">This gate takes no more answers.</p>`;
  }
  const counted = latestVote(state.opened, by);
  const verdict = state.said?.verdict ?? counted?.verdict;
  if (verdict !== undefined) {
    const waiting = state.said !== undefined && (counted === undefined || counted.seq < state.said.seq);
    return html`<div class="note ${verdict === 'APPROVE' ? 'good' : 'bad'}">
      <p>
        <strong>Recorded: you said ${answerWord(verdict)}.</strong>
        ${waiting ? 'It is being counted.' : 'It is counted.'}
      </p>
      <p>You may still change your mind until the gate has answered.</p>
    </div>`;
  }
  const closed = whyClosed(state.opened);
  return closed === undefined ? NOTHING : html`<p class="note wait text">${closed}</p>`;
}

/** An answer is taken all the same: it counts as soon as links can decide again. */
function consolePart({ consoleOnly }: RequestMeta): Html {
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

/** The frame of every page; `refused` pages have it too, so that nothing tells them apart. */
export function layout(title: string, main: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="format-detection" content="telephone=no" />
        <title>${title}</title>
        ${raw(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <header>
          <p><i class="mark" aria-hidden="true"></i>Approval gate</p>
        </header>
        ${main}
        <footer>
          <p>Opening or reloading this page decides nothing.</p>
        </footer>
        ${raw(`<script>${SCRIPT}</script>`)}
      </body>
    </html>`;
}
