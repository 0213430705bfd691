import { ANA, at, BO, CY, days, hours, minutes, person, policyOf, REQUEST, ruleOf } from '../samples';
import { Crash, eachTestHasAGate, GateFixture } from './gate-fixture';

let gate: GateFixture;

eachTestHasAGate(async (fresh) => {
  gate = fresh;
  await gate.ask();
});

const refused = () => Object.assign(new Error('no'), { name: 'InvalidParameter', $metadata: { httpStatusCode: 400 } });
const throttled = () => Object.assign(new Error('slow'), { name: 'Throttling', $metadata: { httpStatusCode: 429 } });
const recipients = (from = 0) =>
  gate.mails
    .slice(from)
    .map(({ to }) => to)
    .sort();
const EVERYBODY = [ANA.mail, BO.mail, CY.mail];

/** From a call on nothing works any more, as when the function dies. */
function dieAt(call: string, when: 'before' | 'after'): void {
  let dead = false;
  gate.around = (name, moment) => {
    dead = dead || (name === call && moment === when);
    if (dead) {
      throw new Crash('the function died');
    }
  };
}

const revive = () => (gate.around = () => undefined);

describe('the invitation', () => {
  test('brings everybody a link of their own', async () => {
    await gate.look(1);

    expect(recipients()).toEqual(EVERYBODY);
    const links = gate.mails.map(({ text }) => /https:\S+/.exec(text)?.[0] ?? '');
    for (const who of [ANA, BO, CY]) {
      expect(links).toContain(`https://review.example.com/r/${REQUEST}?by=${who.id}&key=${gate.seedOf(who)}`);
    }
    expect(new Set([ANA, BO, CY].map((who) => gate.seedOf(who))).size).toBe(3);
    expect(await gate.invitation(CY)).toEqual({
      approver: CY.id,
      mail: CY.mail,
      name: 'Cy',
      shared: false,
      keys: [expect.stringMatching(/^[\w-]{43}$/) as string],
      mailbox: 'confirmed',
      sentAt: at(1),
      claimed_sentAt: at(1),
    });
    expect(await gate.invitation(ANA)).not.toHaveProperty('name');
  });

  test('goes out once, however often it is looked', async () => {
    await gate.look(1);
    await gate.look(2);
    await gate.look(minutes(30));

    expect(recipients()).toEqual(EVERYBODY);
  });

  test('waits for a mailbox that is not confirmed, and follows once it is', async () => {
    gate.mailbox = (id) => (id === ANA.id ? 'pending' : 'confirmed');
    expect(await gate.look(1)).toMatchObject({ next: at(minutes(15) + 1) });
    expect(gate.mailsTo(ANA)).toEqual([]);
    expect(await gate.invitation(ANA)).toMatchObject({ mailbox: 'pending', keys: [] });

    gate.mailbox = () => 'confirmed';
    await gate.look(minutes(15) + 1);

    expect(recipients()).toEqual(EVERYBODY);
    expect(await gate.invitation(ANA)).toMatchObject({ mailbox: 'confirmed' });
  });

  test('looks for such a mailbox less and less often', async () => {
    gate.mailbox = (id) => (id === ANA.id ? 'missing' : 'confirmed');

    const looks = await gate.live(1, days(1) - 1);

    const gaps = looks.slice(1).map((time, index) => time - looks[index]!);
    expect(gaps.slice(0, 4)).toEqual([minutes(15), minutes(15), minutes(15), minutes(22.5)]);
    expect(looks.length).toBeLessThan(20);
  });

  test('that a mailbox refuses for good is no reason to fail, and the others get theirs', async () => {
    const { send } = gate.ports.mailer;
    Object.assign(gate.ports.mailer, {
      send: (...given: Parameters<typeof send>) =>
        given[0].id === ANA.id ? Promise.reject(refused()) : send(...given),
    });

    await gate.look(1);

    expect(recipients()).toEqual([BO.mail, CY.mail]);
    expect(await gate.invitation(ANA)).toMatchObject({ mailbox: 'missing' });
    expect(await gate.invitation(ANA)).not.toHaveProperty('sentAt');
  });

  test('that may work later fails the look after the others got theirs, and is free to be tried again at once', async () => {
    const { send } = gate.ports.mailer;
    Object.assign(gate.ports.mailer, {
      send: (...given: Parameters<typeof send>) =>
        given[0].id === ANA.id ? Promise.reject(throttled()) : send(...given),
    });
    await expect(gate.look(1)).rejects.toThrow('mail could not be sent (Throttling), it will be tried again');
    expect(recipients()).toEqual([BO.mail, CY.mail]);
    Object.assign(gate.ports.mailer, { send });

    await gate.look(2);

    expect(recipients()).toEqual(EVERYBODY);
  });
});

