/** The two tables as `review` may use them: it reads requests and puts decisions, nothing else. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Decision, Invitation, RequestMeta, Vote } from '../domain/records';

/** What stands in the requests table about one request. */
export interface RequestRecords {
  readonly meta?: RequestMeta;
  readonly invitations: readonly Invitation[];
  readonly votes: readonly Vote[];
}

export interface Store {
  load(request: string): Promise<RequestRecords>;
  record(decision: Decision): Promise<void>;
}

export interface Tables {
  readonly requests: string;
  readonly decisions: string;
}

/** Nobody honest fills more pages than this: a few people and their votes. */
const MAX_PAGES = 5;

export class TableStore implements Store {
  constructor(
    private readonly tables: Tables,
    private readonly client: DynamoDBDocumentClient = DynamoDBDocumentClient.from(new DynamoDBClient({})),
  ) {}

  /** Always the same reads. The measurements of a long bake lie between `invite#` and `meta`, and are left out. */
  async load(request: string): Promise<RequestRecords> {
    const [invitations, rest] = await Promise.all([
      this.query(request, 'begins_with(sk, :sk)', 'invite#'),
      this.query(request, 'sk >= :sk', 'meta'),
    ]);
    return {
      meta: rest.find((row) => row.sk === 'meta') as RequestMeta | undefined,
      invitations: invitations as unknown as readonly Invitation[],
      votes: rest.filter((row) => row.sk.startsWith('vote#')) as unknown as readonly Vote[],
    };
  }

  async record(decision: Decision): Promise<void> {
    await this.client.send(
      new PutCommand({ TableName: this.tables.decisions, Item: { ...decision }, ReturnValues: 'NONE' }),
    );
  }

  private async query(request: string, range: string, sk: string): Promise<readonly Row[]> {
    const rows: Row[] = [];
    let start: Record<string, unknown> | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const answer = await this.client.send(
        new QueryCommand({
          TableName: this.tables.requests,
          KeyConditionExpression: `pk = :pk AND ${range}`,
          ExpressionAttributeValues: { ':pk': request, ':sk': sk },
          ConsistentRead: true,
          ExclusiveStartKey: start,
        }),
      );
      rows.push(...((answer.Items ?? []) as Row[]));
      start = answer.LastEvaluatedKey;
      if (start === undefined) {
        break;
      }
    }
    return rows;
  }
}

interface Row extends Record<string, unknown> {
  readonly pk: string;
  readonly sk: string;
}
