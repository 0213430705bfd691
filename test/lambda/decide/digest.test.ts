/** One mail where many gates ask the same person: what waits for it is neither lost, nor sent twice, nor a secret. */
import fc from 'fast-check';
import { sendDigest } from '../../../lambda/decide/digest';
import { sendSignIn } from '../../../lambda/decide/mails';
import { resend } from '../../../lambda/decide/resend';
import { reconcile } from '../../../lambda/decide/reconcile';
import type { Turn } from '../../../lambda/decide/action-event';
import type { RequestRecords } from '../../../lambda/domain/rows';
import { newSeed, publicKeyOf } from '../../../lambda/signing/link-key';
import { ANA, at, BO, BY_ANA, days, EVE, hours, minutes, person, policyOf, REQUEST, ruleOf, START } from '../samples';
import { Crash, eachTestHasAGate, GateFixture, logged } from './gate-fixture';

const EVERY = minutes(15);

let gate: GateFixture;

/** Ana decides alone, and had a mail about something else at the start. */
async function prepare(fresh: GateFixture, ask: Parameters<GateFixture['ask']>[0] = {}): Promise<void> {
  gate = fresh;
  Object.assign(gate.ports, { digestEvery: EVERY * 1000 });
  gate.people = [ANA];
  gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { ids: [ANA.id] } }) });
  await gate.ask(ask);
  await begun();
}

const begun = (seconds = 0) =>
  gate.ports.digests.begin(ANA.id, { request: idOf(99), kind: 'REQUEST' }, at(seconds), at(seconds + EVERY));

eachTestHasAGate((fresh) => prepare(fresh));

const idOf = (n: number) => n.toString(16).padStart(32, '0');
const digest = (seconds: number) => sendDigest(gate.ports, { digestOf: ANA.id }, at(seconds));
const digestRuns = () => [...gate.timers].filter(([name]) => name.startsWith('digest-'));

/** Further requests of the same gate, as if other runs had made them. */
async function others(...ids: readonly string[]): Promise<void> {
  const meta = (await gate.rows.query(REQUEST)).find(({ sk }) => sk === 'meta');
  for (const pk of ids) {
    await gate.rows.putIfAbsent({ ...meta, pk });
  }
}

const recordsOf = async (id: string): Promise<RequestRecords> => (await gate.store.load(id))!;
const invitationTo = async (id: string) =>
  (await recordsOf(id)).invitations.find(({ approver }) => approver === ANA.id);
const linksIn = (text: string) => [...text.matchAll(/\/r\/([0-9a-f]{32})\?by=[0-9a-f]{12}&key=([\w-]{43})/g)];

/** So many requests ask within the quiet time. */
async function asking(count: number, seconds = 1): Promise<readonly string[]> {
  await gate.look(seconds);
  const ids = Array.from({ length: count - 1 }, (_, n) => idOf(n + 1));
  await others(...ids);
  for (const id of ids) {
    await reconcile(gate.ports, id, at(seconds));
  }
  return [REQUEST, ...ids];
}

