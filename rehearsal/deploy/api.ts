/** The CodeDeploy API, as hooks, operators and CodePipeline use it. */
import type { Authorize, Caller, Service } from '../service';
import { AwsError } from '../service';
import type { CodeDeploy, LambdaDeployment } from './codedeploy';
import type { EcsTaskSets, TaskSetDeployment } from './ecs-task-sets';
import type { DeployHost } from './host';
import type { ServerDeployment, ServerDeploys } from './server-deploys';
import { DEPLOYMENT_GROUP } from './server-fleet';

/** Who deploys on each platform of CodeDeploy. */
export interface Platforms {
  readonly functions: CodeDeploy;
  readonly services: EcsTaskSets;
  readonly servers: ServerDeploys;
}

type Deployment = LambdaDeployment | TaskSetDeployment | ServerDeployment;

export function codeDeployService(platforms: Platforms, host: DeployHost): Service {
  const { functions, services, servers } = platforms;
  const all = (): readonly Deployment[] => [...functions.deployments, ...services.deployments, ...servers.deployments];
  const find = (id: unknown): Deployment => {
    const found = all().find((deployment) => deployment.id === id);
    if (found === undefined) throw new AwsError('DeploymentDoesNotExistException', `no deployment ${String(id)}`);
    return found;
  };
  const stop = (deployment: Deployment, why: string): boolean => {
    if ('servers' in deployment) return servers.stopDeployment(deployment.id, why);
    return ('functionName' in deployment ? functions : services).stop(deployment.id, why);
  };

  return {
    name: 'codedeploy',
    authorize: authorize(host, (id) => all().find((deployment) => deployment.id === id)),
    operations: {
      PutLifecycleEventHookExecutionStatus: (input) => {
        const deployment = find(input.deploymentId);
        if (input.status !== 'Succeeded' && input.status !== 'Failed') {
          throw new AwsError('InvalidLifecycleEventHookExecutionStatusException', 'status must be Succeeded or Failed');
        }
        const engine = 'functionName' in deployment ? functions : services;
        if (!engine.report(deployment.id, input.lifecycleEventHookExecutionId, input.status)) {
          throw new AwsError('LifecycleEventAlreadyCompletedException', 'the lifecycle event is over');
        }
        return { lifecycleEventHookExecutionId: input.lifecycleEventHookExecutionId };
      },

      GetDeployment: (input) => ({ deploymentInfo: informationOf(find(input.deploymentId)) }),

      ListDeployments: () => ({
        deployments: all()
          .toSorted((one, other) => other.startedAt - one.startedAt)
          .map(({ id }) => id),
      }),

      StopDeployment: (input) => {
        if (!stop(find(input.deploymentId), 'stopped on request')) {
          throw new AwsError('DeploymentAlreadyCompletedException', 'the deployment is over');
        }
        return { status: 'Pending', statusMessage: 'No more traffic is shifted' };
      },

      // What becomes of a revision, the engine knows that plays the action of the pipeline.
      GetApplication: ({ applicationName }) => ({ application: { applicationName } }),
      GetDeploymentConfig: ({ deploymentConfigName }) => ({ deploymentConfigInfo: { deploymentConfigName } }),
      RegisterApplicationRevision: () => ({}),
      GetApplicationRevision: ({ applicationName, revision }) => ({ applicationName, revision }),
      CreateDeployment: (_, caller) => {
        if (!isCodePipeline(caller)) {
          throw new AwsError(
            'InvalidOperationException',
            'a rehearsal deploys only what a pipeline or CloudFormation deploys',
          );
        }
        return {};
      },
    },
  };
}

function isCodePipeline({ arn }: Caller): boolean {
  return arn.endsWith('/codepipeline');
}

/** Which resources a call is about. */
function authorize(
  host: DeployHost,
  find: (id: string) => Deployment | undefined,
): Readonly<Record<string, Authorize>> {
  const named = ({ region = host.region, roleArn }: Caller, resource: string): string =>
    `arn:aws:codedeploy:${region}:${roleArn.split(':')[4] ?? host.account}:${resource}`;
  const groupArn = (name: string, caller: Caller, application: string): string =>
    host.resources(DEPLOYMENT_GROUP).find(({ physicalId }) => physicalId === name)?.arn ??
    named(caller, `deploymentgroup:${application}/${name}`);
  const of =
    (operation: string, resource: (input: any, caller: Caller) => string): Authorize =>
    (input, caller) => ({ action: `codedeploy:${operation}`, resources: [resource(input, caller)] });
  const ofDeployment = (operation: string): Authorize =>
    of(operation, ({ deploymentId }, caller) => {
      const found = find(deploymentId);
      return found === undefined
        ? `arn:aws:codedeploy:${host.region}:${host.account}:deploymentgroup:*`
        : groupArn(found.group, caller, found.application);
    });
  const ofApplication = (operation: string): Authorize =>
    of(operation, ({ applicationName }, caller) => named(caller, `application:${applicationName}`));
  return {
    PutLifecycleEventHookExecutionStatus: ofDeployment('PutLifecycleEventHookExecutionStatus'),
    GetDeployment: ofDeployment('GetDeployment'),
    StopDeployment: ofDeployment('StopDeployment'),
    GetApplication: ofApplication('GetApplication'),
    RegisterApplicationRevision: ofApplication('RegisterApplicationRevision'),
    GetApplicationRevision: ofApplication('GetApplicationRevision'),
    GetDeploymentConfig: of('GetDeploymentConfig', ({ deploymentConfigName }, caller) =>
      named(caller, `deploymentconfig:${deploymentConfigName}`),
    ),
    CreateDeployment: of('CreateDeployment', ({ deploymentGroupName, applicationName }, caller) =>
      groupArn(deploymentGroupName, caller, applicationName),
    ),
  };
}

function informationOf(deployment: Deployment): object {
  const { id, application, group, config, status, startedAt, endedAt, why } = deployment;
  return {
    deploymentId: id,
    applicationName: application,
    deploymentGroupName: group,
    deploymentConfigName: config,
    status,
    createTime: new Date(startedAt),
    completeTime: endedAt === undefined ? undefined : new Date(endedAt),
    creator: 'functionName' in deployment ? 'CloudFormation' : 'user',
    computePlatform: platformOf(deployment),
    errorInformation: why === undefined ? undefined : { code: 'ALARM_ACTIVE', message: why },
    rollbackInfo: {},
    revision: revisionOf(deployment),
  };
}

function platformOf(deployment: Deployment): 'Lambda' | 'ECS' | 'Server' {
  if ('functionName' in deployment) return 'Lambda';
  return 'servers' in deployment ? 'Server' : 'ECS';
}

function revisionOf(deployment: Deployment): object {
  if ('servers' in deployment) return { revisionType: 'S3', s3Location: { version: deployment.revision.id } };
  return { revisionType: 'String', string: { content: JSON.stringify(contentOf(deployment)) } };
}

function contentOf(deployment: LambdaDeployment | TaskSetDeployment): object {
  if (!('functionName' in deployment)) {
    return { version: 0, Resources: [{ TargetService: { Type: 'AWS::ECS::Service', Properties: {} } }] };
  }
  const { functionName, alias, from, to } = deployment;
  return {
    version: 0,
    Resources: [
      {
        [functionName]: {
          Type: 'AWS::Lambda::Function',
          Properties: { Name: functionName, Alias: alias, CurrentVersion: from, TargetVersion: to },
        },
      },
    ],
  };
}
