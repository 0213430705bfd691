/** An answer is handed over to a delegate: from the absence to the record. */
import { errandText, linkUsedText, type SessionWish } from '../../../lambda/domain/sign-in';
import { wishText } from '../../../lambda/domain/absence';
import { ABSENCE_CHANGES } from '../../../lambda/domain/limits';
import { takeDecisions } from '../../../lambda/decide/decisions';
import { newSeed, publicKeyOf, sessionIdOf, sha256, signText } from '../../../lambda/signing/link-key';
import { ANA, at, BO, CY, days, hours, minutes, person, policyOf, ruleOf, type PeopleSample } from '../samples';
import { eachTestHasAGate, logged, type GateFixture } from './gate-fixture';

let gate: GateFixture;
let records = 0;

const DI = person('di@example.com');
const AWAY = { ...ANA, name: 'Ana', delegates: [BO.id] };
const asking = (people: PeopleSample = {}) =>
  policyOf({
    rule: ruleOf('MANUAL', {
      people: { ids: [ANA.id], reminders: [], delegates: { [ANA.id]: [BO.id] }, ...people },
    }),
  });

eachTestHasAGate(async (fresh) => {
  gate = fresh;
  records = 0;
  gate.people = [AWAY, BO, CY, DI];
  gate.policy = asking();
  await gate.ask();
});

async function bring(row: Record<string, unknown>, seconds: number): Promise<readonly string[]> {
  records += 1;
  return takeDecisions(gate.ports, [
    { sequenceNumber: String(records), kind: 'INSERT', at: at(seconds), byTtl: false, row },
  ]);
}

async function signIn(who: { readonly id: string }, seconds: number): Promise<string> {
  const session = newSeed();
  await bring({ pk: `sign-in#${who.id}`, sk: `wanted#${seconds}`, at: at(seconds), ttl: 1 }, seconds);
  const link = gate.mails.flatMap(({ text }) => /sign-in\?by=[0-9a-f]{12}&key=(\S+)/.exec(text)?.[1] ?? []).at(-1)!;
  const sessionKey = publicKeyOf(session);
  const sig = signText(link, linkUsedText({ approver: who.id, sessionKey, seq: 1 }));
  await bring({ pk: `sign-in#${who.id}`, sk: sha256(sig), comment: sessionKey, seq: 1, sig }, seconds);
  return session;
}

function rowOf(seed: string, verdict: SessionWish, about: string, seconds: number, signer = seed) {
  const session = sessionIdOf(publicKeyOf(seed));
  const sig = signText(signer, errandText({ session, wish: verdict, about, seq: seconds }));
  return { pk: `session#${session}`, sk: sha256(sig), verdict, comment: about, seq: seconds, sig };
}

const wish = (seed: string, verdict: SessionWish, about: string, seconds: number, signer = seed) =>
  bring(rowOf(seed, verdict, about, seconds, signer), seconds);

const UNTIL = '2026-11-24';
const goAway = (seed: string, seconds: number, more: { delegate?: string; from?: string; until?: string } = {}) =>
  wish(seed, 'AWAY', wishText({ delegate: BO.id, until: UNTIL, ...more }), seconds);
const absence = async () => (await gate.ports.absences.all()).get(ANA.id);
const asked = (who: { mail: string }) =>
  gate.mails.filter(({ to, text }) => to === who.mail && text.includes('/r/') && text.includes('key='));
const outcome = async () => {
  const request = await gate.request();
  return 'outcome' in request ? request.outcome : undefined;
};
const excludedOf = async (who: Parameters<GateFixture['invitation']>[0]) => (await gate.invitation(who))?.excluded;

