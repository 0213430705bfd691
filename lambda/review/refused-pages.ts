/** The pages of calls that get nothing. They say nothing about any gate. */
import { html } from 'hono/html';
import { layout } from './layout';
import type { Html } from './markup';

function plainPage(title: string, sentences: readonly string[]): Html {
  return layout(
    title,
    html`<main data-phase="dead">
      <h1>${title}</h1>
      ${sentences.map((sentence) => html`<p>${sentence}</p>`)}
    </main>`,
  );
}

/** One page for every link that does not open, whatever the reason. */
export function deadPage(): Html {
  return plainPage('This link does not work', [
    'It may be incomplete, revoked or too old.',
    'Open the newest email about this change and use the whole link, or ask the team that runs the pipeline.',
  ]);
}

export function foreignPage(): Html {
  return plainPage('This form was not sent from the review page', [
    'Nothing was recorded. Open the link in your email again, in an up-to-date browser, and answer there.',
  ]);
}

export function tooLargePage(): Html {
  return plainPage('This is too much text', ['Nothing was recorded. Go back and shorten the reason.']);
}

export function revokedPage(): Html {
  return plainPage('The link has been revoked', [
    'It stops working within moments, and it has neither approved nor rejected anything.',
    'If the email reached you by mistake, please tell the team that runs the pipeline.',
  ]);
}

export function failedPage(): Html {
  return plainPage('Something went wrong here', [
    'Your answer may not be recorded. Please open the link in your email again in a minute.',
  ]);
}
