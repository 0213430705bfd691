import { ProvisionedThroughputExceededException } from '@aws-sdk/client-dynamodb';
import { Table } from '../../../lambda/aws/table';
import { LocalTable } from '../table';

let local: LocalTable;
let name: string;
let table: Table;

beforeAll(async () => {
  local = await LocalTable.start();
});

afterAll(() => local.stop());

beforeEach(async () => {
  name = await local.create();
  table = new Table(local.documents, name);
});

afterEach(() => jest.restoreAllMocks());

test('a query reads every row of a partition, consistently, over all its pages', async () => {
  const text = 'x'.repeat(300_000);
  for (let row = 0; row < 5; row += 1) {
    await table.putIfAbsent({ pk: 'a', sk: `${row}`, text });
  }
  await table.putIfAbsent({ pk: 'b', sk: '0' });
  const send = jest.spyOn(local.documents, 'send');

  expect((await table.query('a')).map(({ sk }) => sk)).toEqual(['0', '1', '2', '3', '4']);

  expect(send.mock.calls.length).toBeGreaterThan(1);
  for (const [command] of send.mock.calls) {
    expect(command.input).toMatchObject({ TableName: name, ConsistentRead: true });
  }
});

test('a row is put where there is none', async () => {
  expect(await table.putIfAbsent({ pk: 'a', sk: '1', value: 1 })).toBe(true);
  expect(await table.putIfAbsent({ pk: 'a', sk: '1', value: 2 })).toBe(false);

  expect(await table.query('a')).toEqual([{ pk: 'a', sk: '1', value: 1 }]);
});

test('a row is put where its condition holds', async () => {
  await table.putIfAbsent({ pk: 'a', sk: '1', value: 1 });
  const condition = (value: number) => ({
    expression: '#value = :value',
    names: { '#value': 'value' },
    values: { ':value': value },
  });

  expect(await table.put({ pk: 'a', sk: '1', value: 3 }, condition(2))).toBe(false);
  expect(await table.put({ pk: 'a', sk: '1', value: 3 }, condition(1))).toBe(true);

  expect(await table.query('a')).toMatchObject([{ value: 3 }]);
});

test('attributes are set where the condition holds; those that are undefined stay as they are', async () => {
  await table.putIfAbsent({ pk: 'a', sk: '1', kept: 'yes', status: 'old' });

  expect(await table.set('a', '1', { status: 'new', kept: undefined }, { expression: 'attribute_exists(pk)' })).toBe(
    true,
  );
  expect(await table.set('a', '2', { status: 'new' }, { expression: 'attribute_exists(pk)' })).toBe(false);

  expect(await table.query('a')).toEqual([{ pk: 'a', sk: '1', kept: 'yes', status: 'new' }]);
});

test('a counter begins at one, and is cleaned away', async () => {
  expect(await table.count('a', '1', 99)).toBe(1);
  expect(await table.count('a', '1', 99)).toBe(2);

  expect(await table.query('a')).toEqual([{ pk: 'a', sk: '1', count: 2, ttl: 99 }]);
});

test('a failure that is no condition is thrown', async () => {
  const throttled = new ProvisionedThroughputExceededException({ $metadata: {}, message: 'x' });
  jest.spyOn(local.documents, 'send').mockRejectedValue(throttled as never);

  await expect(table.putIfAbsent({ pk: 'a', sk: '1' })).rejects.toBe(throttled);
  await expect(table.update('a', '1', {})).rejects.toBe(throttled);
});