describe('an absence', () => {
  test('is kept for the person who is signed in, and both are told', async () => {
    const session = await signIn(ANA, 1);
    gate.mails.length = 0;
    await goAway(session, minutes(5));

    expect(await absence()).toEqual({
      ok: true,
      value: {
        person: ANA.id,
        delegate: BO.id,
        from: at(minutes(5)),
        until: '2026-11-25T00:00:00.000Z',
        setAt: at(minutes(5)),
      },
    });
    expect(gate.mails.map(({ to, subject }) => [to, subject])).toEqual([
      [ANA.mail, 'bo@example.com answers for you'],
      [BO.mail, 'You answer for Ana'],
    ]);
    expect(gate.mails[1]?.text).toContain('From now until Wednesday 25 November 2026, 00:00 UTC.');
    expect(gate.mails.every(({ text }) => text.includes('https://review.example.com/dashboard/away'))).toBe(true);
  });

  test.each([
    ['names somebody who is not declared as a delegate', { delegate: CY.id }],
    ['names nobody who is known', { delegate: 'f'.repeat(12) }],
    ['is over before it begins', { until: '2026-11-22' }],
    ['ends before its own first day', { from: '2026-11-26' }],
    ['lasts longer than anybody is away', { until: '2027-06-01' }],
    ['begins too far ahead', { from: '2027-06-01', until: '2027-06-02' }],
    ['has a day that there is not', { until: '2026-11-31' }],
  ])('that %s is none, and nobody is told anything', async (_, more) => {
    const session = await signIn(ANA, 1);
    gate.mails.length = 0;
    await goAway(session, minutes(5), more);

    expect(await absence()).toBeUndefined();
    expect(gate.mails).toEqual([]);
  });

  test('of a delegate who has become a shared mailbox or a guest is none', async () => {
    const session = await signIn(ANA, 1);
    for (const bo of [
      { ...BO, shared: true },
      { ...BO, until: at(days(9)) },
    ]) {
      gate.people = [AWAY, bo, CY];
      await goAway(session, minutes(5));
      expect(await absence()).toBeUndefined();
    }
  });

  test('is not set by a signature of anybody else, nor by junk, nor after signing out', async () => {
    const session = await signIn(ANA, 1);
    const about = wishText({ delegate: BO.id, until: UNTIL });
    await wish(session, 'AWAY', about, minutes(5), newSeed());
    await wish(session, 'AWAY', `${BO.id} now`, minutes(6));
    await wish(session, 'LOOK', about, minutes(7));
    await wish(session, 'SIGN_OUT', '', minutes(8));
    await goAway(session, minutes(9));

    expect(await absence()).toBeUndefined();
  });

  test('that the stream brings again is the same one; an older one does not take its place', async () => {
    const session = await signIn(ANA, 1);
    const row = rowOf(session, 'AWAY', wishText({ delegate: BO.id, until: UNTIL }), minutes(5));
    await bring(row, minutes(5));
    await goAway(session, minutes(7), { until: '2026-11-27' });
    const later = await absence();
    await bring(row, minutes(5));

    expect(await absence()).toEqual(later);
  });

  test('is brought again until both could be told, however long no email goes out', async () => {
    const session = await signIn(ANA, 1);
    gate.around = (call, when) => {
      if (call === 'mailer.send' && when === 'before') {
        throw Object.assign(new Error('quota'), { name: 'Throttling', $metadata: { httpStatusCode: 429 } });
      }
    };
    gate.realTime = at(hours(3));

    expect(await goAway(session, minutes(5))).toHaveLength(1);
  });

  test('ends early, and both are told', async () => {
    const session = await signIn(ANA, 1);
    await goAway(session, minutes(5));
    gate.mails.length = 0;
    await wish(session, 'BACK', '', minutes(9));

    expect(await absence()).toMatchObject({ value: { endedAt: at(minutes(9)) } });
    expect(gate.mails.map(({ to, subject }) => [to, subject])).toEqual([
      [ANA.mail, 'Your absence is over'],
      [BO.mail, 'You no longer answer for Ana'],
    ]);
    await wish(session, 'BACK', '', minutes(20));
    expect(gate.mails).toHaveLength(2);
  });

  test('with another delegate tells the one before', async () => {
    gate.people = [{ ...AWAY, delegates: [BO.id, DI.id] }, BO, CY, DI];
    const session = await signIn(ANA, 1);
    await goAway(session, minutes(5));
    gate.mails.length = 0;
    await goAway(session, minutes(9), { delegate: DI.id });

    expect(gate.mails.map(({ to, subject }) => [to, subject])).toEqual([
      [ANA.mail, 'di@example.com answers for you'],
      [DI.mail, 'You answer for Ana'],
      [BO.mail, 'You no longer answer for Ana'],
    ]);
  });

  test(`is changed ${ABSENCE_CHANGES} times in an hour at most: each change mails two people`, async () => {
    const session = await signIn(ANA, 1);
    gate.mails.length = 0;
    for (let turn = 0; turn < ABSENCE_CHANGES + 3; turn += 1) {
      await goAway(session, minutes(5) + turn);
    }
    expect(gate.mails).toHaveLength(2 * ABSENCE_CHANGES);
    expect(await absence()).toMatchObject({ value: { setAt: at(minutes(5) + ABSENCE_CHANGES - 1) } });
  });
});

