import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  ApprovalGateAction,
  ApprovalGateActionProps,
  ApprovalWorkflow,
  Approvers,
  Check,
  GateRule,
} from 'cdk-approval-gates';
import { CONTEXT } from './harness';

type Gate = (workflow: ApprovalWorkflow, index: number) => Partial<ApprovalGateActionProps>;

/** Resources of a pipeline's stack with so many gates of a kind; the workflow has a stack of its own. */
function resources(gates: number, gate: Gate): number {
  const app = new App({ context: CONTEXT });
  const workflow = new ApprovalWorkflow(new Stack(app, 'Platform'), 'Approvals');
  const stack = new Stack(app, 'Release');
  const code = new codepipeline.Artifact();
  const bucket = s3.Bucket.fromBucketName(stack, 'SourceBucket', 'shop-source');
  const source = new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'a.zip', output: code });
  const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', { pipelineType: codepipeline.PipelineType.V2 });
  pipeline.addStage({ stageName: 'Source', actions: [source] });
  for (let index = 1; index <= gates; index += 1) {
    pipeline.addStage({
      stageName: `Stage${index}`,
      actions: [new ApprovalGateAction({ actionName: 'Gate', ...gate(workflow, index) })],
    });
  }
  return Object.keys(Template.fromStack(stack).toJSON().Resources as object).length;
}

const PEOPLE = Approvers.emails('ana@example.com', 'bo@example.com');

test.each<[string, number, Gate]>([
  ['without a workflow adds one resource, its topic', 1, () => ({ approvers: PEOPLE })],
  ['with a workflow adds one resource', 1, (workflow) => ({ workflow, approvers: PEOPLE })],
  [
    'with people and a short check adds one resource',
    1,
    (workflow) => ({
      workflow,
      approvers: PEOPLE,
      checks: [Check.http('https://example.com')],
      rule: GateRule.guarded(),
    }),
  ],
])('a further gate of a pipeline %s', (_what, added, gate) => {
  expect(resources(7, gate) - resources(6, gate)).toBe(added);
});
