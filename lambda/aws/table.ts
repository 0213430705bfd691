/**
 * One DynamoDB table. Every read that decides something is consistent; every write is a single item with a condition, so that
 * doing it twice, or by two looks at once, changes nothing.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Fields } from '../domain/parsed';

export interface Condition {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

export class Table {
  constructor(
    private readonly client: DynamoDBDocumentClient,
    private readonly name: string,
  ) {}

  /** Every row of a partition. */
  async query(pk: string): Promise<readonly Fields[]> {
    const rows: Fields[] = [];
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await this.client.send(
        new QueryCommand({
          TableName: this.name,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
          ConsistentRead: true,
          ExclusiveStartKey,
        }),
      );
      rows.push(...(page.Items ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return rows;
  }

  /** The row with the highest sort key of a partition. */
  async last(pk: string): Promise<Fields | undefined> {
    const { Items = [] } = await this.client.send(
      new QueryCommand({
        TableName: this.name,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: 1,
      }),
    );
    return Items[0];
  }

  /** One row, by the permission to query that the functions have. */
  async row(pk: string, sk: string): Promise<Fields | undefined> {
    const { Items = [] } = await this.client.send(
      new QueryCommand({
        TableName: this.name,
        KeyConditionExpression: 'pk = :pk AND sk = :sk',
        ExpressionAttributeValues: { ':pk': pk, ':sk': sk },
        ConsistentRead: true,
      }),
    );
    return Items[0];
  }

  /** False when there is such a row already. */
  async putIfAbsent(row: object): Promise<boolean> {
    return this.put(row, { expression: 'attribute_not_exists(pk)' });
  }

  /** False when the condition does not hold. */
  async put(row: object, { expression, names, values }: Condition): Promise<boolean> {
    return unlessConditionFails(() =>
      this.client.send(
        new PutCommand({
          TableName: this.name,
          Item: { ...row },
          ConditionExpression: expression,
          ExpressionAttributeNames: names === undefined ? undefined : { ...names },
          ExpressionAttributeValues: values === undefined ? undefined : { ...values },
        }),
      ),
    );
  }

  /** Sets attributes of a row; false when the condition does not hold. Attributes that are undefined stay as they are. */
  async set(pk: string, sk: string, fields: object, condition: Condition): Promise<boolean> {
    const present = Object.entries(fields).filter(([, value]) => value !== undefined);
    return this.update(pk, sk, {
      UpdateExpression: `SET ${present.map(([name]) => `#${name} = :${name}`).join(', ')}`,
      ExpressionAttributeNames: {
        ...Object.fromEntries(present.map(([name]) => [`#${name}`, name])),
        ...condition.names,
      },
      ExpressionAttributeValues: {
        ...Object.fromEntries(present.map(([name, value]) => [`:${name}`, value])),
        ...condition.values,
      },
      ConditionExpression: condition.expression,
    });
  }

  /** False when the condition does not hold. */
  async update(pk: string, sk: string, input: Partial<UpdateCommandInput>): Promise<boolean> {
    return unlessConditionFails(() =>
      this.client.send(new UpdateCommand({ TableName: this.name, Key: { pk, sk }, ...input } as UpdateCommandInput)),
    );
  }

  /** Gives an attribute of a row a number unless it has one; answers the number that it has then. */
  async setOnce(pk: string, sk: string, name: string, value: number): Promise<number> {
    const { Attributes } = await this.client.send(
      new UpdateCommand({
        TableName: this.name,
        Key: { pk, sk },
        UpdateExpression: 'SET #name = if_not_exists(#name, :value)',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#name': name },
        ExpressionAttributeValues: { ':value': value },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Number(Attributes?.[name]);
  }

  /** Adds one to a counter; answers its new value. */
  async count(pk: string, sk: string, ttl: number): Promise<number> {
    const { Attributes } = await this.client.send(
      new UpdateCommand({
        TableName: this.name,
        Key: { pk, sk },
        UpdateExpression: 'SET #ttl = :ttl ADD #count :one',
        ExpressionAttributeNames: { '#ttl': 'ttl', '#count': 'count' },
        ExpressionAttributeValues: { ':one': 1, ':ttl': ttl },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Number(Attributes?.['count'] ?? 1);
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
