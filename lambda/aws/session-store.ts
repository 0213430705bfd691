/** Links that sign people in at the dashboard, and the sessions that they become. Written by `decide` alone. */
import { ERRAND_KEPT } from '../domain/limits';
import { ifRead } from '../domain/parsed';
import { expiryOf, mustRead } from '../domain/rows';
import { parseSession, parseSignInLink, SESSION_KEY, SIGN_IN, type Session, type SignInLink } from '../domain/sign-in';
import { sha256 } from '../signing/link-key';
import type { Table } from './table';

const SESSION = 'session';

export class SessionStore {
  constructor(private readonly table: Table) {}

  /**
   * Whether an errand may be done that somebody may only want so often in a while. One that is brought again, because it failed, counts
   * once.
   *
   * @param slot names what is wanted and the while
   */
  async mayDo(approver: string, slot: string, errand: string, most: number, now: string): Promise<boolean> {
    return this.table.update(`mailbox#${approver}`, slot, {
      UpdateExpression: 'SET #ttl = :ttl ADD #done :these',
      ConditionExpression: 'attribute_not_exists(#done) OR contains(#done, :this) OR size(#done) < :most',
      ExpressionAttributeNames: { '#ttl': 'ttl', '#done': 'done' },
      ExpressionAttributeValues: {
        ':ttl': expiryOf(now, ERRAND_KEPT),
        ':these': new Set([errand]),
        ':this': errand,
        ':most': most,
      },
    });
  }

  async addLink({ approver, key, sentAt }: SignInLink): Promise<void> {
    const row = {
      approver,
      key,
      sentAt,
      pk: `${SIGN_IN}${approver}`,
      sk: sha256(key),
      ttl: expiryOf(sentAt, ERRAND_KEPT),
    };
    await this.table.putIfAbsent(row);
  }

  async links(approver: string): Promise<readonly SignInLink[]> {
    return (await this.table.query(`${SIGN_IN}${approver}`)).flatMap((row) => ifRead(parseSignInLink(row)));
  }

  /** True for the session that used the link first, however often that is asked. */
  async useLink({ approver, key }: SignInLink, session: string): Promise<boolean> {
    return this.table.set(
      `${SIGN_IN}${approver}`,
      sha256(key),
      { usedBy: session },
      {
        expression: 'attribute_exists(pk) AND (attribute_not_exists(#usedBy) OR #usedBy = :usedBy)',
      },
    );
  }

  async begin(id: string, session: Session): Promise<void> {
    const row = { ...session, pk: `${SESSION_KEY}${id}`, sk: SESSION, ttl: expiryOf(session.until, ERRAND_KEPT) };
    await this.table.putIfAbsent(row);
  }

  /** @throws UnreadableRow when the row is of another version */
  async load(id: string): Promise<Session | undefined> {
    const [row] = await this.table.query(`${SESSION_KEY}${id}`);
    return row === undefined ? undefined : mustRead(parseSession(row));
  }

  async end(id: string, endedAt: string): Promise<void> {
    await this.table.set(`${SESSION_KEY}${id}`, SESSION, { endedAt }, { expression: 'attribute_exists(pk)' });
  }
}
