import type { ChangeRange, KnownRange } from '../../../lambda/domain/change-range';
import { changeRangeSection } from '../../../lambda/review/change-range-section';
import { waiting } from './fixture';

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
