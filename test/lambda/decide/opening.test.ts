import type { CalendarState } from '../../../lambda/aws/calendars';
import { ANA, at, BO, BY_ANA, days, hours, minutes, policyOf } from '../samples';
import { eachTestHasAGate, type GateFixture } from './gate-fixture';

let gate: GateFixture;

/** Closed from one time until another; asked for any time. */
const closed =
  (from: number, until: number) =>
  (_: string, time: string): CalendarState =>
    time >= at(from) && time < at(until) ? { kind: 'CLOSED', opensAt: at(until) } : { kind: 'OPEN' };

/** The request is made on a Monday at eight; this opens two hours later. */
const WINDOW = { timeZone: 'UTC', ranges: [{ days: [1], from: 600, to: 720 }] };
const policy = (more: object = {}) => policyOf({ freezes: ['xmas'], ...more });

eachTestHasAGate(async (fresh) => {
  gate = fresh;
  gate.policy = policy();
  await gate.ask();
  await gate.look(1);
});

const approve = () => gate.decide(ANA, 'APPROVE', 60);
const held = async () => (await gate.request()).held;
const phase = async () => (await gate.request()).phase;

test('no calendar is read before an approval hangs on it, nor by a rejection', async () => {
  const asked: string[] = [];
  gate.calendar = (name) => {
    asked.push(name);
    return { kind: 'OPEN' };
  };
  await gate.look(50);
  await gate.decide(ANA, 'REJECT', 60);
  await gate.look(60, { vote: true });

  expect(asked).toEqual([]);
  expect(await phase()).toBe('CLOSED');
});

test('an approval goes ahead at once while every calendar is open', async () => {
  await approve();
  await gate.look(60, { vote: true });

  expect(gate.codePipeline.answers).toHaveLength(1);
  expect(await held()).toBeUndefined();
});

test('a calendar that is closed holds the approval until it opens', async () => {
  gate.calendar = closed(0, hours(3));
  await approve();
  expect(await gate.look(60, { vote: true })).toMatchObject({ phase: 'WAITING', held: true });
  expect(await held()).toMatchObject({ why: "change calendar 'xmas' is closed", opensAt: at(hours(3)) });

  await gate.live(61, hours(3) - 1);
  expect(gate.codePipeline.answers).toEqual([]);
  await gate.look(hours(3));
  expect(gate.codePipeline.answers).toHaveLength(1);
});

test('a calendar is read again long before it says that it opens: somebody may lift the freeze', async () => {
  gate.calendar = closed(0, days(20));
  await approve();
  const { next } = await gate.look(60, { vote: true });

  expect(next).toBe(at(60 + minutes(15)));
});

test('window and calendars have to be open at once, and people read when that is', async () => {
  gate.policy = policy({ window: WINDOW });
  gate.calendar = closed(hours(1), hours(3));
  await approve();
  expect(await gate.look(60, { vote: true })).toMatchObject({ next: at(hours(2)) });
  expect(await held()).toMatchObject({ why: 'its deployment window is closed', opensAt: at(hours(3)) });

  await gate.look(hours(2));
  expect(gate.codePipeline.answers).toEqual([]);
  expect(await held()).toMatchObject({ why: "change calendar 'xmas' is closed", opensAt: at(hours(3)) });
  await gate.look(hours(3));
  expect(gate.codePipeline.answers).toHaveLength(1);
});

test.each<[string, GateFixture['calendar']]>([
  ['opens after the deadline', closed(0, days(1))],
  ['says nothing of an opening', () => ({ kind: 'CLOSED' })],
  ['is closed for the rest of the window', closed(0, hours(4))],
])('a calendar that %s is told at once', async (_, calendar) => {
  gate.policy = policy({ window: WINDOW });
  gate.calendar = calendar;
  await approve();
  await gate.look(60, { vote: true });

  expect(gate.events.filter(({ type }) => type === 'Gate Needs Console')).toMatchObject([
    { details: { reason: "change calendar 'xmas' is closed, and does not open before the deadline" } },
  ]);
  expect(await phase()).toBe('WAITING');
});

test('a calendar that cannot be read opens nothing, is told after a quarter of an hour, and goes on when it can be read', async () => {
  gate.calendar = () => ({ kind: 'UNREADABLE' });
  await approve();
  await gate.live(60, minutes(15) + 30);
  const told = () => gate.events.filter(({ type }) => type === 'Gate Needs Console').map(({ details }) => details);
  expect(told()).toEqual([]);

  await gate.live(minutes(16) + 1, hours(5));
  expect(told()).toMatchObject([{ reason: "change calendar 'xmas' cannot be read" }]);
  expect(gate.codePipeline.answers).toEqual([]);

  gate.calendar = () => ({ kind: 'OPEN' });
  await gate.look(hours(5));
  expect(gate.codePipeline.answers).toHaveLength(1);
});

test('one calendar of several that cannot be read is enough', async () => {
  gate.policy = policy({ freezes: ['xmas', 'bbb'] });
  gate.calendar = (name) => ({ kind: name === 'bbb' ? 'UNREADABLE' : 'OPEN' });
  await approve();
  await gate.look(60, { vote: true });

  expect(await held()).toMatchObject({ why: "change calendar 'bbb' cannot be read" });
});

test('a calendar that closed before the outcome could be delivered holds it back', async () => {
  gate.calendar = closed(0, hours(3));
  await approve();
  const { request } = await gate.records();
  await gate.store.decide(
    request.id,
    { kind: 'APPROVED', by: 'PEOPLE', at: at(60), summary: 'Approved by ana@example.com' },
    undefined,
    (await gate.known()).shown.evidence,
  );
  await gate.look(minutes(30));
  expect(await phase()).toBe('DECIDED');

  await gate.look(hours(3));
  expect(gate.codePipeline.answers).toHaveLength(1);
});

test('a yes in the console is a bypass while a calendar was closed, as it was when the yes was given', async () => {
  gate.calendar = closed(0, hours(1));
  gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(minutes(30)) } };
  await gate.look(hours(2));

  expect(await gate.request()).toMatchObject({ outcome: { kind: 'APPROVED', by: 'BYPASS' } });
});

test('the same yes counts while it was open', async () => {
  gate.calendar = closed(hours(1), hours(9));
  gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(minutes(30)) } };
  await gate.look(hours(2));

  expect(await gate.request()).toMatchObject({ outcome: { kind: 'APPROVED', by: 'CONSOLE' } });
});

test('the yes of another approver brings no look that forgets the opening', async () => {
  gate.calendar = closed(0, hours(3));
  await approve();
  await gate.look(60, { vote: true });
  await gate.decide(BO, 'APPROVE', 120);

  expect(await gate.look(120, { vote: true })).toMatchObject({ held: true });
});
