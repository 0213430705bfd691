/**
 * What the dashboard asks for: a link to sign in, a session, news, one's own link again, an absence. `review` puts a row, and only here is it
 * believed, by its signature. Behind an authorizer there is none, and nothing is believed: news are looked for at most once a minute,
 * and a link goes to the mailbox of its owner, a few times in a while. Nothing here can approve anything.
 */
import { Metric } from '../../contract/names';
import { count, errorName, log } from '../aws/log';
import { everybodyIn } from '../domain/approver-list';
import { OVERVIEW_AGE, Patience, SESSION, SIGN_IN_LINK, SIGN_IN_MAILS, SIGN_IN_SLOT } from '../domain/limits';
import type { Fields } from '../domain/parsed';
import { UnreadableRow } from '../domain/rows';
import {
  errandText,
  isOver,
  linkUsedText,
  parseErrand,
  viewerAmong,
  type Errand,
  type LinkUsed,
  type LinkWanted,
  type SessionErrand,
  type ViewerErrand,
} from '../domain/sign-in';
import { elapsed, MINUTE, plus, slotOf } from '../domain/time';
import { newSeed, publicKeyOf, sessionIdOf, verifyText } from '../signing/link-key';
import { comeBack, goAway } from './away';
import { sendSignIn } from './mails';
import { resend } from './resend';
import type { Look, Ports } from './ports';

/** @param at the stream's own time: nothing that the row says about time is believed */
export async function runErrand(ports: Ports, row: Fields, at: string): Promise<Look | undefined> {
  const read = parseErrand(row);
  if (!read.ok) {
    log('WARN', 'junk in the decisions table', { reason: read.problem });
    return undefined;
  }
  try {
    return await run(ports, read.value, String(row['sk']), at);
  } catch (error) {
    if (!(error instanceof UnreadableRow)) {
      return givenUp(ports, read.value, at, error);
    }
    // Bringing it again would change nothing, and keep the decisions behind it waiting.
    log('ERROR', 'an errand is about a row that cannot be read', { reason: error.message });
    count(Metric.UNREADABLE, ports.workflow, at);
    return undefined;
  }
}

/**
 * A wish for an email is brought again for a while. Anybody can have such wishes, and where no email goes out, as when SES has reached its
 * quota, they would keep the decisions behind them in the stream waiting for a day.
 */
function givenUp(ports: Ports, errand: Errand, at: string, error: unknown): undefined {
  const isForEmail = errand.kind === 'LINK_WANTED' || ('wish' in errand && errand.wish === 'EMAIL_LINK');
  if (!isForEmail || elapsed(at, ports.realTime()) < Patience.EMAILED_LINK) {
    throw error;
  }
  log('ERROR', 'a link could not be emailed for minutes: whoever wants it asks again', { error: errorName(error) });
  return undefined;
}

/** @param id tells an errand that is brought again from another one */
async function run(ports: Ports, errand: Errand, id: string, at: string): Promise<Look | undefined> {
  if ((errand.kind === 'VIEWER' ? 'BEHIND_AUTHORIZER' : 'SIGN_IN_BY_EMAIL') !== ports.dashboard) {
    log('WARN', 'an errand that the dashboard of this workflow does not have', { reason: errand.kind });
    return undefined;
  }
  switch (errand.kind) {
    case 'LINK_WANTED':
      return sendLink(ports, errand, id, at);
    case 'LINK_USED':
      return beginSession(ports, errand, at);
    case 'SESSION':
      return serve(ports, errand, id, at);
    case 'VIEWER':
      return serveViewer(ports, errand, id, at);
  }
}

/** Addresses that nobody declared get nothing, and nobody is told so. */
async function sendLink(ports: Ports, { approver }: LinkWanted, id: string, at: string): Promise<undefined> {
  const person = await personOf(ports, approver);
  if (person === undefined) {
    log('INFO', 'somebody who is not declared wants to sign in');
    return;
  }
  if (!(await ports.sessions.mayDo(approver, `sign-in#${slotOf(at, SIGN_IN_SLOT)}`, id, SIGN_IN_MAILS, at))) {
    log('WARN', 'too many links to sign in were asked for: the earlier ones work', { approver });
    return;
  }
  const seed = newSeed();
  await ports.sessions.addLink({ approver, key: publicKeyOf(seed), sentAt: at });
  await sendSignIn(ports, person, seed, at);
}