describe('a request', () => {
  test('that asks during the absence asks the delegate, whose yes opens the gate and is in the record', async () => {
    await goAway(await signIn(ANA, 0), 1);
    await gate.look(2);

    expect(asked(ANA)).toHaveLength(0);
    expect(asked(BO)[0]?.text).toContain(
      'You are asked in the place of Ana, who is away until Wednesday 25 November 2026, 00:00 UTC.',
    );
    await gate.decide(BO, 'APPROVE', hours(1));

    expect(await outcome()).toMatchObject({ kind: 'APPROVED', by: 'PEOPLE' });
    const [row] = await gate.rows.query('record');
    expect(row?.['entry']).toMatchObject({
      rule: { people: { groups: [{ ids: [ANA.id] }], delegates: { [ANA.id]: [BO.id] } } },
      standIns: [
        {
          person: ANA.id,
          mail: ANA.mail,
          name: 'Ana',
          delegate: BO.id,
          since: at(2),
          until: '2026-11-25T00:00:00.000Z',
        },
      ],
      votes: [{ approver: BO.id, verdict: 'APPROVE' }],
    });
  });

  test('that waits when the absence begins is handed over within minutes', async () => {
    const { next } = await gate.look(1);
    expect(asked(ANA)).toHaveLength(1);
    expect(next).toBe(at(minutes(5) + 1));
    await goAway(await signIn(ANA, 60), 61);
    await gate.look(minutes(5) + 1);

    expect(asked(BO)).toHaveLength(1);
    expect(await excludedOf(ANA)).toBe(
      'away until Wednesday 25 November 2026, 00:00 UTC, and bo@example.com answers in this place; to answer yourself, end your absence at the dashboard',
    );
    expect((await gate.known()).responses).toEqual([
      { approver: ANA.id, kind: 'AWAY', name: 'Ana', delegate: BO.id, until: '2026-11-25T00:00:00.000Z' },
    ]);
  });

  test('goes back to the approver when the absence ends, and the delegate has no vote any more', async () => {
    const session = await signIn(ANA, 0);
    await goAway(session, 1);
    await gate.look(2);
    await wish(session, 'BACK', '', 60);
    await gate.look(minutes(6));

    expect(asked(ANA)).toHaveLength(1);
    expect(await excludedOf(BO)).toBe('not among the approvers of this gate');
    await gate.decide(BO, 'APPROVE', minutes(7));
    expect(await outcome()).toBeUndefined();
    await gate.decide(ANA, 'APPROVE', minutes(8));
    expect(await outcome()).toMatchObject({ kind: 'APPROVED', summary: 'Approved by Ana' });
  });

  test('keeps the answer of the delegate when the absence ends, and counts no second one in that place', async () => {
    gate.policy = asking({ quorum: 2, ids: [ANA.id, CY.id] });
    const session = await signIn(ANA, 0);
    await goAway(session, 1);
    await gate.look(2);
    await gate.decide(BO, 'APPROVE', 60);
    await wish(session, 'BACK', '', 120);
    await gate.look(minutes(6));
    expect(asked(ANA)).toHaveLength(0);
    expect(await outcome()).toBeUndefined();

    await gate.decide(CY, 'APPROVE', minutes(8));
    expect(await outcome()).toMatchObject({ kind: 'APPROVED' });
  });

  test('counts one answer of a place, however many are given', async () => {
    gate.policy = asking({ quorum: 2, ids: [ANA.id, CY.id] });
    await gate.look(1);
    const late = await gate.decision(ANA, 'APPROVE', minutes(10));
    await goAway(await signIn(ANA, 60), 61);
    await gate.look(minutes(5) + 1);
    await gate.decide(BO, 'APPROVE', minutes(6));
    await gate.take([late], minutes(10));

    expect(await outcome()).toBeUndefined();
    await gate.decide(CY, 'APPROVE', minutes(11));
    expect(await outcome()).toMatchObject({ kind: 'APPROVED', summary: expect.stringContaining('2 of 2') });
  });

  test('keeps the answer that an approver gave before going away: nobody else is asked', async () => {
    gate.policy = asking({ quorum: 2, ids: [ANA.id, CY.id] });
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 30);
    await goAway(await signIn(ANA, 60), 61);
    await gate.look(minutes(6));

    expect(asked(BO)).toHaveLength(0);
    await gate.decide(CY, 'APPROVE', minutes(7));
    expect(await outcome()).toMatchObject({ kind: 'APPROVED' });
  });

  test('is stopped by a no of the delegate', async () => {
    gate.policy = asking({ quorum: 2, ids: [ANA.id, CY.id] });
    await goAway(await signIn(ANA, 0), 1);
    await gate.look(2);
    await gate.decide(BO, 'REJECT', 60);

    expect(await outcome()).toMatchObject({ kind: 'REJECTED', by: 'PEOPLE' });
  });

  test('of a change that the approver wrote is handed over to nobody, which is said at once', async () => {
    gate.policy = asking({ excludeAuthor: true });
    gate.codePipeline.run = { authors: ['ana-gh'] };
    await goAway(await signIn(ANA, 0), 1);
    await gate.look(2);

    expect(asked(BO)).toHaveLength(0);
    expect((await gate.request()).consoleOnly).toContain('only 0 of 1 approvers needed may answer this change');
  });

  test('of a change that the delegate wrote is handed over to somebody without a vote, which is said at once', async () => {
    gate.policy = asking({ excludeAuthor: true });
    gate.codePipeline.run = { authors: [BO.mail] };
    await goAway(await signIn(ANA, 0), 1);
    await gate.look(2);

    expect(asked(BO)).toHaveLength(0);
    expect((await gate.request()).consoleOnly).toContain('only 0 of 1 approvers needed may answer this change');
  });

  test('of a gate that does not name the delegate stays with the approver, whatever is declared elsewhere', async () => {
    gate.policy = asking({ delegates: { [CY.id]: [BO.id] } });
    await goAway(await signIn(ANA, 0), 1);
    await gate.look(2);

    expect([asked(ANA).length, asked(BO).length]).toEqual([1, 0]);
  });

  test('is not decided while an absence cannot be read, and that is said when it takes long', async () => {
    await gate.look(1);
    await gate.rows.putIfAbsent({ pk: 'absence', sk: ANA.id, v: 99 });
    await gate.decide(ANA, 'APPROVE', 60);
    expect(await outcome()).toBeUndefined();
    await gate.look(hours(1));

    expect((await gate.request()).consoleOnly).toContain('absence: `v` is not 2');
  });

  test('of a gate without delegates reads no absence', async () => {
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { ids: [ANA.id] } }) });
    const calls: string[] = [];
    gate.around = (call) => calls.push(call);
    await gate.look(1);

    expect(calls.filter((call) => call.startsWith('absences'))).toEqual([]);
  });

  test('of a gate with delegates reads all absences at once', async () => {
    gate.policy = asking({ ids: [ANA.id, CY.id], delegates: { [ANA.id]: [BO.id], [CY.id]: [DI.id] } });
    await gate.look(1);
    const calls: string[] = [];
    gate.around = (call, when) => (when === 'before' ? calls.push(call) : 0);
    await gate.look(hours(1));

    expect(calls.filter((call) => call.startsWith('absences'))).toEqual(['absences.all']);
  });
});

