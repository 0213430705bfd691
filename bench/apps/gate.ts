/** A pipeline with one gate, of the kind that the context says. */
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { ApprovalGateActionProps } from 'cdk-approval-gates';
import {
  AlarmRef,
  ApprovalGateAction,
  ApprovalWorkflow,
  Approver,
  Approvers,
  Check,
  GateRule,
} from 'cdk-approval-gates';

const app = new App();
const stack = new Stack(app, 'Bench');
const checks = [Check.alarm(AlarmRef.named('shop-5xx'))];
const approvers = Approvers.anyOf(Approver.person('ana@example.com'), Approver.person('bo@example.com'));

const KINDS: Readonly<Record<string, Partial<ApprovalGateActionProps>>> = {
  bake: { checks, bakeTime: Duration.hours(Number(app.node.tryGetContext('hours'))) },
  manual: { approvers, timeout: Duration.days(14) },
  guarded: { approvers, checks, rule: GateRule.guarded(), timeout: Duration.days(14) },
};

const bucket = s3.Bucket.fromBucketName(stack, 'Sources', 'sources');
const output = new codepipeline.Artifact();
new codepipeline.Pipeline(stack, 'Pipeline', {
  pipelineName: 'bench',
  pipelineType: codepipeline.PipelineType.V2,
  stages: [
    {
      stageName: 'Source',
      actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'source.zip', output })],
    },
    {
      stageName: 'Prod',
      actions: [
        new ApprovalGateAction({
          actionName: 'Gate',
          workflow: new ApprovalWorkflow(stack, 'Approvals'),
          ...KINDS[String(app.node.tryGetContext('kind'))],
        }),
      ],
    },
  ],
});