describe('looks at once', () => {
  test('send each invitation once', async () => {
    await Promise.all(Array.from({ length: 10 }, () => gate.look(1)));

    expect(recipients()).toEqual(EVERYBODY);
  });

  test('tell each of many people once how it ended', async () => {
    const many = Array.from({ length: 12 }, (_, n) => person(`p${n}@example.com`));
    gate.people = many;
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { ids: many.map(({ id }) => id) } }) });
    await gate.look(1);
    gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: 'arn:aws:iam::1:user/eve', at: at(50) } };

    await Promise.all(Array.from({ length: 10 }, () => gate.look(60)));

    expect(recipients(12)).toEqual(many.map(({ mail }) => mail).sort());
  });

  test('wait for a mail that another look has in hand, and send it when that one never comes back', async () => {
    dieAt('invitations.addKey', 'before');
    await expect(gate.look(1)).rejects.toThrow();
    revive();
    expect(gate.mails).toEqual([]);

    expect(await gate.look(2)).toMatchObject({ next: at(2 + 300) });
    expect(gate.mailsTo(ANA)).toEqual([]);
    expect(recipients()).toEqual([BO.mail, CY.mail]);
    await gate.look(301);

    expect(recipients()).toEqual(EVERYBODY);
  });

  test('close no request while a mail that tells the end is in hand', async () => {
    await gate.look(1);
    const record = await gate.decision(ANA, 'APPROVE', 60);
    dieAt('mailer.send', 'before');
    await expect(gate.take([record], 60)).rejects.toThrow();
    revive();

    await gate.look(60);
    expect(await gate.look(61)).toMatchObject({ phase: 'DELIVERED' });
    await gate.look(minutes(7));

    expect((await gate.request()).phase).toBe('CLOSED');
    expect(recipients(3)).toEqual(EVERYBODY);
  });
});

describe('a crash after a mail was sent', () => {
  test('sends it a second time only after the claim has run out', async () => {
    dieAt('mailer.send', 'after');
    await expect(gate.look(1)).rejects.toThrow();
    revive();
    expect(recipients()).toEqual([ANA.mail]);

    await gate.look(2);
    expect(gate.mailsTo(ANA)).toHaveLength(1);
    await gate.look(301);

    expect(gate.mailsTo(ANA)).toHaveLength(2);
    expect((await gate.invitation(ANA))?.keys).toHaveLength(2);
  });
});

