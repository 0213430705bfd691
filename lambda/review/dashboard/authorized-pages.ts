/** What people see of a dashboard behind an authorizer who may not see the dashboard, and how the others leave it. */
import { html } from 'hono/html';
import { VERIFIED_CLAIM } from '../../../contract/dashboard';
import { cleanText } from '../../domain/clean-text';
import { NOTHING, safeLink, type Html } from '../markup';
import { page } from './frame';

/** Nothing here says who is declared. */
export function strangerPage(
  why: 'NONE' | 'UNVERIFIED' | 'STRANGER',
  claim: string,
  signOutUrl: string | undefined,
): Html {
  return page(
    'Not for this account',
    html`<main class="narrow" data-refused="${why}">
      <h1>This account cannot see the approvals</h1>
      <p>${reason(why, cleanText(claim, 80))}</p>
      <p class="soft">Ask the team that runs the pipeline, or sign in with another account.</p>
      ${signOutLink(signOutUrl)}
    </main>`,
  );
}

export function signOutLink(url: string | undefined): Html {
  const href = safeLink(url);
  return href === undefined ? NOTHING : html`<a class="go" href="${href}">Sign out</a>`;
}

function reason(why: 'NONE' | 'UNVERIFIED' | 'STRANGER', claim: string): string {
  switch (why) {
    case 'NONE':
      return `Your sign-in did not tell this page an email address (“${claim}”).`;
    case 'UNVERIFIED':
      return `Your sign-in did not say that your email address is verified (“${VERIFIED_CLAIM}”).`;
    case 'STRANGER':
      return 'You are signed in, but your email address is not on the list of people who may look here.';
  }
}
