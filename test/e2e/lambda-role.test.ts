/** Every permission of the role in which CodeDeploy moves the traffic of a function is needed, on these resources. */
import { deployed, notEnough, oneHealthyChange, onlyOn, provedByRemoval, type ServiceRole } from './roles-by-removal';

/** With a hook before the shift and one behind it. */
const HEALTHY = oneHealthyChange('rehearsal/test/fixtures/hooks.yaml');

const ROLE: ServiceRole = {
  scenario: HEALTHY,
  context: { watched: 'alarm' },
  role: /^Rollout(Role|InvokeHooks)/,
  actions: [
    'cloudwatch:DescribeAlarms',
    'lambda:GetAlias',
    'lambda:GetProvisionedConcurrencyConfig',
    'lambda:InvokeFunction',
    'lambda:UpdateAlias',
  ],
};

const COMPOSITE: ServiceRole = { ...ROLE, context: { watched: 'composite' } };

provedByRemoval('CodeDeploy', ROLE);
provedByRemoval('CodeDeploy, which watches a composite alarm,', COMPOSITE);

const OTHER = 'arn:aws:lambda:eu-west-1:111111111111:function:other';
notEnough([
  ['another function, to look at,', ROLE, 'lambda:GetAlias', OTHER],
  ['another function, to move,', ROLE, 'lambda:UpdateAlias', OTHER],
  ['versions of another function', ROLE, 'lambda:GetProvisionedConcurrencyConfig', `${OTHER}:*`],
  ['another hook', ROLE, 'lambda:InvokeFunction', OTHER],
  ['another alarm', ROLE, 'cloudwatch:DescribeAlarms', 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm:other'],
]);

test('every alarm of the account and Region is not enough for a composite alarm', async () => {
  const narrow = onlyOn('cloudwatch:DescribeAlarms', 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm:*');
  const { failure, refusals } = await deployed(COMPOSITE, narrow);

  expect(failure).toContain('the run is Failed');
  expect(refusals[0]).toContain('cloudwatch:DescribeAlarms on resource: *');
}, 120_000);
