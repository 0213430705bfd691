/** The role in which a service of AWS works: each of its permissions is needed, on these resources, and it has no others. */
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import { runScenario } from '../../rehearsal/scenario/run';
import type { Scenario } from '../../rehearsal/scenario/schema';
import { loadAssembly } from '../../rehearsal/template/assembly';
import { DeploymentFailed } from '../../rehearsal/template/deployment-failed';
import { World } from '../../rehearsal/world';
import { someOf } from '../../rehearsal/test/support/thorough';
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';
import { scenarioOf } from '../../rehearsal/test/support/scenarios';

export interface ServiceRole {
  /** A change, healthy in every respect. */
  readonly scenario: Scenario;
  readonly context?: Record<string, string>;
  /** Logical ids of what holds the policies of the role. */
  readonly role: RegExp;
  /** In the order of the alphabet. */
  readonly actions: readonly string[];
  /** What the scenario cannot say. Answers with what is wrong. */
  readonly afterwards?: (world: World) => Promise<string | undefined>;
}

/** The app of a scenario, with one change that is healthy in every respect. */
export function oneHealthyChange(file: string): Scenario {
  const steps = [
    { push: { message: 'Sell tea', author: 'dora' } },
    { wait: { until: { run: 'Succeeded' }, within: 7_200_000 } },
  ] as unknown as Scenario['steps'];
  return { ...scenarioOf(file), steps };
}

export type Statement = { Action: string | string[]; Resource: unknown };
export const actionsOf = ({ Action }: Statement): readonly string[] => [Action].flat();

/** What is left of a statement without an action. */
export const without =
  (action: string) =>
  (statement: Statement): readonly Statement[] => {
    const Action = actionsOf(statement).filter((one) => one !== action);
    return Action.length === 0 ? [] : [{ ...statement, Action }];
  };

/** An action on another resource alone. */
export const onlyOn =
  (action: string, Resource: string) =>
  (statement: Statement): readonly Statement[] =>
    actionsOf(statement).includes(action)
      ? [...without(action)(statement), { ...statement, Action: action, Resource }]
      : [statement];

/** Runs the scenario where each statement of the role is what `change` makes of it, and whoever trusted a role of `byAccount` trusts its account. */
export async function deployed(
  { scenario, context = scenario.context, role, afterwards }: Omit<ServiceRole, 'actions'>,
  change: (statement: Statement) => readonly Statement[],
  byAccount: readonly string[] = [],
) {
  const directory = await sharedAssembly(scenario.app, context);
  const { stacks } = loadAssembly(directory, { account: '111111111111', region: 'eu-west-1' });
  const world = await World.create(directory, { start: scenario.start, deployed: () => false });
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
    byAccount
      .flatMap((id) => (copy.Resources?.[id]?.Properties as any)?.AssumeRolePolicyDocument?.Statement ?? [])
      .forEach((statement) => (statement.Principal = { AWS: '111111111111' }));
    return copy;
  };
  const play = async (): Promise<string | undefined> => {
    for (const { stackName } of stacks) await world.deploy(stackName);
    const { failure } = await runScenario(new Rehearsal(world, scenario.pipeline), scenario);
    return failure?.why ?? (await afterwards?.(world));
  };
  try {
    // The template of the change is that of the assembly: what CloudFormation deploys then has to be changed as well.
    for (const stack of stacks)
      Object.assign(
        world.stacks.find(({ stackName }) => stackName === stack.stackName)!,
        { template: changed(stack) },
      );
    const failure = await play().catch((error: unknown) => {
      if (error instanceof DeploymentFailed) return error.message;
      throw error;
    });
    return { failure, refusals: world.refusals, actions: before.flatMap(actionsOf) };
  } finally {
    await world.close();
  }
}

export function provedByRemoval(what: string, role: ServiceRole, everyInCi = 1): void {
  describe(what, () => {
    test('succeeds with all of its permissions, and has no others', async () => {
      const { failure, refusals, actions } = await deployed(role, (statement) => [statement]);

      expect(failure).toBeUndefined();
      expect(refusals).toEqual([]);
      expect([...new Set(actions)].toSorted()).toEqual(role.actions);
    }, 120_000);

    test.each(someOf(`permissions of ${what}`, role.actions, 4, everyInCi))(
      'fails without %s',
      async (action) => {
        const { failure, refusals } = await deployed(role, without(action));

        expect(failure).toBeDefined();
        expect(refusals[0]).toContain(action);
      },
      120_000,
    );
  });
}

/** Names of what is not enough, the role, the action, and the only resource that it is left. */
export function notEnough(cases: readonly (readonly [string, ServiceRole, string, string])[]): void {
  test.each(cases)(
    '%s alone is not enough',
    async (_, role, action, resource) => {
      const { refusals } = await deployed(role, onlyOn(action, resource));

      expect(refusals.some((refusal) => refusal.includes(action))).toBe(true);
    },
    120_000,
  );
}
