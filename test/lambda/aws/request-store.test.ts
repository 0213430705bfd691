import { RequestStore } from '../../../lambda/aws/request-store';
import type { Outcome, RequestMeta, Vote } from '../../../lambda/domain/records';
import { LocalTable } from '../table';

const ID = '0'.repeat(32);
const AT = '2026-11-23T08:00:00.000Z';
const META: RequestMeta = {
  pk: ID,
  sk: 'meta',
  pipeline: 'shop',
  stage: 'Prod',
  action: 'Approve',
  requestedAt: AT,
  openedBy: 'notification',
};
const VOTE: Vote = {
  pk: ID,
  sk: `vote#${'a'.repeat(12)}#${'b'.repeat(64)}`,
  approver: 'a'.repeat(12),
  verdict: 'REJECT',
  comment: '',
  evidence: 'e'.repeat(64),
  seq: 1,
  at: AT,
  sig: 's',
};
const outcome = (kind: Outcome['kind']): Outcome => ({ kind, by: 'PEOPLE', at: AT, summary: 'x' });

let local: LocalTable;
let store: RequestStore;

beforeAll(async () => {
  local = await LocalTable.start();
});

afterAll(() => local.stop());

beforeEach(async () => {
  store = new RequestStore(local.documents, await local.create());
  await store.open(META);
});

const meta = async () => (await store.load(ID))!.meta;

test('a verdict is fixed once, whatever a slower look finds', async () => {
  expect(await store.settle(ID, outcome('REJECTED'), AT)).toBe(true);

  expect(await store.settle(ID, outcome('APPROVED'), '2026-11-23T09:00:00.000Z', AT)).toBe(false);

  expect(await meta()).toMatchObject({ outcome: { kind: 'REJECTED' }, endedAt: AT });
  expect((await meta()).deliveredAt).toBeUndefined();
});

test('a delivery is recorded once', async () => {
  expect(await store.delivered(ID, AT)).toBe(true);

  expect(await store.delivered(ID, '2026-11-23T09:00:00.000Z', outcome('APPROVED'))).toBe(false);

  expect(await meta()).toMatchObject({ deliveredAt: AT });
  expect((await meta()).overtakenBy).toBeUndefined();
});

test('a vote is never overwritten, nor is a request that is known', async () => {
  await store.settle(ID, outcome('REJECTED'), AT);
  expect(await store.addVote(VOTE)).toBe(true);

  expect(await store.addVote({ ...VOTE, verdict: 'APPROVE' })).toBe(false);
  expect(await store.open({ ...META, requestedAt: '2026-11-23T09:00:00.000Z' })).toBe(false);

  expect((await store.load(ID))!.votes).toMatchObject([{ verdict: 'REJECT' }]);
  expect(await meta()).toMatchObject({ requestedAt: AT, outcome: { kind: 'REJECTED' } });
});

test('who was invited, and until when, is written once', async () => {
  await store.identify(ID, 'run#1', { invited: ['a'.repeat(12)], deadline: AT }, AT);

  await store.identify(ID, 'run#1', { invited: ['b'.repeat(12)], deadline: '2027-01-01T00:00:00.000Z' }, AT);

  expect(await meta()).toMatchObject({ invited: ['a'.repeat(12)], deadline: AT });
});

test('what people are shown is not replaced by a look that saw something older', async () => {
  expect(await store.show(ID, { evidence: 'one' }, undefined)).toBe(true);
  expect(await store.show(ID, { evidence: 'two' }, 'one')).toBe(true);

  expect(await store.show(ID, { evidence: 'three' }, 'one')).toBe(false);
  expect(await store.show(ID, { evidence: 'three' }, undefined)).toBe(false);

  expect((await meta()).evidence).toBe('two');
});

test('wrong numbers are counted once each, and no further than fifty', async () => {
  const approver = 'a'.repeat(12);
  const invitation = { pk: ID, sk: `invite#${approver}`, approver, mail: 'ana@example.com', shared: false, keys: [] };
  await store.addInvitation(invitation, AT);
  const counted: boolean[] = [];

  for (let attempt = 0; attempt < 60; attempt += 1) {
    counted.push(await store.countWrongNumber(ID, approver, `hash-${attempt}`));
    expect(await store.countWrongNumber(ID, approver, `hash-${attempt}`)).toBe(false);
  }

  expect(counted.filter(Boolean)).toHaveLength(50);
});
