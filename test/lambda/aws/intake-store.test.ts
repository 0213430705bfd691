import { INTAKE_ATTRIBUTES } from '../../../contract/names';
import { IntakeStore } from '../../../lambda/aws/intake-store';
import { Table } from '../../../lambda/aws/table';
import { UnreadableRow } from '../../../lambda/domain/rows';
import { runKeyOf } from '../../../lambda/signing/link-key';
import { at, days, EXECUTION, GATE, REQUEST, START } from '../samples';
import { LocalTable } from '../table';

let local: LocalTable;
let rows: Table;
let store: IntakeStore;

beforeAll(async () => {
  local = await LocalTable.start();
});

afterAll(() => local.stop());

beforeEach(async () => {
  rows = new Table(local.documents, await local.create());
  store = new IntakeStore(rows);
});

const ASKED = { ...GATE, requestedAt: START, expires: at(days(7)), executionHint: EXECUTION };

describe('an approval that asked', () => {
  test('is read as it was put down, and known to have come by a notification', async () => {
    expect(await store.ask(REQUEST, ASKED)).toBe(true);

    expect(await store.askedFor(REQUEST)).toEqual({
      ...GATE,
      at: START,
      by: 'NOTIFICATION',
      expires: at(days(7)),
      executionHint: EXECUTION,
    });
  });

  test('without expiry and hint has neither', async () => {
    await store.ask(REQUEST, { ...GATE, requestedAt: START });

    expect(await store.askedFor(REQUEST)).toEqual({ ...GATE, at: START, by: 'NOTIFICATION' });
  });

  test('is put down once', async () => {
    await store.ask(REQUEST, ASKED);

    expect(await store.ask(REQUEST, { ...ASKED, stage: 'Dev' })).toBe(false);

    expect(await store.askedFor(REQUEST)).toMatchObject({ stage: 'Prod' });
  });

  test('is nobody else', async () => {
    await store.ask(REQUEST, ASKED);

    expect(await store.askedFor('f'.repeat(32))).toBeUndefined();
  });

  test.each<[string, object]>([
    ['of another version', { v: 3 }],
    ['without a version', { v: undefined }],
    ['with a stage that cannot be one', { stage: '../Prod' }],
    ['with a time that is none', { requestedAt: 'yesterday' }],
    ['with an expiry that is no time', { expires: 'soon' }],
  ])('in a row %s cannot be read', async (_, change) => {
    const row = { pk: `asked#${REQUEST}`, sk: 'asked', v: 2, ...ASKED, ...change };
    await rows.putIfAbsent(row);

    await expect(store.askedFor(REQUEST)).rejects.toBeInstanceOf(UnreadableRow);
  });
});

describe('who made the change of a run', () => {
  test('is read as it was put down, for this run of this pipeline alone', async () => {
    expect(await store.trigger('shop', EXECUTION, ['Ana', 'ana-gh'], START)).toBe(true);

    expect(await store.authorsOf('shop', EXECUTION)).toEqual(['Ana', 'ana-gh']);
    expect(await store.authorsOf('other', EXECUTION)).toEqual([]);
    expect(await store.authorsOf('shop', '99999999-2222-3333-4444-555555555555')).toEqual([]);
  });

  test('is put down once', async () => {
    await store.trigger('shop', EXECUTION, ['Ana'], START);

    expect(await store.trigger('shop', EXECUTION, ['Bo'], START)).toBe(false);

    expect(await store.authorsOf('shop', EXECUTION)).toEqual(['Ana']);
  });

  test.each<[string, object]>([
    ['of another version', { v: 1 }],
    ['without authors', { authors: undefined }],
    ['with an author that is no text', { authors: [7] }],
    ['with an author who is nobody', { authors: [''] }],
  ])('in a row %s cannot be read', async (_, change) => {
    const pk = `trigger#${runKeyOf('shop', '', '', EXECUTION)}`;
    await rows.putIfAbsent({ pk, sk: 'trigger', v: 2, pipeline: 'shop', authors: ['Ana'], ...change });

    await expect(store.authorsOf('shop', EXECUTION)).rejects.toBeInstanceOf(UnreadableRow);
  });
});

test('rows hold only what the role of intake may write, and are cleaned away long after the longest approval', async () => {
  await store.ask(REQUEST, ASKED);
  await store.trigger('shop', EXECUTION, ['Ana'], START);

  const [asked] = await rows.query(`asked#${REQUEST}`);
  const [trigger] = await rows.query(`trigger#${runKeyOf('shop', '', '', EXECUTION)}`);
  for (const row of [asked!, trigger!]) {
    expect(INTAKE_ATTRIBUTES).toEqual(expect.arrayContaining(Object.keys(row)));
    expect(row['ttl']).toBe(Date.parse(at(days(430))) / 1000);
  }
});
