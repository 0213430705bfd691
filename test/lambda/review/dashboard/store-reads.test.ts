/** What the dashboard asks of the tables and of Systems Manager, and what it makes of their answers. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { ROW_VERSION } from '../../../../lambda/domain/rows';
import { linkWanted } from '../../../../lambda/review/dashboard/errand-row';
import { AwsDashboardStore } from '../../../../lambda/review/dashboard/store';
import { ANA, BO, REQUEST, rowsOf, scene } from '../fixture';
import { entry, OVERVIEW, person, SESSION } from './fixture';
import { AT, later } from './seen';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-west-1' }));
const dynamo = mockClient(documents);
let store: AwsDashboardStore;

beforeEach(() => {
  dynamo.reset();
  store = new AwsDashboardStore({ requests: 'requests', decisions: 'decisions' }, 'Shop', documents);
});

afterAll(() => dynamo.restore());

const asked = () => dynamo.commandCalls(QueryCommand).map(({ args }) => args[0].input);
const answered = (Items: readonly object[], more: object = {}) =>
  dynamo.on(QueryCommand).resolves({ Items: [...Items] as Record<string, unknown>[], ...more });

test('a session is read as it is now', async () => {
  answered([{ pk: 'session#s', sk: 'session', ...SESSION }]);

  expect(await store.session('s')).toEqual(SESSION);
  expect(asked()).toEqual([
    {
      TableName: 'requests',
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': 'session#s' },
      ConsistentRead: true,
    },
  ]);
});

test('an absence is read as it is now, and one that cannot be read is none', async () => {
  const absence = { delegate: ANA, from: AT, until: later(1_000), setAt: AT };
  answered([{ pk: 'absence', sk: BO, v: ROW_VERSION, ...absence }]);

  expect(await store.absence(BO)).toEqual({ person: BO, ...absence });
  expect(asked()).toEqual([
    {
      TableName: 'requests',
      KeyConditionExpression: 'pk = :pk AND sk = :person',
      ExpressionAttributeValues: { ':pk': 'absence', ':person': BO },
      ConsistentRead: true,
    },
  ]);
  answered([{ pk: 'absence', sk: BO, v: ROW_VERSION }]);
  expect(await store.absence(BO)).toBeUndefined();
  dynamo.on(QueryCommand).resolves({});
  expect(await store.absence(BO)).toBeUndefined();
});

test('overviews are those of all pipelines', async () => {
  answered([{ pk: 'overview', sk: OVERVIEW.pipeline, asOf: OVERVIEW.asOf, stages: OVERVIEW.stages }, { sk: 'x' }]);

  expect(await store.overviews()).toEqual([OVERVIEW]);
  expect(asked()).toEqual([
    { TableName: 'requests', KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': 'overview' } },
  ]);
});

test('where more is open than one read brings, the rest is told to be missing', async () => {
  const [row] = rowsOf(scene());
  answered([row!], { LastEvaluatedKey: { pk: REQUEST } });

  const open = await store.open();
  expect(open.requests.map(({ id }) => id)).toEqual([REQUEST]);
  expect(open.isPart).toBe(true);
  answered([row!]);
  expect((await store.open()).isPart).toBe(false);
});

describe('the record', () => {
  const row = (n: number) => ({ pk: 'record', sk: `${n}`.padStart(12, '0'), ttl: 1, ...entry(n) });
  const more = { LastEvaluatedKey: { pk: 'record', sk: 'x' } };

  test('is read from its end, newest first', async () => {
    answered([row(9), row(8)], more);

    expect(await store.record(undefined, 2)).toEqual({ rows: [entry(9), entry(8)], before: 8 });
    expect(asked()).toEqual([
      {
        TableName: 'requests',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': 'record' },
        ScanIndexForward: false,
        Limit: 2,
      },
    ]);
  });

  test('is read on from an entry', async () => {
    answered([row(7)], more);

    expect(await store.record(8)).toEqual({ rows: [entry(7)], before: 7 });
    expect(asked()).toEqual([
      {
        TableName: 'requests',
        KeyConditionExpression: 'pk = :pk AND sk < :before',
        ExpressionAttributeValues: { ':pk': 'record', ':before': '000000000008' },
        ScanIndexForward: false,
        Limit: undefined,
      },
    ]);
  });

  test('ends where the table says so, and at its first entry', async () => {
    answered([row(5)]);
    expect(await store.record(6)).toEqual({ rows: [entry(5)] });
    answered([row(2), row(1)], more);
    expect(await store.record(3)).toEqual({ rows: [entry(2), entry(1)] });
    dynamo.on(QueryCommand).resolves({});
    expect(await store.record(undefined)).toEqual({ rows: [] });
  });

  test('goes on behind an entry that cannot be read', async () => {
    answered([row(5), { ...row(4), v: 99 }], more);

    expect(await store.record(6)).toEqual({ rows: [entry(5)], before: 4 });
  });
});

test('an errand is put without a look at what was there', async () => {
  dynamo.on(PutCommand).resolves({});
  const errand = linkWanted(ANA, AT);
  await store.put(errand);

  expect(dynamo.commandCalls(PutCommand).map(({ args }) => args[0].input)).toEqual([
    { TableName: 'decisions', Item: errand, ReturnValues: 'NONE' },
  ]);
});

describe('the people of the workflow', () => {
  const ssm = mockClient(SSMClient);
  const declared = person(ANA, 'ana@example.com');

  beforeEach(() => {
    ssm.reset();
    ssm
      .on(GetParametersByPathCommand)
      .resolves({ Parameters: [{ Name: '/x', Value: JSON.stringify({ v: 2, people: [declared] }) }] });
  });

  afterAll(() => ssm.restore());

  test('are read each time, and known for ten seconds', async () => {
    expect(store.peopleLately(AT)).toBeUndefined();
    expect(await store.people(AT)).toEqual([declared]);
    expect(await store.people(later(1))).toEqual([declared]);
    expect(ssm.commandCalls(GetParametersByPathCommand)).toHaveLength(2);

    expect(store.peopleLately(later(10_000))).toEqual([declared]);
    expect(store.peopleLately(later(10_001))).toBeUndefined();
    expect(ssm.commandCalls(GetParametersByPathCommand)).toHaveLength(2);
  });
});
