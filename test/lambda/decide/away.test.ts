/** What becomes of the wish of somebody who goes away, or is back: who is told, and what an operator reads. */
import { comeBack, goAway } from '../../../lambda/decide/away';
import { wishText } from '../../../lambda/domain/absence';
import { ABSENCE_CHANGES } from '../../../lambda/domain/limits';
import { ANA, at, BO, CY, days, hours, minutes, person } from '../samples';
import { eachTestHasAGate, logged, type GateFixture } from './gate-fixture';

let gate: GateFixture;
let errands = 0;

const DI = person('di@example.com');
const AWAY = { ...ANA, name: 'Ana', delegates: [BO.id, DI.id] };
const ENDS = '2026-11-25T00:00:00.000Z';
const AN_ABSENCE = { person: ANA.id, delegate: BO.id, from: at(60), until: ENDS, setAt: at(60) };

eachTestHasAGate((fresh) => {
  gate = fresh;
  errands = 0;
  gate.people = [BO, DI, CY, AWAY];
});

const goes = (seconds: number, more: { delegate?: string; from?: string; until?: string } = {}, who = ANA) =>
  goAway(
    gate.ports,
    wishText({ delegate: BO.id, until: '2026-11-24', ...more }),
    who.id,
    `errand-${(errands += 1)}`,
    at(seconds),
  );
const isBack = (seconds: number, who = ANA) => comeBack(gate.ports, who.id, `errand-${(errands += 1)}`, at(seconds));
const absence = async () => (await gate.ports.absences.all()).get(ANA.id);
const told = () => gate.mails.map(({ to, subject }) => [to, subject]);
const lines = () => logged().map((line) => JSON.parse(line) as unknown);
/** Calls of the table of absences that change it. */
function changes(): readonly string[] {
  const calls: string[] = [];
  gate.around = (call, when) =>
    when === 'before' && ['absences.set', 'absences.end', 'sessions.mayDo'].includes(call) ? calls.push(call) : 0;
  return calls;
}

describe('somebody who goes away', () => {
  test('is told with the delegate, and the log has a line', async () => {
    await goes(60);

    expect(await absence()).toEqual({ ok: true, value: AN_ABSENCE });
    expect(told()).toEqual([
      [ANA.mail, 'bo@example.com answers for you'],
      [BO.mail, 'You answer for Ana'],
    ]);
    expect(gate.mails.every(({ text }) => text.includes('https://review.example.com/dashboard/away\n'))).toBe(true);
    expect(lines()).toEqual([{ level: 'INFO', message: 'an approver goes away', approver: ANA.id, reason: BO.id }]);
  });

  test('and is not declared any more is not looked at further', async () => {
    gate.people = [BO, DI, CY];
    const calls = changes();
    await goes(60);

    expect([await absence(), told(), lines(), calls]).toEqual([undefined, [], [], []]);
  });

  test('in a way that the reviewed code does not allow is logged with the reason', async () => {
    const calls = changes();
    await goes(60, { delegate: CY.id });

    expect(calls).toEqual(['sessions.mayDo']);
    expect(told()).toEqual([]);
    expect(lines()).toEqual([
      {
        level: 'WARN',
        message: 'an absence was not set',
        approver: ANA.id,
        reason: 'absence: this person is not one of your delegates',
      },
    ]);
  });

  test('after a later absence of theirs came first changes nothing', async () => {
    await goes(120, { delegate: DI.id });
    gate.mails.length = 0;
    jest.mocked(process.stdout.write).mockClear();
    await goes(60);

    expect(await absence()).toMatchObject({ value: { delegate: DI.id, setAt: at(120) } });
    expect(told()).toEqual([]);
    expect(lines()).toEqual([{ level: 'INFO', message: 'a later absence is known already', approver: ANA.id }]);
  });

  test('with the same delegate for longer relieves nobody', async () => {
    await goes(60);
    gate.mails.length = 0;
    await goes(120, { until: '2026-11-30' });

    expect(told()).toEqual([
      [ANA.mail, 'bo@example.com answers for you'],
      [BO.mail, 'You answer for Ana'],
    ]);
  });

  test('with another delegate relieves the one before, and not after that absence was over', async () => {
    await goes(60);
    gate.mails.length = 0;
    await goes(120, { delegate: DI.id });
    expect(told()).toContainEqual([BO.mail, 'You no longer answer for Ana']);

    gate.mails.length = 0;
    await goes(days(3), { until: '2026-11-30' });
    expect(told()).toEqual([
      [ANA.mail, 'bo@example.com answers for you'],
      [BO.mail, 'You answer for Ana'],
    ]);
  });

  test('where the absence before cannot be read relieves nobody', async () => {
    await gate.rows.putIfAbsent({ pk: 'absence', sk: ANA.id, v: 99, setAt: at(0), delegate: DI.id });
    await goes(60);

    expect(await absence()).toEqual({ ok: true, value: AN_ABSENCE });
    expect(told()).toEqual([
      [ANA.mail, 'bo@example.com answers for you'],
      [BO.mail, 'You answer for Ana'],
    ]);
  });

  test(`is heard ${ABSENCE_CHANGES} times in an hour, and again in the next`, async () => {
    for (let turn = 0; turn < ABSENCE_CHANGES; turn += 1) {
      await goes(turn + 1);
    }
    gate.mails.length = 0;
    jest.mocked(process.stdout.write).mockClear();
    await goes(minutes(30));

    expect([told(), lines()]).toEqual([
      [],
      [{ level: 'WARN', message: 'an absence was changed too often within an hour', approver: ANA.id }],
    ]);
    await goes(hours(1));
    expect(await absence()).toMatchObject({ value: { setAt: at(hours(1)) } });
  });

  test('counts apart from everybody else, and an errand that is brought again counts once', async () => {
    gate.people = [BO, DI, AWAY, { ...CY, delegates: [BO.id] }];
    for (let turn = 0; turn < ABSENCE_CHANGES + 1; turn += 1) {
      await goAway(gate.ports, wishText({ delegate: BO.id, until: '2026-11-24' }), ANA.id, 'the same', at(60));
    }
    gate.mails.length = 0;
    await goes(61);
    await goes(62, {}, CY);

    expect(told()).toEqual([
      [ANA.mail, 'bo@example.com answers for you'],
      [BO.mail, 'You answer for Ana'],
      [CY.mail, 'bo@example.com answers for you'],
      [BO.mail, 'You answer for Cy'],
    ]);
  });
});

