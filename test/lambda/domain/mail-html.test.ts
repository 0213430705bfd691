import fc from 'fast-check';
import { escalationMail, outcomeMail, reminderMail, requestMail } from '../../../lambda/domain/mail-text';
import type { Closed, Outcome, Run } from '../../../lambda/domain/request';
import type { Invitation } from '../../../lambda/domain/vote';
import { APPROVED, CLOSED, RULES, RUN, rollback, waiting } from '../review/fixture';

const LINK = `https://abc.execute-api.eu-west-1.amazonaws.com/r/${'a'.repeat(32)}?by=${'b'.repeat(12)}&key=${'k'.repeat(43)}`;
const PAGE = { leadsTo: 'PAGE', url: LINK } as const;
const bo: Invitation = { approver: 'b'.repeat(12), mail: 'bo@example.com', name: 'Bo', shared: false, keys: [] };
const asked = waiting({ rule: RULES.MANUAL, run: { onReject: { kind: 'STAYS' } } });

/** Gmail shows no more of a mail than that. */
const CLIPPED_FROM = 102 * 1024;

function ended(more: Partial<Outcome>, run: Partial<Run> = { onReject: { kind: 'STAYS' } }): Closed {
  return { ...CLOSED, run: { ...RUN, ...run }, outcome: { ...APPROVED, ...more } };
}

/** What a reader sees: without style and tags, and with what is invisible. */
function seen(html: string): string {
  return html
    .replace(/<title>.*<\/title>|<style>[\s\S]*<\/style>/g, '')
    .replace(/<br \/>/g, '\n')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');
}

const words = (text: string): readonly string[] => text.replace(/\u200b/g, '').match(/[\p{L}\p{N}]+/gu) ?? [];
const tags = (html: string): readonly string[] => html.match(/<[^>]*>/g) ?? [];
const links = (html: string): readonly string[] =>
  [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => (href ?? '').replace(/&amp;/g, '&'));

