/** How the dashboard names people, changes and times. */
import { html } from 'hono/html';
import type { Person } from '../../../contract/policy';
import { cleanText } from '../../domain/clean-text';
import { nameOf } from '../../domain/count-votes';
import { plainDuration, plainTime } from '../../domain/plain-time';
import { elapsed } from '../../domain/time';
import type { Html } from '../markup';

/** What requests and entries of the record both say of a revision. */
export interface NamedRevision {
  readonly id: string;
  readonly message?: string;
  readonly author?: string;
}

export function personName(people: readonly Person[], approver: string): string {
  const person = people.find(({ id }) => id === approver);
  return person === undefined ? 'someone who was removed' : cleanText(nameOf(person), 80);
}

export function titleOf(revisions: readonly NamedRevision[]): string {
  const first = revisions[0];
  const title = cleanText((first?.message ?? '').split('\n', 1)[0] ?? '', 160);
  return title !== '' ? title : first === undefined ? 'No revision named' : 'No message';
}

/** `9b1deb4d3b7d · Cy Wong and 1 more` */
export function changeLine(revisions: readonly NamedRevision[]): Html {
  const [first, ...others] = revisions;
  if (first === undefined) {
    return html``;
  }
  const author = cleanText(first.author ?? '', 80);
  return html`<code>${shortId(first.id)}</code>${author === '' ? '' : ` · ${author}`}${
      others.length === 0 ? '' : ` · and ${others.length} more`
    }`;
}

export function shortId(id: string): string {
  return cleanText(id, 100).slice(0, 12);
}

/** `2 hours ago`, with the time itself beside it for whoever points at it. */
export function ago(time: string, now: string): Html {
  const past = elapsed(time, now);
  const text = past < 60_000 ? 'just now' : `${firstUnit(past)} ago`;
  return html`<time datetime="${time}" title="${plainTime(time)}">${text}</time>`;
}

export function left(deadline: string, now: string): Html {
  const remaining = elapsed(now, deadline);
  const text = remaining <= 0 ? 'time is up' : `${plainDuration(remaining)} left`;
  return html`<time datetime="${deadline}" title="until ${plainTime(deadline)}">${text}</time>`;
}

/** `2 days 3 hours` says more than anybody wants to know of the past. */
function firstUnit(milliseconds: number): string {
  return plainDuration(milliseconds).split(' ').slice(0, 2).join(' ');
}
