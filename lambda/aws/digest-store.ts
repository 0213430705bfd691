/**
 * Mails that are held back, by person. None is lost: it is put down before it is looked when its digest is due, and a digest looks
 * for mails after it has begun the next quiet time. So whoever still reads the time of a digest is seen by that one.
 */
import { type OwedMail, mailKey, parseOwedMail } from '../domain/digest';
import { DIGEST_KEPT, LONGEST_APPROVAL, MAIL_CLAIM, Patience } from '../domain/limits';
import { ifRead } from '../domain/parsed';
import { expiryOf } from '../domain/rows';
import { plus } from '../domain/time';
import type { Table } from './table';

const DIGEST = 'digest#';
const QUIET = 'quiet';
const MAIL = 'mail#';

export class DigestStore {
  constructor(private readonly table: Table) {}

  /**
   * Begins a quiet time by a mail that goes out at once; true again for the same mail, whose sender may have failed. False while
   * there is one: this mail is held back. A digest that is due and has not begun yet makes it last, but not for ever.
   */
  async begin(person: string, mail: OwedMail, now: string, until: string): Promise<boolean> {
    return this.table.update(`${DIGEST}${person}`, QUIET, {
      UpdateExpression: 'SET #until = :until, #begunBy = :mail, #ttl = :ttl REMOVE #owed',
      ConditionExpression:
        'attribute_not_exists(pk) OR #begunBy = :mail OR (#until <= :now AND (attribute_not_exists(#owed) OR #until <= :long))',
      ExpressionAttributeNames: { '#until': 'until', '#begunBy': 'begunBy', '#owed': 'owed', '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ':mail': mailKey(mail),
        ':now': plus(now, 0),
        ':until': until,
        ':long': plus(now, -Patience.DIGEST),
        ':ttl': expiryOf(until, DIGEST_KEPT),
      },
    });
  }

  /** Holds a mail back. Answers when its digest is due. */
  async hold(person: string, mail: OwedMail, now: string): Promise<string> {
    const pk = `${DIGEST}${person}`;
    await this.table.putIfAbsent({
      ...mail,
      pk,
      sk: `${MAIL}${mailKey(mail)}`,
      at: now,
      ttl: expiryOf(now, LONGEST_APPROVAL),
    });
    await this.table.set(pk, QUIET, { owed: true }, { expression: 'attribute_exists(pk)' });
    const quiet = await this.table.row(pk, QUIET);
    return quiet === undefined ? now : String(quiet['until']);
  }

  /** Takes the digest for oneself, and begins the quiet time that follows it. False while another run has it in hand. */
  async take(person: string, now: string, until: string): Promise<boolean> {
    return this.table.update(`${DIGEST}${person}`, QUIET, {
      UpdateExpression: 'SET #claim = :now, #until = :until, #ttl = :ttl REMOVE #owed, #begunBy',
      ConditionExpression: 'attribute_not_exists(#claim) OR #claim <= :expired',
      ExpressionAttributeNames: {
        '#claim': 'claim',
        '#until': 'until',
        '#ttl': 'ttl',
        '#owed': 'owed',
        '#begunBy': 'begunBy',
      },
      ExpressionAttributeValues: {
        ':now': plus(now, 0),
        ':until': until,
        ':ttl': expiryOf(until, DIGEST_KEPT),
        ':expired': plus(now, -MAIL_CLAIM),
      },
    });
  }

  /** What is held back, oldest first. */
  async held(person: string): Promise<readonly OwedMail[]> {
    const rows = await this.table.query(`${DIGEST}${person}`);
    return rows
      .filter(({ sk, sentAt }) => String(sk).startsWith(MAIL) && sentAt === undefined)
      .sort((one, other) => String(one['at']).localeCompare(String(other['at'])))
      .flatMap((row) => ifRead(parseOwedMail(row)));
  }

  /** Sent, or nothing to tell any more. */
  async done(person: string, mail: OwedMail, now: string): Promise<void> {
    await this.table.set(
      `${DIGEST}${person}`,
      `${MAIL}${mailKey(mail)}`,
      { sentAt: now, ttl: expiryOf(now, DIGEST_KEPT) },
      { expression: 'attribute_exists(pk)' },
    );
  }

  /**
   * Gives the digest back. Where it had nothing to send, the quiet time that it began is over, unless somebody counts on it; while
   * it could not send everything, nothing goes out beside it.
   */
  async release(person: string, end: 'SENT' | 'EMPTY' | 'UNFINISHED', now: string, until: string): Promise<void> {
    const pk = `${DIGEST}${person}`;
    if (end === 'EMPTY') {
      await this.table.set(
        pk,
        QUIET,
        { until: plus(now, 0) },
        {
          expression: '#until = :begun AND attribute_not_exists(#owed)',
          names: { '#owed': 'owed' },
          values: { ':begun': until },
        },
      );
    }
    const unfinished = end === 'UNFINISHED';
    await this.table.update(pk, QUIET, {
      UpdateExpression: `${unfinished ? 'SET #owed = :true ' : ''}REMOVE #claim`,
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#claim': 'claim', ...(unfinished ? { '#owed': 'owed' } : {}) },
      ...(unfinished ? { ExpressionAttributeValues: { ':true': true } } : {}),
    });
  }
}
