/** The frame of every page, and the pieces that all pages use. */
import { html } from 'hono/html';
import { HEADERS, headersFor } from '../../../lambda/review/headers';
import { framed, gatePath, layout } from '../../../lambda/review/layout';
import { linesOf, lookAgainForm, safeLink, tag, timeOf } from '../../../lambda/review/markup';
import { SCRIPT } from '../../../lambda/review/script';
import { STYLE } from '../../../lambda/review/style';
import { sha256 } from '../../../lambda/signing/link-key';
import { markupOf } from './ask';
import { BO, POLICY, REQUEST } from './fixture';

const HEAD =
  '<!doctype html> <html lang="en"> <head> <meta charset="utf-8" /> ' +
  '<meta name="viewport" content="width=device-width, initial-scale=1" /> <meta name="robots" content="noindex" /> ' +
  '<meta name="format-detection" content="telephone=no" />';

test('a page is framed by what it is, and by a word that looking decides nothing', () => {
  const page = String(layout('Can <b> this?', html`<main>Main</main>`));
  const without = page.replace(STYLE, 'STYLE').replace(SCRIPT, 'SCRIPT');

  expect(markupOf(without)).toBe(
    `${HEAD} <title>Can &lt;b&gt; this?</title> <style>STYLE</style> </head> <body> ` +
      '<header><p><i class="mark" aria-hidden="true"></i>Approval gate</p></header> <main>Main</main> ' +
      '<footer><p>Opening or reloading this page decides nothing.</p></footer> <script>SCRIPT</script> </body> </html>',
  );
});

test('a page of another kind brings its own styles, head, header, footer and script', () => {
  const frame = { title: 'T', styles: ['a{}', 'b{}'], script: 'run()', header: html`<b>H</b>`, footer: html`<b>F</b>` };
  const rest =
    '<style>a{}</style><style>b{}</style> </head> <body> <header><b>H</b></header> <main></main> ' +
    '<footer><b>F</b></footer> <script>run()</script> </body> </html>';

  expect(markupOf(framed(frame, html`<main></main>`))).toBe(`${HEAD} <title>T</title> ${rest}`);
  expect(markupOf(framed({ ...frame, head: html`<base href="/x" />` }, html`<main></main>`))).toBe(
    `${HEAD} <title>T</title> <base href="/x" /> ${rest}`,
  );
});

test('a gate is named by pipeline, stage and action, cleaned and escaped', () => {
  expect(markupOf(gatePath(POLICY.gate))).toBe(
    '<p class="over"> <strong>shop-release</strong> <span aria-hidden="true">›</span> Prod ' +
      '<span aria-hidden="true">›</span> Approve</p>',
  );
  expect(markupOf(gatePath({ pipeline: '<p>', stage: 'a\nb', action: 'c\u202e' }))).toBe(
    '<p class="over"> <strong>&lt;p&gt;</strong> <span aria-hidden="true">›</span> a b <span aria-hidden="true">›</span> c</p>',
  );
});

test('text keeps its lines, a time its moment, a label its tone', () => {
  expect(String(linesOf('a\n<b>\n\nc'))).toBe('a<br />&lt;b&gt;<br /><br />c');
  expect(String(timeOf('2026-11-24T09:05:00.000Z'))).toBe(
    '<time datetime="2026-11-24T09:05:00.000Z">Tuesday 24 November 2026, 09:05 UTC</time>',
  );
  expect(String(tag({ text: 'failing', tone: 'bad' }))).toBe('<span class="tag bad">failing</span>');
});

test.each([
  [undefined, undefined],
  ['https://example.com', 'https://example.com/'],
  ['https://example.com/a b"', 'https://example.com/a%20b%22'],
  ['HTTPS://EXAMPLE.com/x', 'https://example.com/x'],
  [`https://example.com/${'x'.repeat(1_980)}`, `https://example.com/${'x'.repeat(1_980)}`],
  [`https://example.com/${'x'.repeat(1_981)}`, undefined],
  ['http://example.com', undefined],
  ['javascript:alert(1)', undefined],
  ['https://user@example.com', undefined],
  ['https://:word@example.com', undefined],
  ['example.com', undefined],
])('the address %s leads to %s', (url, link) => {
  expect(safeLink(url)).toBe(link);
});

describe('the button that shows the page anew', () => {
  const link = { requestId: REQUEST, approver: BO, seed: 'A'.repeat(43) };
  const start =
    `<form id="again" class="again" method="post" action="/r/${REQUEST}/status"> ` +
    `<input type="hidden" name="by" value="${BO}" /> <input type="hidden" name="key" value="${'A'.repeat(43)}" />`;
  const button = '<button class="plain" type="submit">Refresh</button>';

  test('says whether the page follows by itself, and what was sent last', () => {
    expect(markupOf(lookAgainForm(link, undefined, false))).toBe(`${start} ${button}</form>`);
    const sent = { verdict: 'APPROVE', seq: 7, notBefore: '2026-11-24T22:00:00.000Z' } as const;
    expect(markupOf(lookAgainForm(link, sent, true))).toBe(
      `${start} <input type="hidden" name="submitted" value="APPROVE@7@${Date.parse(sent.notBefore)}" /> ${button} ` +
        '<span class="small soft">This page updates by itself.</span></form>',
    );
  });
});

test('the headers allow the styles and scripts of the page, by their hashes, and no others', () => {
  const hash = (text: string) => `'sha256-${Buffer.from(sha256(text), 'hex').toString('base64')}'`;
  const policy = (styles: string, scripts: string) =>
    `default-src 'none'; style-src ${styles}; script-src ${scripts}; connect-src 'self'; form-action 'self'; ` +
    "frame-ancestors 'none'; base-uri 'none'";

  expect(HEADERS['content-security-policy']).toBe(policy(hash(STYLE), hash(SCRIPT)));
  expect(headersFor(['a{}', 'b{}'], ['x()', 'y()'])['content-security-policy']).toBe(
    policy(`${hash('a{}')} ${hash('b{}')}`, `${hash('x()')} ${hash('y()')}`),
  );
});
