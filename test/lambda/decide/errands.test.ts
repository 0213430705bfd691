import { sha256, newSeed, publicKeyOf, sessionIdOf, signText } from '../../../lambda/signing/link-key';
import { errandText, linkUsedText, type SessionWish } from '../../../lambda/domain/sign-in';
import { SIGN_IN_MAILS } from '../../../lambda/domain/limits';
import type { DashboardKind } from '../../../lambda/decide/ports';
import { takeDecisions } from '../../../lambda/decide/decisions';
import { ANA, at, BO, GATE, hours, minutes, person, policyOf, REQUEST, ruleOf } from '../samples';
import { eachTestHasAGate, logged, type GateFixture } from './gate-fixture';

let gate: GateFixture;
let records = 0;

eachTestHasAGate((fresh) => {
  gate = fresh;
  records = 0;
});

/** A row that `review` put, as the stream brings it. */
async function bring(row: Record<string, unknown>, seconds: number): Promise<readonly string[]> {
  records += 1;
  return takeDecisions(gate.ports, [
    { sequenceNumber: String(records), kind: 'INSERT', at: at(seconds), byTtl: false, row },
  ]);
}

const want = (who: { readonly id: string }, seconds: number) =>
  bring({ pk: `sign-in#${who.id}`, sk: `wanted#${seconds}`, at: at(seconds), ttl: 1 }, seconds);

const noMailGoesOut = () => {
  gate.around = (call, when) => {
    if (call === 'mailer.send' && when === 'before') {
      throw Object.assign(new Error('quota'), { name: 'Throttling', $metadata: { httpStatusCode: 429 } });
    }
  };
};

/** The seed in the newest mail that signs in. */
function mailedSeed(): string {
  const links = gate.mails.map(({ text }) => /dashboard\/sign-in\?by=[0-9a-f]{12}&key=(\S+)/.exec(text)?.[1]);
  return links.filter((seed) => seed !== undefined).at(-1) ?? 'none';
}

async function use(who: { readonly id: string }, linkSeed: string, sessionSeed: string, seconds: number) {
  const sessionKey = publicKeyOf(sessionSeed);
  const sig = signText(linkSeed, linkUsedText({ approver: who.id, sessionKey, seq: 1 }));
  return bring({ pk: `sign-in#${who.id}`, sk: sha256(sig), comment: sessionKey, seq: 1, sig }, seconds);
}

async function wish(sessionSeed: string, verdict: SessionWish, about: string, seconds: number, signer = sessionSeed) {
  const session = sessionIdOf(publicKeyOf(sessionSeed));
  const sig = signText(signer, errandText({ session, wish: verdict, about, seq: seconds }));
  return bring({ pk: `session#${session}`, sk: sha256(sig), verdict, comment: about, seq: seconds, sig }, seconds);
}

const sessionOf = (seed: string) => gate.ports.sessions.load(sessionIdOf(publicKeyOf(seed)));

async function signIn(who: { readonly id: string }, seconds: number): Promise<string> {
  const session = newSeed();
  await want(who, seconds);
  await use(who, mailedSeed(), session, seconds + 1);
  return session;
}

