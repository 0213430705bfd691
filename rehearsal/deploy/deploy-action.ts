/**
 * What CodePipeline asks of CodeDeploy in the role of an action that deploys. AWS names the permissions of the actions
 * (https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html), but not which call comes when.
 */
import { actionCaller } from '../pipeline/action-role';
import type { ActionWork } from '../pipeline/provider';
import type { Resource } from '../template/model';
import type { DeployHost } from './host';

type Calls = Pick<DeployHost, 'account' | 'call' | 'caller'>;

/**
 * Registers the revision, and begins its deployment.
 *
 * @throws AwsError where the role may not, or a call fails
 */
export async function orderDeployment(
  host: Calls,
  work: ActionWork,
  { physicalId, properties }: Resource,
): Promise<void> {
  const caller = actionCaller(host, work);
  const call = (operation: string, input: object): Promise<unknown> =>
    host.call('codedeploy', operation, input, caller);
  const applicationName = String(properties.ApplicationName);
  const deploymentConfigName = properties.DeploymentConfigName as string | undefined;
  const revision = { revisionType: 'S3', s3Location: { version: work.execution.revisions[0]?.id } };
  // Where the AppSpec is a text of its own, CodePipeline looks at the application as well.
  if (work.action.provider === 'CodeDeployToECS') await call('GetApplication', { applicationName });
  if (deploymentConfigName !== undefined) await call('GetDeploymentConfig', { deploymentConfigName });
  await call('RegisterApplicationRevision', { applicationName, revision });
  await call('GetApplicationRevision', { applicationName, revision });
  await call('CreateDeployment', { applicationName, deploymentGroupName: physicalId, revision });
}

/**
 * Asks how a deployment has ended.
 *
 * @throws AwsError where the role may not, or the call fails
 */
export async function askDeployment(host: Calls, work: ActionWork, deploymentId: string): Promise<void> {
  await host.call('codedeploy', 'GetDeployment', { deploymentId }, actionCaller(host, work));
}