describe('a question within the quiet time', () => {
  test('waits for a digest, whose run is started, and nobody has a link yet', async () => {
    expect(await gate.look(1)).toMatchObject({ phase: 'WAITING', next: at(EVERY + minutes(15)) });

    expect(gate.mails).toEqual([]);
    expect(digestRuns()).toEqual([
      [`digest-${ANA.id}-${at(EVERY).replace(/\D/g, '')}`, { target: { digestOf: ANA.id }, at: at(EVERY) }],
    ]);
    const invitation = await gate.invitation(ANA);
    expect(invitation).toMatchObject({ queuedUntil: at(EVERY), mailbox: 'confirmed', keys: [] });
    expect(invitation).not.toHaveProperty('sentAt');
  });

  test('is put down without any secret', async () => {
    await gate.look(1);

    const rows = await gate.rows.query(`digest#${ANA.id}`);
    expect(rows.map(({ ttl: _ttl, ...row }) => row)).toEqual([
      { pk: `digest#${ANA.id}`, sk: `mail#${REQUEST}#REQUEST`, request: REQUEST, kind: 'REQUEST', at: at(1) },
      {
        pk: `digest#${ANA.id}`,
        sk: 'quiet',
        until: at(EVERY),
        begunBy: `${idOf(99)}#REQUEST`,
        owed: true,
      },
    ]);
  });

  test('is asked by the digest as it would have been asked at once, where it is alone', async () => {
    await gate.look(1);

    expect(await digest(EVERY)).toBeUndefined();

    expect(gate.mails).toHaveLength(1);
    expect(gate.mails[0]?.subject).toBe('Approve? shop Prod - fix the cart');
    expect(await gate.invitation(ANA)).toMatchObject({ sentAt: at(EVERY) });
    await gate.decide(ANA, 'APPROVE', EVERY + 60);
    expect(gate.codePipeline.answers).toHaveLength(1);
  });

  test('is asked once, however often its digest and its request are looked at, also at once', async () => {
    await gate.look(1);

    await Promise.all([...Array.from({ length: 5 }, () => digest(EVERY)), gate.look(EVERY), gate.look(EVERY)]);
    await digest(EVERY + 400);
    await gate.live(EVERY + 1, hours(11));

    expect(gate.mails).toHaveLength(1);
  });

  test('is asked at once where little time is left', async () => {
    await prepare(new GateFixture(), { expires: at(EVERY * 4 - 60) });

    await gate.look(1);

    expect(gate.mailsTo(ANA)).toHaveLength(1);
    expect(digestRuns()).toEqual([]);
  });

  test('is asked at once where a guest has to answer soon', async () => {
    gate.people = [{ ...ANA, until: at(EVERY * 4 - 60) }];

    await gate.look(1);

    expect(gate.mailsTo(ANA)).toHaveLength(1);
  });

  test('is asked at once where others are asked soon', async () => {
    gate.people = [ANA, BO];
    const escalation = { afterMinutes: 59, ids: [BO.id] };
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { ids: [ANA.id], escalation } }) });

    await gate.look(1);

    expect(gate.mailsTo(ANA)).toHaveLength(1);
  });

  test('is asked at once after it', async () => {
    await gate.look(EVERY);

    expect(gate.mailsTo(ANA)).toHaveLength(1);
    expect(await gate.invitation(ANA)).not.toHaveProperty('queuedUntil');
  });

  test('finds out at once that its reader cannot be reached', async () => {
    gate.mailbox = () => 'missing';

    await gate.look(1);

    expect(gate.events.map(({ type }) => type)).toContain('Gate Needs Console');
    expect(digestRuns()).toEqual([]);
  });

  test('does not wait for a digest that never comes', async () => {
    const looks = await gate.live(1, hours(2));

    expect(looks).toContain(EVERY + minutes(15));
    expect(gate.mailsTo(ANA)).toHaveLength(1);
    await digest(hours(3));
    expect(gate.mailsTo(ANA)).toHaveLength(1);
  });

  test('is asked at once when its reader wants the link at the dashboard', async () => {
    await gate.look(1);

    await resend(gate.ports, await gate.records(), ANA, at(60));

    expect(gate.mailsTo(ANA)).toHaveLength(1);
    await digest(EVERY);
    expect(gate.mailsTo(ANA)).toHaveLength(1);
  });

  test('holds back no link that signs in', async () => {
    await sendSignIn(gate.ports, ANA, newSeed(), at(60));

    expect(gate.mails.map(({ subject }) => subject)).toEqual(['Sign in to the approvals dashboard']);
  });
});

test('without `digestEvery` every mail goes out at once, and nothing is put down', async () => {
  Object.assign(gate.ports, { digestEvery: undefined });

  await gate.look(1);

  expect(gate.mailsTo(ANA)).toHaveLength(1);
  expect(await gate.rows.query(`digest#${ANA.id}`)).toHaveLength(1);
});

