import type { AlarmBoard } from './aws/alarms';
import type { RestApis } from './aws/rest-apis';
import type { Tables } from './aws/tables';
import { FUNCTION_URL } from './functions/http-api';
import type { FunctionPool } from './functions/pool';
import { functionNameOf } from './template/identity';
import type { Resource, Template } from './template/model';
import type { Changes, Stacks } from './template/stacks';

/** An alias that a deployment would move by CodeDeploy: who deploys does, then calls `functions.setAlias`. */
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
}

/** Brings a stack's template to life, or what changed in it. */
export async function deployStack(
  live: Live,
  name: string,
  template?: Template,
  parameters?: Readonly<Record<string, string>>,
): Promise<Deployment> {
  const changes = live.stacks.deploy(name, template, parameters);
  const updated = changes.updated.map(({ after }) => after);
  const present = [...changes.created, ...updated];
  const each = (type: string, of: readonly Resource[] = present): readonly Resource[] =>
    of.filter((resource) => resource.type === type);

  for (const table of changes.created.filter(isTable)) {
    await live.tables.create(table);
  }
  for (const table of changes.deleted.filter(isTable)) {
    await live.tables.drop(table);
  }
  const fronts = ['AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::RestApi', FUNCTION_URL];
  for (const api of fronts.flatMap((type) => each(type, changes.created))) {
    await live.openApi(api);
  }
  each('AWS::Lambda::Function').forEach((one) => live.pool.put(one));
  each('AWS::Lambda::Function', changes.deleted).forEach((one) => live.pool.versions.remove(one));
  each('AWS::Lambda::Version').forEach((one) => live.pool.versions.publish(one));
  each('AWS::Lambda::Alias', changes.created).forEach((one) => setAlias(live.pool, one));
  live.alarms.adopt();
  live.restApis.adopt();
  return {
    stack: changes.stack,
    created: changes.created,
    updated,
    deleted: changes.deleted,
    aliasUpdates: aliasUpdates(live.pool, changes),
    serviceUpdates: changes.updated.filter(hasOtherTasks).map(({ after }) => after),
  };
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
