/** What the role of a `ServerRollout` may do is needed. */
import { rehearsedWith } from './changed-statement';
import { scenarioOf } from './rehearse';

const SCENARIO = scenarioOf('rehearsal/scenarios/servers-zone-by-zone.yaml');
const NOTHING = () => ({});

test('CodeDeploy deploys nothing when it may not look at the alarms', async () => {
  const { failure, refusals } = await rehearsedWith(SCENARIO, 'cloudwatch:DescribeAlarms', () => undefined, NOTHING);

  expect(failure).toContain('Prod/Fleet is Failed');
  expect(refusals).toBeGreaterThan(0);
}, 120_000);

test('looking at one alarm of another name is not enough', async () => {
  const other = 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm:other';
  const { refusals } = await rehearsedWith(
    SCENARIO,
    'cloudwatch:DescribeAlarms',
    (statement) => ({ ...statement, Resource: other }),
    NOTHING,
  );

  expect(refusals).toBeGreaterThan(0);
}, 120_000);
