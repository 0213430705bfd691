import { votersToCome } from '../../../lambda/domain/escalation';
import { ANA, at, BO, CY, hours, minutes, peopleRule, runOf } from '../samples';

const escalation = { afterMinutes: 60, ids: [BO.id, CY.id] };
const rule = peopleRule({ ids: [ANA.id], escalation });
const run = runOf({ invited: [ANA.id], escalation });
const PEOPLE = [ANA, BO, CY];

test('those who are asked later have a vote to come, whether anybody is asked yet or not', () => {
  expect(votersToCome({ run }, rule, PEOPLE, at(0))).toEqual([BO.id, CY.id]);
  expect(votersToCome({ run, asking: { since: at(0) } }, rule, PEOPLE, at(0))).toEqual([BO.id, CY.id]);
});

test('nobody has where nobody is asked later, everybody was, or it would be too late', () => {
  const asking = { since: at(0), escalatedAt: at(hours(1)) };

  expect(votersToCome({ run: runOf() }, peopleRule(), PEOPLE, at(0))).toEqual([]);
  expect(votersToCome({ run, asking }, rule, PEOPLE, at(hours(1)))).toEqual([]);
  expect(votersToCome({ run: { ...run, deadline: at(minutes(60)) } }, rule, PEOPLE, at(0))).toEqual([]);
  expect(votersToCome({ run: { ...run, deadline: at(minutes(60) + 1) } }, rule, PEOPLE, at(0))).toEqual([BO.id, CY.id]);
});
