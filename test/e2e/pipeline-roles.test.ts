/** Each permission of the roles in which CodePipeline works, of pipelines and their actions, is needed, on each of its resources. */
import type { Scenario } from '../../rehearsal/scenario/schema';
import { someOf } from '../../rehearsal/test/support/thorough';
import { scenarioOf } from '../../rehearsal/test/support/scenarios';
import { actionsOf, deployed, oneHealthyChange, type Statement } from './roles-by-removal';

/** What AWS calls past everything that is rehearsed. All but logs the CDK gives to its own actions. */
const PAST_THE_REHEARSAL: readonly (readonly [RegExp, string])[] = [
  [/^(s3|kms):/, 'artifacts and sources'],
  [/^logs:/, 'logs'],
  [/^codestar-connections:/, 'sources'],
  [/^codebuild:/, 'builds'],
  [/^cloudformation:/, 'deployments of CloudFormation'],
  [
    /^lambda:ListFunctions$/,
    'AWS asks for it in the role of an action that invokes a function, and does not say what for',
  ],
];

/** The role that CloudFormation gets from an action of the CDK. */
const FOR_CLOUDFORMATION = /Deploy(\w*)Role[0-9A-F]{8}$|cdk-hnb659fds-cfn-exec-role/;

const ROLES = /^(Release|Shop)?Pipeline(Role|.*ActionRole)/;

/** One action on one resource. */
interface Permission {
  readonly action: string;
  readonly resource: unknown;
}

const permissionsOf = (statement: Statement): readonly Permission[] =>
  actionsOf(statement).flatMap((action) => [statement.Resource].flat().map((resource) => ({ action, resource })));

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

function isPlayed({ action, resource }: Permission): boolean {
  if (PAST_THE_REHEARSAL.some(([past]) => past.test(action))) return false;
  const forCloudFormation = (resource as { 'Fn::GetAtt'?: [string] })['Fn::GetAtt']?.[0] ?? JSON.stringify(resource);
  return !(action === 'iam:PassRole' && FOR_CLOUDFORMATION.test(forCloudFormation));
}

/** The same statement, less one action on one resource. */
const without =
  ({ action, resource }: Permission) =>
  (statement: Statement): readonly Statement[] =>
    permissionsOf(statement)
      .filter((one) => !isSame(one, { action, resource }))
      .map((one) => ({ ...statement, Action: one.action, Resource: one.resource }));

/** Ids of the role that somebody may take on, in the templates: the CDK says it in its trust policy as well, which is enough within an account. */
function takenOn({ action, resource }: Permission): readonly string[] {
  const id = (resource as { 'Fn::GetAtt'?: [string] })['Fn::GetAtt']?.[0];
  return action === 'sts:AssumeRole' && id !== undefined ? [id] : [];
}

/** Runs in which CodePipeline does everything that the app has for it, and how many permissions it needs for that. */
const RUNS: readonly (readonly [string, string, number])[] = [
  ['approvals of a workflow', 'rehearsal/scenarios/approved-by-link.yaml', 6],
  ['approvals in emails of SNS', 'rehearsal/scenarios/example-native-gate.yaml', 3],
  ['an action that checks', 'rehearsal/scenarios/example-health-check-action.yaml', 4],
  ['an action that rolls out a stage', 'rehearsal/scenarios/example-stage-rollout.yaml', 4],
  ['deployments to servers', 'rehearsal/scenarios/servers-one-box-then-the-fleet.yaml', 14],
  ['deployments of a service', 'rehearsal/test/fixtures/ecs-task-sets.yaml', 11],
  ['stage conditions', 'rehearsal/scenarios/conditions-function-refuses.yaml', 6],
  ['waves', 'rehearsal/scenarios/example-promotion.yaml', 4],
  ['waves over accounts and Regions', 'rehearsal/scenarios/example-accounts-and-regions.yaml', 7],
  ['a pipeline of CDK Pipelines', 'rehearsal/scenarios/example-cdk-pipelines.yaml', 4],
];

/** Functions of ours that CodeDeploy calls before and after it moves traffic. What their checks need, gates show: a hook would ask again for minutes. */
const HOOKS = /^Rollout(Before|After)Role/;

const OF_HOOKS: readonly (readonly [string, string, number])[] = [
  ['a function', 'rehearsal/test/fixtures/hooks.yaml', 2],
  ['a service', 'rehearsal/test/fixtures/ecs-task-sets.yaml', 2],
];

async function eachIsNeeded(
  scenario: Scenario,
  [roles, actions]: readonly [RegExp, RegExp],
  what: string,
  count: number,
): Promise<void> {
  const role = { scenario, role: roles };
  const permissions: Permission[] = [];
  const all = await deployed(role, (statement) => {
    permissions.push(...permissionsOf(statement).filter((one) => isPlayed(one) && actions.test(one.action)));
    return [statement];
  });
  expect([all.failure, all.refusals]).toEqual([undefined, []]);
  expect(permissions).toHaveLength(count);

  for (const permission of someOf(`permissions of ${what}`, permissions, 4)) {
    const { failure, refusals } = await deployed(role, without(permission), takenOn(permission));
    expect([permission, refusals, failure]).toEqual([
      permission,
      expect.arrayContaining([expect.stringContaining(permission.action)]),
      expect.any(String),
    ]);
  }
}

describe('each permission is needed', () => {
  test.each(RUNS)(
    'in the roles of a pipeline: %s',
    (what, file, count) => eachIsNeeded(scenarioOf(file), [ROLES, /:/], what, count),
    600_000,
  );

  test.each(OF_HOOKS)(
    'in the roles of the functions that check a deployment of %s',
    (what, file, count) => eachIsNeeded(oneHealthyChange(file), [HOOKS, /^codedeploy:/], what, count),
    600_000,
  );
});
