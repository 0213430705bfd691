import fc from 'fast-check';
import { areFilled, fillGroups, isShort, membersOf, quorumOf } from '../../contract/groups';
import type { GroupRule } from '../../contract/policy';
import { canFill } from '../lambda/every-assignment';

const PEOPLE = ['ana', 'bo', 'cy', 'di', 'ed'];
const group = fc.record<GroupRule>({ quorum: fc.nat({ max: 3 }), ids: fc.subarray(PEOPLE) });
const groups = fc.array(group, { maxLength: 4 });
const people = fc.shuffledSubarray([...PEOPLE, 'mallory']);

const named = (name: string, quorum: number, ...ids: string[]): GroupRule => ({ name, quorum, ids });
const SECURITY = named('Security', 1, 'ana', 'bo');
const OPERATIONS = named('Operations', 1, 'ana', 'cy');

const places = (all: readonly GroupRule[], ...those: string[]) =>
  fillGroups(all, those).map(({ filledBy }) => filledBy);

describe('groups of approvers', () => {
  test('are filled exactly when some assignment gives every place a person of its own', () => {
    fc.assert(
      fc.property(groups, people, (all, those) => {
        expect(areFilled(fillGroups(all, those))).toBe(canFill(all, those));
      }),
      { numRuns: 5_000 },
    );
  });

  test('give nobody two places, no place to a stranger, and no group more than it needs', () => {
    fc.assert(
      fc.property(groups, people, (all, those) => {
        const filled = fillGroups(all, those);
        const seated = filled.flatMap(({ filledBy }) => filledBy);
        expect(new Set(seated).size).toBe(seated.length);
        for (const { filledBy, ids, quorum } of filled) {
          expect(filledBy.filter((person) => !ids.includes(person) || !those.includes(person))).toEqual([]);
          expect(filledBy.length).toBeLessThanOrEqual(quorum);
        }
      }),
    );
  });

  test('keep everybody who has a place when one more comes', () => {
    fc.assert(
      fc.property(groups, people, fc.constantFrom(...PEOPLE), (all, those, another) => {
        const before = fillGroups(all, those).flatMap(({ filledBy }) => filledBy);
        const after = fillGroups(all, [...those, another]).flatMap(({ filledBy }) => filledBy);
        expect(after).toEqual(expect.arrayContaining(before));
      }),
    );
  });

  test('never have enough where there is no group, or one that needs nobody', () => {
    expect(areFilled(fillGroups([], PEOPLE))).toBe(false);
    expect(areFilled(fillGroups([{ quorum: 0, ids: PEOPLE }], PEOPLE))).toBe(false);
  });

  test('count somebody who is in two of them once, for the one that lacks somebody', () => {
    expect(places([SECURITY, OPERATIONS], 'ana')).toEqual([['ana'], []]);
    expect(places([SECURITY, OPERATIONS], 'ana', 'cy')).toEqual([['ana'], ['cy']]);
    expect(places([SECURITY, OPERATIONS], 'ana', 'bo')).toEqual([['bo'], ['ana']]);
    expect(places([SECURITY, OPERATIONS], 'ana', 'ana')).toEqual([['ana'], []]);
  });

  test('know who is in them, how many it takes, and which lack somebody', () => {
    const all = [SECURITY, named('Operations', 2, 'ana', 'cy', 'di')];

    expect(membersOf(all)).toEqual(['ana', 'bo', 'cy', 'di']);
    expect(quorumOf(all)).toBe(3);
    expect(fillGroups(all, ['bo', 'cy']).map(isShort)).toEqual([false, true]);
  });
});
