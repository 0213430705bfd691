/** Pieces of HTML that every page uses. The template escapes whatever is put into it. */
import { html } from 'hono/html';
import { plainTime } from '../domain/plain-time';
import type { Label } from './labels';
import type { Link } from './link';
import { submittedField, type Submitted } from './submitted';

export type Html = ReturnType<typeof html>;

export const NOTHING = html``;

/** Foreign text with its line breaks. */
export function linesOf(text: string): Html {
  return html`${text.split('\n').map((line, index) => (index === 0 ? html`${line}` : html`<br />${line}`))}`;
}

/** In UTC; the script adds the reader's own time beside it. */
export function timeOf(iso: string): Html {
  return html`<time datetime="${iso}">${plainTime(iso)}</time>`;
}

export function tag({ text, tone }: Label): Html {
  return html`<span class="tag ${tone}">${text}</span>`;
}

/** Only https: becomes a link; anything else is text. */
export function safeLink(url: string | undefined): string | undefined {
  if (url === undefined || url.length > 2_000 || !URL.canParse(url)) {
    return undefined;
  }
  const parsed = new URL(url);
  return parsed.protocol === 'https:' && parsed.username === '' && parsed.password === '' ? parsed.href : undefined;
}

/** By these fields a form says whose link it is. */
export function linkFields({ approver, seed }: Link): Html {
  return html`<input type="hidden" name="by" value="${approver}" /> <input type="hidden" name="key" value="${seed}" />`;
}

/** Shows the page anew. The script uses it to follow the request, and to know where the page lives. */
export function lookAgainForm(link: Link, submitted: Submitted | undefined, isFollowed: boolean): Html {
  return html`<form id="again" class="again" method="post" action="/r/${link.requestId}/status">
    ${linkFields(link)}
    ${
      submitted === undefined
        ? NOTHING
        : html`<input type="hidden" name="submitted" value="${submittedField(submitted)}" />`
    }
    <button class="plain" type="submit">Refresh</button>
    ${isFollowed ? html`<span class="small soft">This page updates by itself.</span>` : NOTHING}
  </form>`;
}
