/** Whose places a delegate has, in whose name, and what the approver is told of it. */
import type { PeopleRule } from '../../../contract/policy';
import type { Absence } from '../../../lambda/domain/absence';
import {
  namedByPlace,
  placesOf,
  untilNow,
  whyNotOwn,
  withDelegates,
  type HandedOver,
  type PlaceFacts,
} from '../../../lambda/domain/delegation';
import { ANA, at, away, BO, CY, days, hours, peopleRule, person, runOf, voteOf } from '../samples';

const DI = person('di@example.com');
const NOW = at(hours(2));
const rule = (more: Parameters<typeof peopleRule>[0] = {}) =>
  peopleRule({ ids: [ANA.id, CY.id], delegates: { [ANA.id]: [BO.id, DI.id] }, ...more });
const over = [away({ endedAt: at(hours(1)) })];
const asked = (more: Partial<PlaceFacts['standIns'][number]> = {}) => ({
  person: ANA.id,
  delegate: BO.id,
  until: at(days(1)),
  setAt: at(0),
  ...more,
});
const places = (of: PeopleRule, more: Partial<PlaceFacts> = {}) =>
  placesOf(of, { run: runOf(), people: [ANA, BO, CY, DI], votes: [], standIns: [], absences: [away()], ...more }, NOW);
const members = (...of: Parameters<typeof places>) => places(...of).people.groups.map(({ ids }) => ids);
const handed = (more: Partial<HandedOver> = {}): HandedOver => ({
  person: ANA.id,
  delegate: BO.id,
  until: at(days(1)),
  isVacant: false,
  ...more,
});

describe('a place', () => {
  test('is its approver’s where the rule knows no delegates', () => {
    const of = peopleRule();

    expect(places(of)).toEqual({ people: of, handedOver: [] });
  });

  test('is its approver’s where that one is declared no more: nobody has a vote in it', () => {
    expect(members(rule(), { people: [BO, CY, DI] })).toEqual([[ANA.id, CY.id]]);
  });

  test('is that of a delegate who says no during the absence, also after a yes of its approver', () => {
    const votes = [voteOf(ANA, 'APPROVE', 1800), voteOf(BO, 'REJECT', 3600)];

    expect(members(rule(), { votes })).toEqual([[BO.id, CY.id]]);
  });

  test('is that of an approver who has answered, whatever a delegate says in a place of their own', () => {
    const votes = [voteOf(ANA, 'APPROVE', 1800), voteOf(BO, 'REJECT', 3600)];

    expect(members(rule({ ids: [ANA.id, BO.id, CY.id] }), { votes })).toEqual([[ANA.id, BO.id, CY.id]]);
  });

  test.each([
    [
      false,
      [
        [ANA, BO],
        [ANA, CY],
      ],
      [[BO.id], [BO.id, CY.id]],
    ],
    [
      false,
      [
        [ANA, CY],
        [ANA, BO],
      ],
      [[BO.id, CY.id], [BO.id]],
    ],
    [
      true,
      [
        [ANA, BO],
        [ANA, BO, CY],
      ],
      [[BO.id], [BO.id, CY.id]],
    ],
  ] as const)('of somebody in several groups is vacant, %s, as far as the delegate stands in them', (...of) => {
    const [isVacant, groups, held] = of;
    const several = rule({
      groups: groups.map((all, index) => ({ name: `G${index}`, quorum: 1, ids: all.map(({ id }) => id) })),
    });

    expect(members(several)).toEqual(held);
    expect(places(several).handedOver).toEqual([handed({ isVacant })]);
  });

  test.each<[string, PlaceFacts['standIns'], readonly string[]]>([
    ['was asked in it', [asked()], [BO.id, CY.id]],
    ['was asked in it, among others', [asked({ person: CY.id }), asked({ delegate: DI.id }), asked()], [BO.id, CY.id]],
    ['was asked in another one only', [asked({ person: CY.id })], [ANA.id, CY.id]],
    ['was not asked, but another delegate was', [asked({ delegate: DI.id })], [ANA.id, CY.id]],
    ['was never asked', [], [ANA.id, CY.id]],
  ])('after the absence, where the delegate answered in time and %s', (_, standIns, ids) => {
    expect(members(rule(), { absences: over, standIns, votes: [voteOf(BO, 'APPROVE', 1800)] })).toEqual([ids]);
  });
});

