/** The forms of the review page. */
import { html } from 'hono/html';
import { peopleOf, type PeopleRule } from '../../contract/policy';
import { cleanText } from '../domain/clean-text';
import { COMMENT_LIMIT } from '../domain/limits';
import { shownNumber } from '../signing/link-key';
import { digitsAfter, whyApproveLocked, type Problem } from './answer';
import { seenField } from './evidence-seen';
import { fieldsPart } from './fields-part';
import type { Link } from './link';
import { linkFields, NOTHING, type Html } from './markup';
import type { PageState } from './question-page';
import { AT_ONCE, offersStart } from './start-choice';

/**
 * Two buttons approve and reject. The first submit button of the form is a disabled one, because Enter in a field would press the
 * first: nobody approves by Enter.
 */
export function answerForm(state: PageState, isAnswered: boolean): Html {
  const { link, request } = state.question;
  const { shown } = request;
  const reason = peopleOf(shown.policy.rule)?.reason;
  const locked = whyApproveLocked(shown);
  const number = problemOf(state.problems, 'number');
  const comment = problemOf(state.problems, 'comment');
  return html`<section class="card" aria-labelledby="decide">
    <h2 id="decide">${isAnswered ? 'Change your answer' : 'Your answer'}</h2>
    <form id="answer" method="post" action="/r/${link.requestId}" autocomplete="off" ${keptPart(state)}>
      ${linkFields(link)}
      <input type="hidden" name="evidence" value="${shown.evidence}" />
      <input type="hidden" name="seen" value="${seenField(request)}" />
      <button type="submit" disabled hidden></button>
      ${numberField(state, 'number', state.isEmergency ? '' : state.number, number)} ${fieldsPart(state)}
      <div class="field">
        <label for="comment">Reason <span class="soft">${reasonRule(reason)}</span></label>
        <textarea
          id="comment"
          name="comment"
          rows="3"
          maxlength="${COMMENT_LIMIT}"
          ${reason === 'ALWAYS' ? 'required' : ''}
          aria-describedby="comment-help${comment === undefined ? '' : ' comment-problem'}"
          ${comment === undefined ? '' : html`aria-invalid="true"`}
        >
${state.isEmergency ? '' : state.comment}</textarea>
        <p class="small soft help" id="comment-help">
          Everyone who was asked can read it. At most ${COMMENT_LIMIT} characters.
        </p>
        ${comment === undefined ? NOTHING : html`<p class="problem" id="comment-problem">${comment.text}</p>`}
      </div>
      ${offersStart(request) ? startFields(state) : NOTHING}
      ${locked === undefined ? NOTHING : html`<p class="note wait field" id="locked">${locked}</p>`}
      <div class="buttons">
        <button
          class="yes"
          type="submit"
          name="verdict"
          value="APPROVE"
          ${locked === undefined ? '' : html`disabled aria-describedby="locked"`}
        >
          Approve
        </button>
        <button class="no" type="submit" name="verdict" value="REJECT">Reject</button>
      </div>
    </form>
  </section>`;
}

export function revokeForm(state: PageState): Html {
  const { link, me } = state.question;
  const who = cleanText(me.mail, 120);
  return html`<section class="card quiet" aria-labelledby="me">
    <h2 id="me" class="me"><span class="soft">You are answering as</span> ${who}</h2>
    <p class="small soft">
      ${me.shared ? 'This is a shared mailbox: it counts as one vote. ' : ''}The link in the email acts for this address
      alone.
    </p>
    <details>
      <summary>Not you? Revoke this link</summary>
      <form method="post" action="/r/${link.requestId}/revoke" autocomplete="off">
        ${linkFields(link)}
        <p>After that, nobody can answer by this link. It neither approves nor rejects.</p>
        ${numberField(state, 'revoke-number', '', undefined)}
        <button class="plain" type="submit">Revoke this link</button>
      </form>
    </details>
  </section>`;
}

/** A comment without which nothing is recorded. */
export function requiredComment(id: string, question: string, typed: string, problem: Problem | undefined): Html {
  return html`<div class="field">
    <label for="${id}">${question} <span class="soft">(required)</span></label>
    <textarea
      id="${id}"
      name="comment"
      rows="3"
      maxlength="${COMMENT_LIMIT}"
      required
      ${problem === undefined ? '' : html`aria-invalid="true" aria-describedby="${id}-problem"`}
    >
${typed}</textarea>
    ${problem === undefined ? NOTHING : html`<p class="problem" id="${id}-problem">${problem.text}</p>`}
  </div>`;
}

export function numberField(state: PageState, id: string, typed: string, problem: Problem | undefined): Html {
  const { link, request } = state.question;
  return numberFieldOf(
    { link, evidence: request.shown.evidence, wrongNumbers: state.wrongNumbers },
    id,
    typed,
    problem,
  );
}

export function numberFieldOf(
  of: { readonly link: Link; readonly evidence: string; readonly wrongNumbers: number },
  id: string,
  typed: string,
  problem: Problem | undefined,
): Html {
  const shown = shownNumber(of.link.seed, of.evidence, digitsAfter(of.wrongNumbers));
  return html`<div class="field">
    <label for="${id}">Type this number</label>
    <div class="proof">
      <strong class="shown" id="${id}-shown">${shown}</strong>
      <input
        class="number"
        id="${id}"
        name="number"
        type="text"
        inputmode="numeric"
        autocomplete="off"
        maxlength="12"
        required
        value="${typed}"
        aria-describedby="${id}-shown ${id}-help${problem === undefined ? '' : ` ${id}-problem`}"
        ${problem === undefined ? '' : html`aria-invalid="true"`}
      />
    </div>
    ${problem === undefined ? NOTHING : html`<p class="problem" id="${id}-problem">${problem.text}</p>`}
    <p class="small soft help" id="${id}-help">It shows that a person is answering, not a mail scanner.</p>
  </div>`;
}

/** Empty fields are the default, so that nobody starts later than they mean. */
function startFields({ problems, start = AT_ONCE, timeZone }: PageState): Html {
  const problem = problemOf(problems, 'start');
  const invalid = problem === undefined ? '' : html`aria-invalid="true"`;
  const help = `start-help${problem === undefined ? '' : ' start-problem'}`;
  return html`<fieldset class="field" aria-describedby="${help}">
    <legend class="label">Start later <span class="soft">(optional)</span></legend>
    <div class="start">
      <label
        ><span class="small soft">Date</span>
        <input id="start" name="start-date" type="date" value="${cleanText(start.date, 40)}" ${invalid}
      /></label>
      <label
        ><span class="small soft">Time in ${timeZone}</span>
        <input id="start-time" name="start-time" type="time" value="${cleanText(start.time, 40)}" ${invalid}
      /></label>
    </div>
    ${problem === undefined ? NOTHING : html`<p class="problem" id="start-problem">${problem.text}</p>`}
    <p class="small soft help" id="start-help">
      Leave both empty to start at once. A rejection acts at once in any case, and takes back what has not started yet.
    </p>
  </fieldset>`;
}

/** Somebody filled in fields that were not taken: the script leaves them alone. */
function keptPart({ fields = {}, problems, changes }: PageState): Html | string {
  return Object.keys(fields).length > 0 && problems.length + changes.length > 0 ? html`data-kept` : '';
}

export function problemOf(problems: readonly Problem[], field: Problem['field']): Problem | undefined {
  return problems.find((problem) => problem.field === field);
}

function reasonRule(rule: PeopleRule['reason'] | undefined): string {
  return rule === 'OPTIONAL' ? '(optional)' : rule === 'FOR_REJECTION' ? '(required to reject)' : '(required)';
}
