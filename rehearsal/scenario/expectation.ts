/** What a scenario may expect: all that can be seen from outside. */
import type { z } from 'zod';
import {
  actionPath,
  aliasPath,
  dollars,
  flag,
  listOf,
  mapOf,
  number,
  object,
  oneOf,
  someOf,
  text,
  trafficPath,
  whole,
} from './shape';

const ACTION_STATES = ['NotStarted', 'InProgress', 'Succeeded', 'Failed', 'Abandoned'] as const;
const RUN_STATES = ['InProgress', 'Stopping', 'Stopped', 'Succeeded', 'Superseded', 'Failed', 'Cancelled'] as const;
const STAGE_STATES = ['NotStarted', 'InProgress', 'Succeeded', 'Failed', 'Stopped', 'Cancelled', 'Skipped'] as const;
const RULE_STATES = ['InProgress', 'Succeeded', 'Failed', 'Abandoned'] as const;

/** What can be seen from outside. All of it has to hold. */
export const expectation = object(
  {},
  {
    run: oneOf(...RUN_STATES).describe('The run of the latest push.'),
    runs: listOf(oneOf(...RUN_STATES)).describe('Every run so far, rollbacks too, oldest first.'),
    rollback: oneOf(...RUN_STATES, 'None').describe('The latest rollback, by its status.'),
    waitsBefore: text.describe(
      'The stage that the run of the latest push waits before, because another run has it; or None.',
    ),
    action: mapOf(actionPath, oneOf(...ACTION_STATES)).describe('The latest run of actions.'),
    stage: mapOf(text, oneOf(...STAGE_STATES)).describe('The latest run of stages.'),
    rule: mapOf(actionPath, oneOf('NotAsked', ...RULE_STATES)).describe(
      'Rules of stage conditions, by stage and name of the rule: what they found in the run of the latest push.',
    ),
    configuration: mapOf(actionPath, someOf(text)).describe(
      'Texts that the configuration of an action holds, with its variables filled in.',
    ),
    gate: mapOf(actionPath, oneOf('asks', 'approved', 'rejected', 'expired', 'stopped')).describe(
      '`asks` = waits for an answer.',
    ),
    summary: mapOf(actionPath, someOf(text)).describe('Texts that the summary of an action holds.'),
    answeredBy: mapOf(actionPath, text).describe('Part of the ARN that answered.'),
    mail: someOf(
      object(
        { to: text },
        {
          subject: text,
          text: someOf(text),
          without: someOf(text),
          count: whole,
          atLeast: whole,
          sincePush: flag,
          sinceRollback: flag,
        },
      ),
    ).describe(
      'Mails that arrived since the latest push, since the latest rollback, or in all. `without`: texts that none of them has, neither in its subject nor in its text.',
    ),
    alias: mapOf(aliasPath, text).describe(
      'Where an alias points: the version before the latest push, a newer one, or a number.',
    ),
    traffic: mapOf(trafficPath, whole).describe(
      'Percent of the traffic on the newer version while it is shifted: of an alias, of a service of ECS, or of a stage of a REST API (shop/prod).',
    ),
    apiVersion: mapOf(text, oneOf('old', 'new')).describe(
      'The version that a stage of a REST API serves (shop/prod), but for its canary: that before the latest push, or its own.',
    ),
    revision: mapOf(text, oneOf('old', 'new')).describe(
      'The service revision, or the task set of CodeDeploy, that an ECS service is on: that before the latest push, or a newer one.',
    ),
    servers: mapOf(text, oneOf('old', 'new', 'mixed', 'out', 'other')).describe(
      'Which version servers of CodeDeploy have, by the name of their Auto Scaling group, by a tag (Service=shop), or one of them (shop-fleet/3): that before the latest push, or its own. `out` = they do not serve.',
    ),
    deployments: mapOf(text, whole).describe(
      'Deployments of CodeDeploy to servers so far, those that go back included, and those to servers that joined meanwhile.',
    ),
    events: mapOf(text, whole).describe('Custom events so far: how many of each detail type.'),
    alarm: mapOf(text, oneOf('OK', 'ALARM', 'INSUFFICIENT_DATA')),
    timers: mapOf(oneOf('RUNNING', 'SUCCEEDED', 'FAILED', 'ABORTED'), whole).describe(
      'Runs of state machines so far: how many have each status.',
    ),
    callsAtMost: mapOf(text, whole).describe('Calls of AWS since the beginning, by operation: at most so many.'),
    costAtMost: dollars.describe(
      'What all of it would have cost since the beginning, past every free tier: at most so many dollars.',
    ),
    transitionsAtMost: whole.describe('State transitions of Step Functions since the beginning: at most so many.'),
    readUnitsAtMost: whole.describe('Request units of DynamoDB since the beginning: at most so many.'),
    writeUnitsAtMost: whole.describe('The same for writes.'),
    readGrowthAtMost: mapOf(text, number).describe(
      'Read units since the beginning, as a multiple of those at a `mark`: at most so much.',
    ),
    secondsAtMost: number.describe('Processor seconds of this machine since the beginning: at most so many.'),
    refused: someOf(text).describe(
      'Calls that AWS has refused for want of a permission: texts that some refusal holds. A refusal that no step expects fails the scenario.',
    ),
    journal: someOf(text).describe('Texts that some line of the journal holds.'),
  },
);

export type Expectation = z.output<typeof expectation>;