describe('an operator reads in the log', () => {
  const newest = () => JSON.parse(logged().at(-1) ?? '{}') as unknown;
  const invalid = { level: 'WARN', message: 'a link to sign in is not valid, or not any more', approver: ANA.id };

  test('that somebody who is not declared wants to sign in, but not who', async () => {
    expect(await want(person('eve@example.com'), 1)).toEqual([]);
    expect(newest()).toEqual({ level: 'INFO', message: 'somebody who is not declared wants to sign in' });
  });

  test('who asks for too many links', async () => {
    for (let turn = 0; turn < SIGN_IN_MAILS; turn += 1) await want(ANA, turn);
    await want(ANA, SIGN_IN_MAILS);

    const message = 'too many links to sign in were asked for: the earlier ones work';
    expect(newest()).toEqual({ level: 'WARN', message, approver: ANA.id });
    const before = logged().length;
    await want(ANA, minutes(30));
    expect(logged()).toHaveLength(before);
  });

  test('who used a link that is none, or that is over, or after leaving', async () => {
    expect(await use(ANA, newSeed(), newSeed(), 1)).toEqual([]);
    expect(newest()).toEqual(invalid);
    await want(ANA, 2);
    expect(await use(ANA, mailedSeed(), newSeed(), 2 + hours(1))).toEqual([]);
    expect(newest()).toEqual(invalid);
    gate.people = [BO];
    expect(await use(ANA, mailedSeed(), newSeed(), 3)).toEqual([]);
    expect(newest()).toEqual(invalid);
  });

  test('who signed in, and who used the link of that again', async () => {
    gate.people = [{ ...ANA, name: 'Ana' }, BO];
    const session = await signIn(ANA, 1);

    expect(newest()).toEqual({ level: 'INFO', message: 'somebody signed in', approver: ANA.id });
    expect(await sessionOf(session)).toMatchObject({ name: 'Ana' });
    await use(ANA, mailedSeed(), newSeed(), 3);
    expect(newest()).toEqual({ level: 'WARN', message: 'a link to sign in was used again', approver: ANA.id });
  });

  test('that nobody who is signed in wished something', async () => {
    await wish(newSeed(), 'LOOK', '', 1);

    expect(newest()).toEqual({ level: 'WARN', message: 'a wish of nobody who is signed in' });
  });

  test('what is wrong with junk', async () => {
    expect(await bring({ pk: 'session#junk', sk: 'x', verdict: 'LOOK' }, 1)).toEqual([]);

    expect(newest()).toEqual({
      level: 'WARN',
      message: 'junk in the decisions table',
      reason: expect.stringContaining('errand') as string,
    });
  });
});