describe('a digest', () => {
  test('asks each request by a link of its own, whose key no other request knows', async () => {
    const ids = await asking(9);

    await digest(EVERY);

    expect(gate.mails).toHaveLength(1);
    expect(gate.mails[0]?.subject).toBe('Approve? 9 approvals wait for you');
    const links = linksIn(gate.mails[0]?.text ?? '');
    expect(links.map(([, id]) => id).sort()).toEqual([...ids].sort());
    for (const [, id, seed] of links) {
      for (const other of ids) {
        expect((await invitationTo(other))?.keys.includes(publicKeyOf(seed!))).toBe(other === id);
      }
    }
  });

  test('holds nothing about what ended before it, and nobody is told how that ended who never heard of it', async () => {
    await asking(2);
    gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: EVE, at: at(60) } };
    await gate.look(600);
    await reconcile(gate.ports, idOf(1), at(600));

    expect(await digest(EVERY)).toBeUndefined();

    expect(gate.mails).toEqual([]);
  });

  test('of which nothing is left begins no quiet time', async () => {
    await gate.look(1);
    gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: EVE, at: at(60) } };
    await gate.look(600);
    await digest(EVERY);

    expect(await gate.ports.digests.begin(ANA.id, { request: idOf(5), kind: 'REQUEST' }, at(EVERY + 1), at(9999))).toBe(
      true,
    );
  });

  test('begins a quiet time by itself', async () => {
    await gate.look(1);
    await digest(EVERY);

    expect(await begun(EVERY + 60)).toBe(false);
    expect(await begun(EVERY * 2)).toBe(true);
  });

  test('leaves out who was removed or has no vote, and guests whose time is over', async () => {
    const states = [
      () => (gate.people = []),
      () => gate.ports.invitations.mark(REQUEST, ANA.id, { excluded: 'wrote this change' }),
      () => (gate.people = [{ ...ANA, until: at(EVERY) }]),
    ];
    for (const change of states) {
      await prepare(new GateFixture());
      await gate.look(1);
      await change();

      await digest(EVERY);

      expect(gate.mails).toEqual([]);
    }
  });

  test('asks nothing that is approved and waits for its window', async () => {
    await gate.look(1);
    await gate.store.hold(REQUEST, { summary: 'Approved', why: 'closed', since: at(60) });

    await digest(EVERY);

    expect(gate.mails).toEqual([]);
  });

  test('finds a mailbox gone: the request asks again later, and says that it needs the console', async () => {
    await gate.look(1);
    gate.mailbox = () => 'missing';

    await digest(EVERY);

    expect(gate.mails).toEqual([]);
    expect(await gate.invitation(ANA)).toMatchObject({ mailbox: 'missing' });
    await gate.look(EVERY * 2);
    expect(gate.events.map(({ type }) => type)).toContain('Gate Needs Console');
    gate.mailbox = () => 'confirmed';
    await gate.live(EVERY * 2 + 60, hours(3));
    expect(gate.mailsTo(ANA)).toHaveLength(1);
  });

  test('that the mailbox refuses for good leaves its questions to their requests', async () => {
    await gate.look(1);
    const { send } = gate.ports.mailer;
    const refused = Object.assign(new Error('no'), { name: 'InvalidParameter', $metadata: { httpStatusCode: 400 } });
    Object.assign(gate.ports.mailer, { send: () => Promise.reject(refused) });

    expect(await digest(EVERY)).toBeUndefined();

    expect(await gate.invitation(ANA)).toMatchObject({ mailbox: 'missing' });
    expect(await gate.invitation(ANA)).not.toHaveProperty('sentAt');
    Object.assign(gate.ports.mailer, { send });
    await gate.live(EVERY + 60, hours(3));
    expect(gate.mailsTo(ANA)).toHaveLength(1);
  });

  test('that fails is tried again at once, and what comes meanwhile goes with it', async () => {
    await gate.look(1);
    const { send } = gate.ports.mailer;
    Object.assign(gate.ports.mailer, {
      send: () => Promise.reject(Object.assign(new Error('slow'), { name: 'Throttling', $metadata: {} })),
    });
    await expect(digest(EVERY)).rejects.toThrow();
    await others(idOf(1));
    await reconcile(gate.ports, idOf(1), at(EVERY + 5));
    Object.assign(gate.ports.mailer, { send });

    await digest(EVERY + 10);

    expect(gate.mails.map(({ subject }) => subject)).toEqual(['Approve? 2 approvals wait for you']);
  });

  test.each(['take', 'held', 'done', 'release'])(
    'tells what is held back just before its call `%s`, or that has a digest of its own',
    async (call) => {
      await gate.look(1);
      await others(idOf(1));
      gate.scheduled = async (made) => {
        if (made === `digests.${call}`) {
          gate.scheduled = () => Promise.resolve();
          await reconcile(gate.ports, idOf(1), at(EVERY));
        }
      };

      await digest(EVERY);
      const own = digestRuns().filter(([, run]) => run.at > at(EVERY));
      for (const [, run] of own) {
        await sendDigest(gate.ports, run.target as { digestOf: string }, run.at);
      }

      const asked = gate.mails.flatMap(({ text }) => linksIn(text).map(([, id]) => id));
      expect(asked.sort()).toEqual([idOf(1), REQUEST].sort());
    },
  );

  test('of very many requests is several mails, each of which says how many follow', async () => {
    await asking(41);

    await digest(EVERY);

    expect(gate.mails.map(({ subject }) => subject)).toEqual([
      'Approve? 40 approvals wait for you',
      'Approve? shop Prod - fix the cart',
    ]);
    expect(gate.mails[0]?.text).toContain('1 more request follows in another email.');
  });

  test('is still sent where a later deployment gathers no mails', async () => {
    await gate.look(1);
    Object.assign(gate.ports, { digestEvery: undefined });

    await digest(EVERY);

    expect(gate.mailsTo(ANA)).toHaveLength(1);
  });

  test('leaves out a request that it cannot read', async () => {
    await asking(2);
    await gate.rows.set(idOf(1), 'meta', { v: 3 }, { expression: 'attribute_exists(pk)' });

    await digest(EVERY);

    expect(linksIn(gate.mails[0]?.text ?? '').map(([, id]) => id)).toEqual([REQUEST]);
  });

  test('writes no address, link or key into the log', async () => {
    await asking(3);
    await digest(EVERY);

    const seeds = linksIn(gate.mails[0]?.text ?? '').map(([, , seed]) => seed!);
    expect(seeds).toHaveLength(3);
    [...seeds, ANA.mail, 'key='].forEach((secret) => expect(logged().join('\n')).not.toContain(secret));
  });
});

