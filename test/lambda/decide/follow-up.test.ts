import { ANA, at, BO, CY, days, hours, minutes, policyOf, REQUEST, ruleOf } from '../samples';
import { RECORD } from '../../../lambda/domain/record';
import { takeTurn } from '../../../lambda/decide/turn';
import { eachTestHasAGate, logged, type GateFixture } from './gate-fixture';

let gate: GateFixture;

eachTestHasAGate((fresh) => {
  gate = fresh;
});

const guardedByTwo = (breakGlass: readonly string[]) =>
  policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 2, excludeAuthor: true, breakGlass } }) });
const reviewMails = () =>
  gate.mails.filter(({ subject }) => subject.startsWith('Review an emergency')).map(({ to }) => to);
const review = (who: typeof BO, seconds: number, comment = 'The fix was right') =>
  gate.decide(who, 'REVIEWED', seconds, { comment });
const rows = async () => (await gate.rows.query(RECORD)).map(({ entry }) => entry);

/** Ana has opened it alone. */
async function opened(): Promise<void> {
  gate.policy = guardedByTwo([ANA.id]);
  await gate.ask();
  await gate.look(1);
  await gate.decide(ANA, 'BREAK_GLASS', 10, { comment: 'Customers are ill' });
}

test('a gate that was opened alone is told, recorded, and stays open for a second person', async () => {
  await opened();

  expect(await gate.request()).toMatchObject({
    phase: 'DELIVERED',
    outcome: { kind: 'APPROVED', by: 'BREAK_GLASS' },
    followUp: { openedBy: [ANA.id] },
  });
  expect(await rows()).toMatchObject([{ outcome: { by: 'BREAK_GLASS' } }]);
  expect(reviewMails()).toEqual([BO.mail, CY.mail]);
});

test('a vote without a reason opens nothing', async () => {
  gate.policy = guardedByTwo([ANA.id]);
  await gate.ask();
  await gate.look(1);
  await gate.decide(ANA, 'BREAK_GLASS', 10, { comment: ' ' });

  expect((await gate.request()).phase).toBe('WAITING');
});

test('is closed by the review of a second person, once, with an entry of its own', async () => {
  await opened();
  const decision = await gate.decision(BO, 'REVIEWED', 100, { comment: 'The fix was right' });
  await gate.take([decision], 100);
  await gate.take([{ ...decision, sequenceNumber: 'again' }], 110);
  await gate.look(120);

  expect(await gate.request()).toMatchObject({ phase: 'CLOSED', recorded: 1, closingRecorded: 2 });
  expect(await rows()).toMatchObject([
    { outcome: { by: 'BREAK_GLASS' } },
    { kind: 'FOLLOW_UP_CLOSED', about: 1, openedBy: [ANA.id], reviewer: { mail: BO.mail }, review: { at: at(100) } },
  ]);
});

test.each<[string, () => Promise<unknown>]>([
  ['whoever opened it', () => review(ANA, 100)],
  ['somebody who says nothing', () => review(BO, 100, ' ')],
  ['a review of something else', () => gate.decide(BO, 'REVIEWED', 100, { comment: 'fine', evidence: 'f'.repeat(64) })],
  ['an approval', () => gate.decide(BO, 'APPROVE', 100, { comment: 'fine' })],
  ['somebody else’s signature', () => gate.decide(BO, 'REVIEWED', 100, { comment: 'x', seed: gate.seedOf(CY) })],
  [
    'whoever was removed since',
    async () => {
      gate.people = [ANA, CY];
      await review(BO, 100);
    },
  ],
])('is not closed by %s', async (_, act) => {
  await opened();
  await act();
  await gate.look(200);

  expect((await gate.request()).phase).toBe('DELIVERED');
  expect(await rows()).toHaveLength(1);
});

test('is not closed by an author, who is not asked either', async () => {
  gate.codePipeline.run = { ...gate.codePipeline.run, authors: [BO.mail] };
  await opened();

  expect(reviewMails()).toEqual([CY.mail]);
});

test('a review of a gate that nobody opened alone is nothing', async () => {
  await gate.ask();
  await gate.look(1);
  await gate.decide(ANA, 'APPROVE', 10);
  await gate.decide(ANA, 'REVIEWED', 20, { comment: 'fine' });

  expect((await gate.request()).phase).toBe('CLOSED');
  expect(await gate.store.load(REQUEST)).toMatchObject({ reviews: [] });
});

test('those who may close it are reminded every day for a week, and then every week, by its own timer alone', async () => {
  await opened();
  expect(await takeTurn(gate.ports, { requestId: REQUEST, vote: true }, at(100))).toBeUndefined();
  gate.mails.length = 0;
  const looks = await gate.live(200, days(30));

  expect(gate.mails.filter(({ to }) => to === BO.mail)).toHaveLength(7 + 3);
  expect(looks.length).toBeLessThan(20);
});

test('two looks at once ask nobody twice', async () => {
  await opened();
  gate.mails.length = 0;
  await Promise.all([gate.look(days(1) + minutes(1)), gate.look(days(1) + minutes(1))]);

  expect(reviewMails().sort()).toEqual([BO.mail, CY.mail]);
});

test('that nobody is left who could close it is said once, and ends when somebody is named', async () => {
  await opened();
  gate.people = [ANA];
  await gate.look(hours(2));
  await gate.look(days(2));

  expect(logged().join('')).toContain('"FollowUpStuck":1');
  expect((await gate.request()).consoleOnly).toContain('nobody is left who could close the follow-up');
  expect(gate.events.filter(({ type }) => type === 'Follow-up Stuck')).toHaveLength(1);
  gate.people = [ANA, CY];
  await gate.look(days(3));
  expect((await gate.request()).consoleOnly).toBeUndefined();
  await review(CY, days(3) + 60);
  expect((await gate.request()).phase).toBe('CLOSED');
});

test('a policy that is gone with its pipeline leaves those whom the request knew', async () => {
  await opened();
  gate.policy = undefined;
  await review(BO, days(2));

  expect((await gate.request()).phase).toBe('CLOSED');
});
