import { CustomResource, Duration, Lazy } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from '../private/acknowledge';
import { BundledFunction } from '../private/bundled-function';
import { renderedProperties, withTokens } from '../private/rendered-properties';
import { stageArn } from './stage-arns';

export interface LiveDeploymentProps {
  readonly restApiId: string;
  readonly stageName: string;
  /** What a stage serves that is not there yet. */
  readonly firstDeploymentId: string;
  /** The stage that takes its deployment from here. */
  readonly stage: apigateway.CfnStage;
}

/**
 * The deployment that a stage serves, read at each update of its settings. A rollout moves the stage past CloudFormation, which would
 * otherwise give it the deployment that it was made with.
 */
export function liveDeployment(scope: Construct, props: LiveDeploymentProps): string {
  const { restApiId, stageName, firstDeploymentId, stage } = props;
  const stages = stageArn(scope, restApiId, '*');
  const reader = new BundledFunction(scope, 'Live', {
    asset: 'live-deployment',
    description: 'Tells CloudFormation which deployment a stage of an API serves',
    timeout: Duration.minutes(1),
    memorySize: 256,
    environment: {},
    statements: [new iam.PolicyStatement({ sid: 'ReadStage', actions: ['apigateway:GET'], resources: [stages] })],
    logRetention: logs.RetentionDays.ONE_MONTH,
  });
  acknowledgeWildcard(
    reader.role,
    stages,
    'stages of this API, read only: a stage with a new name begins with what the one before serves',
  );
  const live = new CustomResource(scope, 'LiveDeployment', {
    resourceType: 'Custom::ApprovalGatesLiveDeployment',
    serviceToken: reader.handler.functionArn,
    serviceTimeout: Duration.minutes(5),
    properties: {
      RestApiId: restApiId,
      StageName: stageName,
      FirstDeploymentId: firstDeploymentId,
      // Whatever changes the stage asks anew what it serves.
      Settings: Lazy.any({ produce: () => settingsOf(stage) }),
    },
  });
  return live.getAttString('DeploymentId');
}

/** Properties of the stage but for the deployment. They may name resources of other stacks. */
function settingsOf(stage: apigateway.CfnStage): unknown {
  const { DeploymentId: _, ...settings } = renderedProperties(stage);
  return withTokens(settings);
}
