/** The two tables as `review` may use them: it reads requests and puts decisions, nothing else. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { recordsOf, type RequestRecords } from '../domain/rows';
import type { DecisionRow } from '../domain/vote';

export interface Store {
  /** Undefined when there is no such request; throws `UnreadableRow` when a row is not of this version. */
  load(requestId: string): Promise<RequestRecords | undefined>;
  record(decision: DecisionRow): Promise<void>;
}

export interface Tables {
  readonly requests: string;
  readonly decisions: string;
}

/** Nobody honest fills more pages than this: a request, its checks, and a few people with their votes. */
const MAX_PAGES = 5;

export class TableStore implements Store {
  constructor(
    private readonly tables: Tables,
    private readonly client: DynamoDBDocumentClient = DynamoDBDocumentClient.from(new DynamoDBClient({})),
  ) {}

  async load(requestId: string): Promise<RequestRecords | undefined> {
    const rows: Record<string, unknown>[] = [];
    let start: Record<string, unknown> | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const { Items, LastEvaluatedKey } = await this.client.send(
        new QueryCommand({
          TableName: this.tables.requests,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': requestId },
          ConsistentRead: true,
          ExclusiveStartKey: start,
        }),
      );
      rows.push(...(Items ?? []));
      start = LastEvaluatedKey;
      if (start === undefined) {
        break;
      }
    }
    return recordsOf(rows);
  }

  async record(decision: DecisionRow): Promise<void> {
    await this.client.send(
      new PutCommand({ TableName: this.tables.decisions, Item: { ...decision }, ReturnValues: 'NONE' }),
    );
  }
}