describe('the reminder', () => {
  test('reaches those who are silent at half of the time, once, by a further link; the first one still works', async () => {
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 2 } }) });
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 60);
    const first = gate.seedOf(BO);

    await gate.look(hours(12));
    expect(gate.mails).toHaveLength(3);
    await gate.look(hours(12) + 1);
    await gate.look(hours(12) + 2);

    expect(recipients(3)).toEqual([BO.mail, CY.mail]);
    expect(gate.mails.at(-1)?.subject).toContain('Still waiting');
    expect(await gate.invitation(BO)).toMatchObject({ remindedAt: at(hours(12) + 1) });
    await gate.decide(BO, 'APPROVE', hours(13), { seed: first });
    expect(gate.codePipeline.answers).toHaveLength(1);
  });

  test('reaches those who are silent at each time that the policy names, once, also by looks at once', async () => {
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 2, reminders: [0.25, 0.75] } }) });
    await gate.look(1);
    await Promise.all(Array.from({ length: 5 }, () => gate.look(hours(6) + 10)));
    expect(recipients(3)).toEqual(EVERYBODY);
    await gate.decide(ANA, 'APPROVE', hours(12));

    await gate.live(hours(13), hours(24) - 60);
    await gate.look(hours(23));

    expect(recipients(6)).toEqual([BO.mail, CY.mail]);
  });

  test('that is due while another look sends it is not lost when that one dies', async () => {
    await gate.look(1);
    dieAt('mailer.send', 'before');
    await expect(gate.look(hours(12) + 10)).rejects.toThrow();
    revive();

    expect(await gate.look(hours(12) + 20)).toMatchObject({ next: at(hours(12) + 20 + minutes(5)) });
    await gate.look(hours(12) + 20 + minutes(5));

    expect(recipients(3)).toEqual(EVERYBODY);
  });

  test('is one, however many of them nobody was there to send', async () => {
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { reminders: [0.1, 0.2, 0.3] } }) });
    await gate.look(1);

    await gate.look(hours(10));
    await gate.look(hours(11));

    expect(recipients(3)).toEqual(EVERYBODY);
  });

  test('is not for somebody who got their invitation later than that', async () => {
    gate.mailbox = (id) => (id === ANA.id ? 'pending' : 'confirmed');
    await gate.look(1);
    await gate.look(hours(13));
    gate.mailbox = () => 'confirmed';

    await gate.look(hours(14));
    await gate.look(hours(15));

    expect(gate.mailsTo(ANA)).toHaveLength(1);
  });

  test('goes by the time that the approval really has, whatever the policy says', async () => {
    gate = new GateFixture();
    await gate.ask({ expires: at(days(7)) });
    gate.policy = policyOf({ timeoutMinutes: 30 });
    await gate.look(1);

    await gate.look(days(3.5) - 1);
    expect(gate.mails).toHaveLength(3);
    await gate.look(days(3.5) + 1);

    expect(gate.mails).toHaveLength(6);
  });

  test('is not worth it for less than an hour', async () => {
    gate = new GateFixture();
    await gate.ask({ expires: at(minutes(58)) });
    await gate.look(1);

    await gate.live(minutes(29), minutes(57));

    expect(gate.mails).toHaveLength(3);
  });

  test('is not sent to those who have no vote', async () => {
    await gate.look(1);
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { ids: [ANA.id] } }) });
    gate.people = [ANA];

    await gate.look(hours(13));

    expect(recipients(3)).toEqual([ANA.mail]);
  });
});

describe('the outcome', () => {
  test('is told to those who were asked, also if they have no vote any more, and to nobody else', async () => {
    gate.mailbox = (id) => (id === CY.id ? 'missing' : 'confirmed');
    await gate.look(1);
    gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { ids: [BO.id] } }) });
    gate.people = [BO];

    await gate.decide(BO, 'APPROVE', 60);

    expect(recipients(2)).toEqual([ANA.mail, BO.mail]);
    expect(await gate.invitation(ANA)).toMatchObject({ toldAt: at(60) });
  });

  test('that a mailbox refuses for good does not keep the request open', async () => {
    await gate.look(1);
    const record = await gate.decision(BO, 'APPROVE', 60);
    Object.assign(gate.ports.mailer, { send: () => Promise.reject(refused()) });

    await gate.take([record], 60);

    expect((await gate.request()).phase).toBe('CLOSED');
    expect(gate.mails).toHaveLength(3);
  });
});

test('mails to one address are paced, whatever requests they belong to', async () => {
  await gate.rows.putIfAbsent({ pk: `mailbox#${ANA.id}`, sk: '2026-11-23T08:00:01Z', count: 12 });

  await gate.look(1);

  expect(gate.pauses).toEqual([2000]);
  expect(gate.mails).toHaveLength(3);
});

test('no mail waits longer than twenty seconds for others', async () => {
  await gate.rows.putIfAbsent({ pk: `mailbox#${ANA.id}`, sk: '2026-11-23T08:00:01Z', count: 150 });

  await gate.look(1);

  expect(gate.pauses).toEqual([20_000]);
});
