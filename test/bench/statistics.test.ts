import { compare, spreadOf } from '../../bench/statistics';

test('ours and the anchor are measured by turns, and the first pair is not counted', async () => {
  // GIVEN a machine that becomes slower and slower
  const order: string[] = [];
  let time = 0;
  const sample = (name: string, factor: number) => () => {
    order.push(name);
    time += 1;
    return Promise.resolve(time * factor);
  };

  // WHEN ours takes twice as long as the anchor
  const { ratio, pairs } = await compare(sample('ours', 2), sample('anchor', 1), 3);

  // THEN each of ours stands beside the anchor of the same moment
  expect(order).toEqual(['anchor', 'ours', 'anchor', 'ours', 'anchor', 'ours', 'anchor', 'ours']);
  expect(pairs).toBe(3);
  expect(ratio.middle).toBeCloseTo(2 * (6 / 5));
});

test('the middle is the median, and half of the values lie between low and high', () => {
  expect(spreadOf([9, 1, 5, 3, 100])).toEqual({ low: 3, middle: 5, high: 9 });
});
