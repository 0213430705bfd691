import { AbsenceStore } from '../../../lambda/aws/absence-store';
import { RequestStore } from '../../../lambda/aws/request-store';
import { Table } from '../../../lambda/aws/table';
import type { Absence } from '../../../lambda/domain/absence';
import { ANA, at, BO, CY, days, GATE, REQUEST, START } from '../samples';
import { LocalTable } from '../table';

let local: LocalTable;
let rows: Table;
let store: AbsenceStore;

beforeAll(async () => {
  local = await LocalTable.start();
});
afterAll(() => local.stop());

beforeEach(async () => {
  rows = new Table(local.documents, await local.create());
  store = new AbsenceStore(rows);
});

const absence = (more: Partial<Absence> = {}): Absence => ({
  person: ANA.id,
  delegate: BO.id,
  from: at(10),
  until: at(days(2)),
  setAt: at(10),
  ...more,
});
const kept = async (person = ANA.id) => (await store.all()).get(person);

test('there is one absence of each person, the newest, and nobody else’s', async () => {
  expect(await store.set(absence())).toBe(true);
  expect(await store.set(absence({ person: CY.id }))).toBe(true);
  expect(await store.set(absence({ setAt: at(20), until: at(days(3)) }))).toBe(true);
  expect(await store.set(absence({ setAt: at(15) }))).toBe(false);

  expect(await kept()).toEqual({ ok: true, value: absence({ setAt: at(20), until: at(days(3)) }) });
  expect(await kept(CY.id)).toEqual({ ok: true, value: absence({ person: CY.id }) });
  expect((await store.all()).size).toBe(2);
});

test('an end is that of the absence it was meant for, the first one, however often it is brought', async () => {
  await store.set(absence());

  expect(await store.end(absence({ setAt: at(9) }), at(30))).toBe(false);
  expect(await store.end(absence(), at(30))).toBe(true);
  expect(await store.end(absence(), at(30))).toBe(true);
  expect(await store.end(absence(), at(40))).toBe(false);
  expect(await kept()).toEqual({ ok: true, value: absence({ endedAt: at(30) }) });

  // Whoever goes away again is away again.
  await store.set(absence({ setAt: at(50), from: at(50) }));
  expect(await kept()).toEqual({ ok: true, value: absence({ setAt: at(50), from: at(50) }) });
});

test('an absence of another version is not read, and can be set anew', async () => {
  await rows.putIfAbsent({ pk: 'absence', sk: ANA.id, v: 99, setAt: START });
  expect(await kept()).toMatchObject({ ok: false, problem: expect.stringContaining('`v` is not 2') });

  await store.set(absence());
  expect(await kept()).toMatchObject({ ok: true });
});

test('a stand-in is kept with its request: a later absence takes its place, and so does a sooner end', async () => {
  const standIn = { person: ANA.id, mail: ANA.mail, delegate: BO.id, since: at(11), until: at(500), setAt: at(10) };
  await new RequestStore(rows).open(REQUEST, { ...GATE, at: START, by: 'NOTIFICATION' });
  const now = async () => (await new RequestStore(rows).load(REQUEST))?.standIns;

  expect(await store.standIn(REQUEST, standIn)).toBe(true);
  expect(await store.standIn(REQUEST, standIn)).toBe(false);
  expect(await store.standIn(REQUEST, { ...standIn, until: at(100) })).toBe(true);
  expect(await store.standIn(REQUEST, standIn)).toBe(false);
  expect(await now()).toEqual([{ ...standIn, until: at(100) }]);

  const again = { ...standIn, since: at(201), setAt: at(200) };
  expect(await store.standIn(REQUEST, again)).toBe(true);
  expect(await store.standIn(REQUEST, standIn)).toBe(false);
  expect(await now()).toEqual([again]);
});
