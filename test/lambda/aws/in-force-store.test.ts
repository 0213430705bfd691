import { InForceStore } from '../../../lambda/aws/in-force-store';
import { Table } from '../../../lambda/aws/table';
import { IN_FORCE, withChecks } from '../../../lambda/domain/in-force';
import { UnreadableRow } from '../../../lambda/domain/rows';
import { checkPlan, GATE, policyOf, ruleOf } from '../samples';
import { LocalTable } from '../table';

let local: LocalTable;
let rows: Table;
let store: InForceStore;

beforeAll(async () => {
  local = await LocalTable.start();
});
afterAll(() => local.stop());

beforeEach(async () => {
  rows = new Table(local.documents, await local.create());
  store = new InForceStore(rows);
});

const MANUAL = policyOf();
const GUARDED = withChecks(policyOf({ rule: ruleOf('GUARDED') }), [checkPlan()]);

test('the first policy of a gate is in force, whoever asks next', async () => {
  expect(await store.orFirst(GATE, MANUAL)).toEqual({ n: 1, policy: { ok: true, value: MANUAL } });
  expect(await store.orFirst(GATE, GUARDED)).toEqual({ n: 1, policy: { ok: true, value: MANUAL } });
});

test('of two looks that meet a new gate at once, both know the same policy', async () => {
  const found = await Promise.all([store.orFirst(GATE, MANUAL), store.orFirst(GATE, GUARDED)]);

  expect(found[0]).toEqual(found[1]);
});

test('each gate has its own', async () => {
  await store.orFirst(GATE, MANUAL);

  const other = { ...GATE, action: 'Confirm' };
  const policy = { ...GUARDED, gate: other };
  expect(await store.orFirst(other, policy)).toEqual({ n: 1, policy: { ok: true, value: policy } });
});

test('a policy takes the place of the one that it was compared with, once, and keeps its checks', async () => {
  await store.orFirst(GATE, MANUAL);

  expect(await store.replace(GATE, { policy: GUARDED, after: 1 })).toBe(true);
  expect(await store.replace(GATE, { policy: MANUAL, after: 1 })).toBe(false);
  expect(await store.orFirst(GATE, MANUAL)).toEqual({ n: 2, policy: { ok: true, value: GUARDED } });
});

test('nothing takes the place of a policy that is not there', async () => {
  expect(await store.replace(GATE, { policy: GUARDED, after: 1 })).toBe(false);
  expect(await rows.query(IN_FORCE)).toEqual([]);
});

test('a row of another version is refused', async () => {
  await store.orFirst(GATE, MANUAL);
  await rows.set(IN_FORCE, 'shop/Prod/Approve', { v: 1 }, { expression: 'attribute_exists(pk)' });

  await expect(store.orFirst(GATE, MANUAL)).rejects.toThrow(UnreadableRow);
});

test('a policy that only a former version understood is told from none', async () => {
  await store.orFirst(GATE, MANUAL);
  await rows.set(IN_FORCE, 'shop/Prod/Approve', { document: '{"v":1}' }, { expression: 'attribute_exists(pk)' });

  expect(await store.orFirst(GATE, MANUAL)).toMatchObject({ n: 1, policy: { ok: false } });
});