describe('a link to sign in', () => {
  test('goes to somebody who stands in a list, until they are taken off', async () => {
    const di = person('di@example.com');
    gate.listed['/shop/releasers'] = di.mail;
    await want(di, 1);
    expect(gate.mails).toMatchObject([{ to: di.mail, subject: 'Sign in to the approvals dashboard' }]);

    gate.listed['/shop/releasers'] = 'not a list';
    await want(di, 2);
    expect(await signIn(di, hours(2)).then(sessionOf)).toBeUndefined();
    expect(gate.mails).toHaveLength(1);
  });

  test('goes to a declared person who asks for it, and says what it is', async () => {
    await want(ANA, 1);

    expect(gate.mails).toHaveLength(1);
    expect(gate.mails[0]).toMatchObject({ to: ANA.mail, subject: 'Sign in to the approvals dashboard' });
    expect(gate.mails[0]?.text).toContain('https://review.example.com/dashboard/sign-in?by=');
    expect(gate.mails[0]?.text).toContain('1 hour');
  });

  test('goes to nobody who is not declared', async () => {
    await want(person('eve@example.com'), 1);

    expect(gate.mails).toEqual([]);
  });

  test('goes to no guest, and what a guest got as somebody else signs in no more', async () => {
    await want(ANA, 1);
    gate.people = [{ ...ANA, until: at(hours(2)) }, BO];
    await want(ANA, 2);

    expect(gate.mails).toHaveLength(1);
    const session = newSeed();
    await use(ANA, mailedSeed(), session, 3);
    expect(await sessionOf(session)).toBeUndefined();
  });

  test(`is mailed ${SIGN_IN_MAILS} times in half an hour at most, and some link works whenever no further one is mailed`, async () => {
    const seeds: string[] = [];
    for (let turn = 0; turn < SIGN_IN_MAILS + 3; turn += 1) {
      await want(ANA, turn);
      seeds.push(mailedSeed());
    }
    expect(gate.mails).toHaveLength(SIGN_IN_MAILS);

    await want(ANA, minutes(30) - 1);
    expect(gate.mails).toHaveLength(SIGN_IN_MAILS);
    const session = newSeed();
    await use(ANA, seeds[0] ?? '', session, minutes(30) - 1);
    expect(await sessionOf(session)).toMatchObject({ approver: ANA.id });

    await want(ANA, minutes(30));
    expect(gate.mails).toHaveLength(SIGN_IN_MAILS + 1);
  });

  test('whose mail fails is sent when the stream brings it again, and counts once', async () => {
    let failures = SIGN_IN_MAILS + 1;
    gate.around = (call, when) => {
      if (call === 'mailer.send' && when === 'before' && failures > 0) {
        failures -= 1;
        throw Object.assign(new Error('slow'), { name: 'Throttling', $metadata: { httpStatusCode: 429 } });
      }
    };
    const again = () => bring({ pk: `sign-in#${ANA.id}`, sk: 'wanted#one', at: at(1), ttl: 1 }, 1);
    for (let turn = 0; turn <= SIGN_IN_MAILS; turn += 1) {
      expect(await again()).toHaveLength(1);
    }
    expect(await again()).toEqual([]);

    expect(gate.mails).toHaveLength(1);
  });

  test('that cannot be mailed for minutes, as when SES has reached its quota, keeps no vote waiting', async () => {
    noMailGoesOut();
    gate.realTime = at(1 + minutes(5) - 1);
    expect(await want(ANA, 1)).toHaveLength(1);

    gate.realTime = at(1 + minutes(5));
    expect(await want(ANA, 1)).toEqual([]);
    expect(JSON.parse(logged().at(-1) ?? '')).toEqual({
      level: 'ERROR',
      message: 'a link could not be emailed for minutes: whoever wants it asks again',
      error: 'Throttling',
    });
  });

  test('that nobody declared costs no read of the people', async () => {
    const reads: string[] = [];
    gate.around = (call, when) => when === 'before' && reads.push(call);
    await use(ANA, newSeed(), newSeed(), 1);

    expect(reads).toEqual(['sessions.links']);
  });

  test('stands nowhere but in the mail: what is kept verifies and cannot sign', async () => {
    await want(ANA, 1);

    const kept = JSON.stringify(await gate.ports.sessions.links(ANA.id));
    expect(kept).not.toContain(mailedSeed());
    expect(kept).toContain(publicKeyOf(mailedSeed()));
    expect(logged().join('')).not.toContain(mailedSeed());
  });

  test('signs in: the session is of whoever got the mail, for eight hours', async () => {
    const session = await signIn(ANA, 1);

    expect(await sessionOf(session)).toEqual({
      approver: ANA.id,
      mail: ANA.mail,
      key: publicKeyOf(session),
      since: at(2),
      until: at(2 + hours(8)),
    });
  });

  test('signs in once', async () => {
    await want(ANA, 1);
    const [first, second] = [newSeed(), newSeed()];
    await use(ANA, mailedSeed(), first, 2);
    await use(ANA, mailedSeed(), second, 3);

    expect(await sessionOf(first)).toBeDefined();
    expect(await sessionOf(second)).toBeUndefined();
  });

  test('that is brought again by the stream makes no second session and breaks nothing', async () => {
    await want(ANA, 1);
    const session = newSeed();
    await use(ANA, mailedSeed(), session, 2);
    expect(await use(ANA, mailedSeed(), session, 3)).toEqual([]);

    expect(await sessionOf(session)).toMatchObject({ since: at(2) });
  });

  test.each([
    [hours(1) - 1, true],
    [hours(1), false],
  ])('used %d seconds after it was mailed works: %s', async (seconds, works) => {
    await want(ANA, 0);
    const session = newSeed();
    await use(ANA, mailedSeed(), session, seconds);

    expect((await sessionOf(session)) !== undefined).toBe(works);
  });

  test('of one person signs nobody else in', async () => {
    await want(ANA, 1);
    const session = newSeed();
    await use(BO, mailedSeed(), session, 2);

    expect(await sessionOf(session)).toBeUndefined();
  });

  test('of somebody who was removed meanwhile signs nobody in', async () => {
    await want(ANA, 1);
    gate.people = [BO];
    const session = newSeed();
    await use(ANA, mailedSeed(), session, 2);

    expect(await sessionOf(session)).toBeUndefined();
  });

  test('that somebody else signed is refused', async () => {
    await want(ANA, 1);
    const session = newSeed();
    await use(ANA, newSeed(), session, 2);

    expect(await sessionOf(session)).toBeUndefined();
  });
});

