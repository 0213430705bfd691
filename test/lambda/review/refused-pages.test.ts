import { deadPage, failedPage, foreignPage, revokedPage, tooLargePage } from '../../../lambda/review/refused-pages';
import { wordsOf } from './ask';

test.each([
  [
    deadPage,
    'This link does not work It may be incomplete, revoked or too old. Open the newest mail about this change and use ' +
      'the whole link, or ask the team that runs the pipeline.',
  ],
  [
    foreignPage,
    'This did not come from the review page Nothing was recorded. Open the link in your mail again, in an up-to-date ' +
      'browser, and answer there.',
  ],
  [tooLargePage, 'This is too much text Nothing was recorded. Go back and shorten the reason.'],
  [
    revokedPage,
    'The link is revoked It stops working within moments, and it has said neither yes nor no. If the mail reached you ' +
      'by mistake, please tell the team that runs the pipeline.',
  ],
  [
    failedPage,
    'Something went wrong here Your answer may not be recorded. Please open the link in your mail again in a minute.',
  ],
])('a page says what is wrong and what to do: %#', (page, words) => {
  expect(wordsOf({ body: String(page()) })).toBe(words);
});
