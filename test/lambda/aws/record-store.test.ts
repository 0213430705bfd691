import { createHash } from 'node:crypto';
import type { RecordEntry } from '../../../contract/record';
import { RecordContended, RecordStore } from '../../../lambda/aws/record-store';
import { RequestStore } from '../../../lambda/aws/request-store';
import { Table } from '../../../lambda/aws/table';
import { NOTHING_BEFORE, RECORD, recordKey } from '../../../lambda/domain/record';
import { UnreadableRow } from '../../../lambda/domain/rows';
import { LocalTable } from '../table';
import { at, GATE, START } from '../samples';

let local: LocalTable;
let rows: Table;
let store: RecordStore;

beforeAll(async () => {
  local = await LocalTable.start();
});
afterAll(() => local.stop());

beforeEach(async () => {
  rows = new Table(local.documents, await local.create());
  store = new RecordStore(rows);
});

const id = (number: number) => createHash('sha256').update(String(number)).digest('hex').slice(0, 32);
const entry = (number: number) => ({ request: id(number), votes: [] }) as unknown as RecordEntry;

/** Requests that ended. */
async function open(...numbers: readonly number[]): Promise<void> {
  const requests = new RequestStore(rows);
  for (const number of numbers) {
    await requests.open(id(number), { ...GATE, at: START, by: 'NOTIFICATION' });
  }
}

const record = () => rows.query(RECORD);

test('entries follow each other by number, time and hash', async () => {
  await open(1, 2);

  const first = await store.append(entry(1), at(60), undefined);
  const second = await store.append(entry(2), at(30), undefined);

  expect(await record()).toMatchObject([
    {
      sk: '000000000001',
      v: 1,
      n: 1,
      at: at(60),
      previous: NOTHING_BEFORE,
      hash: first.hash,
      entry: { request: id(1) },
    },
    // Its own time was earlier: looks have their times from different places.
    { sk: '000000000002', v: 1, n: 2, at: at(60), previous: first.hash, hash: second.hash, entry: { request: id(2) } },
  ]);
  const text = `["cdk-approval-gates/record/v1",1,"${at(60)}","${NOTHING_BEFORE}",{"request":"${id(1)}","votes":[]}]`;
  expect(first).toMatchObject({ n: 1, hash: createHash('sha256').update(text).digest('hex') });
});

test('a request has one entry, however often it is appended', async () => {
  await open(1, 2);
  const first = await store.append(entry(1), at(60), undefined);
  await store.append(entry(2), at(61), undefined);

  for (const claimed of [undefined, 1]) {
    expect(await store.append(entry(1), at(90), claimed)).toMatchObject({ n: 1, hash: first.hash });
  }

  expect(await record()).toHaveLength(2);
});

test('the request keeps its number', async () => {
  await open(1, 2);
  await store.append(entry(1), at(60), undefined);
  await store.append(entry(2), at(60), undefined);

  expect((await new RequestStore(rows).load(id(2)))?.request).toMatchObject({ recorded: 2 });
});

test('a claim whose number somebody else took is replaced', async () => {
  await open(1, 2);
  await rows.setOnce(id(1), 'meta', 'recorded', 1);
  await store.append(entry(2), at(60), undefined);

  expect(await store.append(entry(1), at(61), 1)).toMatchObject({ n: 2 });
  expect((await new RequestStore(rows).load(id(1)))?.request).toMatchObject({ recorded: 2 });
});

test('twenty requests that end at once, each looked at twice, have twenty entries without a gap', async () => {
  const numbers = Array.from({ length: 20 }, (_, n) => n);
  await open(...numbers);

  let left = [...numbers, ...numbers];
  while (left.length > 0) {
    const results = await Promise.allSettled(left.map((number) => store.append(entry(number), at(60), undefined)));
    results.forEach((result) => {
      if (result.status === 'rejected') {
        expect(result.reason).toBeInstanceOf(RecordContended);
      }
    });
    left = left.filter((_, index) => results[index]?.status === 'rejected');
  }

  const found = await record();
  expect(found.map(({ n }) => n)).toEqual(numbers.map((n) => n + 1));
  expect(new Set(found.map((row) => (row['entry'] as RecordEntry).request)).size).toBe(20);
  found.forEach((row, index) => expect(row['previous']).toBe(found[index - 1]?.['hash'] ?? NOTHING_BEFORE));
});

test('an entry ages once it has a successor, so that the next one never hangs on nothing', async () => {
  await open(1, 2, 3);
  await store.append(entry(1), at(60), undefined);
  await store.append(entry(2), at(60), undefined);

  const [first, second] = await record();
  expect(first?.['ttl']).toEqual(expect.any(Number));
  expect(second).not.toHaveProperty('ttl');
});

test('a crash before the older entry was let age is made good by the next look', async () => {
  await open(1, 2);
  await store.append(entry(1), at(60), undefined);
  const crashing = Object.assign(Object.create(rows) as Table, { set: () => Promise.reject(new Error('crash')) });
  await expect(new RecordStore(crashing).append(entry(2), at(60), undefined)).rejects.toThrow('crash');

  await store.append(entry(2), at(90), 2);

  const [first, ...others] = await record();
  expect(first?.['ttl']).toEqual(expect.any(Number));
  expect(others).toHaveLength(1);
});

test.each([
  ['of another version', { v: 2 }],
  ['without a hash', { hash: undefined }],
  ['without a number', { n: 'one' }],
  ['of no request', { entry: {} }],
])('nothing is appended after an entry %s', async (_, change) => {
  await open(1);
  const place = { v: 1, n: 1, at: START, hash: 'a'.repeat(64), entry: { request: id(2) } };
  await rows.putIfAbsent({ pk: RECORD, sk: recordKey(1), ...place, ...change });

  await expect(store.append(entry(1), at(60), undefined)).rejects.toBeInstanceOf(UnreadableRow);
  expect(await record()).toHaveLength(1);
});

test('a request that does not exist is not recorded', async () => {
  await expect(store.append(entry(1), at(60), undefined)).rejects.toThrow();
  expect(await record()).toEqual([]);
});
