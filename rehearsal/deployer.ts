import type { AlarmBoard } from './aws/alarms';
import type { RestApis } from './aws/rest-apis';
import type { Tables } from './aws/tables';
import { isCustom } from './deploy/custom-resource';
import type { CustomResources, Patience } from './deploy/custom-resources';
import type { LaunchHooks } from './deploy/launch-hooks';
import { FUNCTION_URL } from './functions/http-api';
import type { FunctionPool } from './functions/pool';
import { functionNameOf } from './template/identity';
import type { Resource, Template } from './template/model';
import { dependantsOf } from './template/references';
import type { Changes, Stacks } from './template/stacks';

/** An alias that CodeDeploy has to move, step by step: the deployment of the stack leaves it where it is. */
export interface AliasUpdate {
  readonly resource: Resource;
  readonly functionName: string;
  readonly alias: string;
  readonly from: string;
  readonly to: string;
  readonly applicationName: string;
  readonly deploymentGroupName: string;
  readonly beforeAllowTrafficHook?: string;
  readonly afterAllowTrafficHook?: string;
}

export interface Deployment {
  readonly stack: string;
  readonly created: readonly Resource[];
  readonly updated: readonly Resource[];
  readonly deleted: readonly Resource[];
  readonly aliasUpdates: readonly AliasUpdate[];
  /** Services of ECS with other tasks than before: who deploys runs ECS's deployments of them. */
  readonly serviceUpdates: readonly Resource[];
}

export interface Live {
  readonly stacks: Stacks;
  readonly tables: Tables;
  readonly pool: FunctionPool;
  readonly alarms: AlarmBoard;
  openApi(api: Resource): Promise<void>;
  readonly restApis: Pick<RestApis, 'adopt'>;
  readonly customResources: CustomResources;
  readonly watched: { readonly launchHooks: Pick<LaunchHooks, 'follow'> };
}

/** What is deployed, and how long anybody waits for it. */
export interface Order {
  readonly stack: string;
  readonly template?: Template;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly patience?: Patience;
}

/**
 * Brings a stack's template to life, or what changed in it.
 *
 * @throws DeploymentFailed when the function of a custom resource says so, or CodeDeploy may not follow an Auto Scaling group; what was
 * done until then stays
 */
export async function deployStack(live: Live, { stack, template, parameters, patience }: Order): Promise<Deployment> {
  const started = live.stacks.deploy(stack, template, parameters);
  const { changes, leavings } = await bringAll(live, started, patience);
  for (const leave of leavings) {
    await leave();
  }
  for (const custom of changes.deleted.filter(({ type }) => isCustom(type))) {
    await live.customResources.remove(custom, patience);
  }
  await live.watched.launchHooks.follow(changes);
  live.stacks.cleanUp(changes);
  for (const table of changes.deleted.filter(isTable)) {
    await live.tables.drop(table);
  }
  ofType('AWS::Lambda::Function', changes.deleted).forEach((one) => live.pool.versions.remove(one));
  live.alarms.adopt();
  live.restApis.adopt();
  return {
    stack: changes.stack,
    created: changes.created,
    updated: changes.updated.map(({ after }) => after),
    deleted: changes.deleted,
    aliasUpdates: aliasUpdates(live.pool, changes),
    serviceUpdates: changes.updated.filter(hasOtherTasks).map(({ after }) => after),
  };
}

