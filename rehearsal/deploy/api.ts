/** The CodeDeploy API, as hooks and operators use it. */
import type { Authorize, Service } from '../service';
import { AwsError } from '../service';
import type { CodeDeploy, LambdaDeployment } from './codedeploy';
import type { EcsTaskSets, TaskSetDeployment } from './ecs-task-sets';
import type { DeployHost } from './host';

export function codeDeployService(deploys: CodeDeploy, ecs: EcsTaskSets, host: DeployHost): Service {
  const all = (): readonly (LambdaDeployment | TaskSetDeployment)[] => [...deploys.deployments, ...ecs.deployments];
  const find = (id: unknown): LambdaDeployment | TaskSetDeployment => {
    const found = all().find((deployment) => deployment.id === id);
    if (found === undefined) throw new AwsError('DeploymentDoesNotExistException', `no deployment ${String(id)}`);
    return found;
  };
  const group = (input: any): string => {
    const deployment = all().find((candidate) => candidate.id === input.deploymentId);
    const path = deployment === undefined ? '*' : `${deployment.application}/${deployment.group}`;
    return `arn:aws:codedeploy:${host.region}:${host.account}:deploymentgroup:${path}`;
  };
  const on =
    (operation: string): Authorize =>
    (input) => ({ action: `codedeploy:${operation}`, resources: [group(input)] });

  return {
    name: 'codedeploy',
    authorize: {
      PutLifecycleEventHookExecutionStatus: on('PutLifecycleEventHookExecutionStatus'),
      GetDeployment: on('GetDeployment'),
      StopDeployment: on('StopDeployment'),
    },
    operations: {
      PutLifecycleEventHookExecutionStatus: (input) => {
        const deployment = find(input.deploymentId);
        if (input.status !== 'Succeeded' && input.status !== 'Failed') {
          throw new AwsError('InvalidLifecycleEventHookExecutionStatusException', 'status must be Succeeded or Failed');
        }
        const engine = 'functionName' in deployment ? deploys : ecs;
        if (!engine.report(deployment.id, input.lifecycleEventHookExecutionId, input.status)) {
          throw new AwsError('LifecycleEventAlreadyCompletedException', 'the lifecycle event is over');
        }
        return { lifecycleEventHookExecutionId: input.lifecycleEventHookExecutionId };
      },

      GetDeployment: (input) => {
        const deployment = find(input.deploymentId);
        return {
          deploymentInfo: {
            deploymentId: deployment.id,
            applicationName: deployment.application,
            deploymentGroupName: deployment.group,
            deploymentConfigName: deployment.config,
            status: deployment.status,
            createTime: new Date(deployment.startedAt),
            completeTime: deployment.endedAt === undefined ? undefined : new Date(deployment.endedAt),
            creator: 'functionName' in deployment ? 'CloudFormation' : 'user',
            computePlatform: 'functionName' in deployment ? 'Lambda' : 'ECS',
            errorInformation:
              deployment.why === undefined ? undefined : { code: 'ALARM_ACTIVE', message: deployment.why },
            rollbackInfo: {},
            revision: { revisionType: 'String', string: { content: JSON.stringify(contentOf(deployment)) } },
          },
        };
      },

      ListDeployments: () => ({
        deployments: all()
          .toSorted((one, other) => other.startedAt - one.startedAt)
          .map(({ id }) => id),
      }),

      StopDeployment: (input) => {
        const deployment = find(input.deploymentId);
        const engine = 'functionName' in deployment ? deploys : ecs;
        if (!engine.stop(deployment.id, 'stopped on request')) {
          throw new AwsError('DeploymentAlreadyCompletedException', 'the deployment is over');
        }
        return { status: 'Pending', statusMessage: 'No more traffic is shifted' };
      },
    },
  };
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
