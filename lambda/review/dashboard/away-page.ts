/** Where somebody says that they are away, and who answers meanwhile. */
import { html } from 'hono/html';
import type { Person } from '../../../contract/policy';
import { delegatesAmong, isPast, type Absence } from '../../domain/absence';
import { cleanText } from '../../domain/clean-text';
import { nameOf } from '../../domain/count-votes';
import { isBefore } from '../../domain/time';
import { NOTHING, timeOf, type Html } from '../markup';
import { page } from './frame';
import { personName } from './names';
import type { Viewer } from './viewer';

/** As it was typed. */
export interface AwayForm {
  readonly delegate: string;
  readonly from: string;
  readonly until: string;
}

export interface AwayView {
  readonly viewer: Viewer;
  readonly absence: Absence | undefined;
  readonly now: string;
  readonly notice?: string | undefined;
  readonly problem?: string;
  readonly form?: AwayForm;
}

export function awayPage(view: AwayView): Html {
  const { viewer, absence, now, notice } = view;
  const delegates = delegatesAmong(viewer.people, viewer.me);
  const current = absence === undefined || isPast(absence, now) ? undefined : absence;
  return page(
    'Absence',
    html`<main class="narrow">
      <h1>While you are away</h1>
      ${notice === undefined ? NOTHING : html`<p class="note good" role="status">${notice}</p>`}
      ${current === undefined ? NOTHING : currentPart(current, viewer, now)}
      ${
        delegates.length === 0
          ? html`<p>Nobody is declared who could answer in your place. Who may is part of the pipeline’s code.</p>`
          : formPart(view, delegates, current !== undefined)
      }
      <p><a class="go" href="/dashboard">Back to the dashboard</a></p>
    </main>`,
    { viewer },
  );
}

function currentPart({ delegate, from, until }: Absence, { people }: Viewer, now: string): Html {
  const begins = isBefore(now, from) ? html`From ${timeOf(from)} until` : html`Until`;
  return html`<form class="card" method="post" action="/dashboard/back">
    <p class="text">
      ${begins} ${timeOf(until)}, ${personName(people, delegate)} is asked in your place. To answer yourself again, end
      your absence.
    </p>
    <button class="plain" type="submit">End my absence</button>
  </form>`;
}

function formPart({ now, problem, form }: AwayView, delegates: readonly Person[], isAway: boolean): Html {
  const today = now.slice(0, 10);
  return html`<form class="card" method="post" action="/dashboard/away" aria-label="Absence">
    ${problem === undefined ? NOTHING : html`<p class="note bad field" role="alert" id="problem">${problem}</p>`}
    <div class="field">
      <label for="delegate">Who answers for you</label>
      <select id="delegate" name="delegate" required>
        ${delegates.map(
          (one) =>
            html`<option value="${one.id}" ${form?.delegate === one.id ? 'selected' : ''}>
              ${cleanText(nameOf(one), 80)}
            </option>`,
        )}
      </select>
    </div>
    <div class="field">
      <label for="from">First day (empty: from now on)</label>
      <input id="from" name="from" type="date" min="${today}" value="${cleanText(form?.from ?? '', 10)}" />
    </div>
    <div class="field">
      <label for="until">Last day</label>
      <input id="until" name="until" type="date" min="${today}" value="${cleanText(form?.until ?? '', 10)}" required />
    </div>
    <p class="soft small">
      Days are in UTC. ${isAway ? 'This takes the place of the absence above.' : ''} Requests that wait already are
      handed over within minutes; what you have answered stays. You both get an email.
    </p>
    <button class="yes" type="submit">Hand over my answers</button>
  </form>`;
}
