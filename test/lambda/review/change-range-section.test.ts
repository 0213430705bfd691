import type { ChangeRange, KnownRange } from '../../../lambda/domain/change-range';
import { changeRangeSection } from '../../../lambda/review/change-range-section';
import { wordsIn } from './ask';
import { PEOPLE, RULES, waiting } from './fixture';

const page = (range: ChangeRange): string =>
  String(changeRangeSection(waiting({ run: { range } }))).replace(/\s+/g, ' ');
const range = (more: Partial<KnownRange> = {}): KnownRange => ({
  kind: 'ALONG',
  changes: [
    { name: 'Source', id: '9b1deb4d3b7d4bad', message: 'Sell tea', author: 'dora', url: 'https://git.example.com/1' },
  ],
  total: 30,
  others: 29,
  isCut: true,
  authors: [],
  ...more,
});

test('lists message, id, author and link, says how many are not listed, and that there may be more', () => {
  const text = page(range());

  expect(text).toContain('29 earlier changes are not live now, and go live with this one.');
  expect(text).toContain('Sell tea');
  expect(text).toContain('dora · <code>9b1deb4d3b7d</code> · Source');
  expect(text).toContain(
    '<a class="go small" href="https://git.example.com/1" rel="noreferrer noopener" target="_blank">',
  );
  expect(text).toContain('and 29 more');
  expect(text).toContain('Older changes may belong here');
});

test('says all of it in one run of sentences, and of less only what is there', () => {
  expect(wordsIn(page(range()))).toBe(
    'Changes since what is live now 29 earlier changes are not live now, and go live with this one. ' +
      'Sell tea dora · 9b1deb4d3b7d · Source See ↗ and 29 more ' +
      'Older changes may belong here, which CodePipeline does not list. ' +
      'The newest change of each run, as CodePipeline knows it. A push of several commits is shown by its last one.',
  );
  const bare = page(range({ changes: [{ name: 'Source', id: 'v1' }], total: 1, others: 1, isCut: false }));
  expect(wordsIn(bare)).toBe(
    'Changes since what is live now 1 earlier change is not live now, and goes live with this one. ' +
      'No message v1 · Source ' +
      'The newest change of each run, as CodePipeline knows it. A push of several commits is shown by its last one.',
  );
  expect(bare).not.toContain('<a ');
});

test.each([
  [1, '1 change will not be live any more.'],
  [2, '2 changes will not be live any more.'],
])('of a rollback over %d says so', (others, sentence) => {
  expect(wordsIn(page(range({ kind: 'BACK', others })))).toContain(
    `Changes that it goes back over What is live now is newer. After it, ${sentence} Sell tea`,
  );
});

test.each([
  [
    { ...RULES.MANUAL, people: { ...PEOPLE, excludeAuthor: true } },
    ' Only the author of the change itself is kept from approving it.',
  ],
  [{ ...RULES.MANUAL, people: { ...PEOPLE, excludeAuthor: false } }, ''],
  [RULES.AUTOMATED, ''],
])('of what is not known, says whose own changes are not known: %#', (rule, sentence) => {
  const unknown = waiting({ rule, run: { range: { kind: 'UNKNOWN', reason: 'PARALLEL' } } });

  expect(wordsIn(changeRangeSection(unknown))).toBe(
    `Changes since what is live now Not known: the runs of this pipeline go in parallel, so none of them comes between two others.${sentence}`,
  );
});

test('of a rollback says what will not be live any more', () => {
  expect(page(range({ kind: 'BACK', others: 1, total: 1 }))).toContain('After it, 1 change will not be live any more.');
});

test('says why it is not known', () => {
  expect(page({ kind: 'UNKNOWN', reason: 'PARALLEL' })).toContain('the runs of this pipeline go in parallel');
});

test('is not there where nothing comes along', () => {
  expect(String(changeRangeSection(waiting({})))).toBe('');
});

test('what other people wrote can neither be HTML, nor a link of another kind, nor hide what stands beside it', () => {
  const evil = '<script>alert(1)</script>\u202e';
  const text = page(
    range({ changes: [{ name: evil, id: evil, message: evil, author: evil, url: 'javascript:alert(1)' }] }),
  );

  expect(text).toContain('&lt;script&gt;');
  expect(text).not.toContain('<script');
  expect(text).not.toContain('\u202e');
  expect(text).not.toContain('javascript:');
});
