/** The function as Lambda runs it: which tables it reads and writes, and what API Gateway gets. */
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { Env } from '../../../contract/names';
import { handler, reviewHandler } from '../../../lambda/review/handler';
import { HEADERS } from '../../../lambda/review/headers';
import { form, logLines, quietLog, site, wordsOf } from './ask';
import { httpEvent, MemoryStore, query, REQUEST, rowsOf, scene } from './fixture';

quietLog();

const mocked = () => mockClient(DynamoDBDocumentClient);

describe('with the tables that its environment names', () => {
  let dynamo: ReturnType<typeof mocked>;
  const names = [Env.REQUESTS_TABLE, Env.DECISIONS_TABLE] as const;
  const before = names.map((name) => process.env[name]);

  beforeAll(() => {
    dynamo = mocked();
  });
  beforeEach(() => {
    process.env[Env.REQUESTS_TABLE] = 'requests';
    process.env[Env.DECISIONS_TABLE] = 'decisions';
    dynamo.reset();
  });
  afterAll(() => {
    names.forEach((name, index) => {
      if (before[index] === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = before[index];
      }
    });
    dynamo.restore();
  });

  test('it reads the request in one and puts the answer into the other', async () => {
    const s = scene();
    dynamo.on(QueryCommand).resolves({ Items: rowsOf(s) });
    dynamo.on(PutCommand).resolves({});

    expect((await handler(httpEvent({ query: query(s) }))).statusCode).toBe(200);
    expect(wordsOf(await handler(httpEvent({ form: form(s) })))).toContain('Recorded: you approved it.');
    expect(dynamo.commandCalls(QueryCommand).map(({ args }) => args[0].input.TableName)).toEqual([
      'requests',
      'requests',
    ]);
    expect(dynamo.commandCalls(PutCommand).map(({ args }) => args[0].input)).toMatchObject([
      { TableName: 'decisions', Item: { pk: REQUEST, verdict: 'APPROVE' } },
    ]);
  });

  test('it has no dashboard where none is declared', async () => {
    expect((await handler(httpEvent({ path: '/' }))).statusCode).toBe(404);
    expect((await handler(httpEvent({ path: '/approvals' }))).statusCode).toBe(404);
    expect(dynamo.calls()).toEqual([]);
  });
});

test('an answer is what API Gateway takes: status, headers and page, and no cookies where there are none', async () => {
  const s = scene();
  const { body, ...rest } = await site(s).ask({ query: query(s) });

  expect(rest).toEqual({ statusCode: 200, headers: HEADERS });
  expect(body).toMatch(/^<!doctype html>/);
});

test('times are typed and told in the time zone of the team, or in UTC', async () => {
  const s = scene();
  const at = async (timeZone?: string) => {
    const run = reviewHandler(() => new MemoryStore(s), undefined, timeZone);
    const submitted = `APPROVE@${Date.parse('2026-11-23T09:29:00.000Z')}@${Date.parse('2026-11-24T22:00:00.000Z')}`;
    return wordsOf(await run(httpEvent({ path: `/r/${REQUEST}/status`, form: form(s, { submitted }) })));
  };

  expect(await at()).toContain('It is to start no earlier than Tuesday 24 November 2026, 22:00 UTC.');
  expect(await at('Europe/Berlin')).toContain(
    'It is to start no earlier than Tuesday 24 November 2026, 23:00 in Europe/Berlin (22:00 UTC).',
  );
});

test('a store that cannot be made is a failure like any other', async () => {
  const s = scene();
  const run = reviewHandler(() => {
    throw new TypeError('no table');
  });
  const answer = await run(httpEvent({ query: query(s) }));

  expect(answer.statusCode).toBe(500);
  expect(wordsOf(answer)).toMatch(/^Something went wrong here/);
  expect(logLines()).toEqual([{ level: 'ERROR', message: 'the review page failed', error: 'TypeError' }]);
});
