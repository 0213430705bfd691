import { InvitationStore } from '../../../lambda/aws/invitation-store';
import { RequestStore } from '../../../lambda/aws/request-store';
import { Table } from '../../../lambda/aws/table';
import type { Invitation } from '../../../lambda/domain/vote';
import { ANA, at, BO, days, GATE, hours, minutes, REQUEST, START } from '../samples';
import { LocalTable } from '../table';

const INVITATION: Invitation = { approver: ANA.id, mail: ANA.mail, shared: false, keys: [] };
const TTL = Date.parse(at(days(430))) / 1000;

let local: LocalTable;
let rows: Table;
let store: InvitationStore;

beforeAll(async () => {
  local = await LocalTable.start();
});

afterAll(() => local.stop());

beforeEach(async () => {
  rows = new Table(local.documents, await local.create());
  store = new InvitationStore(rows);
  await new RequestStore(rows).open(REQUEST, { ...GATE, at: START, by: 'NOTIFICATION' });
});

const records = async () => (await new RequestStore(rows).load(REQUEST))!;
const row = async (sk: string) => (await rows.query(REQUEST)).find((one) => one['sk'] === sk);

describe('an invitation', () => {
  beforeEach(async () => {
    await store.add(REQUEST, INVITATION, START);
  });

  const invitation = async () => (await records()).invitations[0]!;

  test('is made once', async () => {
    expect(await store.add(REQUEST, { ...INVITATION, mail: 'eve@example.com' }, at(60))).toBe(false);

    expect(await invitation()).toEqual(INVITATION);
    expect(await row(`invite#${ANA.id}`)).toMatchObject({ v: 2, ttl: TTL });
  });

  test('may hold several keys, a hundred at most: the oldest goes', async () => {
    for (let count = 0; count < 101; count += 1) {
      await store.addKey(REQUEST, ANA.id, `key-${count}`);
    }

    const { keys } = await invitation();
    expect(keys).toHaveLength(100);
    expect([keys[0], keys.at(-1)]).toEqual(['key-1', 'key-100']);
  });

  test('loses the key that is revoked, unless its keys changed meanwhile', async () => {
    await store.addKey(REQUEST, ANA.id, 'one');
    await store.addKey(REQUEST, ANA.id, 'two');
    const seen = await invitation();

    expect(await store.removeKey(REQUEST, seen, 'one')).toBe(true);
    expect(await store.removeKey(REQUEST, seen, 'two')).toBe(false);

    expect((await invitation()).keys).toEqual(['two']);
  });

  test('keeps what becomes of it', async () => {
    await store.mark(REQUEST, ANA.id, { mailbox: 'pending', excluded: 'wrote this change' });
    await store.mark(REQUEST, BO.id, { mailbox: 'pending' });
    expect(await invitation()).toMatchObject({ mailbox: 'pending', excluded: 'wrote this change' });

    await store.clearExclusion(REQUEST, ANA.id);
    await store.clearExclusion(REQUEST, BO.id);

    expect(await invitation()).not.toHaveProperty('excluded');
    expect((await records()).invitations).toHaveLength(1);
  });

  test('counts each wrong number once, and no more than fifty', async () => {
    const counted: boolean[] = [];
    for (let attempt = 0; attempt < 60; attempt += 1) {
      counted.push(await store.countWrongNumber(REQUEST, ANA.id, `hash-${attempt}`));
      expect(await store.countWrongNumber(REQUEST, ANA.id, `hash-${attempt}`)).toBe(false);
    }

    expect(counted.filter(Boolean)).toHaveLength(50);
    expect((await invitation()).wrongNumbers).toBe(50);
    expect(await store.countWrongNumber(REQUEST, BO.id, 'hash')).toBe(false);
  });
});

describe('a mail', () => {
  const claim = (seconds: number, purpose: 'sentAt' | 'toldAt' = 'sentAt') =>
    store.claimMail(REQUEST, ANA.id, purpose, at(seconds));

  beforeEach(async () => {
    await store.add(REQUEST, INVITATION, START);
  });

  test('is claimed by one look, for two minutes', async () => {
    expect(await claim(1)).toBe(true);
    expect(await claim(1)).toBe(false);
    expect(await claim(minutes(5))).toBe(false);
    expect(await claim(minutes(5) + 1)).toBe(true);
  });

  test('that was sent is claimed never again', async () => {
    await claim(1);
    await store.mark(REQUEST, ANA.id, { sentAt: at(2) });

    expect(await claim(days(1))).toBe(false);
  });

  test('that was given up is free at once', async () => {
    await claim(1);
    await store.releaseMail(REQUEST, ANA.id, 'sentAt');

    expect(await claim(2)).toBe(true);
  });

  test('of another purpose is another mail', async () => {
    await claim(1);

    expect(await claim(1, 'toldAt')).toBe(true);
  });

  test('that is sent several times is claimed once for each time that it became due', async () => {
    const remind = (seconds: number, due: number) =>
      store.claimMail(REQUEST, ANA.id, 'remindedAt', at(seconds), at(due));

    expect(await remind(hours(1), hours(1))).toBe(true);
    expect(await remind(hours(1), hours(1))).toBe(false);
    await store.mark(REQUEST, ANA.id, { remindedAt: at(hours(1)) });

    expect(await remind(hours(1) + minutes(6), hours(1))).toBe(false);
    expect(await remind(hours(2), hours(2))).toBe(true);
    expect(await remind(hours(2), hours(2))).toBe(false);
    expect(await remind(hours(2) + minutes(6), hours(2))).toBe(true);
  });

  test('to somebody who is not invited cannot be claimed', async () => {
    expect(await store.claimMail(REQUEST, BO.id, 'sentAt', at(1))).toBe(false);
    await store.releaseMail(REQUEST, BO.id, 'sentAt');

    expect((await records()).invitations).toHaveLength(1);
  });
});

test('mails to a mailbox are counted by the second, and the counts are cleaned away after a day', async () => {
  expect(await store.countMail(ANA.id, '2026-11-23T08:00:01Z')).toBe(1);
  expect(await store.countMail(ANA.id, '2026-11-23T08:00:01Z')).toBe(2);
  expect(await store.countMail(ANA.id, '2026-11-23T08:00:02Z')).toBe(1);

  expect((await rows.query(`mailbox#${ANA.id}`))[0]).toMatchObject({
    ttl: Date.parse('2026-11-24T08:00:01Z') / 1000,
  });
});
