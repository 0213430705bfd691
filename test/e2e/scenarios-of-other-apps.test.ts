/** The scenarios of the examples and of test apps: each goes as it says, with permissions that its roles have. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rehearseAndJudge } from './judge';
import { someOf } from '../../rehearsal/test/support/thorough';
import { OF_OTHER_APPS } from '../../rehearsal/test/support/scenarios';

/** What this page says is rehearsed runs each time in CI. */
const page = readFileSync(join(__dirname, '../../docs/rolling-back.md'), 'utf8');
const isOnPage = (file: string): boolean => page.includes(`/${basename(file)})`);
const onPage = OF_OTHER_APPS.filter(isOnPage);
const others = OF_OTHER_APPS.filter((file) => !isOnPage(file));

test('docs/rolling-back.md names scenarios', () => {
  expect(onPage).not.toEqual([]);
});

test.each([
  ...someOf('scenarios on the page about rolling back', onPage, 4),
  ...someOf('scenarios of other apps', others, 4, 3),
])('%s', (file) => rehearseAndJudge(file), 180_000);
