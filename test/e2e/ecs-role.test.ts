/** Every permission of the roles in which CodeDeploy, or ECS, deploys a service is needed, on these resources. */
import { deployed, notEnough, onlyOn, provedByRemoval, without, type ServiceRole } from './roles-by-removal';
import { scenarioOf } from '../../rehearsal/test/support/scenarios';

const FIXTURE = scenarioOf('rehearsal/test/fixtures/ecs-task-sets.yaml');

/** One change, healthy in every respect. */
const HEALTHY = {
  ...FIXTURE,
  steps: [
    ...FIXTURE.steps.slice(0, 4),
    { wait: { until: { run: 'Succeeded' }, within: 7_200_000 } },
  ] as typeof FIXTURE.steps,
};

const CODE_DEPLOY: ServiceRole = {
  scenario: HEALTHY,
  role: /^Rollout(Role|InvokeHooks)/,
  actions: [
    'cloudwatch:DescribeAlarms',
    'ecs:CreateTaskSet',
    'ecs:DeleteTaskSet',
    'ecs:DescribeServices',
    'ecs:UpdateServicePrimaryTaskSet',
    'elasticloadbalancing:DescribeListeners',
    'elasticloadbalancing:DescribeRules',
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:ModifyListener',
    'elasticloadbalancing:ModifyRule',
    'iam:PassRole',
    'lambda:InvokeFunction',
  ],
};

const ECS: ServiceRole = {
  scenario: HEALTHY,
  context: { by: 'native' },
  role: /^RolloutTrafficRole/,
  actions: [
    'elasticloadbalancing:DeregisterTargets',
    'elasticloadbalancing:DescribeListeners',
    'elasticloadbalancing:DescribeRules',
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeTargetHealth',
    'elasticloadbalancing:ModifyRule',
    'elasticloadbalancing:RegisterTargets',
  ],
};

provedByRemoval('CodeDeploy', CODE_DEPLOY);
provedByRemoval('ECS', ECS);

describe('CodePipeline', () => {
  const registers = { scenario: HEALTHY, role: /^PipelineProdDeployCodePipelineActionRole/ };

  test.each(['ecs:RegisterTaskDefinition', 'iam:PassRole'])(
    'does not deploy where the role of the action lacks %s',
    async (action) => {
      const { failure, refusals, actions } = await deployed(registers, without(action));

      expect(actions).toContain(action);
      expect(failure).toContain('the run is Failed');
      expect(refusals[0]).toContain(action);
    },
    120_000,
  );

  test('does not hand over another role than that of the tasks', async () => {
    const other = onlyOn('iam:PassRole', 'arn:aws:iam::111111111111:role/other');
    const { refusals } = await deployed(registers, other);

    expect(refusals[0]).toContain('iam:PassRole');
  }, 120_000);
});

notEnough([
  ['another service', CODE_DEPLOY, 'ecs:DescribeServices', 'arn:aws:ecs:eu-west-1:111111111111:service/shop/other'],
  ['another listener', CODE_DEPLOY, 'elasticloadbalancing:ModifyListener', 'arn:aws:elasticloadbalancing:*:*:listener/app/other/*'], // prettier-ignore
  ['another role', CODE_DEPLOY, 'iam:PassRole', 'arn:aws:iam::111111111111:role/other'],
  ['another function', CODE_DEPLOY, 'lambda:InvokeFunction', 'arn:aws:lambda:eu-west-1:111111111111:function:other'],
  [
    'another rule',
    ECS,
    'elasticloadbalancing:ModifyRule',
    'arn:aws:elasticloadbalancing:*:*:listener-rule/app/other/*',
  ],
  ['another target group', ECS, 'elasticloadbalancing:RegisterTargets', 'arn:aws:elasticloadbalancing:*:*:targetgroup/other/*'], // prettier-ignore
]);
