/** The pages on the way to a session. None of them says whether an address is known. */
import { html } from 'hono/html';
import { SIGN_IN_LINK } from '../../domain/limits';
import { plainDuration } from '../../domain/plain-time';
import type { Html } from '../markup';
import { page } from './frame';

export interface SignInLinkFields {
  readonly approver: string;
  readonly seed: string;
}

export function signInPage(problem?: string): Html {
  return page(
    'Sign in',
    html`<main class="narrow">
      <h1>Sign in to see what is waiting</h1>
      <form class="card" method="post" action="/dashboard/sign-in">
        ${problem === undefined ? html`` : html`<p class="note bad field" role="alert" id="problem">${problem}</p>`}
        <div class="field">
          <label for="mail">Your email address</label>
          <input id="mail" name="mail" type="email" autocomplete="email" required maxlength="254" />
        </div>
        <button class="yes" type="submit">Email me a link</button>
      </form>
    </main>`,
  );
}

/** Of whatever address below the dashboard leads nowhere. */
export function noSuchPage(): Html {
  return page(
    'There is no such page',
    html`<main class="narrow">
      <h1>There is no such page</h1>
      <p>The address may be incomplete, or too old.</p>
      <p><a class="go" href="/dashboard">Go to the dashboard</a></p>
    </main>`,
  );
}

export function linkSentPage(): Html {
  return page(
    'Check your email',
    html`<main class="narrow">
      <h1>Check your email</h1>
      <p>
        If this address belongs to somebody on the team, a link is on its way. It works once, for
        ${plainDuration(SIGN_IN_LINK)}.
      </p>
      <p class="soft">
        Nothing came? Amazon SNS delivers email only to addresses that have confirmed their subscription.
      </p>
      <p><a class="go" href="/dashboard">Use another address</a></p>
    </main>`,
  );
}

/** The link of the email is opened by programs as well: it takes a press of the button. */
export function useLinkPage({ approver, seed }: SignInLinkFields): Html {
  return page(
    'Sign in',
    html`<main class="narrow">
      <h1>Sign in on this device?</h1>
      <form class="card" method="post" action="/dashboard/session" id="use-link">
        <input type="hidden" name="by" value="${approver}" />
        <input type="hidden" name="key" value="${seed}" />
        <p class="soft">You stay signed in here for eight hours, or until you sign out.</p>
        <button class="yes" type="submit">Sign in</button>
      </form>
    </main>`,
  );
}

export function signingInPage(next: string): Html {
  return page(
    'Signing you in',
    html`<main class="narrow">
      <h1 role="status">Signing you in…</h1>
      <p><a class="go" href="${next}">Go on</a></p>
    </main>`,
    { head: html`<meta http-equiv="refresh" content="1;url=${next}" />` },
  );
}

export function tooMuchPage(): Html {
  return page(
    'Too large for one file',
    html`<main class="narrow">
      <h1>This is too large for one file</h1>
      <p>Choose a shorter period, such as one month at a time.</p>
      <p><a class="go" href="/dashboard">Back</a></p>
    </main>`,
  );
}
