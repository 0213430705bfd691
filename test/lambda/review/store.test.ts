import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { decisionRow } from '../../../lambda/review/decision-row';
import { openLink } from '../../../lambda/review/link';
import { TableStore } from '../../../lambda/review/store';
import { ANA, BO, NOW, REQUEST, scene, seedOf } from './fixture';

const dynamo = mockClient(DynamoDBDocumentClient);
const store = new TableStore(
  { requests: 'requests', decisions: 'decisions' },
  dynamo as unknown as DynamoDBDocumentClient,
);

beforeEach(() => {
  dynamo.reset();
});

describe('the tables as review sees them', () => {
  test('reads consistently, follows pages, and leaves measurements where they are', async () => {
    const s = scene();
    const [ana, bo, cy] = s.invitations;
    dynamo
      .on(QueryCommand, { ExpressionAttributeValues: { ':pk': REQUEST, ':sk': 'invite#' } })
      .resolvesOnce({ Items: [{ ...ana }], LastEvaluatedKey: { pk: REQUEST, sk: `invite#${ANA}` } })
      .resolves({ Items: [{ ...bo }, { ...cy }] })
      .on(QueryCommand, { ExpressionAttributeValues: { ':pk': REQUEST, ':sk': 'meta' } })
      .resolves({ Items: [{ ...s.meta }, ...s.votes.map((vote) => ({ ...vote }))] });

    const records = await store.load(REQUEST);

    expect(records).toEqual({ meta: s.meta, invitations: s.invitations, votes: s.votes });
    const asked = dynamo.commandCalls(QueryCommand).map(({ args }) => args[0].input);
    expect(asked).toHaveLength(3);
    expect(asked.every((input) => input.ConsistentRead === true && input.TableName === 'requests')).toBe(true);
    expect(asked.map((input) => input.KeyConditionExpression).sort()).toEqual([
      'pk = :pk AND begins_with(sk, :sk)',
      'pk = :pk AND begins_with(sk, :sk)',
      'pk = :pk AND sk >= :sk',
    ]);
  });

  test('endless pages come to an end', async () => {
    dynamo.on(QueryCommand).resolves({ Items: [], LastEvaluatedKey: { pk: REQUEST, sk: 'x' } });

    expect(await store.load(REQUEST)).toEqual({ meta: undefined, invitations: [], votes: [] });
    expect(dynamo.commandCalls(QueryCommand)).toHaveLength(10);
  });

  test('puts a decision with nothing that its role would refuse', async () => {
    const s = scene();
    dynamo.on(PutCommand).resolves({});
    const opened = await openLink(
      { load: async () => s, record: async () => undefined },
      { request: REQUEST, by: BO, key: seedOf(s, BO) },
    );
    if (opened === undefined) throw new Error('the link does not open');
    const row = decisionRow(opened, 'APPROVE', 'fine', NOW);

    await store.record(row);

    expect(dynamo).toHaveReceivedCommandTimes(PutCommand, 1);
    expect(dynamo.commandCalls(PutCommand)[0]?.args[0].input).toEqual({
      TableName: 'decisions',
      Item: row,
      ReturnValues: 'NONE',
    });
  });
});
