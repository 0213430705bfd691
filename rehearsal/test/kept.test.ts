import { keepLatest } from '../kept';

test('a list that grew to twice its length keeps its latest items, in place', () => {
  const list = [1, 2, 3, 4, 5];
  keepLatest(list, 3);
  expect(list).toEqual([1, 2, 3, 4, 5]);

  list.push(6);
  keepLatest(list, 3);
  expect(list).toEqual([4, 5, 6]);
});
