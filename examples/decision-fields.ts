// Approvers fill in a ticket and how much traffic goes first; the build that releases and the stack that is deployed read it.
import { App, Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  ApprovalFieldsAction,
  ApprovalGateAction,
  ApprovalWorkflow,
  Approver,
  Approvers,
  DecisionField,
} from 'cdk-approval-gates';

export const app = new App();
// The function that gives out the fields stands beside the workflow; the pipeline may be in another stack.
const platform = new Stack(app, 'Platform');
const stack = new Stack(app, 'DecisionFields');

const approvals = new ApprovalWorkflow(platform, 'Approvals');
const approve = new ApprovalGateAction({
  actionName: 'Approve',
  runOrder: 1,
  workflow: approvals,
  approvers: Approvers.atLeast(2, Approver.person('ana@example.com'), Approver.person('bo@example.com')),
  excludeAuthor: false,
  fields: [
    DecisionField.text('ticket', { label: 'Change ticket', pattern: 'CHG-[0-9]{1,8}', hint: 'As in CHG-1234' }),
    DecisionField.choice('traffic', { label: 'How much traffic first, in percent', choices: ['10', '50', '100'] }),
    DecisionField.text('note', { label: 'Note for the release log', required: false }),
  ],
});
const fields = new ApprovalFieldsAction({ actionName: 'Fields', runOrder: 2, gate: approve });

const code = new codepipeline.Artifact();
const bucket = s3.Bucket.fromBucketName(stack, 'SourceBucket', 'example-shop-source');
const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', { pipelineType: codepipeline.PipelineType.V2 });
pipeline.addStage({
  stageName: 'Source',
  actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'shop.zip', output: code })],
});
pipeline.addStage({
  stageName: 'Prod',
  actions: [
    approve,
    fields,
    new actions.CloudFormationCreateUpdateStackAction({
      actionName: 'Deploy',
      runOrder: 3,
      stackName: 'shop-prod',
      templatePath: code.atPath('template.json'),
      adminPermissions: false,
      parameterOverrides: { CanaryPercent: fields.variable('traffic') },
    }),
    new actions.CodeBuildAction({
      actionName: 'CloseTicket',
      runOrder: 4,
      input: code,
      // An environment variable, in quotes: what people entered is never a part of the command.
      environmentVariables: { TICKET: { value: fields.variable('ticket') } },
      project: new codebuild.PipelineProject(stack, 'CloseTicket', {
        buildSpec: codebuild.BuildSpec.fromObject({
          version: '0.2',
          phases: { build: { commands: ['./close-ticket.sh "$TICKET"'] } },
        }),
      }),
    }),
  ],
});
