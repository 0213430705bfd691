/** Where somebody opens the gate alone, in an emergency. It is folded, and apart from the answer: nobody takes it by mistake. */
import { html } from 'hono/html';
import { checksOf } from '../../contract/policy';
import { cleanText } from '../domain/clean-text';
import type { Waiting } from '../domain/request';
import { whyNotAlone } from './answer';
import { seenField } from './evidence-seen';
import { numberField, problemOf, requiredComment } from './form';
import { linkFields, NOTHING, type Html } from './markup';
import type { PageState } from './question-page';

/** Nothing for whoever may not. As in the answer form, Enter in a field presses a button that does nothing. */
export function emergencySection(state: PageState): Html {
  const { question, isEmergency, problems } = state;
  if (whyNotAlone(question) !== undefined) {
    return NOTHING;
  }
  const { link, request } = question;
  const comment = problemOf(problems, 'emergency-comment');
  const number = problemOf(problems, 'emergency-number');
  return html`<section class="card quiet" aria-labelledby="emergency">
    <h2 id="emergency">In an emergency</h2>
    <details ${isEmergency ? 'open' : ''}>
      <summary>Open this gate now, alone</summary>
      <form id="alone" method="post" action="/r/${link.requestId}" autocomplete="off">
        ${linkFields(link)}
        <input type="hidden" name="evidence" value="${request.shown.evidence}" />
        <input type="hidden" name="seen" value="${seenField(request)}" />
        <button type="submit" disabled hidden></button>
        <p>
          ${cleanText(request.asked.stage, 100)} goes ahead at once, without ${overridden(request)}. Everybody who was
          asked is told that it was you, and why.
        </p>
        ${numberField(state, 'emergency-number', isEmergency ? state.number : '', number)}
        ${requiredComment('emergency-comment', 'What is the emergency?', isEmergency ? state.comment : '', comment)}
        <button class="no" type="submit" name="verdict" value="BREAK_GLASS">Open this gate now</button>
      </form>
    </details>
  </section>`;
}

/** What it does not wait for. */
function overridden({ shown: { policy } }: Waiting): string {
  const isTimed = policy.window !== undefined || policy.freezes !== undefined;
  const others = [
    ...(checksOf(policy.rule) === undefined ? [] : ['its checks']),
    ...(isTimed ? ['its deployment window or a change calendar'] : []),
  ];
  return ['the approvals that it asks for', ...others].join(', and without ');
}