test('who may open the gate alone is not handed over', () => {
  expect(places(rule({ breakGlass: 'APPROVERS' })).people.breakGlass).toEqual([ANA.id, CY.id]);
  expect(places(rule({ breakGlass: [DI.id] })).people.breakGlass).toEqual([DI.id]);
  expect(places(rule()).people).not.toHaveProperty('breakGlass');
});

describe('those who may vote', () => {
  const run = runOf({ invited: [ANA.id, CY.id] });

  test('are those who were invited, and each delegate once', () => {
    const both = [handed(), handed({ person: CY.id }), handed({ person: DI.id, delegate: DI.id })];

    expect(withDelegates(run, both).invited).toEqual([ANA.id, CY.id, BO.id, DI.id]);
    expect(withDelegates(run, [handed({ delegate: CY.id }), handed()]).invited).toEqual([ANA.id, CY.id, BO.id]);
  });

  test('are the same where no place is taken, or only by somebody who was invited', () => {
    expect(withDelegates(run, [])).toBe(run);
    expect(withDelegates(run, [handed({ isVacant: true })])).toBe(run);
    expect(withDelegates(run, [handed({ delegate: CY.id })])).toBe(run);
  });
});

describe('the name of a voter', () => {
  const people = [ANA, BO, CY, DI];

  test('says in whose places a delegate answers', () => {
    const voters = [{ person: BO, excluded: 'wrote this change' }, { person: CY }];
    const [delegate, other] = namedByPlace(voters, [handed(), handed({ person: CY.id })], people);

    expect(delegate).toEqual({
      person: { ...BO, name: 'bo@example.com (for ana@example.com and Cy)' },
      excluded: 'wrote this change',
    });
    expect(other).toBe(voters[1]);
  });

  test('is their own where they have nobody’s place, nobody takes it, or its approver is not known', () => {
    const voter = { person: BO };

    expect(namedByPlace([voter], [], people)).toEqual([voter]);
    expect(namedByPlace([voter], [handed({ delegate: DI.id })], people)).toEqual([voter]);
    expect(namedByPlace([voter], [handed({ isVacant: true })], people)).toEqual([voter]);
    expect(namedByPlace([voter], [handed()], [BO, CY])).toEqual([voter]);
  });
});

describe('an approver whose place somebody else has', () => {
  test('is told by whom and until when, and how to answer nevertheless', () => {
    expect(whyNotOwn(ANA.id, [handed({ person: CY.id, delegate: DI.id }), handed()], [ANA, DI, BO])).toBe(
      'away until Tuesday 24 November 2026, 08:00 UTC, and bo@example.com answers in this place; to answer yourself, end your absence at the dashboard',
    );
  });

  test('is told that it was answered, once the absence is over', () => {
    const { until: _, ...answered } = handed();

    expect(whyNotOwn(ANA.id, [answered], [ANA, BO])).toBe('bo@example.com has answered in this place');
    expect(whyNotOwn(ANA.id, [answered], [ANA])).toBe('a delegate has answered in this place');
  });

  test('is told nothing while it is their own', () => {
    expect(whyNotOwn(BO.id, [handed()], [ANA, BO])).toBeUndefined();
    expect(whyNotOwn(ANA.id, [], [ANA, BO])).toBeUndefined();
  });
});

describe('a stand-in ends', () => {
  const standIn = asked({ setAt: at(10), until: at(100) });

  test.each<[string, readonly Absence[], string]>([
    ['as it was said, where no absence is known', [], at(100)],
    ['as it was said, whatever somebody else does', [away({ person: CY.id, setAt: at(20), until: at(50) })], at(100)],
    ['as it was said, where only an earlier absence is known', [away({ setAt: at(5), until: at(50) })], at(100)],
    ['with its absence', [away({ setAt: at(10), until: at(100) })], at(100)],
    ['where its absence was ended early', [away({ setAt: at(10), until: at(100), endedAt: at(60) })], at(60)],
    ['where another absence takes its place', [away({ setAt: at(40), until: at(90) })], at(40)],
    ['before another absence that comes later', [away({ setAt: at(140), until: at(200) })], at(100)],
    [
      'with its own absence, whoever else is away',
      [away({ person: CY.id, setAt: at(20) }), away({ setAt: at(10), until: at(100), endedAt: at(60) })],
      at(60),
    ],
  ])('%s', (_, absences, end) => {
    expect(untilNow(standIn, absences)).toBe(end);
  });
});