describe('a session', () => {
  test('that begins lets CodePipeline be asked what serves where, once a minute whoever looks', async () => {
    const ana = await signIn(ANA, 1);
    await signIn(BO, 10);
    await wish(ana, 'LOOK', '', 30);
    await wish(ana, 'LOOK', '', 61);

    const looks = [...gate.timers].filter(([name]) => name.startsWith('overview-'));
    expect(looks.map(([, { target }]) => target)).toEqual([{ overviewOf: at(0) }, { overviewOf: at(60) }]);
  });

  test('is over once its owner signs out', async () => {
    const session = await signIn(ANA, 1);
    await wish(session, 'SIGN_OUT', '', 10);

    expect(await sessionOf(session)).toMatchObject({ endedAt: at(10) });
    await wish(session, 'LOOK', '', 200);
    expect([...gate.timers.keys()].filter((name) => name.startsWith('overview-'))).toHaveLength(1);
  });

  test('asks for nothing after eight hours', async () => {
    const session = await signIn(ANA, 1);
    await wish(session, 'LOOK', '', 2 + hours(8));

    expect([...gate.timers.keys()].filter((name) => name.startsWith('overview-'))).toHaveLength(1);
  });

  test('that somebody else signs for is not believed', async () => {
    const session = await signIn(ANA, 1);
    await wish(session, 'SIGN_OUT', '', 10, newSeed());

    expect(await sessionOf(session)).not.toHaveProperty('endedAt');
  });
});

describe('one’s own link, asked for again', () => {
  async function asked(): Promise<void> {
    await gate.ask();
    await gate.look(1);
    gate.mails.length = 0;
  }
  const links = () => gate.mails.filter(({ text }) => text.includes(`/r/${REQUEST}?by=`));

  test('is mailed to whoever is signed in, and to nobody else', async () => {
    await asked();
    const session = await signIn(ANA, 5);
    await wish(session, 'EMAIL_LINK', REQUEST, 10);

    expect(links().map(({ to }) => to)).toEqual([ANA.mail]);
  });

  test('is given up after minutes, too', async () => {
    await asked();
    const session = await signIn(ANA, 5);
    noMailGoesOut();
    gate.realTime = at(10 + minutes(5) - 1);
    expect(await wish(session, 'EMAIL_LINK', REQUEST, 10)).toHaveLength(1);

    gate.realTime = at(10 + minutes(5));
    expect(await wish(session, 'EMAIL_LINK', REQUEST, 10)).toEqual([]);
  });

  test('leaves the earlier link alive', async () => {
    await asked();
    const session = await signIn(ANA, 5);
    await wish(session, 'EMAIL_LINK', REQUEST, 10);

    expect((await gate.invitation(ANA))?.keys).toHaveLength(2);
  });

  test('comes once a minute', async () => {
    await asked();
    const session = await signIn(ANA, 5);
    await wish(session, 'EMAIL_LINK', REQUEST, 10);
    await wish(session, 'EMAIL_LINK', REQUEST, 11);
    await wish(session, 'EMAIL_LINK', REQUEST, 70);

    expect(links()).toHaveLength(2);
  });

  test('comes when the stream brings the errand again, because the mail failed', async () => {
    await asked();
    const session = await signIn(ANA, 5);
    let fails = true;
    gate.around = (call, when) => {
      if (call === 'mailer.send' && when === 'before' && fails) {
        fails = false;
        throw Object.assign(new Error('slow'), { name: 'Throttling', $metadata: { httpStatusCode: 429 } });
      }
    };
    expect(await wish(session, 'EMAIL_LINK', REQUEST, 10)).toHaveLength(1);
    expect(await wish(session, 'EMAIL_LINK', REQUEST, 10)).toEqual([]);

    expect(links()).toHaveLength(1);
  });

  test('holds back no decisions where the request is of another version', async () => {
    await asked();
    const session = await signIn(ANA, 5);
    await gate.rows.put({ pk: REQUEST, sk: 'meta', v: 1 }, { expression: 'attribute_exists(pk)' });

    expect(await wish(session, 'EMAIL_LINK', REQUEST, 10)).toEqual([]);
    expect(logged().join('')).toContain('"Unreadable":1');
  });

  test('does not come to somebody who was not asked', async () => {
    const eve = person('eve@example.com');
    await asked();
    gate.people = [...gate.people, eve];
    const session = await signIn(eve, 5);
    await wish(session, 'EMAIL_LINK', REQUEST, 10);

    expect(links()).toEqual([]);
  });

  test('does not come to somebody who has no vote', async () => {
    await asked();
    const session = await signIn(ANA, 5);
    await gate.invitations.mark(REQUEST, ANA.id, { excluded: 'wrote this change' });
    await wish(session, 'EMAIL_LINK', REQUEST, 10);

    expect(links()).toEqual([]);
  });

  test('comes to whoever may open the gate in an emergency, though nobody asked them or they have no vote', async () => {
    const eve = person('eve@example.com');
    gate.people = [...gate.people, eve];
    gate.policy = policyOf({
      rule: ruleOf('MANUAL', { people: { excludeAuthor: true, breakGlass: [ANA.id, eve.id] } }),
    });
    gate.codePipeline.run = { ...gate.codePipeline.run, authors: [ANA.mail] };
    await asked();
    for (const [who, seconds, excluded] of [
      [eve, 5, 'not among the approvers of this gate'],
      [ANA, 20, 'wrote this change'],
      [BO, 40, undefined],
    ] as const) {
      gate.mails.length = 0;
      await wish(await signIn(who, seconds), 'EMAIL_LINK', REQUEST, seconds + 5);

      expect(links().map(({ to, subject }) => `${to} ${subject.split(':')[0]}`)).toEqual([
        `${who.mail} ${excluded === undefined ? 'Approve? shop Prod - fix the cart' : 'In an emergency'}`,
      ]);
      expect((await gate.invitation(who))?.excluded).toBe(excluded);
      await gate.look(seconds + 8);
      expect((await gate.invitation(who))?.excluded).toBe(excluded);
    }
  });

  test('does not come after the end', async () => {
    await asked();
    const session = await signIn(ANA, 5);
    gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: 'arn:aws:iam::111111111111:user/eve' } };
    await gate.look(400);
    await wish(session, 'EMAIL_LINK', REQUEST, 500);

    expect(links()).toEqual([]);
  });
});

