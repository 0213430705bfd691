/**
 * What the dashboard asks for: a link to sign in, a session, news, one's own link again. `review` puts a row, and only here is it
 * believed, by its signature. Nothing here can approve anything.
 */
import { log } from '../aws/log';
import { OVERVIEW_AGE, SESSION, SIGN_IN_LINK, SIGN_IN_MAILS } from '../domain/limits';
import type { Fields } from '../domain/parsed';
import {
  errandText,
  linkUsedText,
  parseErrand,
  type LinkUsed,
  type LinkWanted,
  type SessionErrand,
} from '../domain/sign-in';
import { elapsed, isBefore, iso, millis, plus } from '../domain/time';
import { newSeed, publicKeyOf, sessionIdOf, verifyText } from '../signing/link-key';
import type { Look } from './decisions';
import { resend, sendSignIn } from './mails';
import type { Ports } from './ports';

/** @param at the stream's own time: nothing that the row says about time is believed */
export async function runErrand(ports: Ports, row: Fields, at: string): Promise<Look | undefined> {
  const read = parseErrand(row);
  if (!read.ok) {
    log('WARN', 'junk in the decisions table', { reason: read.problem });
    return undefined;
  }
  switch (read.value.kind) {
    case 'LINK_WANTED':
      return sendLink(ports, read.value, at);
    case 'LINK_USED':
      return beginSession(ports, read.value, at);
    case 'SESSION':
      return serve(ports, read.value, at);
  }
}

/** Addresses that nobody declared get nothing, and nobody is told so. */
async function sendLink(ports: Ports, { approver }: LinkWanted, at: string): Promise<undefined> {
  const person = await personOf(ports, approver);
  if (person === undefined) {
    log('INFO', 'somebody who is not declared wants to sign in');
    return;
  }
  if ((await ports.sessions.countLink(approver, at)) > SIGN_IN_MAILS) {
    log('WARN', 'too many links to sign in were asked for: the earlier ones work', { approver });
    return;
  }
  const seed = newSeed();
  await ports.sessions.addLink({ approver, key: publicKeyOf(seed), sentAt: at });
  const link = `${ports.reviewUrl.replace(/\/+$/, '')}/dashboard/sign-in?by=${approver}&key=${seed}`;
  await sendSignIn(ports, person, link, at);
}

async function beginSession(ports: Ports, errand: LinkUsed, at: string): Promise<Look | undefined> {
  const { approver, sessionKey, sig } = errand;
  const links = await ports.sessions.links(approver);
  const link = links.find(({ key }) => verifyText(key, linkUsedText(errand), sig));
  const person = await personOf(ports, approver);
  if (link === undefined || person === undefined || elapsed(link.sentAt, at) >= SIGN_IN_LINK) {
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

async function serve(ports: Ports, errand: SessionErrand, at: string): Promise<Look | undefined> {
  const session = await ports.sessions.load(errand.session);
  const isOver = session === undefined || session.endedAt !== undefined || !isBefore(at, session.until);
  if (isOver || !verifyText(session.key, errandText(errand), errand.sig)) {
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
      await emailLink(ports, errand.about, approver, at);
      return undefined;
  }
}

async function emailLink(ports: Ports, requestId: string, approver: string, at: string): Promise<void> {
  const records = await ports.store.load(requestId);
  const person = await personOf(ports, approver);
  if (records === undefined || person === undefined) {
    return;
  }
  if ((await ports.sessions.countResent(approver, requestId, at)) === 1) {
    await resend(ports, records, person, at);
  }
}

/** Guests answer by the links of their requests. The dashboard shows every pipeline, and they see none of it. */
async function personOf(ports: Ports, approver: string) {
  return (await ports.policies.people()).find(({ id, until }) => id === approver && until === undefined);
}

/** Everybody who looks within the same minute shares one look. */
function lookAround(at: string): Look {
  const minute = iso(Math.floor(millis(at) / OVERVIEW_AGE) * OVERVIEW_AGE);
  return { name: `overview-${minute.replace(/[^0-9]/g, '')}`, target: { overviewOf: minute }, at };
}