describe('what is not a question', () => {
  /** Asked at once, and answered or reminded within the quiet time of something else. */
  async function asked(more: Parameters<typeof ruleOf>[1] = {}): Promise<void> {
    await prepare(new GateFixture());
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { ids: [ANA.id], ...more.people } }) });
    await gate.look(EVERY);
    expect(gate.mailsTo(ANA)).toHaveLength(1);
  }

  test('a reminder is gathered, with a link of its own; who has answered meanwhile is not reminded', async () => {
    await asked({ people: { reminders: [0.5] } });
    const half = EVERY + (days(1) - EVERY) / 2;
    await begun(half);
    await gate.look(half + 1);
    expect(gate.mails).toHaveLength(1);

    await digest(half + EVERY);

    expect(gate.mails.at(-1)?.subject).toContain('Still waiting');
    expect(gate.mails).toHaveLength(2);
    expect((await gate.invitation(ANA))?.keys).toHaveLength(2);
    await gate.decide(ANA, 'APPROVE', half + EVERY + 60);
    expect(gate.codePipeline.answers).toHaveLength(1);
  });

  test('how a request ended is gathered, and its end waits for nothing', async () => {
    await asked();

    await gate.decide(ANA, 'APPROVE', EVERY + 60);

    expect((await gate.request()).phase).toBe('CLOSED');
    expect(gate.events.map(({ type }) => type)).toContain('Approval Decided');
    expect(gate.mails).toHaveLength(1);
    await digest(EVERY * 2);
    expect(gate.mails.map(({ subject }) => subject)).toEqual([
      'Approve? shop Prod - fix the cart',
      'Approved: shop Prod - fix the cart',
    ]);
  });

  test('that a gate was bypassed is told at once', async () => {
    await asked();
    gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: EVE, at: at(EVERY + 60) } };

    await gate.look(EVERY + 60 + minutes(3));

    expect(await gate.request()).toMatchObject({ outcome: { by: 'BYPASS' } });
    expect(gate.mails.at(-1)?.subject).toBe('Approved: shop Prod - fix the cart');
  });

  test('results and questions come in one mail, by pipeline', async () => {
    await asked();
    await gate.decide(ANA, 'APPROVE', EVERY + 60);
    gate.codePipeline.action = { status: 'WAITING' };
    const meta = (await gate.rows.query(REQUEST)).find(({ sk }) => sk === 'meta')!;
    const { outcome: _outcome, deliveredAt: _delivered, closedAt: _closed, ...open } = meta;
    await gate.rows.putIfAbsent({
      ...open,
      pk: idOf(1),
      phase: 'WAITING',
      asked: { ...(meta['asked'] as object), pipeline: 'tea' },
    });
    await reconcile(gate.ports, idOf(1), at(EVERY + 120));

    await digest(EVERY * 2);

    const { subject, text } = gate.mails.at(-1)!;
    expect(subject).toBe('Approve? 1 approval waits for you, 1 approval has ended');
    expect(text.indexOf('Pipeline tea')).toBeGreaterThan(0);
    expect(text.indexOf('Result: Approved')).toBeGreaterThan(text.indexOf('Pipeline shop'));
    expect(linksIn(text).map(([, id]) => id)).toEqual([idOf(1)]);
  });

  test('that others are asked as well is gathered', async () => {
    await asked({ people: { escalation: { afterMinutes: 120, ids: [BO.id] } } });
    gate.people = [ANA, BO];
    await begun(hours(3));

    await gate.look(hours(3) + 1);
    expect(gate.mailsTo(ANA)).toHaveLength(1);
    await digest(hours(3) + EVERY);

    expect(gate.mailsTo(ANA).at(-1)?.text).toContain('so more people are asked');
    expect(gate.mailsTo(BO)).toHaveLength(1);
  });
});

