import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { UnreadableRow } from '../../../lambda/domain/rows';
import { decisionRow } from '../../../lambda/review/decision-row';
import { TableStore } from '../../../lambda/review/store';
import { BO, REQUEST, WAITING, rowsOf, scene, seedOf } from './fixture';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-west-1' }));
const dynamo = mockClient(documents);
const store = new TableStore({ requests: 'requests', decisions: 'decisions' }, documents);

beforeEach(() => {
  dynamo.reset();
});

describe('the tables as review sees them', () => {
  test('one consistent query reads a whole request, page after page', async () => {
    const s = scene();
    const rows = rowsOf(s);
    const LastEvaluatedKey = { pk: REQUEST, sk: 'invite#x' };
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: rows.slice(0, 2), LastEvaluatedKey })
      .resolves({ Items: rows.slice(2) });

    const records = await store.load(REQUEST);

    expect(records).toMatchObject({ request: WAITING, tallies: [], invitations: s.invitations, votes: s.votes });
    const query = {
      TableName: 'requests',
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': REQUEST },
      ConsistentRead: true,
    };
    expect(dynamo.commandCalls(QueryCommand).map(({ args }) => args[0].input)).toEqual([
      { ...query, ExclusiveStartKey: undefined },
      { ...query, ExclusiveStartKey: LastEvaluatedKey },
    ]);
  });

  test('no request is no request', async () => {
    dynamo.on(QueryCommand).resolves({});

    expect(await store.load(REQUEST)).toBeUndefined();
  });

  test('fails at a row of another version', async () => {
    dynamo.on(QueryCommand).resolves({ Items: rowsOf(scene()).map((row) => ({ ...row, v: 1 })) });

    await expect(store.load(REQUEST)).rejects.toThrow(UnreadableRow);
  });

  test('endless pages come to an end', async () => {
    dynamo.on(QueryCommand).resolves({ Items: [], LastEvaluatedKey: { pk: REQUEST, sk: 'x' } });

    expect(await store.load(REQUEST)).toBeUndefined();
    expect(dynamo.commandCalls(QueryCommand)).toHaveLength(5);
  });

  test('puts a decision with nothing that its role would refuse', async () => {
    const s = scene();
    dynamo.on(PutCommand).resolves({});
    const link = { requestId: REQUEST, approver: BO, seed: seedOf(s, BO) };
    const row = decisionRow(
      { link, request: WAITING },
      { submission: 'APPROVE', comment: 'fine' },
      '2026-11-23T09:30:00.000Z',
    );

    await store.record(row);

    expect(dynamo.commandCalls(PutCommand).map(({ args }) => args[0].input)).toEqual([
      { TableName: 'decisions', Item: row, ReturnValues: 'NONE' },
    ]);
  });
});
