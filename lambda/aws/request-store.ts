/**
 * The requests table. Every read that decides something is consistent; every write is a single item with a condition,
 * so that doing it twice, or by two looks at once, changes nothing.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Measurement } from '../../contract/messages';
import { WRONG_NUMBERS_KEPT, type Invitation, type Outcome, type RequestMeta, type Vote } from '../domain/records';
import { expiryOf } from '../domain/time';

export interface RequestRecords {
  readonly meta: RequestMeta;
  readonly invitations: readonly Invitation[];
  readonly votes: readonly Vote[];
  readonly measurements: readonly Measurement[];
}

/** Links of one invitation that are alive at once. */
const MOST_KEYS = 100;

export class RequestStore {
  constructor(
    private readonly client: DynamoDBDocumentClient,
    private readonly table: string,
  ) {}

  /** False when the request is known already. */
  async open(meta: RequestMeta): Promise<boolean> {
    return this.putIfAbsent({ ...meta, ttl: expiryOf(meta.requestedAt) });
  }

  async load(requestId: string): Promise<RequestRecords | undefined> {
    const items = await this.query(requestId);
    const meta = items.find(({ sk }) => sk === 'meta');
    const of = (prefix: string) => items.filter(({ sk }) => String(sk).startsWith(prefix));
    return meta === undefined
      ? undefined
      : {
          meta: meta as unknown as RequestMeta,
          invitations: of('invite#') as unknown as Invitation[],
          votes: of('vote#') as unknown as Vote[],
          measurements: of('measure#') as unknown as Measurement[],
        };
  }

  /** Ids of the requests that a run's action made. */
  async requestsOfRun(runKey: string): Promise<readonly string[]> {
    return (await this.query(runKey)).map(({ sk }) => String(sk));
  }

  /** The index first: a crash in between leaves an entry that leads to a request, never a request nobody finds. */
  async identify(requestId: string, runKey: string, found: Partial<RequestMeta>, at: string): Promise<void> {
    await this.putIfAbsent({ pk: runKey, sk: requestId, ttl: expiryOf(at) });
    await this.set(requestId, 'meta', { ...found, identifiedAt: at }, 'attribute_not_exists(identifiedAt)');
  }

  /** What people are shown; refused when somebody else changed the evidence meanwhile. */
  async show(requestId: string, shown: Partial<RequestMeta>, seenEvidence: string | undefined): Promise<boolean> {
    const condition = seenEvidence === undefined ? 'attribute_not_exists(evidence)' : 'evidence = :seen';
    return this.set(requestId, 'meta', shown, condition, seenEvidence === undefined ? {} : { ':seen': seenEvidence });
  }

  /** Fixes the verdict and ends the links, once. False when there is one already. */
  async settle(requestId: string, outcome: Outcome, at: string, deliveredAt?: string): Promise<boolean> {
    const fields = { outcome, endedAt: at, ...(deliveredAt === undefined ? {} : { deliveredAt }) };
    return this.set(requestId, 'meta', fields, 'attribute_not_exists(outcome)');
  }

  async delivered(requestId: string, deliveredAt: string, overtakenBy?: Outcome): Promise<boolean> {
    const fields = { deliveredAt, ...(overtakenBy === undefined ? {} : { overtakenBy }) };
    return this.set(requestId, 'meta', fields, 'attribute_not_exists(deliveredAt)');
  }

  /** Sets a time of the request's life, once. */
  async mark(requestId: string, field: 'toldAt' | 'askedAt' | 'remindedAt', at: string): Promise<boolean> {
    return this.set(requestId, 'meta', { [field]: at }, `attribute_not_exists(${field})`);
  }

  async consoleOnly(requestId: string, reason: string | undefined): Promise<void> {
    if (reason !== undefined) {
      await this.set(requestId, 'meta', { consoleOnly: reason });
      return;
    }
    await this.update(requestId, 'meta', { UpdateExpression: 'REMOVE consoleOnly' });
  }

  async addVote(vote: Vote): Promise<boolean> {
    return this.putIfAbsent({ ...vote, ttl: expiryOf(vote.at) });
  }

