/** The scenarios of the reference app, with its synthesized templates and bundled functions; and no permission is idle. */
import { RunHistory } from '../../contract/messages';
import type { RecordedCall, RoleRecord } from '../../rehearsal/record';
import { World } from '../../rehearsal/world';
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';
import { deployedCalls, refusals, rehearseAndJudge } from './judge';
import { ask, questions, statementsOf } from './permissions';
import { OF_REFERENCE_APP } from '../../rehearsal/test/support/scenarios';
import { someOf, thoroughly } from '../../rehearsal/test/support/thorough';
import { secretsOf } from './secrets';

/** The pipeline's own role is the CDK's work. */
const NOT_OURS = /PipelineRole/;
/** What Lambda and Step Functions do with a role past the local endpoints: log, list streams, put dead letters away. */
const UNSEEN = /"Sid":"Logs"|"logs:CreateLogDelivery"|"dynamodb:ListStreams"|"sqs:SendMessage"/;

const isOver = ({ status }: { readonly status: string }) => status !== 'RUNNING';

describe('rehearsed', () => {
  /** Calls and roles of the reference app. */
  const calls: RecordedCall[] = [];
  const roles = new Map<string, RoleRecord>();

  test.each(someOf('scenarios of the reference app', OF_REFERENCE_APP, 2))(
    '%s',
    (file) =>
      rehearseAndJudge(file, async (rehearsal, known) => {
        known.forEach(({ roleArn }) => roles.set(roleArn, rehearsal.world.policies(roleArn)));
        calls.push(...known);
        expect(known.length).toBeGreaterThan(20);
        expect((await secretsOf(rehearsal)).tokens).not.toEqual([]);
      }),
    180_000,
  );

  // A timer run whose history is nearly full hands over to a successor, here at a gate that nobody has.
  test('a run that grows long may start its successor', async () => {
    const world = await World.create(await sharedAssembly());
    try {
      const [machine] = world.resources('AWS::StepFunctions::StateMachine');
      const at = new Date(world.clock.now()).toISOString();
      const gate = { pipeline: 'nobodys', stage: 'Prod', action: 'Approve' };
      const target = { gate, executionId: 'none', since: at };
      const input = JSON.stringify({ at, target, events: RunHistory.RENEW_AT });

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

  thoroughly('permissions that no scenario needs')('in all of them', () => {
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
});
