/** The frame of the dashboard's pages. */
import { html } from 'hono/html';
import { cleanText } from '../../domain/clean-text';
import type { Session } from '../../domain/sign-in';
import { framed } from '../layout';
import type { Html } from '../markup';
import { STYLE } from '../style';
import { DASHBOARD_SCRIPT } from './script';
import { DASHBOARD_STYLE } from './style';

export function page(
  title: string,
  main: Html,
  { session, head }: { readonly session?: Session; readonly head?: Html } = {},
): Html {
  return framed(
    {
      title,
      styles: [STYLE, DASHBOARD_STYLE],
      script: DASHBOARD_SCRIPT,
      ...(head === undefined ? {} : { head }),
      header: html`<div class="bar">
        <p><i class="mark" aria-hidden="true"></i>Approvals</p>
        ${session === undefined ? html`` : whoPart(session)}
      </div>`,
      footer: html`<p>You cannot answer on this page: use the personal link in your email.</p>`,
    },
    main,
  );
}

function whoPart({ mail, name }: Session): Html {
  return html`<form method="post" action="/dashboard/sign-out" class="who">
    <span class="text">${cleanText(name ?? mail, 80)}</span>
    <button class="plain small" type="submit">Sign out</button>
  </form>`;
}
