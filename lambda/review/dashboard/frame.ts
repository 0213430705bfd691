/** The frame of the dashboard's pages. */
import { html } from 'hono/html';
import { cleanText } from '../../domain/clean-text';
import { nameOf } from '../../domain/count-votes';
import { framed } from '../layout';
import type { Html } from '../markup';
import { STYLE } from '../style';
import { DASHBOARD_SCRIPT } from './script';
import { DASHBOARD_STYLE } from './style';
import type { Viewer } from './viewer';

export function page(
  title: string,
  main: Html,
  { viewer, head }: { readonly viewer?: Viewer; readonly head?: Html } = {},
): Html {
  return framed(
    {
      title,
      styles: [STYLE, DASHBOARD_STYLE],
      script: DASHBOARD_SCRIPT,
      ...(head === undefined ? {} : { head }),
      header: html`<div class="bar">
        <p><i class="mark" aria-hidden="true"></i>Approvals</p>
        ${viewer === undefined ? html`` : whoPart(viewer)}
      </div>`,
      footer: html`<p>You cannot answer on this page: use the personal link in your email.</p>`,
    },
    main,
  );
}

function whoPart({ me, exit }: Viewer): Html {
  return html`<div class="who"><span class="text">${cleanText(nameOf(me), 80)}</span> ${exit}</div>`;
}