describe('somebody who is back', () => {
  test('is told with the delegate, and the log has a line', async () => {
    await goes(60);
    gate.mails.length = 0;
    jest.mocked(process.stdout.write).mockClear();
    await isBack(120);

    expect(await absence()).toEqual({ ok: true, value: { ...AN_ABSENCE, endedAt: at(120) } });
    expect(told()).toEqual([
      [ANA.mail, 'Your absence is over'],
      [BO.mail, 'You no longer answer for Ana'],
    ]);
    expect(lines()).toEqual([{ level: 'INFO', message: 'an approver is back', approver: ANA.id }]);
  });

  test.each<[string, () => unknown, number]>([
    ['was not away', () => undefined, 120],
    ['has been back since the last day was over', () => goes(60), days(2)],
    ['has an absence that cannot be read', () => gate.rows.putIfAbsent({ pk: 'absence', sk: ANA.id, v: 99 }), 120],
  ])('and %s changes nothing', async (_, before, seconds) => {
    await before();
    gate.mails.length = 0;
    jest.mocked(process.stdout.write).mockClear();
    const calls = changes();
    await isBack(seconds);

    expect([told(), lines(), calls]).toEqual([[], [], []]);
  });

  test('twice is told once: there is no absence to end any more', async () => {
    await goes(60);
    await isBack(120);
    gate.mails.length = 0;
    jest.mocked(process.stdout.write).mockClear();
    await isBack(180);

    expect(told()).toEqual([]);
    expect(lines()).toEqual([{ level: 'INFO', message: 'there is no absence to end', approver: ANA.id }]);
    expect(await absence()).toMatchObject({ value: { endedAt: at(120) } });
  });

  test('too often within an hour stays away, and is told nothing', async () => {
    for (let turn = 0; turn < ABSENCE_CHANGES; turn += 1) {
      await goes(turn + 1);
    }
    gate.mails.length = 0;
    await isBack(120);

    expect(told()).toEqual([]);
    expect(await absence()).not.toHaveProperty('value.endedAt');
  });
});

describe('nobody is told', () => {
  test.each([
    ['the delegate', () => [AWAY, DI]],
    ['whoever was away', () => [BO, DI]],
  ])('where %s is not declared any more', async (_, people) => {
    await goes(60);
    gate.mails.length = 0;
    gate.people = people();
    await isBack(120);

    expect(await absence()).toMatchObject({ value: { endedAt: at(120) } });
    expect(told()).toEqual([]);
  });

  test('where people answer in the console', async () => {
    Object.assign(gate.ports, { answers: { way: 'IN_CONSOLE' } });
    await goes(60);

    expect(await absence()).toEqual({ ok: true, value: AN_ABSENCE });
    expect(told()).toEqual([]);
  });
});
