import { FieldsStore } from '../../../lambda/aws/fields-store';
import { Table } from '../../../lambda/aws/table';
import { UnreadableRow } from '../../../lambda/domain/rows';
import { at, EXECUTION, GATE } from '../samples';
import { LocalTable } from '../table';

let local: LocalTable;
let rows: Table;
let store: FieldsStore;

beforeAll(async () => {
  local = await LocalTable.start();
});
afterAll(() => local.stop());

beforeEach(async () => {
  rows = new Table(local.documents, await local.create());
  store = new FieldsStore(rows);
});

const of = (ticket: string, seconds: number) => ({ at: at(seconds), values: { ticket } });

test('values are found by run and gate, and nowhere else', async () => {
  await store.keep(EXECUTION, GATE, of('CHG-1', 1));

  expect(await store.of(EXECUTION, GATE)).toEqual({ ticket: 'CHG-1' });
  expect(await store.of('22222222-2222-3333-4444-555555555555', GATE)).toBeUndefined();
  expect(await store.of(EXECUTION, { ...GATE, action: 'Confirm' })).toBeUndefined();
  expect(await rows.query(`fields#${EXECUTION}`)).toMatchObject([
    { sk: 'Prod/Approve', ttl: expect.any(Number) as number },
  ]);
});

test('a newer approval of the same run takes their place, an older one never does', async () => {
  await store.keep(EXECUTION, GATE, of('CHG-1', 1));
  await store.keep(EXECUTION, GATE, of('CHG-2', 2));
  await store.keep(EXECUTION, GATE, of('CHG-1', 1));

  expect(await store.of(EXECUTION, GATE)).toEqual({ ticket: 'CHG-2' });
});

test('once the gate asks again, what was filled in before is gone, and what is filled in then is not', async () => {
  await store.forget(EXECUTION, GATE, at(1));
  expect(await rows.query(`fields#${EXECUTION}`)).toEqual([]);

  await store.keep(EXECUTION, GATE, of('CHG-1', 2));
  await store.forget(EXECUTION, GATE, at(3));
  expect(await store.of(EXECUTION, GATE)).toBeUndefined();

  await store.keep(EXECUTION, GATE, of('CHG-1', 2));
  expect(await store.of(EXECUTION, GATE)).toBeUndefined();
  await store.keep(EXECUTION, GATE, of('CHG-2', 4));
  await store.forget(EXECUTION, GATE, at(3));
  expect(await store.of(EXECUTION, GATE)).toEqual({ ticket: 'CHG-2' });
});

test('a row of another version is not read', async () => {
  await rows.putIfAbsent({ pk: `fields#${EXECUTION}`, sk: 'Prod/Approve', v: 3, ...of('CHG-1', 1) });

  await expect(store.of(EXECUTION, GATE)).rejects.toThrow(UnreadableRow);
});
