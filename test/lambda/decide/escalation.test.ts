import type { PeopleRule } from '../../../contract/policy';
import { ANA, at, BO, BY_ANA, CY, days, hours, minutes, peopleRule, person, policyOf, ruleOf } from '../samples';
import { Crash, eachTestHasAGate, logged, type GateFixture } from './gate-fixture';

const DORA = person('dora@example.com');
const EVE = person('eve@example.com');
const ESCALATION = { afterMinutes: 240, ids: [CY.id, DORA.id] };
const T = hours(4) + 1;

let gate: GateFixture;

/** Ana and Bo are asked; four hours later Cy and Dora, too. */
const asking = (people: Parameters<typeof peopleRule>[0] = {}) =>
  policyOf({
    rule: ruleOf('MANUAL', {
      people: { quorum: 2, ids: [ANA.id, BO.id], reminders: [], escalation: ESCALATION, ...people },
    }),
  });

eachTestHasAGate(async (fresh) => {
  gate = fresh;
  gate.people = [ANA, BO, CY, DORA];
  gate.policy = asking();
  await gate.ask();
});

const told = (who: { mail: string }) =>
  gate.mails.filter(({ to, subject }) => to === who.mail && subject.startsWith('More people asked'));
const asked = (who: { mail: string }) =>
  gate.mails.filter(
    ({ to, subject, text }) => to === who.mail && text.includes('key=') && !subject.startsWith('More people asked'),
  );
const outcome = async () => {
  const request = await gate.request();
  return 'outcome' in request ? request.outcome : undefined;
};

test('the look that is due then asks further people, and tells the others whom, each once', async () => {
  expect(await gate.look(1)).toMatchObject({ next: at(T) });
  await gate.look(T - 1);
  expect([asked(CY), asked(DORA), told(ANA), told(BO)].map(({ length }) => length)).toEqual([0, 0, 0, 0]);

  await gate.look(T);
  await gate.look(T + 1);
  await gate.live(T + 2, hours(23));

  expect([asked(ANA), asked(BO), asked(CY), asked(DORA)].map(({ length }) => length)).toEqual([1, 1, 1, 1]);
  expect([told(ANA), told(BO), told(CY), told(DORA)].map(({ length }) => length)).toEqual([1, 1, 0, 0]);
  expect(asked(CY)[0]?.text).toContain(
    'Hello Cy, there are not enough answers so far, so you are asked as well: can this change go ahead in',
  );
  expect(told(ANA)[0]?.text).toContain('Also asked now: Cy, dora@example.com.');
  expect(told(ANA)[0]?.text).toMatch(/\nLook and answer here:\nhttps:\/\/\S+key=\S+\n/);
  expect(logged().filter((line) => line.includes('further people are asked'))).toHaveLength(1);
});

test('votes of both circles make one quorum, and links of the first circle still work', async () => {
  await gate.look(1);
  await gate.look(T);
  await gate.decide(DORA, 'APPROVE', hours(5));
  expect(await outcome()).toBeUndefined();

  await gate.decide(ANA, 'APPROVE', hours(6));

  expect(await outcome()).toMatchObject({ kind: 'APPROVED', by: 'PEOPLE' });
  expect((await outcome())?.summary).toContain('(2 of 2 needed)');
  expect(
    gate.mails
      .filter(({ subject }) => subject.startsWith('Approved'))
      .map(({ to }) => to)
      .sort(),
  ).toEqual([ANA, BO, CY, DORA].map(({ mail }) => mail));
});

test('a no of somebody who was asked later ends it', async () => {
  await gate.look(1);
  await gate.look(T);
  await gate.decide(CY, 'REJECT', hours(5));

  expect(await outcome()).toMatchObject({ kind: 'REJECTED', by: 'PEOPLE' });
});

test('nobody further is asked about what was answered in time', async () => {
  await gate.look(1);
  await gate.decide(ANA, 'APPROVE', 60);
  await gate.decide(BO, 'APPROVE', 120);
  await gate.look(T);
  expect(asked(CY)).toEqual([]);
});

test('nobody further is asked once the deadline is over', async () => {
  gate.policy = asking({ escalation: { ...ESCALATION, afterMinutes: 24 * 60 } });
  await gate.look(1);
  await gate.look(days(1) + 61);

  expect(asked(CY)).toEqual([]);
});

test('nobody further is asked where all have said yes and only the checks keep a gate shut', async () => {
  const { rule } = asking({ quorum: 1 });
  gate.policy = policyOf({ rule: { ...ruleOf('GUARDED'), people: (rule as { people: PeopleRule }).people } as never });
  gate.measuring = () => 'FAIL';
  await gate.look(1);
  await gate.decide(ANA, 'APPROVE', 60);
  await gate.look(T);

  expect(await outcome()).toBeUndefined();
  expect(asked(CY)).toEqual([]);
});

