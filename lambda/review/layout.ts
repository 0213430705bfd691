/** The frame of every page; refused calls have it too, so that nothing tells them apart. */
import { html, raw } from 'hono/html';
import type { GateName } from '../../contract/policy';
import { cleanText } from '../domain/clean-text';
import { NOTHING, type Html } from './markup';
import { SCRIPT } from './script';
import { STYLE } from './style';

/** What a page has beside its main part. The headers have to allow the same styles and the same script. */
export interface Frame {
  readonly title: string;
  readonly styles: readonly string[];
  readonly script: string;
  readonly head?: Html;
  readonly header: Html;
  readonly footer: Html;
}

export function layout(title: string, main: Html): Html {
  return framed(
    {
      title,
      styles: [STYLE],
      script: SCRIPT,
      header: html`<p><i class="mark" aria-hidden="true"></i>Approval gate</p>`,
      footer: html`<p>Opening or reloading this page decides nothing.</p>`,
    },
    main,
  );
}

export function framed({ title, styles, script, head, header, footer }: Frame, main: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="format-detection" content="telephone=no" />
        <title>${title}</title>
        ${head ?? NOTHING} ${styles.map((style) => raw(`<style>${style}</style>`))}
      </head>
      <body>
        <header>${header}</header>
        ${main}
        <footer>${footer}</footer>
        ${raw(`<script>${script}</script>`)}
      </body>
    </html>`;
}

/** Pipeline › stage › action */
export function gatePath({ pipeline, stage, action }: GateName): Html {
  return html`<p class="over">
    <strong>${cleanText(pipeline, 100)}</strong> <span aria-hidden="true">›</span> ${cleanText(stage, 100)}
    <span aria-hidden="true">›</span> ${cleanText(action, 100)}
  </p>`;
}
