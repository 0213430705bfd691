import { DigestStore } from '../../../lambda/aws/digest-store';
import { Table } from '../../../lambda/aws/table';
import type { OwedMail } from '../../../lambda/domain/digest';
import { ANA, at, BO, minutes, REQUEST } from '../samples';
import { LocalTable } from '../table';

const EVERY = minutes(15);
const FIRST: OwedMail = { request: REQUEST, kind: 'REQUEST' };
const SECOND: OwedMail = { request: REQUEST, kind: 'OUTCOME' };

let local: LocalTable;
let rows: Table;
let store: DigestStore;

beforeAll(async () => {
  local = await LocalTable.start();
});

afterAll(() => local.stop());

beforeEach(async () => {
  rows = new Table(local.documents, await local.create());
  store = new DigestStore(rows);
});

const begin = (mail: OwedMail, seconds: number, who = ANA) =>
  store.begin(who.id, mail, at(seconds), at(seconds + EVERY));
const take = (seconds: number) => store.take(ANA.id, at(seconds), at(seconds + EVERY));
const release = (end: 'SENT' | 'EMPTY' | 'UNFINISHED', seconds: number) =>
  store.release(ANA.id, end, at(seconds + 1), at(seconds + EVERY));

describe('a quiet time', () => {
  test('begins with a mail, and lets no other pass until it is over', async () => {
    expect(await begin(FIRST, 0)).toBe(true);
    expect(await begin(SECOND, EVERY - 1)).toBe(false);

    expect(await begin(SECOND, EVERY)).toBe(true);
  });

  test('lets the mail pass that began it: its sender may have failed', async () => {
    await begin(FIRST, 0);

    expect(await begin(FIRST, 10)).toBe(true);
  });

  test('is one person’s alone', async () => {
    await begin(FIRST, 0);

    expect(await begin(SECOND, 1, BO)).toBe(true);
  });

  test('lasts until its digest has begun, where one is due, but not for ever', async () => {
    await begin(FIRST, 0);
    await store.hold(ANA.id, SECOND, at(10));

    const third = { request: 'f'.repeat(32), kind: 'REQUEST' } as const;
    expect(await begin(third, EVERY + minutes(14))).toBe(false);
    expect(await begin(third, EVERY + minutes(15))).toBe(true);
  });
});

describe('a mail that is held back', () => {
  beforeEach(() => begin(FIRST, 0));

  test('is owed until it is done, once, whoever holds it back again', async () => {
    expect(await store.hold(ANA.id, SECOND, at(10))).toBe(at(EVERY));
    expect(await store.hold(ANA.id, SECOND, at(20))).toBe(at(EVERY));
    expect(await store.held(ANA.id)).toEqual([SECOND]);

    await store.done(ANA.id, SECOND, at(EVERY));
    await store.hold(ANA.id, SECOND, at(EVERY + 10));

    expect(await store.held(ANA.id)).toEqual([]);
  });

  test('that is about several reminders is one each', async () => {
    const reminders = [minutes(1), minutes(2)].map(
      (due) => ({ request: REQUEST, kind: 'REMINDER', due: at(due) }) as const,
    );
    for (const reminder of reminders) {
      await store.hold(ANA.id, reminder, at(180));
    }

    expect(await store.held(ANA.id)).toEqual(reminders);
  });

  test('comes after those before it', async () => {
    await store.hold(ANA.id, FIRST, at(20));
    await store.hold(ANA.id, SECOND, at(10));

    expect(await store.held(ANA.id)).toEqual([SECOND, FIRST]);
  });

  test('is not lost to a row that nobody can read', async () => {
    await rows.putIfAbsent({ pk: `digest#${ANA.id}`, sk: 'mail#?#NEW', request: REQUEST, kind: 'NEW', at: at(1) });
    await store.hold(ANA.id, FIRST, at(20));

    expect(await store.held(ANA.id)).toEqual([FIRST]);
  });

  test('goes by the time of the digest that follows, where its own has just begun', async () => {
    await take(EVERY);

    expect(await store.hold(ANA.id, SECOND, at(EVERY + 1))).toBe(at(EVERY * 2));
  });

  test('is due at once where no quiet time is known', async () => {
    expect(await store.hold(BO.id, SECOND, at(10))).toBe(at(10));
  });
});

describe('a digest', () => {
  beforeEach(() => begin(FIRST, 0));

  test('is one run’s alone, and free again after a while, where that one died', async () => {
    expect(await take(EVERY)).toBe(true);
    expect(await take(EVERY + minutes(5) - 1)).toBe(false);

    expect(await take(EVERY + minutes(5))).toBe(true);
  });

  test('that was sent begins a quiet time, and is free for the next one', async () => {
    await take(EVERY);
    await release('SENT', EVERY);

    expect(await begin(SECOND, EVERY * 2 - 1)).toBe(false);
    expect(await take(EVERY + 2)).toBe(true);
  });

  test('that was empty leaves none, unless a mail waits for the next one', async () => {
    await take(EVERY);
    await release('EMPTY', EVERY);
    expect(await begin(SECOND, EVERY + 1)).toBe(true);

    await take(EVERY * 2 + 1);
    await store.hold(ANA.id, FIRST, at(EVERY * 2 + 2));
    await release('EMPTY', EVERY * 2 + 1);

    expect(await begin(SECOND, EVERY * 3)).toBe(false);
  });

  test('that is not finished lets no mail go out beside it', async () => {
    await take(EVERY);
    await release('UNFINISHED', EVERY);

    expect(await begin(SECOND, EVERY * 2)).toBe(false);
    expect(await take(EVERY + 10)).toBe(true);
  });

  test('goes by no row that was cleaned away: each one keeps the row for a week more', async () => {
    await take(EVERY);
    const [quiet] = await rows.query(`digest#${ANA.id}`);
    expect(quiet?.['ttl']).toBe(Date.parse(at(EVERY * 2)) / 1000 + 7 * 86_400);

    expect(await store.take(BO.id, at(0), at(EVERY))).toBe(true);
  });
});
