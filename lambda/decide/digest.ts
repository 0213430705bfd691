/** Sends what is owed to one person as one mail. Its links are made here: what is kept until then holds no secret. */
import type { DigestTarget } from '../../contract/messages';
import type { Person } from '../../contract/policy';
import { log } from '../aws/log';
import { everybodyIn } from '../domain/approver-list';
import { topicOf, type DigestTopic, type OwedMail } from '../domain/digest';
import { digestMail, type DigestItem } from '../domain/digest-mail';
import { MAIL_CLAIM, MOST_IN_DIGEST } from '../domain/limits';
import { UnreadableRow, type RequestRecords } from '../domain/rows';
import { plus } from '../domain/time';
import type { Invitation } from '../domain/vote';
import type { Turn } from './action-event';
import { isFurther, prepareLink, send } from './mails';
import type { Ports } from './ports';

/** Who reads the digest, and when it is sent. */
interface Digest {
  readonly ports: Ports;
  readonly approver: string;
  /** Undefined when nobody declares them any more. */
  readonly person: Person | undefined;
  readonly now: string;
}

/** The mails of one request that are owed, and what is left to say about it. */
interface Matter {
  readonly mails: readonly OwedMail[];
  readonly topic: DigestTopic;
  readonly invitation: Invitation;
}

/** Everything that is owed to a person, in as few mails as hold it. Answers when to go on, if something is still owed. */
export async function sendDigest(ports: Ports, target: DigestTarget, now: string): Promise<Turn | undefined> {
  const { digestOf: approver } = target;
  const again = { at: plus(now, MAIL_CLAIM), target };
  const until = plus(now, ports.digestEvery ?? 0);
  if (!(await ports.digests.take(approver, now, until))) {
    return again;
  }
  let end: 'SENT' | 'EMPTY' | 'UNFINISHED' = 'UNFINISHED';
  try {
    const person = everybodyIn(await ports.policies.directory()).find(({ id }) => id === approver);
    const digest = { ports, approver, person, now };
    const matters = await mattersOf(digest);
    let inHand = false;
    for (let first = 0; first < matters.length; first += MOST_IN_DIGEST) {
      const some = matters.slice(first, first + MOST_IN_DIGEST);
      inHand = (await tell(digest, some, matters.length - first - some.length)) || inHand;
    }
    if (inHand) {
      return again;
    }
    end = matters.length > 0 ? 'SENT' : 'EMPTY';
    return undefined;
  } finally {
    await ports.digests.release(approver, end, now, until);
  }
}

/** What is left to say, by request. A mail with nothing left to say is marked as done here. */
async function mattersOf(digest: Digest): Promise<readonly Matter[]> {
  const { ports, approver, person, now } = digest;
  const owed = await ports.digests.held(approver);
  const matters: Matter[] = [];
  for (const id of new Set(owed.map(({ request }) => request))) {
    const mails = owed.filter(({ request }) => request === id);
    const records = await load(ports, id);
    const kinds = mails.map(({ kind }) => kind);
    const topic = records === undefined ? undefined : topicOf(kinds, records, approver, person, now);
    const invitation = records?.invitations.find((one) => one.approver === approver);
    if (topic === undefined || invitation === undefined) {
      await done(digest, mails);
    } else {
      matters.push({ mails, topic, invitation });
    }
  }
  return matters;
}

/** A request that cannot be read is told as such by its own timer, and keeps no other out of the digest. */
async function load(ports: Ports, requestId: string): Promise<RequestRecords | undefined> {
  try {
    return await ports.store.load(requestId);
  } catch (error) {
    if (!(error instanceof UnreadableRow)) {
      throw error;
    }
    log('WARN', 'a digest leaves out a request that cannot be read', { requestId, reason: error.message });
    return undefined;
  }
}

/**
 * Tells these in one mail. Questions are claimed as in mails of their own, so that no other look asks them as well. Answers whether
 * another look has one in hand: then it is still owed here.
 */