/** Custom resources are asked in their turn: after what they refer to, before what refers to them. */
async function bringAll(
  live: Live,
  started: Changes,
  patience: Patience | undefined,
): Promise<{ readonly changes: Changes; readonly leavings: readonly (() => Promise<void>)[] }> {
  const { stack } = started;
  const template = live.stacks.templateOf(stack);
  const brought = new Set<string>();
  const asked = new Set<string>();
  const leavings: (() => Promise<void>)[] = [];
  let changes = started;
  for (;;) {
    const here = [...changes.created, ...changes.updated.map(({ after }) => after)];
    const due = live.customResources
      .due(live.stacks.of(stack).filter((one) => !changes.deleted.includes(one)))
      .filter(({ logicalId }) => !asked.has(logicalId));
    const waiting = new Set(due.flatMap(({ logicalId }) => [...dependantsOf(template, logicalId)]));
    const ready = here.filter(({ logicalId }) => !waiting.has(logicalId) && !brought.has(logicalId));
    await bring(live, ready, changes);
    ready.forEach(({ logicalId }) => brought.add(logicalId));
    const next = due.find(({ logicalId }) => !waiting.has(logicalId));
    if (next === undefined) {
      return { changes, leavings };
    }
    asked.add(next.logicalId);
    const leave = await live.customResources.put(next, patience);
    if (leave !== undefined) {
      leavings.push(leave);
    }
    changes = live.stacks.refresh(stack);
  }
}

async function bring(live: Live, present: readonly Resource[], { created }: Changes): Promise<void> {
  const isNew = new Set(created.map(({ logicalId }) => logicalId));
  const fresh = present.filter(({ logicalId }) => isNew.has(logicalId));
  for (const table of fresh.filter(isTable)) {
    await live.tables.create(table);
  }
  const fronts = ['AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::RestApi', FUNCTION_URL];
  for (const api of fronts.flatMap((type) => ofType(type, fresh))) {
    await live.openApi(api);
  }
  ofType('AWS::Lambda::Function', present).forEach((one) => live.pool.put(one));
  ofType('AWS::Lambda::Version', present).forEach((one) => live.pool.versions.publish(one));
  ofType('AWS::Lambda::Alias', fresh).forEach((one) => setAlias(live.pool, one));
}

function ofType(type: string, resources: readonly Resource[]): readonly Resource[] {
  return resources.filter((resource) => resource.type === type);
}

function isTable({ type }: Resource): boolean {
  return type === 'AWS::DynamoDB::Table' || type === 'AWS::DynamoDB::GlobalTable';
}

function hasOtherTasks({ before, after }: Changes['updated'][number]): boolean {
  return after.type === 'AWS::ECS::Service' && before.properties.TaskDefinition !== after.properties.TaskDefinition;
}

function setAlias(pool: FunctionPool, { properties }: Resource): void {
  const weights = (properties.RoutingConfig?.AdditionalVersionWeights ?? []) as {
    readonly FunctionVersion: string;
    readonly FunctionWeight: number;
  }[];
  pool.versions.setAlias(
    String(properties.FunctionName),
    String(properties.Name),
    String(properties.FunctionVersion),
    Object.fromEntries(weights.map(({ FunctionVersion, FunctionWeight }) => [FunctionVersion, FunctionWeight])),
  );
}

/** Moves aliases at once, except those whose update policy leaves it to CodeDeploy. */
function aliasUpdates(pool: FunctionPool, { updated }: Changes): AliasUpdate[] {
  return updated
    .filter(({ after }) => after.type === 'AWS::Lambda::Alias')
    .flatMap(({ after }) => {
      const functionName = functionNameOf(String(after.properties.FunctionName));
      const alias = String(after.properties.Name);
      const from = pool.versions.alias(functionName, alias)?.version;
      const to = String(after.properties.FunctionVersion);
      const policy = after.updatePolicy?.CodeDeployLambdaAliasUpdate;
      if (policy === undefined || from === undefined) {
        setAlias(pool, after);
        return [];
      }
      return from === to
        ? []
        : [
            {
              resource: after,
              functionName,
              alias,
              from,
              to,
              applicationName: String(policy.ApplicationName),
              deploymentGroupName: String(policy.DeploymentGroupName),
              beforeAllowTrafficHook: policy.BeforeAllowTrafficHook,
              afterAllowTrafficHook: policy.AfterAllowTrafficHook,
            },
          ];
    });
}
