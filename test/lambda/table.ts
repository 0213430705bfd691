import { CreateTableCommand, DeleteTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import type { AddressInfo } from 'node:net';

/** A real table in an emulator that lives as long as the test file. */
export class LocalTable {
  static async start(): Promise<LocalTable> {
    const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const { port } = server.address() as AddressInfo;
    const client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
    return new LocalTable(client, `http://127.0.0.1:${port}`, () => server.close());
  }

  readonly documents: DynamoDBDocumentClient;
  private tables = 0;

  private constructor(
    private readonly client: DynamoDBClient,
    readonly endpoint: string,
    private readonly close: () => void,
  ) {
    this.documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  async create(): Promise<string> {
    this.tables += 1;
    const TableName = `requests-${this.tables}`;
    await this.client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      }),
    );
    for (;;) {
      const { Table } = await this.client.send(new DescribeTableCommand({ TableName }));
      if (Table?.TableStatus === 'ACTIVE') {
        return TableName;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async drop(TableName: string): Promise<void> {
    await this.client.send(new DeleteTableCommand({ TableName }));
  }

  stop(): void {
    this.client.destroy();
    this.close();
  }
}
