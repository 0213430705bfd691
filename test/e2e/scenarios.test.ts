/**
 * The scenarios of the reference app, of the examples and of test apps, with their synthesized templates and bundled
 * functions: each goes as it says, with permissions that its roles have, and leaves no secret behind.
 */
import type { RecordedCall, RoleRecord } from '../../rehearsal/record';
import { assemblyOf } from '../../rehearsal/scenario/app';
import { World } from '../../rehearsal/world';
import { ask, policiesOf, questions, statementsOf } from './permissions';
import { rehearse, SCENARIOS, scenarioOf } from './rehearse';
import { leaksOf, secretsOf } from './secrets';

/** The pipeline's own role is the CDK's work. */
const NOT_OURS = /PipelineRole/;
/** What Lambda and Step Functions do with a role past the local endpoints: log, list streams, put dead letters away. */
const UNSEEN = /"Sid":"(Deliver)?Logs"|"dynamodb:ListStreams"|"sqs:SendMessage"/;

const isOver = ({ status }: { readonly status: string }) => status !== 'RUNNING';

/** Calls by roles of the app; the others are made by the scenario itself. */
function deployedCalls(world: World): readonly RecordedCall[] {
  const deployed = new Set(world.resources('AWS::IAM::Role').map(({ arn }) => arn));
  return world.calls.filter(({ roleArn }) => deployed.has(roleArn));
}

describe('rehearsed', () => {
  /** Calls and roles of the reference app. */
  const calls: RecordedCall[] = [];
  const roles = new Map<string, RoleRecord>();

  async function refusals(world: World, made: readonly RecordedCall[]): Promise<readonly string[]> {
    const refused: string[] = [];
    for (const question of questions(made)) {
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

  test.each(SCENARIOS)(
    '%s',
    async (file) => {
      const scenario = scenarioOf(file);
      const result = await rehearse(scenario, async (rehearsal) => {
        const known = deployedCalls(rehearsal.world);
        if (scenario.app === undefined) {
          known.forEach(({ roleArn }) => roles.set(roleArn, rehearsal.world.policies(roleArn)));
          calls.push(...known);
          expect(known.length).toBeGreaterThan(20);
          expect((await secretsOf(rehearsal)).tokens).not.toEqual([]);
        }

        expect(known).not.toEqual([]);
        expect(await refusals(rehearsal.world, known)).toEqual([]);
        expect(await leaksOf(rehearsal)).toEqual([]);
      });

      expect(result.failure).toBeUndefined();
    },
    180_000,
  );

  // A timer run that has looked 1,500 times hands over to a successor: two looks short of it, at a gate that nobody has.
  test('a run that grows long may start its successor', async () => {
    const world = await World.create(await assemblyOf('reference'));
    try {
      const [machine] = world.resources('AWS::StepFunctions::StateMachine');
      const door = { pipeline: 'nobodys', stage: 'Prod', action: 'Approve', executionId: 'none' };
      const input = JSON.stringify({ at: new Date(world.clock.now()).toISOString(), look: { door }, turns: 1498 });

      await world.call('sfn', 'StartExecution', { stateMachineArn: machine.arn, name: 'long', input });
      await world.clock.runUntil(() => world.executions.length > 1 && world.executions.every(isOver), {
        limit: world.clock.now() + 24 * 3_600_000,
      });

      const started = deployedCalls(world).filter(({ action }) => action === 'states:StartExecution');
      expect(started).toHaveLength(1);
      started.forEach(({ roleArn }) => roles.set(roleArn, world.policies(roleArn)));
      expect(await refusals(world, started)).toEqual([]);
      calls.push(...started);
    } finally {
      await world.close();
    }
  }, 60_000);

  test('no statement of a role is idle: without it, some call is refused', async () => {
    const idle: string[] = [];
    const functions = [...roles.values()].filter(({ roleArn }) => !NOT_OURS.test(roleArn));
    for (const role of functions) {
      const asked = questions(calls.filter(({ roleArn }) => roleArn === role.roleArn));
      for (const statement of statementsOf(role).filter(({ text }) => !UNSEEN.test(text))) {
        let needed = false;
        for (const question of asked) {
          needed ||= (await ask(question, statement.rest)) !== 'Allowed';
        }
        if (!needed) {
          idle.push(`${role.roleArn}: ${statement.text}`);
        }
      }
    }

    expect(idle).toEqual([]);
  }, 180_000);

  test('no action of a statement is idle either', () => {
    const functions = [...roles.values()].filter(({ roleArn }) => !NOT_OURS.test(roleArn));
    const idle = functions.flatMap((role) => {
      const asked = new Set(calls.filter(({ roleArn }) => roleArn === role.roleArn).map(({ action }) => action));
      return statementsOf(role)
        .filter(({ text }) => !UNSEEN.test(text))
        .flatMap(({ text }) => [(JSON.parse(text) as { readonly Action: string | string[] }).Action].flat())
        .filter((action) => !asked.has(action))
        .map((action) => `${role.roleArn}: ${action}`);
    });

    expect(functions.length).toBeGreaterThan(4);
    expect(idle).toEqual([]);
  });
});