describe('a workflow without links', () => {
  test('leads from each request of a digest to the console', async () => {
    Object.assign(gate.ports, { answers: { way: 'IN_CONSOLE' } });
    gate.people = [{ ...ANA, alsoKnownAs: ['*/assumed-role/Release/ana'] }];
    await asking(2);

    await digest(EVERY);

    expect(gate.mails[0]?.text.match(/console\.aws\.amazon\.com/g)).toHaveLength(2);
    expect(gate.mails[0]?.text).not.toContain('key=');
    gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(EVERY + 60) } };
    await gate.look(EVERY + 60);
    expect(await gate.request()).toMatchObject({ outcome: { by: 'CONSOLE' } });
  });
});

describe('a function that dies', () => {
  /** Looks and digests as their timers want them, from then on. */
  async function goOn(from: number, until: number): Promise<void> {
    const due = new Map<string, number>([['request', from]]);
    for (;;) {
      for (const [name, { at: time }] of digestRuns()) {
        due.set(name, due.get(name) ?? Math.max(from, secondsOf(time)));
      }
      const [name, now] = [...due].reduce((first, one) => (one[1] < first[1] ? one : first));
      if (now > until) {
        return;
      }
      const turn: Pick<Turn, 'at'> | undefined = name === 'request' ? nextOf(await gate.look(now)) : await digest(now);
      due.set(name, turn === undefined ? Infinity : secondsOf(turn.at));
    }
  }
  const nextOf = ({ next }: { readonly next?: string }) => (next === undefined ? undefined : { at: next });
  const secondsOf = (time: string) => (Date.parse(time) - Date.parse(START)) / 1000;

  /** From a call on nothing works any more. Answers whether it died at all. */
  async function dieDuring(calls: number, work: () => Promise<unknown>): Promise<boolean> {
    let made = 0;
    gate.around = (_call, when) => {
      if (when === 'before' && made >= calls) {
        throw new Crash('the function died');
      }
      made += when === 'after' ? 1 : 0;
    };
    const died = await work().then(
      () => false,
      () => true,
    );
    gate.around = () => undefined;
    return died;
  }

  test.each([
    ['the look that holds a question back', 1, () => gate.look(1)],
    ['the digest', EVERY, () => digest(EVERY)],
  ])('after any call of %s loses no question', async (_what, seconds, work) => {
    let died = true;
    for (let calls = 0; died; calls += 1) {
      await prepare(new GateFixture());
      if (seconds > 1) {
        await gate.look(1);
      }
      died = await dieDuring(calls, work);

      await goOn(seconds + 10, hours(2));

      expect(gate.mailsTo(ANA).length).toBeGreaterThanOrEqual(1);
      expect(gate.mailsTo(ANA).length).toBeLessThanOrEqual(2);
      expect(await gate.invitation(ANA)).toHaveProperty('sentAt');
    }
  });

  test('after any call that holds a result back loses no result', async () => {
    let died = true;
    for (let calls = 0; died; calls += 1) {
      await prepare(new GateFixture());
      await gate.look(EVERY);
      const record = await gate.decision(ANA, 'APPROVE', EVERY + 60);
      died = await dieDuring(calls, () =>
        gate.take([record], EVERY + 60).then((failed) => {
          if (failed.length > 0) throw new Crash('the record comes again');
        }),
      );
      await gate.take([record], EVERY + 65);

      await goOn(EVERY + 70, hours(2));

      const told = gate.mailsTo(ANA).filter(({ subject }) => subject.startsWith('Approved'));
      expect(told.length).toBeGreaterThanOrEqual(1);
      expect(told.length).toBeLessThanOrEqual(2);
    }
  });
});

