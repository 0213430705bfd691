/** The frame of every page; refused calls have it too, so that nothing tells them apart. */
import { html, raw } from 'hono/html';
import type { GateName } from '../../contract/policy';
import { cleanText } from '../domain/clean-text';
import type { Html } from './markup';
import { SCRIPT } from './script';
import { STYLE } from './style';

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

/** Pipeline › stage › action */
export function gatePath({ pipeline, stage, action }: GateName): Html {
  return html`<p class="over">
    <strong>${cleanText(pipeline, 100)}</strong> <span aria-hidden="true">›</span> ${cleanText(stage, 100)}
    <span aria-hidden="true">›</span> ${cleanText(action, 100)}
  </p>`;
}
