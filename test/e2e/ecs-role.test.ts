/** Every permission of the roles in which CodeDeploy, or ECS, deploys a service is needed, on these resources. */
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import { runScenario } from '../../rehearsal/scenario/run';
import { loadAssembly } from '../../rehearsal/template/assembly';
import { World } from '../../rehearsal/world';
import { sharedAssembly } from './assemblies';
import { scenarioOf } from './rehearse';

const FIXTURE = scenarioOf('rehearsal/test/fixtures/ecs-task-sets.yaml');

/** One change, healthy in every respect. */
const HEALTHY = {
  ...FIXTURE,
  steps: [
    ...FIXTURE.steps.slice(0, 4),
    { wait: { until: { run: 'Succeeded' }, within: 7_200_000 } },
  ] as typeof FIXTURE.steps,
};

interface Deployer {
  readonly context: Record<string, string>;
  /** Logical ids of what holds the policies of its role. */
  readonly role: RegExp;
  readonly actions: readonly string[];
}

const CODE_DEPLOY: Deployer = {
  context: {},
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

const ECS: Deployer = {
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

type Statement = { Action: string | string[]; Resource: unknown };
const actionsOf = ({ Action }: Statement): readonly string[] => [Action].flat();

/** Runs the change where each statement of the role is what `change` makes of it. */
async function deployed({ context, role }: Deployer, change: (statement: Statement) => readonly Statement[]) {
  const directory = await sharedAssembly(FIXTURE.app, context);
  const { stacks } = loadAssembly(directory, { account: '111111111111', region: 'eu-west-1' });
  const world = await World.create(directory, { start: FIXTURE.start, deployed: () => false });
  const before: Statement[] = [];
  const changed = ({ template }: (typeof stacks)[number]) => {
    const copy = structuredClone(template);
    Object.entries(copy.Resources ?? {})
      .filter(([id]) => role.test(id))
      .flatMap(([, { Properties }]) => [Properties, ...((Properties?.Policies as any[] | undefined) ?? [])] as any[])
      .flatMap((holder) => (holder?.PolicyDocument === undefined ? [] : [holder.PolicyDocument]))
      .forEach((document) => {
        before.push(...(document.Statement as Statement[]));
        document.Statement = (document.Statement as Statement[]).flatMap(change);
      });
    return copy;
  };
  try {
    // The template of the change is that of the assembly: what CloudFormation deploys then has to be changed as well.
    for (const stack of stacks)
      Object.assign(
        world.stacks.find(({ stackName }) => stackName === stack.stackName)!,
        { template: changed(stack) },
      );
    for (const { stackName } of stacks) await world.deploy(stackName);
    const { failure } = await runScenario(new Rehearsal(world, FIXTURE.pipeline), HEALTHY);
    return { failure: failure?.why, refusals: world.refusals, actions: before.flatMap(actionsOf) };
  } finally {
    await world.close();
  }
}

describe.each([
  ['CodeDeploy', CODE_DEPLOY],
  ['ECS', ECS],
])('%s', (_, deployer) => {
  test('succeeds with all of its permissions, and has no others', async () => {
    const { failure, refusals, actions } = await deployed(deployer, (statement) => [statement]);

    expect(failure).toBeUndefined();
    expect(refusals).toEqual([]);
    expect([...new Set(actions)].toSorted()).toEqual(deployer.actions);
  }, 120_000);

  test.each(deployer.actions)(
    'fails without %s',
    async (action) => {
      const { failure, refusals } = await deployed(deployer, (statement) => {
        const Action = actionsOf(statement).filter((one) => one !== action);
        return Action.length === 0 ? [] : [{ ...statement, Action }];
      });

      expect(failure).toContain('the run is Failed');
      expect(refusals[0]).toContain(action);
    },
    120_000,
  );
});

describe('CodePipeline', () => {
  const registers: Deployer = { context: {}, role: /^PipelineProdDeployCodePipelineActionRole/, actions: [] };

  test.each(['ecs:RegisterTaskDefinition', 'iam:PassRole'])(
    'does not deploy where the role of the action lacks %s',
    async (action) => {
      const { failure, refusals, actions } = await deployed(registers, (statement) => {
        const Action = actionsOf(statement).filter((one) => one !== action);
        return Action.length === 0 ? [] : [{ ...statement, Action }];
      });

      expect(actions).toContain(action);
      expect(failure).toContain('the run is Failed');
      expect(refusals[0]).toContain(action);
    },
    120_000,
  );

  test('does not hand over another role than that of the tasks', async () => {
    const { refusals } = await deployed(registers, (statement) =>
      actionsOf(statement).includes('iam:PassRole')
        ? [{ ...statement, Resource: 'arn:aws:iam::111111111111:role/other' }]
        : [statement],
    );

    expect(refusals[0]).toContain('iam:PassRole');
  }, 120_000);
});

test.each<[string, Deployer, string, string]>([
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
])(
  '%s alone is not enough',
  async (_, deployer, action, Resource) => {
    const { refusals } = await deployed(deployer, (statement) =>
      actionsOf(statement).includes(action) ? [{ ...statement, Resource }] : [statement],
    );

    expect(refusals.some((refusal) => refusal.includes(action))).toBe(true);
  },
  120_000,
);
