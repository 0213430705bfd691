/** Judges the calls of a rehearsal: would IAM have allowed each, with the policies that its role had? */
import type { RecordedCall } from '../../rehearsal/record';
import type { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import type { World } from '../../rehearsal/world';
import { ask, policiesOf, questions } from './permissions';
import { recordFindings } from './record';
import { rehearse, scenarioOf } from '../../rehearsal/test/support/scenarios';
import { leaksOf } from './secrets';

/** Calls by roles of the app; the others are made by the scenario itself. */
export function deployedCalls(world: World): readonly RecordedCall[] {
  const deployed = new Set(world.resources('AWS::IAM::Role').map(({ arn }) => arn));
  return world.calls.filter(({ roleArn }) => deployed.has(roleArn));
}

/** Calls that no policy of their role has ever allowed. */
export async function refusals(world: World, made: readonly RecordedCall[]): Promise<readonly string[]> {
  const refused: string[] = [];
  // What the rehearsal has refused itself fails its scenario, unless a step expects it.
  const asked = questions(made).filter(
    ({ action, resource }) => !world.refusals.some((one) => one.includes(`${action} on resource: ${resource} `)),
  );
  for (const question of asked) {
    const answers: string[] = [];
    for (const record of world.policiesSoFar(question.roleArn).toReversed()) {
      answers.push(await ask(question, policiesOf(record)));
      if (answers.includes('Allowed')) break;
    }
    if (!answers.includes('Allowed')) {
      refused.push(`${question.roleArn}: ${question.action} on ${question.resource}: ${answers.join(', ')}`);
    }
  }
  return refused;
}

/** Runs a scenario: it goes as it says, its calls are allowed, it leaves no secret behind, and its record can be verified. */
export async function rehearseAndJudge(
  file: string,
  inspect: (rehearsal: Rehearsal, calls: readonly RecordedCall[]) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const result = await rehearse(scenarioOf(file), async (rehearsal) => {
    const calls = deployedCalls(rehearsal.world);
    await inspect(rehearsal, calls);

    expect(calls).not.toEqual([]);
    expect(await refusals(rehearsal.world, calls)).toEqual([]);
    expect(await leaksOf(rehearsal)).toEqual([]);
    expect(await recordFindings(rehearsal.world)).toEqual([]);
  });

  expect(result.failure).toBeUndefined();
}
