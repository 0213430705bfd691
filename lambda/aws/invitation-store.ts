/** Who was invited to a request: the keys of their links, and which mails they have got. */
import { MAIL_CLAIM, WRONG_NUMBERS_KEPT } from '../domain/limits';
import { expiryOf, INVITE, ROW_VERSION } from '../domain/rows';
import { millis, plus } from '../domain/time';
import type { Invitation } from '../domain/vote';
import type { Condition, Table } from './table';

/** Links of one invitation that are alive at once. */
const MOST_KEYS = 100;

/** Mails that one person gets about one request: each once, and reminders once each. */
export type MailPurpose = 'sentAt' | 'remindedAt' | 'toldEscalationAt' | 'toldHeldAt' | 'toldAt' | 'reviewAskedAt';

export class InvitationStore {
  constructor(private readonly table: Table) {}

  async add(requestId: string, invitation: Invitation, at: string): Promise<boolean> {
    const row = {
      ...invitation,
      pk: requestId,
      sk: `${INVITE}${invitation.approver}`,
      v: ROW_VERSION,
      ttl: expiryOf(at),
    };
    return this.table.putIfAbsent(row);
  }

  /**
   * A repeated mail adds a key and leaves the earlier links alive. While mail fails for long each try adds one more, so at
   * some point the oldest goes: the newest is the one that arrives.
   */
  async addKey(requestId: string, approver: string, key: string): Promise<void> {
    const sk = `${INVITE}${approver}`;
    const names = { ExpressionAttributeNames: { '#keys': 'keys' } };
    const append = (): Promise<boolean> =>
      this.table.update(requestId, sk, {
        ...names,
        UpdateExpression: 'SET #keys = list_append(#keys, :key)',
        ConditionExpression: 'size(#keys) < :most',
        ExpressionAttributeValues: { ':key': [key], ':most': MOST_KEYS },
      });
    if (!(await append())) {
      await this.table.update(requestId, sk, { ...names, UpdateExpression: 'REMOVE #keys[0]' });
      await append();
    }
  }

  /** True when the key is gone afterwards; false when the keys changed meanwhile. */
  async removeKey(requestId: string, { approver, keys }: Invitation, key: string): Promise<boolean> {
    const place = `#keys[${keys.indexOf(key)}]`;
    return this.table.update(requestId, `${INVITE}${approver}`, {
      UpdateExpression: `REMOVE ${place}`,
      ConditionExpression: `${place} = :key`,
      ExpressionAttributeNames: { '#keys': 'keys' },
      ExpressionAttributeValues: { ':key': key },
    });
  }

  /**
   * Takes a mail for oneself, so that looks at once do not send it twice. False when it was sent, or when another look has taken
   * it moments ago; one that crashed is free again after a while.
   *
   * @param due of a mail that is sent several times: what was sent before is not this one
   */
  async claimMail(
    requestId: string,
    approver: string,
    purpose: MailPurpose,
    now: string,
    due?: string,
  ): Promise<boolean> {
    const unsent = `attribute_not_exists(#done)${due === undefined ? '' : ' OR #done < :due'}`;
    return this.table.update(requestId, `${INVITE}${approver}`, {
      UpdateExpression: 'SET #claim = :now',
      ConditionExpression: `attribute_exists(pk) AND (${unsent}) AND (attribute_not_exists(#claim) OR #claim <= :expired)`,
      ExpressionAttributeNames: { '#claim': claimOf(purpose), '#done': purpose },
      ExpressionAttributeValues: {
        ':now': now,
        ':expired': plus(now, -MAIL_CLAIM),
        ...(due === undefined ? {} : { ':due': due }),
      },
    });
  }

  async releaseMail(requestId: string, approver: string, purpose: MailPurpose): Promise<void> {
    await this.table.update(requestId, `${INVITE}${approver}`, {
      UpdateExpression: 'REMOVE #claim',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#claim': claimOf(purpose) },
    });
  }

  async mark(
    requestId: string,
    approver: string,
    fields: Partial<Pick<Invitation, MailPurpose | 'mailbox' | 'excluded' | 'askedAt' | 'queuedUntil'>>,
  ): Promise<void> {
    await this.table.set(requestId, `${INVITE}${approver}`, fields, EXISTS);
  }

  async clearExclusion(requestId: string, approver: string): Promise<void> {
    await this.table.update(requestId, `${INVITE}${approver}`, {
      UpdateExpression: 'REMOVE excluded',
      ConditionExpression: EXISTS.expression,
    });
  }

  /** Counts each signed attempt once, however often the stream brings it. */
  async countWrongNumber(requestId: string, approver: string, signatureHash: string): Promise<boolean> {
    return this.table.update(requestId, `${INVITE}${approver}`, {
      UpdateExpression: 'SET wrongNumbers = if_not_exists(wrongNumbers, :zero) + :one ADD wrongSeen :hashes',
      ConditionExpression:
        'attribute_exists(pk) AND NOT contains(wrongSeen, :hash) AND (attribute_not_exists(wrongNumbers) OR wrongNumbers < :limit)',
      ExpressionAttributeValues: {
        ':zero': 0,
        ':one': 1,
        ':hash': signatureHash,
        ':hashes': new Set([signatureHash]),
        ':limit': WRONG_NUMBERS_KEPT,
      },
    });
  }

  /** How many mails to this mailbox were begun in this second, this one included. */
  async countMail(person: string, second: string): Promise<number> {
    return this.table.count(`mailbox#${person}`, second, Math.floor(millis(second) / 1000) + 86_400);
  }
}

const EXISTS: Condition = { expression: 'attribute_exists(pk)' };

function claimOf(purpose: MailPurpose): string {
  return `claimed_${purpose}`;
}
