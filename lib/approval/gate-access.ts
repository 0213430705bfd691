import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';

/** An approval action, whoever made its pipeline. */
export interface GatePlace {
  readonly pipelineArn: string;
  readonly stageName: string;
  readonly actionName: string;
}

/** Answering in the console or by the API, and what the console needs to show the gate. */
export function grantManualApproval(grantee: iam.IGrantable, place: GatePlace): iam.Grant {
  const { pipelineArn, stageName, actionName } = place;
  const grant = (actions: string[], resource: string) =>
    iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [resource] });
  return grant(['codepipeline:PutApprovalResult'], `${pipelineArn}/${stageName}/${actionName}`)
    .combine(
      grant(
        ['codepipeline:GetPipeline', 'codepipeline:GetPipelineState', 'codepipeline:GetPipelineExecution'],
        pipelineArn,
      ),
    )
    .combine(grant(['codepipeline:ListPipelines'], '*'));
}

/** The events by which CodePipeline tells that the state of the action changed. */
export function stateChanges({ pipelineArn, stageName, actionName }: GatePlace): events.EventPattern {
  return {
    source: ['aws.codepipeline'],
    detailType: ['CodePipeline Action Execution State Change'],
    resources: [pipelineArn],
    detail: { stage: [stageName], action: [actionName] },
  };
}
