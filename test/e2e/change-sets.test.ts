/** The permission to describe change sets: without it approvers are told that nobody could look, and of other stacks it says nothing. */
import { loadAssembly } from '../../rehearsal/template/assembly';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import { runScenario } from '../../rehearsal/scenario/run';
import { World } from '../../rehearsal/world';
import { sharedAssembly } from './assemblies';
import { scenarioOf } from './rehearse';

const scenario = scenarioOf('rehearsal/scenarios/change-set-replaces-a-database.yaml');

/** The scenario, with the answer role's statement changed; answers the failure, and what was refused. */
async function rehearsedWith(change: (statement: { Resource: unknown }) => object | undefined) {
  const directory = await sharedAssembly(scenario.app, scenario.context);
  const { stacks } = loadAssembly(directory, { account: '111111111111', region: 'eu-west-1' });
  const template = structuredClone(stacks[0]!.template);
  const policies = Object.values(template.Resources ?? {})
    .filter(({ Type }) => Type === 'AWS::IAM::Role')
    .flatMap(({ Properties }) => (Properties?.Policies as any[] | undefined) ?? []);
  let found = 0;
  for (const { PolicyDocument } of policies) {
    PolicyDocument.Statement = PolicyDocument.Statement.flatMap((statement: any) => {
      if (statement.Action !== 'cloudformation:DescribeChangeSet') return [statement];
      found += 1;
      return change(statement) ?? [];
    });
  }
  expect(found).toBe(1);

  const world = await World.create(directory, { deployed: () => false });
  try {
    await world.deploy(stacks[0]!.stackName, template);
    const { failure } = await runScenario(new Rehearsal(world, scenario.pipeline), scenario);
    const mail = world.inbox.find(({ to }) => to === 'ana@example.com');
    return { failure: failure?.why, refusals: world.refusals.length, text: mail?.text };
  } finally {
    await world.close();
  }
}

test.each<[string, (statement: { Resource: unknown }) => object | undefined]>([
  ['without its statement', () => undefined],
  [
    'with a statement of another stack',
    (statement) => ({ ...statement, Resource: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/other/*' }),
  ],
])(
  '%s, the role of the gate is refused, and the email does not say what the change set would do',
  async (_how, change) => {
    const { failure, refusals, text } = await rehearsedWith(change);

    expect(failure).toBeDefined();
    expect(refusals).toBeGreaterThan(0);
    expect(text).toContain('Change set shop-prod: could not be read: the role of this gate may not read it');
  },
);

test('with it as it stands, everything goes as the scenario says', async () => {
  expect(await rehearsedWith((statement) => statement)).toMatchObject({ failure: undefined, refusals: 0 });
});