describe('a mail as HTML', () => {
  const mails = [
    requestMail(asked, bo, PAGE, { workflow: 'Approvals' }),
    reminderMail(asked, bo, PAGE, { workflow: 'Approvals', timeZone: 'Europe/Berlin' }),
    requestMail(waiting({ run: rollback() }), { ...bo, shared: true }, PAGE, { workflow: '' }),
    outcomeMail(ended({}), bo),
    outcomeMail(ended({ kind: 'REJECTED' }), bo),
  ];

  test('says what its plain text says, in the same order', () => {
    for (const { subject, text, html } of mails) {
      const title = (subject.split(/[?:]/, 1)[0] ?? '').replace('rollback of', '');
      // The change is set in another way, and the address of the link stands behind its button.
      const plain = words(text.replace(/Change: .*/g, 'Change').replace(LINK, ''));
      const shown = words(
        seen(html).replace(
          /(Change)\s+Round basket.*\s+9b1deb4d3b7d\s+by Cyrus Wong|(Change)\s+Show delivery dates in the basket\s+1c6fd0f23a5b(\s+by Ana Lopez)?/,
          'Change',
        ),
      );
      expect(shown).toEqual([...words(title), ...plain]);
    }
  });

  test('leads with its sentence, and has one button with the personal link', () => {
    const { html } = mails[0]!;

    expect(html).toMatch(/<h1[^>]*>\s*Hello Bo, can this change go ahead in Prod of shop-release\?\s*<\/h1>/);
    expect(links(html)).toEqual([LINK]);
    expect(html).toMatch(
      /<a\s+ses:no-track\s[^>]*target="_blank"\s+rel="noopener noreferrer"[^>]*>Look and answer here<\/a/,
    );
  });

  test('about an outcome has no link, and its own colour', () => {
    const tone = (kind: Outcome['kind']) =>
      /<span class="(\w+)"[^>]*>(\w+)</.exec(outcomeMail(ended({ kind }), bo).html)?.slice(1);

    expect(links(outcomeMail(ended({}), bo).html)).toEqual([]);
    expect(tone('APPROVED')).toEqual(['good', 'Approved']);
    expect(tone('REJECTED')).toEqual(['bad', 'Rejected']);
    expect(tone('EXPIRED')).toEqual(['bad', 'Expired']);
    expect(tone('STOPPED')).toEqual(['calm', 'Stopped']);
  });

  test('loads nothing, runs nothing, sends nothing, and tells nobody that it was opened', () => {
    for (const { html } of mails) {
      expect(html).not.toMatch(
        /<(script|img|link|iframe|object|form|input|svg|video|base)\b|url\(|@import|\bon\w+=|src=/i,
      );
    }
  });

  test('knows light and dark, and how wide a phone is', () => {
    for (const { html } of mails) {
      expect(html).toContain('<meta name="color-scheme" content="light dark" />');
      expect(html).toContain('@media (prefers-color-scheme: dark)');
      expect(html).toContain('<meta name="viewport" content="width=device-width, initial-scale=1" />');
    }
  });

  test.each([
    ['evil.example', 'evil.\u200bexample'],
    ['eve@evil.example', 'eve@\u200bevil.\u200bexample'],
    ['https://evil.example/x', 'https: //evil.\u200bexample/x'],
    ['www.evil.example', 'www .\u200bevil.\u200bexample'],
    ['mailto:eve@evil.example', 'mailto:eve@\u200bevil.\u200bexample'],
    ['evil。example', 'evil。\u200bexample'],
    ['ftp:/evil', 'ftp:\u200b/evil'],
    ['version 1.2.3. Then more', 'version 1.2.3. Then more'],
  ])('an address that somebody wrote does not become a link: %s', (wrote, isShown) => {
    const run = { text: wrote, revisions: [{ name: 'S', id: '1', message: wrote, author: wrote }] };
    const request = waiting({ run });

    const { html } = requestMail({ ...request, asked: { ...request.asked, pipeline: 'evil.com' } }, bo, PAGE, {
      workflow: '',
    });

    expect(html.split(isShown).length - 1).toBeGreaterThanOrEqual(3);
    expect(seen(html)).toContain('go ahead in Prod of evil.\u200bcom?');
    expect(seen(html)).not.toMatch(/[\p{L}\d][.@。][\p{L}]|:\//u);
  });

  test('whatever other people wrote is text: it adds no tag, no attribute and no link, and the mail stays small', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3000 }),
      fc.constantFrom(
        '</td></table><a href="https://evil.example">Approve</a>',
        '"><img src=x onerror=alert(1)><script>alert(2)</script>',
        "' style='display:none' x='",
        '<!--[if mso]><a href=//evil.example><![endif]-->',
        '&lt;b&gt; &#60;i&#62; ]]>',
        '<style>.button{display:none}</style>',
        'evil.example '.repeat(200),
      ),
    );
    const shape = (revisions: Run['revisions'], text: string, name: string) => {
      const run = { revisions, text, onReject: { kind: 'GOES_BACK', to: revisions } as const };
      return [
        requestMail(waiting({ run: { ...rollback({ target: name }), ...run } }), { ...bo, name }, PAGE, {
          workflow: name,
        }),
        requestMail(waiting({ run }), { ...bo, name }, PAGE, { workflow: 'W' }),
        escalationMail(waiting({ run }), { ...bo, name }, PAGE, [name, text], { workflow: 'W' }),
        outcomeMail(ended({ kind: 'REJECTED', summary: text }, run), { ...bo, name }),
      ];
    };
    const revisionsOf = (id: string, message: string, author: string) =>
      [1, 2, 3].map((n) => ({ name: `S${n}`, id, message, author }));

    fc.assert(
      fc.property(anything, anything, anything, (message, author, text) => {
        for (const { html } of shape(revisionsOf(message, message, author), text, author)) {
          const inert = tags(html).filter(
            (tag) =>
              !/^<(\/?(html|head|title|style|body|table|tr|td|th|p|h1|div|span|strong|a)\b|meta |br \/|!doctype)/.test(
                tag,
              ),
          );
          expect(inert).toEqual([]);
          expect(links(html).every((link) => link === LINK)).toBe(true);
          expect(html.match(/<a\b/g)?.length ?? 0).toBe(links(html).length);
          expect(seen(html)).not.toMatch(/[\p{L}\d][.@][\p{L}]|:\//u);
          expect(Buffer.byteLength(html)).toBeLessThan(CLIPPED_FROM / 3);
        }
      }),
      { numRuns: 150 },
    );
    const calm = shape(revisionsOf('id', 'message', 'author'), 'text', 'name').map(({ html }) => tags(html));
    const hostile = '<b onclick="x">\'"&';
    expect(shape(revisionsOf(hostile, hostile, hostile), hostile, hostile).map(({ html }) => tags(html))).toEqual(calm);
  });
});
