/**
 * A custom resource of CloudFormation: the deployment that a stage of a REST API serves at this moment. The stage in the template takes it
 * from here, so that an update of its settings gives it what it has, and not what it had when it was made.
 */
import { APIGatewayClient, GetStageCommand, NotFoundException } from '@aws-sdk/client-api-gateway';
import { Failed } from '../aws/failure';
import { errorName, log } from '../aws/log';

/** What CloudFormation sends (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html). */
export interface ResourceRequest {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: StagePlace;
  readonly OldResourceProperties?: Partial<StagePlace>;
}

interface StagePlace {
  readonly RestApiId: string;
  readonly StageName: string;
  /** For a stage that is not there yet. */
  readonly FirstDeploymentId: string;
}

type Outcome =
  | {
      readonly Status: 'SUCCESS';
      readonly PhysicalResourceId: string;
      readonly Data?: { readonly DeploymentId: string };
    }
  | { readonly Status: 'FAILED'; readonly PhysicalResourceId: string; readonly Reason: string };

const client = new APIGatewayClient({ maxAttempts: 6 });

export async function handler(request: ResourceRequest): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = request;
  const outcome = await outcomeOf(request);
  const body = JSON.stringify({ ...outcome, StackId, RequestId, LogicalResourceId });
  try {
    const response = await fetch(request.ResponseURL, { method: 'PUT', body });
    if (!response.ok) {
      throw new Error(`status ${response.status}`);
    }
  } catch (error) {
    log('ERROR', 'CloudFormation could not be answered, Lambda tries again', { error: errorName(error) });
    throw new Failed('CloudFormation could not be answered', error);
  }
}

async function outcomeOf({
  RequestType,
  ResourceProperties: now,
  OldResourceProperties: before = {},
  PhysicalResourceId = 'live-deployment',
}: ResourceRequest): Promise<Outcome> {
  if (RequestType === 'Delete') {
    return { Status: 'SUCCESS', PhysicalResourceId };
  }
  try {
    // A stage with another name begins with what the one before serves.
    const DeploymentId =
      (await deploymentOf(now.RestApiId, now.StageName)) ??
      (before.RestApiId === now.RestApiId ? await deploymentOf(now.RestApiId, before.StageName) : undefined) ??
      now.FirstDeploymentId;
    return { Status: 'SUCCESS', PhysicalResourceId, Data: { DeploymentId } };
  } catch (error) {
    log('ERROR', 'the stage cannot be read', { error: errorName(error) });
    return { Status: 'FAILED', PhysicalResourceId, Reason: `The stage cannot be read (${errorName(error)})` };
  }
}

/** Undefined where there is no such stage. */
async function deploymentOf(restApiId: string, stageName: string | undefined): Promise<string | undefined> {
  if (stageName === undefined) {
    return undefined;
  }
  try {
    return (await client.send(new GetStageCommand({ restApiId, stageName }))).deploymentId;
  } catch (error) {
    if (error instanceof NotFoundException) {
      return undefined;
    }
    throw error;
  }
}
