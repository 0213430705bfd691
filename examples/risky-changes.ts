// People are asked only about risky changes: where the change set replaces or removes something, or changes permissions.
import { App, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  ApprovalGateAction,
  ApprovalWorkflow,
  Approver,
  Approvers,
  ChangeSetRef,
  Check,
  GateRule,
  OnFail,
} from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'RiskyChanges');

const source = new codepipeline.Artifact('source');
const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', {
  pipelineName: 'shop-release',
  pipelineType: codepipeline.PipelineType.V2,
  stages: [
    {
      stageName: 'Source',
      actions: [
        new actions.S3SourceAction({
          actionName: 'Source',
          bucket: s3.Bucket.fromBucketName(stack, 'Sources', 'shop-sources'),
          bucketKey: 'shop.zip',
          output: source,
        }),
      ],
    },
  ],
});

const change = { stackName: 'shop-prod', changeSetName: 'release' };
pipeline.addStage({
  stageName: 'Prod',
  actions: [
    new actions.CloudFormationCreateReplaceChangeSetAction({
      actionName: 'Prepare',
      ...change,
      templatePath: source.atPath('shop-prod.template.json'),
      adminPermissions: false,
      runOrder: 1,
    }),
    new ApprovalGateAction({
      actionName: 'Risks',
      workflow: new ApprovalWorkflow(stack, 'Approvals'),
      checks: [Check.changeSet(ChangeSetRef.named(change.stackName, change.changeSetName))],
      // A harmless change passes by itself; a risky one asks one of them.
      rule: GateRule.automatedElsePeople({ onFail: OnFail.ASK_APPROVERS }),
      approvers: Approvers.anyOf(Approver.person('ana@example.com'), Approver.person('bo@example.com')),
      runOrder: 2,
    }),
    new actions.CloudFormationExecuteChangeSetAction({ actionName: 'Deploy', ...change, runOrder: 3 }),
  ],
});
