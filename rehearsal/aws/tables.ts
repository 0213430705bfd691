import dynalite from 'dynalite';
import type { Server } from 'node:http';
import { Readable } from 'node:stream';
import { AwsError, type Operation, type Service } from '../service';
import type { Resource } from '../template/model';
import { dynamoAuthorize, nameOf } from './dynamo-authorize';
import type { Surroundings } from './surroundings';

type Item = Readonly<Record<string, any>>;

/** A record of a table's stream, as Lambda sees it. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly eventSourceARN: string;
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
}

const READS = ['GetItem', 'Query', 'Scan', 'BatchGetItem'];
const DESCRIPTIONS = ['DescribeTable', 'ListTables'];
const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem'];

/**
 * DynamoDB by dynalite, which has no streams: writes to one table go one after the other, and what stood there before
 * and after becomes the record. Single-item conditions only, no transactions.
 */
export class Tables {
  private readonly server: Server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  private readonly turns = new Map<string, Promise<unknown>>();
  private readonly readers: ((record: StreamRecord) => void)[] = [];
  private sequence = 0;

  constructor(private readonly around: Surroundings) {}

  onRecord(reader: (record: StreamRecord) => void): void {
    this.readers.push(reader);
  }

  async create(resource: Resource): Promise<void> {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes } = resource.properties;
    const indexes = GlobalSecondaryIndexes as any[] | undefined;
    await this.send('CreateTable', {
      TableName: resource.physicalId,
      AttributeDefinitions,
      KeySchema,
      BillingMode: 'PAY_PER_REQUEST',
      ...(indexes === undefined
        ? {}
        : {
            GlobalSecondaryIndexes: indexes.map(({ IndexName, KeySchema: keys, Projection }) => ({
              IndexName,
              KeySchema: keys,
              Projection,
            })),
          }),
      ...(LocalSecondaryIndexes === undefined ? {} : { LocalSecondaryIndexes }),
    });
    while ((await this.send('DescribeTable', { TableName: resource.physicalId })).Table.TableStatus !== 'ACTIVE') {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async drop(resource: Resource): Promise<void> {
    await this.send('DeleteTable', { TableName: resource.physicalId });
  }

  service(): Service {
    const operations: Record<string, Operation> = { BatchWriteItem: (input) => this.writeBatch(input) };
    for (const name of READS) {
      operations[name] = (input) => this.count('read', input, (asked) => this.send(name, asked));
    }
    for (const name of DESCRIPTIONS) {
      operations[name] = (input) => this.send(name, input);
    }
    for (const name of WRITES) {
      operations[name] = (input) => this.count('write', input, (asked) => this.write(name, asked));
    }
    const arnOf = (table: string): string =>
      `arn:aws:dynamodb:${this.around.region}:${this.around.account}:table/${nameOf(table)}`;
    const authorize = Object.keys(operations).map(
      (name) => [name, dynamoAuthorize(name, arnOf, (table, index) => this.partitionKey(table, index))] as const,
    );
    return { name: 'dynamodb', operations, authorize: Object.fromEntries(authorize) };
  }

  /** Notes the units that a request takes; one that fails by its condition takes at least one. */
  private async count(kind: 'read' | 'write', input: any, perform: (input: object) => Promise<any>): Promise<object> {
    try {
      const { ConsumedCapacity, ...output } = await perform({ ...input, ReturnConsumedCapacity: 'TOTAL' });
      const used = [ConsumedCapacity ?? []].flat() as { readonly CapacityUnits: number }[];
      used.forEach(({ CapacityUnits }) => this.around.tally.consumed(kind, CapacityUnits));
      return input.ReturnConsumedCapacity === undefined ? output : { ...output, ConsumedCapacity };
    } catch (error) {
      if (kind === 'write' && error instanceof AwsError && error.code === 'ConditionalCheckFailedException') {
        this.around.tally.consumed('write', 1);
      }
      throw error;
    }
  }

  private table(name: string): Resource | undefined {
    const found = this.around.resource(nameOf(name));
    return found !== undefined && /^AWS::DynamoDB::/.test(found.type) ? found : undefined;
  }

  private partitionKey(table: string, index?: string): string | undefined {
    const properties = this.table(table)?.properties;
    const of =
      index === undefined
        ? properties
        : (properties?.GlobalSecondaryIndexes as any[] | undefined)?.find(({ IndexName }) => IndexName === index);
    return of?.KeySchema?.find(({ KeyType }: any) => KeyType === 'HASH')?.AttributeName;
  }

  /** One write after the other, so that the images on both sides of it are its own. */
  private write(operation: string, input: any): Promise<any> {
    const name = nameOf(String(input.TableName));
    const turn = (this.turns.get(name) ?? Promise.resolve()).then(() => this.writeNow(operation, name, input));
    this.turns.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  }

  private async writeNow(operation: string, name: string, input: any): Promise<any> {
    const { ReturnValuesOnConditionCheckFailure: wanted, ...request } = input;
    const table = this.table(name);
    const view = streamViewOf(table);
    if (table === undefined || (view === undefined && wanted !== 'ALL_OLD')) {
      return this.send(operation, request);
    }
    const key = keyOf(table, input.Key ?? input.Item ?? {});
    const before = await this.read(name, key);
    try {
      const output = await this.send(operation, request);
      const after = view === undefined ? undefined : await this.read(name, key);
      if (view !== undefined && JSON.stringify(before) !== JSON.stringify(after)) {
        this.tell(this.recordOf(table, view, key, before, after));
      }
      return output;
    } catch (error) {
      if (wanted === 'ALL_OLD' && error instanceof AwsError && before !== undefined) {
        throw new AwsError(error.code, error.message, error.status, { Item: before });
      }
      throw error;
    }
  }

  private async writeBatch(input: any): Promise<object> {
    for (const [TableName, requests] of Object.entries<any[]>(input.RequestItems)) {
      for (const { PutRequest, DeleteRequest } of requests) {
        await (PutRequest === undefined
          ? this.count('write', { TableName, Key: DeleteRequest.Key }, (asked) => this.write('DeleteItem', asked))
          : this.count('write', { TableName, Item: PutRequest.Item }, (asked) => this.write('PutItem', asked)));
      }
    }
    return { UnprocessedItems: {} };
  }

  private async read(TableName: string, Key: Item): Promise<Item | undefined> {
    return (await this.send('GetItem', { TableName, Key, ConsistentRead: true })).Item;
  }

  private tell(record: StreamRecord): void {
    this.readers.forEach((reader) => reader(record));
  }

  private recordOf(table: Resource, view: string, Keys: Item, before?: Item, after?: Item): StreamRecord {
    const number = String(++this.sequence).padStart(21, '0');
    const image = (kind: string, item: Item | undefined): boolean =>
      item !== undefined && (view === kind || view === 'NEW_AND_OLD_IMAGES');
    return {
      eventID: number,
      eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: this.around.region,
      eventSourceARN: table.attributes.StreamArn,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(this.around.clock.now() / 1000),
        Keys,
        ...(image('NEW_IMAGE', after) ? { NewImage: after } : {}),
        ...(image('OLD_IMAGE', before) ? { OldImage: before } : {}),
        SequenceNumber: number,
        SizeBytes: JSON.stringify(after ?? before).length,
        StreamViewType: view,
      },
    };
  }

  /** A request to dynalite's server as if it had come by a socket; a real one would cost most of the time. */
  private send(operation: string, input: object): Promise<any> {
    const body = Buffer.from(JSON.stringify(input));
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20300101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=a/20300101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=a',
    };
    return new Promise((resolve, reject) => {
      const response = {
        statusCode: 200,
        setHeader: () => undefined,
        end: (text: string) => {
          const answer = JSON.parse(text);
          if (response.statusCode === 200) {
            resolve(answer);
          } else {
            const code = String(answer.__type).split('#').pop() ?? 'InternalServerError';
            reject(new AwsError(code, answer.message ?? answer.Message ?? code, response.statusCode));
          }
        },
      };
      const request = Object.assign(Readable.from([body]), { method: 'POST', url: '/', headers });
      this.server.emit('request', request, response);
    });
  }
}

function keyOf(table: Resource, item: Item): Item {
  const names: string[] = table.properties.KeySchema.map(({ AttributeName }: any) => AttributeName);
  return Object.fromEntries(names.map((name) => [name, item[name]]));
}

function streamViewOf(table: Resource | undefined): string | undefined {
  return table?.properties.StreamSpecification?.StreamViewType;
}
