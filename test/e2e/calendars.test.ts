/** The permission to read a change calendar: without it, or with that of another one, the gate stays shut. */
import { loadAssembly } from '../../rehearsal/template/assembly';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import { runScenario } from '../../rehearsal/scenario/run';
import { World } from '../../rehearsal/world';
import { sharedAssembly } from './assemblies';
import { scenarioOf } from './rehearse';

const scenario = scenarioOf('rehearsal/scenarios/frozen-by-a-change-calendar.yaml');

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
      if (statement.Action !== 'ssm:GetCalendarState') return [statement];
      found += 1;
      return change(statement) ?? [];
    });
  }
  expect(found).toBe(1);

  const world = await World.create(directory, { start: scenario.start, deployed: () => false });
  try {
    await world.deploy(stacks[0]!.stackName, template);
    const { failure } = await runScenario(new Rehearsal(world, scenario.pipeline), scenario);
    return {
      failure: failure?.why,
      refusals: world.refusals.length,
      puts: world.counts().calls['codepipeline:PutApprovalResult'] ?? 0,
    };
  } finally {
    await world.close();
  }
}

test.each<[string, (statement: { Resource: unknown }) => object | undefined]>([
  ['without its statement', () => undefined],
  [
    'with a statement of another calendar',
    (statement) => ({ ...statement, Resource: 'arn:aws:ssm:eu-west-1:111111111111:document/other-freeze' }),
  ],
])('%s, the role of the gate is refused, and no approval goes to CodePipeline', async (_how, change) => {
  const { failure, refusals, puts } = await rehearsedWith(change);

  expect(failure).toBeDefined();
  expect(refusals).toBeGreaterThan(0);
  expect(puts).toBe(0);
});

test('with it as it stands, everything goes as the scenario says', async () => {
  expect(await rehearsedWith((statement) => statement)).toEqual({ failure: undefined, refusals: 0, puts: 1 });
});
