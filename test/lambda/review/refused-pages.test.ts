import { deadPage, failedPage, foreignPage, revokedPage, tooLargePage } from '../../../lambda/review/refused-pages';
import { wordsOf } from './ask';

test.each([
  [
    deadPage,
    'This link does not work It may be incomplete, revoked or too old. Open the newest email about this change and use ' +
      'the whole link, or ask the team that runs the pipeline.',
  ],
  [
    foreignPage,
    'This form was not sent from the review page Nothing was recorded. Open the link in your email again, in an up-to-date ' +
      'browser, and answer there.',
  ],
  [tooLargePage, 'This is too much text Nothing was recorded. Go back and shorten the reason.'],
  [
    revokedPage,
    'The link has been revoked It stops working within moments, and it has neither approved nor rejected anything. If the email reached you ' +
      'by mistake, please tell the team that runs the pipeline.',
  ],
  [
    failedPage,
    'Something went wrong here Your answer may not be recorded. Please open the link in your email again in a minute.',
  ],
])('a page says what is wrong and what to do: %#', (page, words) => {
  expect(wordsOf({ body: String(page()) })).toBe(words);
});
