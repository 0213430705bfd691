/** Every permission of the role that CodeDeploy has for a service of ECS is needed, on these resources. */
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

const ACTIONS = [
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
];

type Statement = { Action: string | string[]; Resource: unknown };
const actionsOf = ({ Action }: Statement): readonly string[] => [Action].flat();

/** Runs the change where each statement of CodeDeploy's role is what `change` makes of it. */
async function deployed(change: (statement: Statement) => readonly Statement[]) {
  const directory = await sharedAssembly(FIXTURE.app, FIXTURE.context);
  const { stacks } = loadAssembly(directory, { account: '111111111111', region: 'eu-west-1' });
  const template = structuredClone(stacks[0]!.template);
  const documents = Object.entries(template.Resources ?? {})
    .filter(([id]) => /^Rollout(Role|InvokeHooks)/.test(id))
    .flatMap(([, { Properties }]) => [Properties, ...((Properties?.Policies as any[] | undefined) ?? [])] as any[])
    .flatMap((holder) => (holder?.PolicyDocument === undefined ? [] : [holder.PolicyDocument]));
  const before = documents.flatMap(({ Statement }) => Statement as Statement[]);
  documents.forEach((document) => {
    document.Statement = (document.Statement as Statement[]).flatMap(change);
  });
  const world = await World.create(directory, { start: FIXTURE.start, deployed: () => false });
  try {
    await world.deploy(stacks[0]!.stackName, template);
    const { failure } = await runScenario(new Rehearsal(world, FIXTURE.pipeline), HEALTHY);
    return { failure: failure?.why, refusals: world.refusals, actions: before.flatMap(actionsOf) };
  } finally {
    await world.close();
  }
}

test('with all of them, the deployment succeeds, and there are no others', async () => {
  const { failure, refusals, actions } = await deployed((statement) => [statement]);

  expect(failure).toBeUndefined();
  expect(refusals).toEqual([]);
  expect([...new Set(actions)].toSorted()).toEqual(ACTIONS);
}, 120_000);

test.each(ACTIONS)(
  'without %s, it fails',
  async (action) => {
    const { failure, refusals } = await deployed((statement) => {
      const Action = actionsOf(statement).filter((one) => one !== action);
      return Action.length === 0 ? [] : [{ ...statement, Action }];
    });

    expect(failure).toContain('the run is Failed');
    expect(refusals[0]).toContain(action);
  },
  120_000,
);

test.each([
  ['another service', 'ecs:DescribeServices', 'arn:aws:ecs:eu-west-1:111111111111:service/shop/other'],
  ['another listener', 'elasticloadbalancing:ModifyListener', 'arn:aws:elasticloadbalancing:*:*:listener/app/other/*'],
  ['another role', 'iam:PassRole', 'arn:aws:iam::111111111111:role/other'],
  ['another function', 'lambda:InvokeFunction', 'arn:aws:lambda:eu-west-1:111111111111:function:other'],
])(
  '%s alone is not enough',
  async (_, action, Resource) => {
    const { refusals } = await deployed((statement) =>
      actionsOf(statement).includes(action) ? [{ ...statement, Resource }] : [statement],
    );

    expect(refusals.some((refusal) => refusal.includes(action))).toBe(true);
  },
  120_000,
);
