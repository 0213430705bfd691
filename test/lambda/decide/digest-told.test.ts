/** What a digest does where something stands in its way: what is still owed, and what an operator reads. */
import { sendDigest } from '../../../lambda/decide/digest';
import { reconcile } from '../../../lambda/decide/reconcile';
import { takeTurn } from '../../../lambda/decide/turn';
import { ANA, at, BO, minutes, policyOf, REQUEST, ruleOf } from '../samples';
import { eachTestHasAGate, logged, type GateFixture } from './gate-fixture';

const EVERY = minutes(15);
const OTHER = '1'.padStart(32, '0');
const TARGET = { digestOf: ANA.id };

let gate: GateFixture;

/** Ana is owed the questions of two requests. */
eachTestHasAGate(async (fresh) => {
  gate = fresh;
  Object.assign(gate.ports, { digestEvery: EVERY * 1000 });
  gate.people = [BO, ANA];
  gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { ids: [ANA.id] } }) });
  await gate.ask();
  const first = { request: '9'.padStart(32, '0'), kind: 'REQUEST' } as const;
  await gate.ports.digests.begin(ANA.id, first, at(0), at(EVERY));
  await gate.look(1);
  const meta = (await gate.rows.query(REQUEST)).find(({ sk }) => sk === 'meta');
  await gate.rows.putIfAbsent({ ...meta, pk: OTHER });
  await reconcile(gate.ports, OTHER, at(2));
  jest.mocked(process.stdout.write).mockClear();
});

const digest = (seconds = EVERY) => sendDigest(gate.ports, TARGET, at(seconds));
const owed = async () => (await gate.ports.digests.held(ANA.id)).map(({ request }) => request);
const lines = () => logged().map((line) => JSON.parse(line) as unknown);
const asked = () => gate.mails.flatMap(({ text }) => [...text.matchAll(/\/r\/([0-9a-f]{32})\?/g)].map(([, id]) => id));

test('that another run has in hand is looked at again in five minutes, and sends nothing', async () => {
  await gate.ports.digests.take(ANA.id, at(EVERY - 1), at(EVERY * 2));

  expect(await digest()).toEqual({ at: at(EVERY + minutes(5)), target: TARGET });
  expect([gate.mails, await owed()]).toEqual([[], [REQUEST, OTHER]]);
});

test('a question that another look has in hand is still owed, and asked by the next turn', async () => {
  await gate.ports.invitations.claimMail(REQUEST, ANA.id, 'sentAt', at(EVERY - 1));

  expect(await digest()).toEqual({ at: at(EVERY + minutes(5)), target: TARGET });
  expect([asked(), await owed()]).toEqual([[OTHER], [REQUEST]]);

  expect(await digest(EVERY + minutes(5))).toBeUndefined();
  expect([asked(), await owed()]).toEqual([[OTHER, REQUEST], []]);
});

test('a digest whose questions are all in hand sends no mail, and marks no mailbox', async () => {
  for (const id of [REQUEST, OTHER]) {
    await gate.ports.invitations.claimMail(id, ANA.id, 'sentAt', at(EVERY - 1));
  }

  expect(await digest()).toEqual({ at: at(EVERY + minutes(5)), target: TARGET });
  expect(gate.mails).toEqual([]);
  expect(await gate.invitation(ANA)).toMatchObject({ mailbox: 'confirmed' });
});

test('a request that cannot be read is left out, and logged', async () => {
  await gate.rows.set(OTHER, 'meta', { v: 3 }, { expression: 'attribute_exists(pk)' });
  await digest();

  expect([asked(), await owed()]).toEqual([[REQUEST], []]);
  expect(lines()).toEqual([
    {
      level: 'WARN',
      message: 'a digest leaves out a request that cannot be read',
      requestId: OTHER,
      reason: expect.stringMatching(/^request.*`v` is not 2/),
    },
  ]);
});

test('a table that fails leaves everything owed', async () => {
  gate.around = (call) => {
    if (call === 'store.load') throw new Error('slow down');
  };

  await expect(digest()).rejects.toThrow('slow down');
  gate.around = () => undefined;
  expect([gate.mails, await owed()]).toEqual([[], [REQUEST, OTHER]]);
  const another = { request: '8'.padStart(32, '0'), kind: 'REQUEST' } as const;
  expect(await gate.ports.digests.begin(ANA.id, another, at(EVERY * 2), at(EVERY * 3))).toBe(false);
});

test('a digest of which nothing is left says nothing to anybody', async () => {
  gate.people = [BO];
  expect(await digest()).toBeUndefined();

  expect([gate.mails, await owed(), lines()]).toEqual([[], [], []]);
});

test('a reader who cannot be reached is logged, and nothing is owed to them by it any more', async () => {
  gate.mailbox = (id) => (id === ANA.id ? 'pending' : 'confirmed');
  await digest();

  expect([gate.mails, await owed()]).toEqual([[], []]);
  expect(await gate.invitation(ANA)).toMatchObject({ mailbox: 'pending' });
  expect(lines()).toEqual([
    { level: 'WARN', message: 'a digest cannot reach its reader', approver: ANA.id, reason: 'pending' },
  ]);
});

test('a mailbox that needs no confirmation is written to', async () => {
  Object.assign(gate.ports.mailer, { mailbox: () => Promise.resolve('direct') });
  await digest();

  expect(asked()).toEqual([REQUEST, OTHER]);
});

test('a request that ends while its link is made is not asked', async () => {
  const { addKey } = gate.ports.invitations;
  Object.assign(gate.ports.invitations, {
    addKey: async (id: string, ...more: [string, string]) => {
      await addKey(id, ...more);
      if (id === OTHER) {
        const over = { kind: 'STOPPED', by: 'CODEPIPELINE', at: at(EVERY), summary: 'Over' };
        await gate.rows.set(
          OTHER,
          'meta',
          { phase: 'CLOSED', outcome: over, deliveredAt: at(EVERY) },
          { expression: 'attribute_exists(pk)' },
        );
      }
    },
  });
  expect(await digest()).toBeUndefined();

  expect([asked(), await owed()]).toEqual([[REQUEST], []]);
});

test('a run that looks after a digest sends it', async () => {
  expect(await takeTurn(gate.ports, TARGET, at(EVERY))).toBeUndefined();
  expect(asked()).toEqual([REQUEST, OTHER]);
});
