import fc from 'fast-check';
import { isInEffect, startInWords, startOf } from '../../../lambda/domain/start-later';
import type { Person } from '../../../contract/policy';
import { ANA, at, BO, CY, hours, voteOf } from '../samples';

const approval = (person: Person, notBefore?: string) => ({
  person,
  vote: voteOf(person, 'APPROVE', 60, notBefore === undefined ? {} : { details: JSON.stringify({ notBefore }) }),
});

test('the latest time that anybody chose counts, and nobody’s silence shortens it', () => {
  expect(startOf([approval(ANA, at(hours(5))), approval(BO)])).toEqual({ at: at(hours(5)), by: ANA });
  expect(startOf([approval(BO), approval(ANA, at(hours(5))), approval(CY, at(hours(6)))])).toEqual({
    at: at(hours(6)),
    by: CY,
  });
  expect(startOf([approval(ANA, at(hours(5))), approval(BO, at(hours(5)))])?.by).toBe(ANA);
});

test('without a time it starts at once', () => {
  expect(startOf([])).toBeUndefined();
  expect(startOf([approval(ANA), approval(BO)])).toBeUndefined();
});

test('in whatever order they approved, the start is the same, and everybody’s time has come by then', () => {
  const time = fc.option(fc.integer({ min: 0, max: 1_000 }), { nil: undefined });
  fc.assert(
    fc.property(fc.array(time), fc.infiniteStream(fc.nat()), (times, chance) => {
      const approvals = times.map((seconds) => approval(ANA, seconds === undefined ? undefined : at(seconds)));
      const shuffled = [...approvals].sort(() => ((chance.next().value ?? 0) % 3) - 1);
      const start = startOf(approvals);

      expect(startOf(shuffled)?.at).toBe(start?.at);
      expect(approvals.every(({ vote }) => isInEffect(vote, start?.at ?? at(0)))).toBe(true);
    }),
  );
});

test('an approval is in effect from its time on', () => {
  const { vote } = approval(ANA, at(hours(5)));
  expect(isInEffect(vote, at(hours(5) - 1))).toBe(false);
  expect(isInEffect(vote, at(hours(5)))).toBe(true);
  expect(isInEffect(approval(ANA).vote, at(0))).toBe(true);
});

test('people read who asked for which time', () => {
  expect(startInWords({ at: '2026-11-27T22:00:00.000Z', by: CY })).toBe(
    'no earlier than Friday 27 November 2026, 22:00 UTC, as Cy asked',
  );
});