async function tell(digest: Digest, matters: readonly Matter[], more: number): Promise<boolean> {
  const { ports, approver, now } = digest;
  const ready: { readonly matter: Matter; readonly item: DigestItem }[] = [];
  const claimed = new Set<Matter>();
  let inHand = false;
  try {
    if (!(await isReachable(digest, matters))) {
      return false;
    }
    for (const matter of matters) {
      if (isQuestion(matter)) {
        if (!(await ports.invitations.claimMail(matter.topic.request.id, approver, 'sentAt', now))) {
          inHand = true;
          continue;
        }
        claimed.add(matter);
      }
      const item = await itemOf(digest, matter);
      if (item === undefined) {
        await done(digest, matter.mails);
      } else {
        ready.push({ matter, item });
      }
    }
    const questions = ready.map(({ matter }) => matter).filter(isQuestion);
    if (ready.length > 0 && (await write(digest, ready, more))) {
      claimed.clear();
      for (const { topic } of questions) {
        await ports.invitations.mark(topic.request.id, approver, { sentAt: now });
      }
    } else {
      await noteMailbox(digest, questions, 'missing');
    }
    await done(
      digest,
      ready.flatMap(({ matter }) => matter.mails),
    );
    return inHand;
  } finally {
    for (const { topic } of claimed) {
      await ports.invitations.releaseMail(topic.request.id, approver, 'sentAt');
    }
  }
}

function isQuestion({ topic }: Matter): boolean {
  return topic.kind === 'WAITS' && topic.because === 'ASKED';
}

/**
 * A mailbox that was there when the people were asked may be gone since. Its questions are then asked by their requests, which look
 * for it again, and say so when too few can be reached.
 */
async function isReachable(digest: Digest, matters: readonly Matter[]): Promise<boolean> {
  const [{ invitation } = { invitation: undefined }] = matters;
  const { ports, approver } = digest;
  const mailbox =
    invitation === undefined ? 'missing' : await ports.mailer.mailbox({ id: approver, mail: invitation.mail });
  if (mailbox === 'confirmed' || mailbox === 'direct') {
    return true;
  }
  log('WARN', 'a digest cannot reach its reader', { approver, reason: mailbox });
  await noteMailbox(digest, matters.filter(isQuestion), mailbox);
  await done(
    digest,
    matters.flatMap(({ mails }) => mails),
  );
  return false;
}

async function noteMailbox(
  { ports, approver }: Digest,
  questions: readonly Matter[],
  mailbox: 'pending' | 'missing',
): Promise<void> {
  for (const { topic } of questions) {
    await ports.invitations.mark(topic.request.id, approver, { mailbox });
  }
}

/** What the digest says of a request. Undefined where it has ended meanwhile: whoever ended it tells everybody who has a link by then. */
async function itemOf({ ports, person, now }: Digest, { topic }: Matter): Promise<DigestItem | undefined> {
  if (topic.kind === 'ENDED' || person === undefined) {
    return topic.kind === 'ENDED' ? topic : undefined;
  }
  const link = await prepareLink(ports, topic.request, person, now);
  const isOver = (await ports.store.load(topic.request.id))?.request.phase !== 'WAITING';
  return isOver ? undefined : { ...topic, link, further: isFurther(topic.request, person.id) };
}

/** False when the mailbox refuses for good. */
async function write(
  { ports, approver, person, now }: Digest,
  ready: readonly { readonly matter: Matter; readonly item: DigestItem }[],
  more: number,
): Promise<boolean> {
  const [first] = ready;
  if (first === undefined) {
    return false;
  }
  const { invitation } = first.matter;
  const items = ready.map(({ item }) => item);
  const text = digestMail(items, more, person ?? invitation, ports);
  return send(ports, {}, { id: approver, mail: invitation.mail }, text, now);
}

async function done({ ports, approver, now }: Digest, mails: readonly OwedMail[]): Promise<void> {
  for (const mail of mails) {
    await ports.digests.done(approver, mail, now);
  }
}
