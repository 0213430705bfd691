/** A scenario in a world where one statement of the gate's answer role is another one, or is gone. */
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import { runScenario } from '../../rehearsal/scenario/run';
import { loadAssembly } from '../../rehearsal/template/assembly';
import { World } from '../../rehearsal/world';
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';
import type { scenarioOf } from '../../rehearsal/test/support/scenarios';

export type Change = (statement: { readonly Resource: unknown }) => object | undefined;

/**
 * @param action the only one of the statement, which has to be there once
 * @returns why the scenario failed, if it did; how many calls were refused; and what `seen` found in the world
 */
export async function rehearsedWith<Seen extends object>(
  scenario: ReturnType<typeof scenarioOf>,
  action: string,
  change: Change,
  seen: (world: World) => Seen,
) {
  const directory = await sharedAssembly(scenario.app, scenario.context);
  const { stacks } = loadAssembly(directory, { account: '111111111111', region: 'eu-west-1' });
  const template = structuredClone(stacks[0]!.template);
  const policies = Object.values(template.Resources ?? {})
    .filter(({ Type }) => Type === 'AWS::IAM::Role')
    .flatMap(({ Properties }) => (Properties?.Policies as any[] | undefined) ?? []);
  let found = 0;
  for (const { PolicyDocument } of policies) {
    PolicyDocument.Statement = PolicyDocument.Statement.flatMap((statement: any) => {
      if (statement.Action !== action) return [statement];
      found += 1;
      return change(statement) ?? [];
    });
  }
  expect(found).toBe(1);

  const world = await World.create(directory, { start: scenario.start, deployed: () => false });
  try {
    await world.deploy(stacks[0]!.stackName, template);
    const { failure } = await runScenario(new Rehearsal(world, scenario.pipeline), scenario);
    return { failure: failure?.why, refusals: world.refusals.length, ...seen(world) };
  } finally {
    await world.close();
  }
}
