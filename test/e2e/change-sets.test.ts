/** The permission to describe change sets: without it approvers are told that nobody could look, and of other stacks it says nothing. */
import type { World } from '../../rehearsal/world';
import { rehearsedWith, type Change } from './changed-statement';
import { scenarioOf } from '../../rehearsal/test/support/scenarios';

const scenario = scenarioOf('rehearsal/scenarios/change-set-replaces-a-database.yaml');
const mail = (world: World) => ({ text: world.inbox.find(({ to }) => to === 'ana@example.com')?.text });
const rehearsed = (change: Change) => rehearsedWith(scenario, 'cloudformation:DescribeChangeSet', change, mail);

test.each<[string, Change]>([
  ['without its statement', () => undefined],
  [
    'with a statement of another stack',
    (statement) => ({ ...statement, Resource: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/other/*' }),
  ],
])(
  '%s, the role of the gate is refused, and the email does not say what the change set would do',
  async (_how, change) => {
    const { failure, refusals, text } = await rehearsed(change);

    expect(failure).toBeDefined();
    expect(refusals).toBeGreaterThan(0);
    expect(text).toContain('Change set shop-prod: could not be read: the role of this gate may not read it');
  },
);

test('with it as it stands, everything goes as the scenario says', async () => {
  expect(await rehearsed((statement) => statement)).toMatchObject({ failure: undefined, refusals: 0 });
});