test.each([
  { pk: 'sign-in#', sk: 'x' },
  { pk: 'sign-in#../etc', sk: 'x' },
  { pk: `sign-in#${ANA.id}`, sk: 'x', sig: 'short', comment: 'x', seq: 1 },
  { pk: `sign-in#${ANA.id}`, sk: 'x', sig: 'A'.repeat(86), comment: 'A'.repeat(43), seq: -1 },
  { pk: 'session#', sk: 'x', verdict: 'LOOK', comment: '', seq: 1, sig: 'A'.repeat(86) },
  { pk: `session#${'0'.repeat(32)}`, sk: 'x', verdict: 'APPROVE', comment: '', seq: 1, sig: 'A'.repeat(86) },
  { pk: `session#${'0'.repeat(32)}`, sk: 'x', verdict: 'LOOK', comment: REQUEST, seq: 1, sig: 'A'.repeat(86) },
  { pk: `session#${'0'.repeat(32)}`, sk: 'x', verdict: 'EMAIL_LINK', comment: GATE, seq: 1, sig: 'A'.repeat(86) },
  { pk: `session#${'0'.repeat(32)}`, sk: 'x', verdict: 'LOOK', comment: '', seq: 1, sig: 'A'.repeat(86) },
])('junk is dropped, does nothing and is not brought again: %j', async (row) => {
  expect(await bring(row, 1)).toEqual([]);

  expect(gate.mails).toEqual([]);
  expect(gate.timers.size).toBe(0);
});

test('an errand that fails is brought again', async () => {
  gate.around = (call) => {
    if (call === 'mailer.send') {
      throw Object.assign(new Error('slow'), { name: 'Throttling', $metadata: { httpStatusCode: 429 } });
    }
  };

  expect(await want(ANA, 1)).toEqual(['1']);
});

/** From now on, people get to the dashboard like this. */
function be(dashboard: DashboardKind): void {
  Object.assign(gate, { ports: { ...gate.ports, dashboard } });
}

