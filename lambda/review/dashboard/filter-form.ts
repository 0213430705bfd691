/** Search and filter: a form that works without JavaScript, and an address that can be sent to others. */
import { html } from 'hono/html';
import { cleanText } from '../../domain/clean-text';
import { nameOf } from '../../domain/count-votes';
import { NOTHING, type Html } from '../markup';
import type { DashboardView } from './dashboard-page';
import { isFiltering, STATES, type State } from './filter';

const STATE_NAMES: Readonly<Record<State, string>> = {
  WAITING: 'waiting',
  APPROVED: 'approved',
  REJECTED: 'rejected',
  EXPIRED: 'time ran out',
  STOPPED: 'stopped',
  EMERGENCY: 'opened in an emergency',
  BYPASSED: 'bypassed',
};

export function filterForm({ filter, viewer, overviews, waiting, decided }: DashboardView): Html {
  const known = [
    ...overviews.map(({ pipeline }) => pipeline),
    ...waiting.requests.map(({ asked }) => asked.pipeline),
    ...decided.rows.map(({ entry }) => entry.gate.pipeline),
  ];
  const stages = [
    ...overviews
      .filter(({ pipeline }) => filter.pipeline === undefined || pipeline === filter.pipeline)
      .flatMap((overview) => overview.stages.map(({ stage }) => stage)),
    ...decided.rows.map(({ entry }) => entry.gate.stage),
  ];
  const isOn = isFiltering(filter) || filter.before !== undefined;
  return html`<form class="filter" method="get" action="/dashboard" role="search" aria-label="Filter">
    <div class="find">
      <input
        type="search"
        name="q"
        value="${filter.text}"
        maxlength="100"
        placeholder="Search changes, people, runs"
        aria-label="Search"
      />
      <button class="plain" type="submit">Search</button>
    </div>
    <details ${isFiltering({ ...filter, text: '' }) ? 'open' : ''}>
      <summary>Filter</summary>
      <div class="fields">
        ${choice('pipeline', 'Pipeline', 'all', named(known), filter.pipeline)}
        ${choice('stage', 'Stage', 'all', named(stages), filter.stage)}
        ${choice(
          'person',
          'Person',
          'anybody',
          viewer.people.map((person) => [person.id, cleanText(nameOf(person), 80)] as const),
          filter.person,
        )}
        ${choice(
          'state',
          'State',
          'all',
          STATES.map((state) => [state, STATE_NAMES[state]] as const),
          filter.state,
        )}
        ${day('from', 'From (UTC)', filter.from)} ${day('to', 'To (UTC)', filter.to)}
        <button class="plain" type="submit">Show</button>
      </div>
    </details>
    ${isOn ? html`<p><a class="go" href="/dashboard">Show everything</a></p>` : NOTHING}
  </form>`;
}

function named(names: readonly string[]): readonly (readonly [string, string])[] {
  return [...new Set(names)].sort().map((name) => [name, cleanText(name, 100)] as const);
}

/** What is chosen stays in the list, known or not. */
function choice(
  name: string,
  label: string,
  all: string,
  options: readonly (readonly [string, string])[],
  chosen: string | undefined,
): Html {
  const isListed = chosen === undefined || options.some(([value]) => value === chosen);
  const listed = isListed ? options : [...options, [chosen, cleanText(chosen, 100)] as const];
  return html`<label
    >${label}
    <select name="${name}">
      <option value="">${all}</option>
      ${listed.map(
        ([value, text]) => html`<option value="${value}" ${value === chosen ? 'selected' : ''}>${text}</option>`,
      )}
    </select>
  </label>`;
}

function day(name: string, label: string, chosen: string | undefined): Html {
  return html`<label>${label} <input type="date" name="${name}" value="${chosen ?? ''}" /></label>`;
}
