/** The permission to read a change calendar: without it, or with that of another one, the gate stays shut. */
import type { World } from '../../rehearsal/world';
import { rehearsedWith, type Change } from './changed-statement';
import { scenarioOf } from '../../rehearsal/test/support/scenarios';

const scenario = scenarioOf('rehearsal/scenarios/frozen-by-a-change-calendar.yaml');
const puts = (world: World) => ({ puts: world.counts().calls['codepipeline:PutApprovalResult'] ?? 0 });
const rehearsed = (change: Change) => rehearsedWith(scenario, 'ssm:GetCalendarState', change, puts);

test.each<[string, Change]>([
  ['without its statement', () => undefined],
  [
    'with a statement of another calendar',
    (statement) => ({ ...statement, Resource: 'arn:aws:ssm:eu-west-1:111111111111:document/other-freeze' }),
  ],
])('%s, the role of the gate is refused, and no approval goes to CodePipeline', async (_how, change) => {
  const { failure, refusals, puts } = await rehearsed(change);

  expect(failure).toBeDefined();
  expect(refusals).toBeGreaterThan(0);
  expect(puts).toBe(0);
});

test('with it as it stands, everything goes as the scenario says', async () => {
  expect(await rehearsed((statement) => statement)).toEqual({ failure: undefined, refusals: 0, puts: 1 });
});
