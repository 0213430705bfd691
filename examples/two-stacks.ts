// One workflow for many pipelines: it has a stack of its own, and pipelines in other stacks share it.
import { App, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ApprovalGateAction, ApprovalWorkflow, Approver, Approvers } from 'cdk-approval-gates';

export const app = new App();

const platform = new Stack(app, 'Platform');
const approvals = new ApprovalWorkflow(platform, 'Approvals');
const approvers = Approvers.anyOf(Approver.person('ana@example.com'), Approver.person('bo@example.com'));

/** A team's pipeline. */
class Release extends Stack {
  constructor(scope: App, id: string, workflow: ApprovalWorkflow) {
    super(scope, id);
    const code = new codepipeline.Artifact();
    const bucket = s3.Bucket.fromBucketName(this, 'SourceBucket', `example-${id.toLowerCase()}-source`);
    const pipeline = new codepipeline.Pipeline(this, 'Pipeline', { pipelineType: codepipeline.PipelineType.V2 });
    pipeline.addStage({
      stageName: 'Source',
      actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'app.zip', output: code })],
    });
    pipeline.addStage({
      stageName: 'Prod',
      actions: [
        new ApprovalGateAction({ actionName: 'Approve', runOrder: 1, workflow, approvers }),
        new actions.CloudFormationCreateUpdateStackAction({
          actionName: 'Deploy',
          runOrder: 2,
          stackName: `${id}-prod`,
          templatePath: code.atPath('template.json'),
          adminPermissions: false,
        }),
      ],
    });
  }
}

new Release(app, 'Shop', approvals);
new Release(app, 'Billing', approvals);