test('an absence that is set anew is one more turn of the delegate, and its end is kept with the request', async () => {
  gate.policy = asking({ quorum: 2, ids: [ANA.id, CY.id] });
  const session = await signIn(ANA, 0);
  await goAway(session, 1);
  await gate.look(2);
  await wish(session, 'BACK', '', 60);
  await gate.look(61);
  expect((await gate.records()).standIns).toMatchObject([{ until: at(60), setAt: at(1) }]);

  await goAway(session, 120);
  await gate.look(121);
  await gate.decide(BO, 'APPROVE', 180);
  await wish(session, 'BACK', '', 240);
  await gate.look(241);
  expect((await gate.records()).standIns).toMatchObject([{ until: at(240), setAt: at(120) }]);
  await gate.decide(CY, 'APPROVE', 300);
  expect(await outcome()).toMatchObject({ kind: 'APPROVED' });
});

test('a new delegate is a weaker gate: nobody stands in before the former rule has agreed', async () => {
  gate.policy = asking({ delegates: { [ANA.id]: [DI.id] } });
  await gate.look(1);
  gate.policy = asking({ delegates: { [ANA.id]: [DI.id, BO.id] } });
  await goAway(await signIn(ANA, 60), 61);
  await gate.look(minutes(6));

  expect(asked(BO)).toHaveLength(0);
  expect((await gate.known()).shown.proposed?.weakens).toEqual(['new delegates of Ana: bo@example.com']);
  await gate.decide(ANA, 'APPROVE', minutes(7), { seed: gate.seedOf(ANA, 0) });
  expect(await outcome()).toMatchObject({
    kind: 'APPROVED',
    summary: expect.stringContaining('new delegates of Ana: bo@example.com'),
  });
});

test('a delegate for somebody at the gate who has none is a weaker gate, too; one less is not', async () => {
  const rule = (delegates: Record<string, string[]>) => asking({ ids: [ANA.id, CY.id], delegates });
  gate.policy = rule({ [ANA.id]: [BO.id, DI.id] });
  await gate.look(1);
  gate.policy = rule({ [ANA.id]: [BO.id] });
  await gate.look(60);
  expect((await gate.known()).shown.proposed?.weakens).toBeUndefined();
  gate.policy = rule({ [ANA.id]: [BO.id], [CY.id]: [BO.id] });
  await gate.look(120);
  expect((await gate.known()).shown.proposed?.weakens).toEqual(['new delegates of Cy: bo@example.com']);
});

test('what is logged of an absence holds ids alone', async () => {
  await goAway(await signIn(ANA, 0), 1);
  await gate.look(2);

  const lines = logged().filter((line) => line.includes('away'));
  expect(lines).toHaveLength(2);
  expect(lines.join('')).not.toContain('@');
});
