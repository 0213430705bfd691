/** What is told of a follow-up: by events, in the log, and again to whoever wants their link. */
import { resend } from '../../../lambda/decide/resend';
import { RECORD } from '../../../lambda/domain/record';
import { NOBODY_REVIEWS } from '../../../lambda/domain/follow-up';
import { ANA, at, BO, CY, GATE, hours, minutes, policyOf, REQUEST, ruleOf, type PeopleSample } from '../samples';
import { eachTestHasAGate, logged, type GateFixture } from './gate-fixture';

let gate: GateFixture;
let before: number;

/** Ana has opened it alone. */
eachTestHasAGate(async (fresh) => {
  gate = fresh;
  gate.policy = guarded({ breakGlass: [ANA.id] });
  await gate.ask();
  await gate.look(1);
  await gate.decide(ANA, 'BREAK_GLASS', 10, { comment: 'Customers are ill' });
  before = gate.mails.length;
  gate.events.length = 0;
  jest.mocked(process.stdout.write).mockClear();
});

const guarded = (people: PeopleSample) => policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 2, ...people } }) });
const lines = () => logged().map((line) => JSON.parse(line) as Record<string, unknown>);
/** Mails since it was opened. */
const mails = () => gate.mails.slice(before);
const about = { requestId: REQUEST, ...GATE };

test('its end is an event with the words of the review and the place of its entry in the record', async () => {
  await gate.decide(BO, 'REVIEWED', 100, { comment: 'The fix was right' });

  const [, closing] = await gate.rows.query(RECORD);
  expect(gate.events).toEqual([
    {
      type: 'Follow-up Closed',
      at: at(100),
      details: { requestId: REQUEST, summary: 'The fix was right', record: { n: 2, hash: closing?.['hash'] } },
    },
  ]);
  expect(closing?.['hash']).toMatch(/^[0-9a-f]{64}$/);
  expect(lines()).toContainEqual({ level: 'INFO', message: 'a follow-up was closed', ...about, approver: BO.id });
});

test('that nobody is left who could close it is an event and an error', async () => {
  gate.people = [ANA];
  await gate.look(hours(2));

  expect(gate.events).toEqual([
    { type: 'Follow-up Stuck', at: at(hours(2)), details: { requestId: REQUEST, reason: NOBODY_REVIEWS } },
  ]);
  expect(lines()).toContainEqual({
    level: 'ERROR',
    message: 'nobody is left who could close a follow-up',
    ...about,
  });
  expect(lines()).toContainEqual(expect.objectContaining({ FollowUpStuck: 1, ...about }));
});

test('a review that two looks find at once closes it once', async () => {
  const decision = await gate.decision(BO, 'REVIEWED', 100, { comment: 'The fix was right' });
  await Promise.all([gate.take([decision], 100), gate.take([decision], 100)]);
  await Promise.all([gate.look(101), gate.look(102)]);

  expect(await gate.request()).toMatchObject({ phase: 'CLOSED', closingRecorded: 2 });
  expect(await gate.rows.query(RECORD)).toHaveLength(2);
});

describe('whoever wants their link again', () => {
  const again = async (who: typeof BO, seconds = 200) => resend(gate.ports, await gate.records(), who, at(seconds));

  test('gets one to review it, with a key of its own, which closes it', async () => {
    await again(BO);

    expect(mails().map(({ to, subject }) => [to, subject])).toEqual([
      [BO.mail, 'Review an emergency: shop Prod - fix the cart'],
    ]);
    expect((await gate.invitation(BO))?.keys).toHaveLength(3);
    await gate.decide(BO, 'REVIEWED', 300, { comment: 'fine' });
    expect((await gate.request()).phase).toBe('CLOSED');
  });

  test('gets none where they have opened it themselves', async () => {
    await again(ANA);

    expect(mails()).toEqual([]);
    expect((await gate.invitation(ANA))?.keys).toHaveLength(1);
  });

  test('gets none of a gate that is none of theirs', async () => {
    await again({ ...CY, id: 'f'.repeat(12), mail: 'else@example.com' });

    expect(mails()).toEqual([]);
    expect((await gate.records()).invitations.map(({ approver }) => approver).sort()).toEqual(
      [ANA.id, BO.id, CY.id].sort(),
    );
  });

  test('gets none any more once it is closed', async () => {
    await gate.decide(CY, 'REVIEWED', 100, { comment: 'fine' });
    before = gate.mails.length;
    await again(BO);

    expect(mails()).toEqual([]);
  });

  test('gets none where people answer in the console', async () => {
    Object.assign(gate.ports, { answers: { way: 'IN_CONSOLE' } });
    await again(BO);

    expect(mails()).toEqual([]);
    expect((await gate.invitation(BO))?.keys).toHaveLength(2);
  });
});

test('a reviewer whose mailbox is missing is logged, and asked when the next reminder is due', async () => {
  gate.mailbox = (id) => (id === BO.id ? 'missing' : 'confirmed');
  await gate.look(hours(24) + minutes(1));

  expect(mails().map(({ to }) => to)).toEqual([CY.mail]);
  expect(lines()).toContainEqual({
    level: 'WARN',
    message: 'somebody who may close a follow-up cannot be reached by mail',
    requestId: REQUEST,
    approver: BO.id,
    reason: 'missing',
  });
  gate.mailbox = () => 'confirmed';
  await gate.look(hours(25));
  expect(mails().filter(({ to }) => to === BO.mail)).toEqual([]);
  await gate.look(hours(48) + minutes(1));
  expect(mails().filter(({ to }) => to === BO.mail)).toHaveLength(1);
});