test('whenever requests come and end, each that still waits is asked once, and no mail follows another within the time', async () => {
  const steps = fc.array(fc.record({ wait: fc.integer({ min: 0, max: minutes(12) }), ends: fc.boolean() }), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (course) => {
      await prepare(new GateFixture());
      await gate.look(1);
      const sent: number[] = [];
      let [now, next] = [1, 1];
      const ran = new Set<string>();
      /** Digests that are due until then, each once, in order. */
      const runUntil = async (until: number) => {
        for (;;) {
          const due = digestRuns()
            .filter(([name, run]) => !ran.has(name) && Date.parse(run.at) <= Date.parse(at(until)))
            .sort((one, other) => (one[1].at < other[1].at ? -1 : 1))[0];
          if (due === undefined) return;
          ran.add(due[0]);
          await noting((Date.parse(due[1].at) - Date.parse(START)) / 1000, digest);
        }
      };
      const noting = async (seconds: number, work: (seconds: number) => Promise<unknown>) => {
        const before = gate.mails.length;
        await work(seconds);
        sent.push(...gate.mails.slice(before).map(() => seconds));
      };
      const ended: string[] = [];
      const open: string[] = [REQUEST];
      for (const { wait, ends } of course) {
        now += wait;
        await runUntil(now);
        const oldest = open.at(-1);
        if (ends && oldest !== undefined && oldest !== REQUEST) {
          await gate.rows.set(oldest, 'meta', { phase: 'CLOSED', outcome: OVER, deliveredAt: at(now) }, ANYHOW);
          ended.push(open.pop()!);
          continue;
        }
        const id = idOf((next += 1));
        await others(id);
        open.push(id);
        await noting(now, (seconds) => reconcile(gate.ports, id, at(seconds)));
      }
      await runUntil(now + EVERY * 3);

      const asked = gate.mails.flatMap(({ text }) => linksIn(text).map(([, id]) => id));
      expect(open.map((id) => asked.filter((one) => one === id).length)).toEqual(open.map(() => 1));
      expect(ended.every((id) => asked.filter((one) => one === id).length <= 1)).toBe(true);
      const gaps = [0, ...sent].slice(1).map((time, index) => time - [0, ...sent][index]!);
      expect(gaps.filter((gap) => gap < EVERY)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

const OVER = { kind: 'APPROVED', by: 'PEOPLE', at: START, summary: 'Approved' };
const ANYHOW = { expression: 'attribute_exists(pk)' };

test('another person is not kept waiting by it', async () => {
  gate.people = [ANA, person('cy@example.com')];
  gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { ids: gate.people.map(({ id }) => id) } }) });

  await gate.look(1);

  expect(gate.mails.map(({ to }) => to)).toEqual(['cy@example.com']);
});