async function beginSession(ports: Ports, errand: LinkUsed, at: string): Promise<Look | undefined> {
  const { approver, sessionKey, sig } = errand;
  const links = await ports.sessions.links(approver);
  const link = links.find(({ key }) => verifyText(key, linkUsedText(errand), sig));
  const isValid = link !== undefined && elapsed(link.sentAt, at) < SIGN_IN_LINK;
  // Whoever makes up links costs no read of the people.
  const person = isValid ? await personOf(ports, approver) : undefined;
  if (!isValid || person === undefined) {
    log('WARN', 'a link to sign in is not valid, or not any more', { approver });
    return undefined;
  }
  const session = sessionIdOf(sessionKey);
  if (!(await ports.sessions.useLink(link, session))) {
    log('WARN', 'a link to sign in was used again', { approver });
    return undefined;
  }
  const { mail, name } = person;
  await ports.sessions.begin(session, {
    approver,
    mail,
    ...(name === undefined ? {} : { name }),
    key: sessionKey,
    since: at,
    until: plus(at, SESSION),
  });
  log('INFO', 'somebody signed in', { approver });
  return lookAround(at);
}

async function serve(ports: Ports, errand: SessionErrand, id: string, at: string): Promise<Look | undefined> {
  const session = await ports.sessions.load(errand.session);
  if (session === undefined || isOver(session, at) || !verifyText(session.key, errandText(errand), errand.sig)) {
    log('WARN', 'a wish of nobody who is signed in');
    return undefined;
  }
  const { approver } = session;
  switch (errand.wish) {
    case 'LOOK':
      return lookAround(at);
    case 'SIGN_OUT':
      await ports.sessions.end(errand.session, at);
      return undefined;
    case 'EMAIL_LINK':
      await emailLink(ports, errand.about, approver, { slot: MINUTE, most: 1 }, id, at);
      return undefined;
    case 'AWAY':
      await goAway(ports, errand.about, approver, id, at);
      return undefined;
    case 'BACK':
      await comeBack(ports, approver, id, at);
      return undefined;
  }
}

/**
 * An errand of this kind is not signed: whoever holds the role of `review` can make one for anybody. So fewer emails are allowed than for a
 * session.
 */
async function serveViewer(ports: Ports, errand: ViewerErrand, id: string, at: string): Promise<Look | undefined> {
  const { approver, wish, about } = errand;
  switch (wish) {
    case 'LOOK':
      return lookAround(at);
    case 'EMAIL_LINK':
      await emailLink(ports, about, approver, { slot: SIGN_IN_SLOT, most: SIGN_IN_MAILS }, id, at);
      return undefined;
  }
}

interface Pace {
  /** Milliseconds. */
  readonly slot: number;
  readonly most: number;
}

async function emailLink(
  ports: Ports,
  requestId: string,
  approver: string,
  { slot, most }: Pace,
  id: string,
  at: string,
): Promise<void> {
  const records = await ports.store.load(requestId);
  const person = await personOf(ports, approver);
  if (records === undefined || person === undefined) {
    return;
  }
  if (await ports.sessions.mayDo(approver, `link#${requestId}#${slotOf(at, slot)}`, id, most, at)) {
    await resend(ports, records, person, at);
  }
}

async function personOf(ports: Ports, approver: string) {
  return viewerAmong(everybodyIn(await ports.policies.directory()), approver);
}

/** Everybody who looks within the same minute shares one look. */
function lookAround(at: string): Look {
  const slot = slotOf(at, OVERVIEW_AGE);
  return { name: `overview-${slot.replace(/[^0-9]/g, '')}`, target: { overviewOf: slot }, at };
}