describe('behind an authorizer', () => {
  const wants = (who: { readonly id: string }, verdict: string, comment: string, seconds: number, sk = `${seconds}`) =>
    bring({ pk: `viewer#${who.id}`, sk, verdict, comment, at: at(seconds), ttl: 1 }, seconds);
  const links = () => gate.mails.filter(({ text }) => text.includes(`/r/${REQUEST}?by=`));
  const looks = () => [...gate.timers.keys()].filter((name) => name.startsWith('overview-'));

  beforeEach(async () => {
    be('BEHIND_AUTHORIZER');
    await gate.ask();
    await gate.look(1);
    gate.mails.length = 0;
  });

  test('one’s own link goes to one’s own mailbox, and nothing proves who asked', async () => {
    await wants(ANA, 'EMAIL_LINK', REQUEST, 5);

    expect(links().map(({ to }) => to)).toEqual([ANA.mail]);
    expect(gate.mails).toHaveLength(1);
  });

  test(`so it is mailed ${SIGN_IN_MAILS} times in half an hour at most, however often anybody asks`, async () => {
    for (let second = 5; second < 5 + 3 * SIGN_IN_MAILS; second += 1) {
      await wants(ANA, 'EMAIL_LINK', REQUEST, second);
    }
    expect(links()).toHaveLength(SIGN_IN_MAILS);

    await wants(ANA, 'EMAIL_LINK', REQUEST, minutes(31));
    expect(links()).toHaveLength(SIGN_IN_MAILS + 1);
  });

  test('nobody gets a link who was not asked, or is not declared any more', async () => {
    await wants(person('eve@example.com'), 'EMAIL_LINK', REQUEST, 5);
    gate.people = [BO];
    await wants(ANA, 'EMAIL_LINK', REQUEST, 6);

    expect(gate.mails).toEqual([]);
  });

  test('CodePipeline is asked once a minute, whoever looks and however often', async () => {
    for (let second = 1; second < 60; second += 10) {
      await wants(ANA, 'LOOK', '', second);
      await wants(BO, 'LOOK', '', second + 1);
    }
    expect(looks()).toHaveLength(1);
  });

  test('nobody signs in by email, and a session of before speaks for nobody', async () => {
    be('SIGN_IN_BY_EMAIL');
    const earlier = await signIn(ANA, 5);
    await want(ANA, 7);
    const seed = mailedSeed();
    be('BEHIND_AUTHORIZER');
    const [mails, session] = [gate.mails.length, newSeed()];
    await want(ANA, 8);
    await use(ANA, seed, session, 9);
    await wish(earlier, 'LOOK', '', 70);

    expect(gate.mails).toHaveLength(mails);
    expect(await sessionOf(session)).toBeUndefined();
    expect(looks()).toHaveLength(1);
  });

  test.each([
    ['a wish that only a session has', { verdict: 'SIGN_OUT', comment: '' }],
    ['a vote', { verdict: 'APPROVE', comment: '' }],
    ['a link to nothing', { verdict: 'EMAIL_LINK', comment: '' }],
    ['a look at something', { verdict: 'LOOK', comment: REQUEST }],
  ])('%s is junk', async (_what, { verdict, comment }) => {
    expect(await wants(ANA, verdict, comment, 5)).toEqual([]);

    expect(gate.mails).toEqual([]);
    expect(logged().join('')).toContain('junk in the decisions table');
  });
});

test.each(['SIGN_IN_BY_EMAIL', 'NONE'] as const)(
  'a wish without a signature is not believed where the dashboard is %s',
  async (dashboard) => {
    await gate.ask();
    await gate.look(1);
    gate.mails.length = 0;
    be(dashboard);
    await bring({ pk: `viewer#${ANA.id}`, sk: 'one', verdict: 'EMAIL_LINK', comment: REQUEST, ttl: 1 }, 5);
    await bring({ pk: `viewer#${ANA.id}`, sk: 'two', verdict: 'LOOK', comment: '', ttl: 1 }, 5);

    expect(gate.mails).toEqual([]);
    expect([...gate.timers.keys()].filter((name) => name.startsWith('overview-'))).toEqual([]);
    expect(logged().join('')).toContain('an errand that the dashboard of this workflow does not have');
  },
);
