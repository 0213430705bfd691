/** Personal mails: at least once each, paced, and never in the way of an answer. */
import type { Person } from '../../contract/policy';
import { Failed, isTransient } from '../aws/failure';
import { errorName, log } from '../aws/log';
import type { Mail } from '../aws/mailer';
import { outcomeMail, reminderMail, requestMail } from '../domain/mail-text';
import type { Invitation, RequestMeta } from '../domain/records';
import { newSeed, publicKeyOf } from '../signing/link-key';
import type { Ports } from './ports';

/** SNS suspends a subscription above ten mails a second. */
const MAILS_PER_SECOND = 5;
const LONGEST_PAUSE_SECONDS = 20;

export async function invite(ports: Ports, meta: RequestMeta, people: readonly Person[], now: string): Promise<void> {
  await forEach(people, async (person) => {
    const { id, mail, name, shared } = person;
    const invitation: Invitation = {
      pk: meta.pk,
      sk: `invite#${id}`,
      approver: id,
      mail,
      shared,
      keys: [],
      ...(name === undefined ? {} : { name }),
    };
    await ports.store.addInvitation(invitation, now);
    const mailbox = await ports.mailer.mailbox({ id, mail });
    await ports.store.markInvitation(meta.pk, id, { mailbox });
    if (mailbox === 'pending' || mailbox === 'missing') {
      log('WARN', 'an approver cannot be reached by mail', { requestId: meta.pk, approver: id, reason: mailbox });
      return;
    }
    const link = await newLink(ports, meta, id);
    if (await send(ports, meta, person, requestMail(meta, person, link, ports.workflow), now)) {
      await ports.store.markInvitation(meta.pk, id, { sentAt: now });
    } else {
      await ports.store.markInvitation(meta.pk, id, { mailbox: 'missing' });
    }
  });
}

export async function remind(ports: Ports, meta: RequestMeta, people: readonly Person[], now: string): Promise<void> {
  await forEach(people, async (person) => {
    const link = await newLink(ports, meta, person.id);
    await send(ports, meta, person, reminderMail(meta, person, link, ports.workflow), now);
    await ports.store.markInvitation(meta.pk, person.id, { remindedAt: now });
  });
  await ports.store.mark(meta.pk, 'remindedAt', now);
}

/** Everyone who was asked, whoever answered. */
export async function tellOutcome(
  ports: Ports,
  meta: RequestMeta,
  invitations: readonly Invitation[],
  now: string,
): Promise<void> {
  const asked = invitations.filter(({ sentAt, toldAt }) => sentAt !== undefined && toldAt === undefined);
  await forEach(asked, async (invitation) => {
    const { approver, mail } = invitation;
    await send(ports, meta, { id: approver, mail }, outcomeMail(meta, invitation), now);
    await ports.store.markInvitation(meta.pk, approver, { toldAt: now });
  });
}

/** The seed is in the mail alone; what is kept verifies and cannot sign. */
async function newLink(ports: Ports, meta: RequestMeta, approver: string): Promise<string> {
  const seed = newSeed();
  await ports.store.addKey(meta.pk, approver, publicKeyOf(seed));
  return `${ports.reviewUrl.replace(/\/+$/, '')}/r/${meta.pk}?by=${approver}&key=${seed}`;
}

/** False when this mailbox refuses for good; throws when trying again may help. */
async function send(
  ports: Ports,
  meta: RequestMeta,
  recipient: { readonly id: string; readonly mail: string },
  mail: Mail,
  now: string,
): Promise<boolean> {
  const begun = await ports.store.countMail(recipient.id, `${now.slice(0, 19)}Z`);
  const wait = Math.min(Math.floor((begun - 1) / MAILS_PER_SECOND), LONGEST_PAUSE_SECONDS);
  if (wait > 0) {
    await ports.pause(wait * 1000);
  }
  try {
    await ports.mailer.send({ id: recipient.id, mail: recipient.mail }, mail);
    return true;
  } catch (error) {
    if (isTransient(error)) {
      throw error;
    }
    const keys = { requestId: meta.pk, approver: recipient.id, error: errorName(error) };
    log('ERROR', 'a mail was refused', keys);
    return false;
  }
}

/** One failing mailbox does not keep the others from their mail. */
async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) {
    throw new Failed('mail could not be sent', failures[0]);
  }
}
