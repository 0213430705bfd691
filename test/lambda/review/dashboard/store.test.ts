import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { OPEN_INDEX } from '../../../../contract/names';
import { RequestStore } from '../../../../lambda/aws/request-store';
import { OverviewStore } from '../../../../lambda/aws/overview-store';
import { SessionStore } from '../../../../lambda/aws/session-store';
import { Table } from '../../../../lambda/aws/table';
import { recordKey } from '../../../../lambda/domain/record';
import { linkWanted } from '../../../../lambda/review/dashboard/errand-row';
import { AwsDashboardStore } from '../../../../lambda/review/dashboard/store';
import { thoroughly } from '../../../../rehearsal/test/support/thorough';
import { LocalTable } from '../../table';
import { entry, OVERVIEW, SESSION } from './fixture';

const ENTRIES = 10_000;

let local: LocalTable;
let reads = 0;
let documents: DynamoDBDocumentClient;
let store: AwsDashboardStore;

beforeAll(async () => {
  local = await LocalTable.start();
  const client = new DynamoDBClient({
    endpoint: local.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { PARTITION, SORT } = OPEN_INDEX;
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
  for (const TableName of ['requests', 'decisions']) {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [text('pk'), text('sk'), text(PARTITION), text(SORT)],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: OPEN_INDEX.NAME,
            KeySchema: [
              { AttributeName: PARTITION, KeyType: 'HASH' },
              { AttributeName: SORT, KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      }),
    );
  }
  documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  client.middlewareStack.add(
    (next) => (args) => {
      reads += 1;
      return next(args);
    },
    { step: 'initialize' },
  );
  store = new AwsDashboardStore({ requests: 'requests', decisions: 'decisions' }, 'Shop', documents);
});

beforeEach(() => {
  reads = 0;
});

afterAll(() => local.stop());

test('a request is open from when it asks until it is closed', async () => {
  const requests = new RequestStore(new Table(documents, 'requests'));
  const id = '0'.repeat(32);
  await requests.open(id, {
    pipeline: 'shop',
    stage: 'Prod',
    action: 'Approve',
    at: '2026-11-23T09:00:00.000Z',
    by: 'EVENT',
  });
  expect((await store.open()).requests).toMatchObject([{ id, phase: 'OPENED' }]);

  const ended = { kind: 'STOPPED', by: 'CODEPIPELINE', at: '2026-11-23T09:10:00.000Z', summary: '' } as const;
  await requests.acknowledge(id, ended, ended.at);
  expect((await store.open()).requests).toMatchObject([{ phase: 'DELIVERED' }]);

  await requests.close(id, ended.at);
  expect(await store.open()).toEqual({ requests: [], isPart: false });
});

test('a request that cannot be read is told to be missing', async () => {
  const row = { pk: 'x', sk: 'meta', v: 1, [OPEN_INDEX.PARTITION]: 'OPEN', [OPEN_INDEX.SORT]: '2026' };
  await documents.send(new PutCommand({ TableName: 'requests', Item: row }));

  expect(await store.open()).toEqual({ requests: [], isPart: true });
});

test('sessions and overviews are read as decide keeps them', async () => {
  const table = new Table(documents, 'requests');
  await new SessionStore(table).begin('s', SESSION);
  await new OverviewStore(table).keep(OVERVIEW);

  expect(await store.session('s')).toEqual(SESSION);
  expect(await store.session('t')).toBeUndefined();
  expect(await store.overviews()).toEqual([OVERVIEW]);
});

test('an errand is put as it is', async () => {
  const errand = linkWanted('0123456789ab', '2026-11-23T09:00:00.000Z');
  await store.put(errand);

  expect((await documents.send(new ScanCommand({ TableName: 'decisions' }))).Items).toEqual([errand]);
});

thoroughly('ten thousand decided requests')('ten thousand decided requests', () => {
  test(`of ${ENTRIES} decided requests one read brings the newest, or a megabyte to search`, async () => {
    const { v, at, previous, hash, entry: said } = entry(1);
    const row = (n: number) => ({ pk: 'record', sk: recordKey(n), v, n, at, previous, hash, entry: said, ttl: 1 });
    for (let first = 1; first <= ENTRIES; first += 25) {
      const items = Array.from({ length: 25 }, (_, index) => ({ PutRequest: { Item: row(first + index) } }));
      await documents.send(new BatchWriteCommand({ RequestItems: { requests: items } }));
    }
    reads = 0;

    const newest = await store.record(undefined, 25);
    expect(newest.rows.map(({ n }) => n)).toEqual(Array.from({ length: 25 }, (_, index) => ENTRIES - index));
    expect(newest.before).toBe(ENTRIES - 24);
    expect((await store.record(newest.before, 1)).rows[0]?.n).toBe(ENTRIES - 25);
    const searched = await store.record(undefined);
    expect(searched.rows.length).toBeGreaterThan(200);
    expect(searched.before).toBe(ENTRIES - searched.rows.length + 1);
    expect(await store.record(2)).toMatchObject({ rows: [{ n: 1 }] });
    expect((await store.record(2)).before).toBeUndefined();
    expect(reads).toBe(5);
  }, 120_000);
});