describe('somebody who is to be asked later', () => {
  const inConsole = async (seconds: number) => {
    gate.people = [BO, CY, { ...DORA, alsoKnownAs: ANA.alsoKnownAs }];
    gate.policy = asking({ quorum: 1, ids: [BO.id] });
    await gate.look(1);
    await gate.look(T - 1);
    if (seconds > T) {
      await gate.look(T);
    }
    gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(seconds) } };
    await gate.look(seconds + 60);
    return (await outcome())?.by;
  };

  test('is no approver before that: an answer in the console is a bypass', async () => {
    expect(await inConsole(hours(3))).toBe('BYPASS');
  });

  test('is an approver from then on', async () => {
    expect(await inConsole(hours(5))).toBe('CONSOLE');
  });

  test('is whom the policy named when the approval asked: who was added since is not asked', async () => {
    gate.people = [ANA, BO, CY, DORA, EVE];
    await gate.look(1);
    gate.policy = asking({ escalation: { ...ESCALATION, ids: [CY.id, EVE.id] } });
    gate.people = [ANA, BO, CY, EVE];
    await gate.look(T);

    expect([asked(CY), asked(DORA), asked(EVE)].map(({ length }) => length)).toEqual([1, 0, 0]);
    expect(told(ANA)[0]?.text).toContain('Also asked now: Cy.\n');
  });

  test('is nobody where the policy had no escalation when the approval asked', async () => {
    gate.policy = asking({ escalation: undefined as never });
    await gate.look(1);
    gate.policy = asking();
    await gate.look(T);

    expect(asked(CY)).toEqual([]);
  });

  test('has no vote any more once removed, and those who were asked first are told of nobody', async () => {
    await gate.look(1);
    gate.policy = asking({ escalation: undefined as never });
    await gate.look(T);
    expect([asked(CY), told(ANA)].map(({ length }) => length)).toEqual([0, 0]);

    gate.policy = asking();
    await gate.look(T + 60);
    gate.policy = asking({ escalation: { ...ESCALATION, ids: [DORA.id] } });
    await gate.decide(CY, 'REJECT', hours(5));
    expect(await outcome()).toBeUndefined();
  });

  test('who wrote the change is not asked', async () => {
    gate.policy = asking({ excludeAuthor: true });
    gate.codePipeline.run = { authors: [CY.mail] };
    await gate.look(1);
    await gate.look(T);

    expect([asked(CY), asked(DORA)].map(({ length }) => length)).toEqual([0, 1]);
  });
});

test('looks at once ask and tell everybody once', async () => {
  await gate.look(1);
  await Promise.all(Array.from({ length: 8 }, () => gate.look(T)));
  await gate.look(T + minutes(6));

  expect([asked(CY), asked(DORA), told(ANA), told(BO)].map(({ length }) => length)).toEqual([1, 1, 1, 1]);
  expect((await gate.known()).run.invited).toEqual([ANA.id, BO.id, CY.id, DORA.id]);
});

test('a crash at any call of the look that asks further people loses none of them, and invites nobody twice into the list', async () => {
  const calls: string[] = [];
  await gate.look(1);
  gate.around = (name, when) => void (when === 'after' && calls.push(name));
  const rehearsed = gate;
  await gate.look(T);

  for (let n = 0; n < calls.length; n += 1) {
    gate = new (rehearsed.constructor as new () => GateFixture)();
    gate.people = [ANA, BO, CY, DORA];
    gate.policy = asking();
    await gate.ask();
    await gate.look(1);
    let left = n;
    let dead = false;
    gate.around = (_name, when) => {
      dead = dead || (when === 'after' && left-- === 0);
      if (dead) {
        throw new Crash('the function died');
      }
    };
    await gate.look(T).catch(() => undefined);
    gate.around = () => undefined;
    await gate.look(T + 10).catch(() => undefined);
    await gate.look(T + 10 + minutes(5));

    expect((await gate.known()).run.invited).toEqual([ANA.id, BO.id, CY.id, DORA.id]);
    for (const who of [CY, DORA]) {
      expect(asked(who).length).toBeGreaterThanOrEqual(1);
      expect(asked(who).length).toBeLessThanOrEqual(2);
    }
    for (const who of [ANA, BO]) {
      expect(told(who).length).toBeGreaterThanOrEqual(1);
      expect(told(who).length).toBeLessThanOrEqual(2);
    }
  }
});
