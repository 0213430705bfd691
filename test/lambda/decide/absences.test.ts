/** Who is kept as asked in whose place, before anybody is asked. */
import { keepStandIns, placed } from '../../../lambda/decide/absences';
import type { Absence } from '../../../lambda/domain/absence';
import type { StandIn } from '../../../lambda/domain/delegation';
import type { Person } from '../../../contract/policy';
import { ANA, at, BO, CY, GATE, hours, person, REQUEST, ruleOf, runOf, waitingRequest } from '../samples';
import { eachTestHasAGate, logged, type GateFixture } from './gate-fixture';

let gate: GateFixture;

const DI = person('di@example.com');
const NAMED = { ...ANA, name: 'Ana' };
const NOW = at(60);
const UNTIL = at(hours(48));
const AWAY: Absence = { person: ANA.id, delegate: BO.id, from: at(0), until: UNTIL, setAt: at(0) };
const STAND_IN: StandIn = {
  person: ANA.id,
  mail: ANA.mail,
  delegate: BO.id,
  since: at(10),
  until: UNTIL,
  setAt: at(0),
};

eachTestHasAGate((fresh) => {
  gate = fresh;
});

interface Case {
  readonly ids?: readonly string[];
  readonly delegates?: Readonly<Record<string, readonly string[]>>;
  readonly people?: readonly Person[];
  readonly absences?: readonly Absence[];
  readonly standIns?: readonly StandIn[];
}

const EACH = { [ANA.id]: [BO.id, DI.id], [CY.id]: [BO.id, DI.id] };

/** Answers what was put down. */
async function keep({
  ids = [ANA.id, CY.id],
  delegates = EACH,
  people = [DI, CY, BO, NAMED],
  absences,
  standIns = [],
}: Case): Promise<readonly StandIn[]> {
  const rule = ruleOf('MANUAL', { people: { ids: [...ids], delegates } });
  const known = { rule, people, votes: [], standIns };
  const documents = absences === undefined ? {} : { absences };
  const request = waitingRequest({ run: runOf({ invited: [...ids] }) });
  const kept: StandIn[] = [];
  const { standIn } = gate.ports.absences;
  Object.assign(gate.ports.absences, {
    standIn: (id: string, one: StandIn) => {
      expect(id).toBe(REQUEST);
      kept.push(one);
      return standIn(id, one);
    },
  });
  await keepStandIns(gate.ports, placed(request, known, documents, NOW), known, documents, NOW);
  return kept;
}

const byBo = { person: ANA.id, mail: ANA.mail, delegate: BO.id, since: NOW, until: UNTIL, setAt: at(0) };

test('a delegate who has a place is kept with whose it is and until when, and the log has a line', async () => {
  expect(await keep({ absences: [AWAY] })).toEqual([{ ...byBo, name: 'Ana' }]);
  expect(logged().map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      level: 'INFO',
      message: 'a delegate is asked in the place of an approver who is away',
      requestId: REQUEST,
      ...GATE,
      approver: BO.id,
      reason: ANA.id,
    },
  ]);
});

test('an approver without a name is kept without one', async () => {
  const [kept] = await keep({ people: [BO, CY, ANA], absences: [AWAY] });

  expect(kept).toEqual(byBo);
  expect(kept).not.toHaveProperty('name');
});

test('two approvers who are away are kept each with their own delegate', async () => {
  const absences = [AWAY, { ...AWAY, person: CY.id, delegate: DI.id }];

  expect(await keep({ absences })).toEqual([
    { ...byBo, name: 'Ana' },
    { ...byBo, person: CY.id, mail: CY.mail, name: 'Cy', delegate: DI.id },
  ]);
});

test.each<[string, Case]>([
  ['nobody is away', { absences: [] }],
  ['the policy was not read as far as that', {}],
  ['the absence has not begun', { absences: [{ ...AWAY, from: at(61) }] }],
  ['the absence is over', { absences: [{ ...AWAY, until: NOW }] }],
  ['the absence was ended', { absences: [{ ...AWAY, endedAt: at(30) }] }],
  ['the gate does not name the delegate', { absences: [AWAY], delegates: { [ANA.id]: [DI.id], [CY.id]: [BO.id] } }],
  ['the approver is not at this gate', { absences: [AWAY], ids: [CY.id] }],
  ['the delegate has a place of their own', { absences: [AWAY], ids: [ANA.id, BO.id] }],
  ['they are kept already', { absences: [AWAY], standIns: [STAND_IN] }],
  [
    'both who are away have a delegate with a place of their own',
    { ids: [ANA.id, CY.id, BO.id, DI.id], absences: [AWAY, { ...AWAY, person: CY.id, delegate: DI.id }] },
  ],
])('nobody is kept where %s', async (_, facts) => {
  expect(await keep(facts)).toEqual([]);
  expect(logged()).toEqual([]);
});

test.each<[string, Partial<StandIn>]>([
  ['in the place of somebody else', { person: CY.id, mail: CY.mail }],
  ['by another delegate', { delegate: DI.id }],
  ['for an earlier absence', { setAt: at(-3600), until: at(-1800) }],
])('who was kept %s is no reason to keep nobody', async (_, before) => {
  expect(await keep({ absences: [AWAY], standIns: [{ ...STAND_IN, ...before }] })).toEqual([{ ...byBo, name: 'Ana' }]);
});

test('of one of two absences that is kept already the other one is kept', async () => {
  const absences = [AWAY, { ...AWAY, person: CY.id, delegate: DI.id }];

  expect((await keep({ absences, standIns: [STAND_IN] })).map((one) => one.person)).toEqual([CY.id]);
});

test('with one place that is taken, and one that the delegate has no need of, the first alone is kept', async () => {
  const ids = [ANA.id, CY.id, DI.id];
  const absences = [AWAY, { ...AWAY, person: CY.id, delegate: DI.id }];

  expect((await keep({ ids, absences })).map((one) => one.person)).toEqual([ANA.id]);
});

test('what is kept ends with an absence that was ended early, and is not put down again where nothing changed', async () => {
  expect(await keep({ absences: [{ ...AWAY, endedAt: at(30) }], standIns: [STAND_IN] })).toEqual([
    { ...STAND_IN, until: at(30) },
  ]);
});

test('who is kept by the table already is not logged again', async () => {
  await gate.ports.absences.standIn(REQUEST, STAND_IN);

  expect(await keep({ absences: [AWAY] })).toHaveLength(1);
  expect(logged()).toEqual([]);
});

test('checks alone have no places', () => {
  const rule = ruleOf('AUTOMATED');
  const request = waitingRequest();

  expect(placed(request, { rule, people: [], votes: [], standIns: [] }, { absences: [AWAY] }, NOW)).toEqual({
    rule,
    request,
    handedOver: [],
  });
});
