/**
 * A mail as HTML, for programs on phones and desktops, light and dark. Tables and inline styles, because many mail programs know
 * nothing else. Nothing is loaded from anywhere. By `ses:no-track` SES leaves links as they are, also in an account that tracks
 * clicks. The template escapes whatever is put into it.
 */
import { html, raw } from 'hono/html';
import type { MailFact, MailMatter, MailPart, MailParts, MailTitle } from './mail-parts';

type Html = ReturnType<typeof html>;

const FONT =
  "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Helvetica Neue','Liberation Sans',Arial,sans-serif";
/** Long words of other people break, and their direction of writing ends with them. */
const WRAPS = 'overflow-wrap:anywhere;word-break:break-word;unicode-bidi:plaintext';
const TABLE = raw('role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"');

/** Light colours stand inline; programs that know about dark ones take them from here. */
const DARK = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .ground { background: #10151b !important; }
  .card { background: #19212a !important; border-color: #2c3743 !important; }
  .ink { color: #e8edf2 !important; }
  .soft { color: #a7b3c0 !important; }
  .line { border-color: #2c3743 !important; }
  .asks { background: #33260c !important; color: #f0c063 !important; }
  .good { background: #12301f !important; color: #6fd6a4 !important; }
  .bad { background: #3a1613 !important; color: #ff9f96 !important; }
  .calm { background: #202c38 !important; color: #b9c8d8 !important; }
  .see { color: #8bbcf5 !important; }
  .button { background: #4cc38a !important; color: #06210f !important; }
}`;

const TONES: Readonly<Record<MailTitle['tone'], readonly [name: string, colours: string]>> = {
  ASKS: ['asks', 'background:#fdf3dc;color:#7a4d00'],
  GOOD: ['good', 'background:#e6f4ec;color:#0f6b47'],
  BAD: ['bad', 'background:#fdecea;color:#a61b12'],
  CALM: ['calm', 'background:#e9eef3;color:#33475b'],
};

export function htmlMail({ title, subject, parts }: MailParts): string {
  const [tone, colours] = TONES[title.tone];
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no" />
        <title>${unlinked(subject)}</title>
        ${raw(`<style>${DARK}</style>`)}
      </head>
      <body class="ground" style="margin:0;padding:0;background:#f4f3ef">
        <table ${TABLE} class="ground" style="background:#f4f3ef">
          <tr>
            <td align="center" style="padding:20px 12px">
              <table ${TABLE} style="max-width:560px;border-collapse:separate">
                <tr>
                  <td
                    class="card ink"
                    align="left"
                    style="${FONT};padding:22px 22px 6px;background:#ffffff;border:1px solid #dedcd4;border-radius:14px;color:#1b232d;font-size:16px;line-height:1.5"
                  >
                    <p style="margin:0 0 12px;font-size:14px;line-height:1.3;font-weight:600">
                      <span class="${tone}" style="display:inline-block;padding:4px 11px;border-radius:99px;${colours}"
                        >${unlinked(title.words)}</span
                      >
                    </p>
                    ${parts.map(htmlPart)}
                  </td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html>`;
  return String(page);
}

function htmlPart(part: MailPart): Html {
  switch (part.kind) {
    case 'LEAD':
      return html`<h1 style="${WRAPS};margin:0 0 14px;font-size:21px;line-height:1.3;font-weight:650">
          ${unlinked(part.sentence)}
        </h1>
        ${part.more === '' ? '' : paragraph(part.more, 'ink', '')}`;
    case 'QUOTE':
      return part.lines.length === 0 ? html`` : html`<div style="margin:0 0 16px">${quote(part.lines)}</div>`;
    case 'FACTS':
      return htmlFacts(part.facts);
    case 'MATTERS':
      return html`<h2 style="${WRAPS};margin:0 0 10px;font-size:17px;line-height:1.3;font-weight:650">
          ${unlinked(part.heading)}
        </h2>
        ${part.matters.map(htmlMatter)}`;
    case 'LINK':
      return button(part);
    case 'TEXT':
      return html`${part.lines.map((line) => paragraph(line, 'ink', ''))}`;
    case 'ASIDE':
      return html`${part.lines.map((line) => paragraph(line, 'soft', ';font-size:14px;color:#525d6b'))}`;
  }
}

function htmlFacts(facts: readonly MailFact[]): Html {
  return html`<table
    width="100%"
    cellpadding="0"
    cellspacing="0"
    border="0"
    class="line"
    style="margin:0 0 18px;border-top:1px solid #dedcd4;border-bottom:1px solid #dedcd4"
  >
    <tr>
      <td colspan="2" style="height:8px;line-height:8px;font-size:0">&nbsp;</td>
    </tr>
    ${facts.map(htmlFact)}
    <tr>
      <td colspan="2" style="height:8px;line-height:8px;font-size:0">&nbsp;</td>
    </tr>
  </table>`;
}

function htmlMatter({ title, facts, lines, link }: MailMatter): Html {
  return html`${htmlFacts([{ kind: 'VALUE', label: 'Gate', value: title }, ...facts])}
  ${lines.map((line) => paragraph(line, 'ink', ''))} ${link === undefined ? '' : button(link)}`;
}

function button({ words, url }: { readonly words: string; readonly url: string }): Html {
  return html`<table ${TABLE} style="margin:0 0 18px;border-collapse:separate">
    <tr>
      <td class="button" align="center" bgcolor="#0f6b47" style="border-radius:10px;mso-padding-alt:14px 20px">
        <a
          ses:no-track
          class="button"
          href="${url}"
          target="_blank"
          rel="noopener noreferrer"
          style="${FONT};display:block;padding:14px 20px;border-radius:10px;background:#0f6b47;color:#ffffff;font-size:17px;line-height:1.3;font-weight:650;text-decoration:none"
          >${words}</a
        >
      </td>
    </tr>
  </table>`;
}

function htmlFact(fact: MailFact): Html {
  switch (fact.kind) {
    case 'VALUE':
      return row(fact.label, html`${unlinked(fact.value)}`);
    case 'CHANGE': {
      const author = fact.author === '' ? '' : html` by ${unlinked(fact.author)}`;
      const id = html`<span style="font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:13px"
        >${unlinked(fact.id)}</span
      >`;
      return row(
        'Change',
        fact.message === ''
          ? html`${id}${author}`
          : html`<strong style="font-weight:650">${unlinked(fact.message)}</strong><br /><span
                class="soft"
                style="color:#525d6b;font-size:14px"
                >${id}${author}</span
              >`,
      );
    }
    case 'SEE':
      return row(
        '',
        html`<a
          ses:no-track
          class="see"
          href="${fact.url}"
          target="_blank"
          rel="noopener noreferrer"
          style="color:#1f5fa8"
          >${fact.words}</a
        >`,
      );
    case 'CHANGE_SET':
      return row('Change set', html`${unlinked(fact.stack)}: ${unlinked(fact.says)}`);
    case 'MORE':
      return row('', html`${unlinked(fact.words)}`);
    case 'NOTE':
      return row('Note', quote(fact.lines));
  }
}

function row(label: string, value: Html): Html {
  const cell = 'padding:4px 0;vertical-align:top;text-align:left;font-size:15px;line-height:1.45';
  return html`<tr>
    ${
      label === ''
        ? html`<td></td>`
        : html`<th
            scope="row"
            class="soft"
            style="${cell};width:84px;padding-right:12px;font-weight:400;color:#525d6b;white-space:nowrap"
          >
            ${label}
          </th>`
    }
    <td class="ink" dir="auto" style="${cell};${WRAPS};color:#1b232d">${value}</td>
  </tr>`;
}

function quote(lines: readonly string[]): Html {
  return html`<div
    class="line"
    dir="auto"
    style="${WRAPS};padding:1px 0 1px 12px;border-left:3px solid #dedcd4;white-space:normal"
  >
    ${lines.map((line, index) => html`${index === 0 ? '' : raw('<br />')}${unlinked(line)}`)}
  </div>`;
}

function paragraph(text: string, colour: string, style: string): Html {
  return html`<p class="${colour}" style="${WRAPS};margin:0 0 14px${style}">${unlinked(text)}</p>`;
}

/**
 * Mail programs make links of whatever looks like an address, also in HTML. What nobody sees in between keeps them from it: only
 * our own links are any.
 */
function unlinked(text: string): string {
  return text.replace(/[.\u3002\uff0e\uff61@](?=[\p{L}\p{M}])|:(?=\/)/gu, '$&\u200b');
}
