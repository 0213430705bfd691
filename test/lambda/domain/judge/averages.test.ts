import { meanOf, medianOf, sumOf } from '../../../../lambda/domain/judge/averages';

test.each<[readonly number[], number, number, number]>([
  [[3], 3, 3, 3],
  [[1, 4], 5, 2.5, 2.5],
  [[1, 2, 9], 12, 4, 2],
  [[-1, 1, 4, 8], 12, 3, 2.5],
])('%j has the sum %d, the mean %d and the median %d', (values, sum, mean, median) => {
  const sorted = Float64Array.from(values);

  expect([sumOf(sorted), meanOf(sorted), medianOf(sorted)]).toEqual([sum, mean, median]);
});
