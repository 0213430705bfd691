/** How the dashboard names people, changes and times. */
import {
  ago,
  changeLine,
  left,
  personName,
  shortId,
  titleOf,
  type NamedRevision,
} from '../../../../lambda/review/dashboard/names';
import { ANA, BO } from '../fixture';
import { PEOPLE, person } from './fixture';
import { AT, later, pageOf } from './seen';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test('a person goes by their name, else by their address, and by neither once they are removed', () => {
  expect(personName(PEOPLE, ANA)).toBe('Ana Lopez');
  expect(personName(PEOPLE, BO)).toBe('bo@example.com');
  expect(personName(PEOPLE, 'ffffffffffff')).toBe('someone who was removed');
  expect(personName([person(ANA, 'ana@example.com', { name: 'x'.repeat(81) })], ANA)).toBe(`${'x'.repeat(79)}…`);
});

test.each<[string, readonly NamedRevision[], string]>([
  ['the first line of its message', [{ id: 'a', message: 'Round once\n\nEvery line was rounded.' }], 'Round once'],
  [
    'the message of its first revision',
    [
      { id: 'a', message: 'One' },
      { id: 'b', message: 'Two' },
    ],
    'One',
  ],
  ['so much of a long line', [{ id: 'a', message: 'x'.repeat(161) }], `${'x'.repeat(159)}…`],
  ['that it has no message', [{ id: 'a' }], 'No message'],
  ['that its message is empty', [{ id: 'a', message: '' }], 'No message'],
  ['that its message begins with nothing', [{ id: 'a', message: ' \nSecond line' }], 'No message'],
  ['that it has no revision', [], 'No revision named'],
])('the title of a change is %s', (_what, revisions, title) => {
  expect(titleOf(revisions)).toBe(title);
});

test.each<[readonly NamedRevision[], string]>([
  [[], ''],
  [[{ id: '9b1deb4d3b7d4bad' }], '<code>9b1deb4d3b7d</code>'],
  [[{ id: '9b1deb4d3b7d4bad', author: ' ' }], '<code>9b1deb4d3b7d</code>'],
  [[{ id: '9b1d', author: 'Cy Wong' }], '<code>9b1d</code> · Cy Wong'],
  [[{ id: '9b1d', author: 'Cy Wong' }, { id: 'b' }], '<code>9b1d</code> · Cy Wong · and 1 more'],
  [[{ id: '9b1d' }, { id: 'b' }, { id: 'c' }], '<code>9b1d</code> · and 2 more'],
])('%j is said in one line', async (revisions, line) => {
  expect(await pageOf(changeLine(revisions))).toBe(line);
});

test('an id is said by its first twelve characters', () => {
  expect(shortId('9b1deb4d3b7d4bad9bdd')).toBe('9b1deb4d3b7d');
  expect(shortId('v1')).toBe('v1');
  expect(shortId('a\nb')).toBe('a b');
});

test.each<[number, string]>([
  [0, 'just now'],
  [-5 * MINUTE, 'just now'],
  [MINUTE - 1, 'just now'],
  [MINUTE, '1 minute ago'],
  [HOUR + 5 * MINUTE, '1 hour ago'],
  [2 * DAY + 3 * HOUR, '2 days ago'],
])('what was %i milliseconds ago was %j', async (past, text) => {
  const time = later(-past);
  expect(await pageOf(ago(time, AT))).toMatch(
    new RegExp(`^<time datetime="${time}" title="\\w+ \\d+ November 2026, \\d\\d:\\d\\d UTC">${text}</time>$`),
  );
});

test.each<[number, string]>([
  [2 * DAY + 3 * HOUR, '2 days 3 hours left'],
  [MINUTE, '1 minute left'],
  [1, 'under a minute left'],
  [0, 'time is up'],
  [-1, 'time is up'],
])('with %i milliseconds to go, %j', async (remaining, text) => {
  const deadline = later(remaining);
  expect(await pageOf(left(deadline, AT))).toMatch(
    new RegExp(
      `^<time datetime="${deadline}" title="until \\w+ \\d+ November 2026, \\d\\d:\\d\\d UTC">${text}</time>$`,
    ),
  );
});

test('whoever points at a time reads when it was', async () => {
  expect(await pageOf(ago('2026-11-23T09:05:00.000Z', AT))).toBe(
    '<time datetime="2026-11-23T09:05:00.000Z" title="Monday 23 November 2026, 09:05 UTC">25 minutes ago</time>',
  );
});
