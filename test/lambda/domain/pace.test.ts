import { slowingDown } from '../../../lambda/domain/pace';
import { at, days, hours, minutes } from '../samples';

test.each([
  ['at first after a quarter of an hour', 0, minutes(15)],
  ['as long as that is less than half of the time', minutes(30), minutes(15)],
  ['then after half of the time', hours(2), hours(1)],
  ['and at least every six hours', days(3), hours(6)],
])('what waits for somebody is looked at again %s', (_, waited, pause) => {
  expect(slowingDown(at(0), at(waited))).toBe(pause * 1000);
});
