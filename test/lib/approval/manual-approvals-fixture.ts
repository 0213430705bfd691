/** Pipelines with approvals of the CDK, as they were before they became gates. */
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { ManualApprovalsOptions } from '../../../lib/approval';
import { ApprovalWorkflow, Approvers } from '../../../lib/approval';
import { ana, flat } from './gate-fixture';
import { deployAction, newApp, newPipeline } from './stacks';

export const env = { account: '111111111111', region: 'eu-west-1' };

/** A workflow in a stack of its own, and a stack for pipelines. */
export function place(workflowProps: { encryptionKey?: boolean } = {}) {
  const app = newApp();
  const approvals = new Stack(app, 'Approvals', { env });
  const encryptionKey = workflowProps.encryptionKey === true ? new kms.Key(approvals, 'Key') : undefined;
  const workflow = new ApprovalWorkflow(approvals, 'Workflow', { workflowName: 'shop', encryptionKey });
  const release = new Stack(app, 'Release', { env });
  const options: ManualApprovalsOptions = { workflow, approvers: Approvers.anyOf(ana) };
  return { app, approvals, workflow, release, options };
}

/** A pipeline of the CDK whose stage Prod asks by the CDK's own approval. */
export function oldPipeline(
  scope: Stack,
  props: Partial<actions.ManualApprovalActionProps> = {},
  pipelineProps: codepipeline.PipelineProps = {},
  id = 'Pipeline',
): codepipeline.Pipeline {
  const pipeline = newPipeline(scope, id, pipelineProps);
  pipeline.addStage({
    stageName: 'Prod',
    actions: [
      new actions.ManualApprovalAction({ actionName: 'Approve', ...props }),
      deployAction(scope, `${id}Deploy`, 2),
    ],
  });
  return pipeline;
}

/** The approval `Prod/Approve` as the template holds it. */
export function approvalIn(stack: Stack): any {
  const [pipeline] = Object.values(Template.fromStack(stack).findResources('AWS::CodePipeline::Pipeline'));
  const stage = pipeline!.Properties.Stages.find(({ Name }: any) => Name === 'Prod');
  return stage.Actions.find(({ Name }: any) => Name === 'Approve');
}

/** Logical ids of the roles that may publish to the request topic. */
export function publishersIn(stack: Stack): string[] {
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  return policies
    .filter(({ Properties }) =>
      JSON.stringify(Properties).match(/"sns:Publish","Effect":"Allow","Resource":.*Workflow.*Topic/),
    )
    .flatMap(({ Properties }) => Properties.Roles.map(flat));
}

/** Roles of the action, or else of the pipeline, as the template names them. */
export function roleOf(stack: Stack): string {
  const [pipeline] = Object.values(Template.fromStack(stack).findResources('AWS::CodePipeline::Pipeline'));
  return flat(approvalIn(stack).RoleArn ?? pipeline!.Properties.RoleArn).replace(/^<(.*)\.Arn>$/, '<$1>');
}

export const RUN = '#{codepipeline.PipelineExecutionId}';
export const topic = expect.objectContaining({ 'Fn::ImportValue': expect.stringMatching(/Workflow.*Topic/) });

/** A pipeline as a plain resource. */
export function plainPipeline(
  stack: Stack,
  change: Partial<codepipeline.CfnPipelineProps> = {},
): codepipeline.CfnPipeline {
  const role = new iam.CfnRole(stack, 'PlainRole', { assumeRolePolicyDocument: {} });
  return new codepipeline.CfnPipeline(stack, 'Plain', {
    name: 'billing',
    roleArn: role.attrArn,
    artifactStore: { type: 'S3', location: 'artifacts' },
    stages: [
      { name: 'Source', actions: [action('Fetch', 'Source', 'S3')] },
      { name: 'Prod', actions: [action('Approve', 'Approval', 'Manual')], onFailure: { result: 'ROLLBACK' } },
    ],
    ...change,
  });
}

export function action(
  name: string,
  category: string,
  provider: string,
): codepipeline.CfnPipeline.ActionDeclarationProperty {
  return { name, actionTypeId: { category, owner: 'AWS', provider, version: '1' } };
}
