import { elapsed, isBefore, latestOf, plus, soonest } from '../../../lambda/domain/time';
import { at } from '../samples';

test('what comes in time comes before the limit, and never at it', () => {
  expect(isBefore(at(0), at(1))).toBe(true);
  expect(isBefore(at(1), at(1))).toBe(false);
  expect(isBefore(at(2), at(1))).toBe(false);
  expect(isBefore('2026-11-23T08:00:00Z', at(0))).toBe(false);
});

test('a time that cannot be read is before nothing', () => {
  expect(isBefore('yesterday', at(1))).toBe(false);
  expect(isBefore(at(1), 'tomorrow')).toBe(false);
});

test('times are added and subtracted', () => {
  expect(plus(at(0), 61_000)).toBe(at(61));
  expect(plus(at(61), -61_000)).toBe(at(0));
  expect(elapsed(at(1), at(62))).toBe(61_000);
});

test('the soonest and the latest are taken of those that are there', () => {
  expect(soonest(at(5), undefined, at(3), at(4))).toBe(at(3));
  expect(soonest(at(5), undefined)).toBe(at(5));
  expect(latestOf(at(3), undefined, at(5), at(4))).toBe(at(5));
  expect(latestOf(at(3), undefined)).toBe(at(3));
});