  async addMeasurement(requestId: string, measurement: Measurement): Promise<boolean> {
    const sk = `measure#${measurement.checkId}#${measurement.at}`;
    return this.putIfAbsent({ ...measurement, pk: requestId, sk, ttl: expiryOf(measurement.at) });
  }

  async addInvitation(invitation: Invitation, at: string): Promise<boolean> {
    return this.putIfAbsent({ ...invitation, ttl: expiryOf(at) });
  }

  /**
   * A repeated mail adds a key and leaves the earlier links alive. While mail fails for long each try adds one more, so at
   * some point the oldest goes: the newest is the one that arrives.
   */
  async addKey(requestId: string, approver: string, key: string): Promise<void> {
    const sk = `invite#${approver}`;
    const names = { ExpressionAttributeNames: { '#keys': 'keys' } };
    const append = (): Promise<boolean> =>
      this.update(requestId, sk, {
        ...names,
        UpdateExpression: 'SET #keys = list_append(#keys, :key)',
        ConditionExpression: 'size(#keys) < :most',
        ExpressionAttributeValues: { ':key': [key], ':most': MOST_KEYS },
      });
    if (!(await append())) {
      await this.update(requestId, sk, { ...names, UpdateExpression: 'REMOVE #keys[0]' });
      await append();
    }
  }

  /** True when the key is gone afterwards; false when the keys changed meanwhile. */
  async removeKey({ pk, sk, keys }: Invitation, key: string): Promise<boolean> {
    const place = `#keys[${keys.indexOf(key)}]`;
    return this.update(pk, sk, {
      UpdateExpression: `REMOVE ${place}`,
      ConditionExpression: `${place} = :key`,
      ExpressionAttributeNames: { '#keys': 'keys' },
      ExpressionAttributeValues: { ':key': key },
    });
  }

  async markInvitation(
    requestId: string,
    approver: string,
    fields: Partial<Pick<Invitation, 'sentAt' | 'mailbox' | 'remindedAt' | 'toldAt' | 'excluded'>>,
  ): Promise<void> {
    await this.set(requestId, `invite#${approver}`, fields, 'attribute_exists(pk)');
  }

  async clearExclusion(requestId: string, approver: string): Promise<void> {
    await this.update(requestId, `invite#${approver}`, { UpdateExpression: 'REMOVE excluded' });
  }

  /** Counts each signed attempt once, however often the stream brings it. */
  async countWrongNumber(requestId: string, approver: string, signatureHash: string): Promise<boolean> {
    return this.update(requestId, `invite#${approver}`, {
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
    const { Attributes } = await this.client.send(
      new UpdateCommand({
        TableName: this.table,
        Key: { pk: `mailbox#${person}`, sk: second },
        UpdateExpression: 'SET #ttl = :ttl ADD sent :one',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':one': 1, ':ttl': Math.floor(Date.parse(second) / 1000) + 86_400 },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Number(Attributes?.['sent'] ?? 1);
  }

  private async query(pk: string): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await this.client.send(
        new QueryCommand({
          TableName: this.table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
          ConsistentRead: true,
          ExclusiveStartKey,
        }),
      );
      items.push(...(page.Items ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return items;
  }

  private async putIfAbsent(Item: object): Promise<boolean> {
    return unlessConditionFails(() =>
      this.client.send(
        new PutCommand({
          TableName: this.table,
          Item: { ...Item },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    );
  }

  private async set(
    pk: string,
    sk: string,
    fields: object,
    condition?: string,
    values: Record<string, unknown> = {},
  ): Promise<boolean> {
    const present = Object.entries(fields).filter(([, value]) => value !== undefined);
    if (present.length === 0) {
      return true;
    }
    return this.update(pk, sk, {
      UpdateExpression: `SET ${present.map(([name]) => `#${name} = :${name}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(present.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(present.map(([name, value]) => [`:${name}`, value])),
        ...values,
      },
      ConditionExpression: condition ?? 'attribute_exists(pk)',
    });
  }

  private async update(pk: string, sk: string, input: Partial<UpdateCommandInput>): Promise<boolean> {
    return unlessConditionFails(() =>
      this.client.send(new UpdateCommand({ TableName: this.table, Key: { pk, sk }, ...input } as UpdateCommandInput)),
    );
  }
}

async function unlessConditionFails(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      return false;
    }
    throw error;
  }
}
