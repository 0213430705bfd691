/** Each part of a mail, as HTML. */
import { htmlMail } from '../../../lambda/domain/mail-html';
import type { MailFact, MailPart } from '../../../lambda/domain/mail-parts';

const URL = 'https://approvals.example.com/r/1';
const html = (...parts: readonly MailPart[]) => htmlMail({ title: { words: 'T', tone: 'CALM' }, subject: 'S', parts });
/** What stands between the tags, a line for each. */
const seen = (...parts: readonly MailPart[]) =>
  html(...parts)
    .replace(/^[\s\S]*?<\/span\s*>/, '')
    .replace(/<(br|\/td|\/th|\/p|\/h\d|\/div|\/a)\b[^>]*>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&nbsp;|\u200b/g, '')
    .replace(/&quot;/g, '"')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
const facts = (...all: readonly MailFact[]) => html({ kind: 'FACTS', facts: all });
const line = (colour: string, text: string, style = '') =>
  new RegExp(`<p class="${colour}" style="[^"]*;margin:0 0 14px${style}">${text}</p>`);

describe('a part of a mail, as HTML', () => {
  test.each<[string, MailPart, readonly string[]]>([
    ['a lead', { kind: 'LEAD', sentence: 'Look.', more: '' }, ['Look.']],
    ['a lead with more', { kind: 'LEAD', sentence: 'Look.', more: 'Now.' }, ['Look.', 'Now.']],
    ['a quote', { kind: 'QUOTE', lines: ['one', 'two', 'three'] }, ['one', 'two', 'three']],
    ['a quote of nothing', { kind: 'QUOTE', lines: [] }, []],
    ['a text', { kind: 'TEXT', lines: ['one', 'two'] }, ['one', 'two']],
    ['an aside', { kind: 'ASIDE', lines: ['one', 'two'] }, ['one', 'two']],
    ['a link', { kind: 'LINK', words: 'Answer here', url: URL }, ['Answer here']],
    [
      'matters',
      {
        kind: 'MATTERS',
        heading: 'Pipeline shop',
        matters: [
          { title: 'Prod / Approve', facts: [], lines: ['one', 'two'], link: { words: 'Answer here', url: URL } },
          { title: 'Beta / Approve', facts: [{ kind: 'VALUE', label: 'Result', value: 'Approved' }], lines: [] },
        ],
      },
      [
        'Pipeline shop',
        ...['Gate', 'Prod / Approve', 'one', 'two', 'Answer here'],
        ...['Gate', 'Beta / Approve', 'Result', 'Approved'],
      ],
    ],
  ])('says what is in it: %s', (_, part, lines) => {
    expect(seen(part)).toEqual(lines);
  });

  test('a text stands out more than an aside', () => {
    expect(html({ kind: 'TEXT', lines: ['words'] })).toMatch(line('ink', 'words'));
    expect(html({ kind: 'LEAD', sentence: 'Look.', more: 'words' })).toMatch(line('ink', 'words'));
    expect(html({ kind: 'ASIDE', lines: ['words'] })).toMatch(line('soft', 'words', ';font-size:14px;color:#525d6b'));
    const matters = [{ title: 'Prod', facts: [], lines: ['words'] }];
    expect(html({ kind: 'MATTERS', heading: 'H', matters })).toMatch(line('ink', 'words'));
  });

  test('only a matter with a link has a button', () => {
    const matter = { title: 'Prod', facts: [], lines: [] };
    const links = (page: string) => [...page.matchAll(/href="([^"]*)"/g)].map(([, url]) => url);

    expect(links(html({ kind: 'MATTERS', heading: 'H', matters: [matter] }))).toEqual([]);
    const linked = [{ ...matter, link: { words: 'Here', url: URL } }, matter];
    expect(links(html({ kind: 'MATTERS', heading: 'H', matters: linked }))).toEqual([URL]);
  });

  test('an empty part leaves nothing behind', () => {
    const empty = html();
    const squeezed = (page: string) => page.replace(/\s+/g, ' ');

    expect(squeezed(html({ kind: 'QUOTE', lines: [] }))).toBe(squeezed(empty));
    expect(squeezed(html({ kind: 'TEXT', lines: [] }))).toBe(squeezed(empty));
    expect(squeezed(html({ kind: 'ASIDE', lines: [] }))).toBe(squeezed(empty));
  });
});

describe('a fact in a mail, as HTML', () => {
  const change = { kind: 'CHANGE', id: 'abc123', message: 'fix the cart', author: 'Cy' } as const;

  test.each<[string, MailFact, readonly string[]]>([
    ['a value', { kind: 'VALUE', label: 'Pipeline', value: 'shop' }, ['Pipeline', 'shop']],
    ['a change', change, ['Change', 'fix the cart', 'abc123 by Cy']],
    ['a change of nobody', { ...change, author: '' }, ['Change', 'fix the cart', 'abc123']],
    ['a change of no message', { ...change, message: '' }, ['Change', 'abc123 by Cy']],
    ['a change of which only the id is known', { ...change, message: '', author: '' }, ['Change', 'abc123']],
    ['a change set', { kind: 'CHANGE_SET', stack: 'Shop', says: '1 added' }, ['Change set', 'Shop: 1 added']],
    ['that there is more', { kind: 'MORE', words: 'and 2 more' }, ['and 2 more']],
    ['a note', { kind: 'NOTE', lines: ['one', 'two'] }, ['Note', 'one', 'two']],
  ])('is told: %s', (_, fact, lines) => {
    expect(seen({ kind: 'FACTS', facts: [fact] })).toEqual(lines);
  });

  test('has a heading of its row, unless it goes on with what stands above', () => {
    const headings = (page: string) =>
      [...page.matchAll(/<th\s+scope="row"[^>]*>\s*([^<]*?)\s*<\/th>/g)].map(([, one]) => one);

    expect(headings(facts(change, { kind: 'MORE', words: 'and 2 more' }))).toEqual(['Change']);
    expect(facts({ kind: 'MORE', words: 'and 2 more' })).toContain('<td></td>');
    expect(facts(change)).not.toContain('<td></td>');
  });

  test('has room around it, and breaks its long words', () => {
    expect(facts(change)).toMatch(/<td class="ink" dir="auto" style="padding:4px 0;[^"]*;overflow-wrap:anywhere;/);
  });

  test('a note has one break between two lines', () => {
    expect(facts({ kind: 'NOTE', lines: ['one', 'two'] })).toMatch(/>\s*one<br \/>two\s*<\/div>/);
  });
});
