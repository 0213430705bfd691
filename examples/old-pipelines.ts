// Pipelines that ask by CodePipeline's own approvals become gates in one call, however they are written. What they are
// otherwise stays as it is. First look at what would change: npx cdk synth -c report=true
import { App, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ApprovalWorkflow, Approver, Approvers, ManualApprovals, ManualApprovalsOptions } from 'cdk-approval-gates';

const connectionArn = 'arn:aws:codeconnections:eu-west-1:111111111111:connection/00000000-0000-4000-8000-000000000000';

export const app = new App();
const stack = new Stack(app, 'OldPipelines');

// Written with the CDK's constructs.
const code = new codepipeline.Artifact();
new codepipeline.Pipeline(stack, 'Billing', {
  pipelineName: 'billing',
  pipelineType: codepipeline.PipelineType.V2,
  stages: [
    {
      stageName: 'Source',
      actions: [
        new actions.CodeStarConnectionsSourceAction({
          actionName: 'Source',
          connectionArn,
          owner: 'example',
          repo: 'billing',
          output: code,
        }),
      ],
    },
    {
      stageName: 'Prod',
      actions: [
        new actions.ManualApprovalAction({ actionName: 'Approve', additionalInformation: 'Read the release notes' }),
      ],
    },
  ],
});

// Written as a plain resource, as in a template that was taken into the app.
const role = new iam.Role(stack, 'SearchRole', { assumedBy: new iam.ServicePrincipal('codepipeline.amazonaws.com') });
const artifacts = s3.Bucket.fromBucketName(stack, 'Artifacts', 'search-artifacts');
new codepipeline.CfnPipeline(stack, 'Search', {
  name: 'search',
  roleArn: role.roleArn,
  artifactStore: { type: 'S3', location: artifacts.bucketName },
  stages: [
    {
      name: 'Source',
      actions: [
        {
          name: 'Source',
          actionTypeId: { category: 'Source', owner: 'AWS', provider: 'CodeStarSourceConnection', version: '1' },
          configuration: { ConnectionArn: connectionArn, FullRepositoryId: 'example/search', BranchName: 'main' },
          outputArtifacts: [{ name: 'Code' }],
        },
      ],
    },
    {
      name: 'Prod',
      actions: [
        { name: 'Approve', actionTypeId: { category: 'Approval', owner: 'AWS', provider: 'Manual', version: '1' } },
      ],
    },
  ],
});

// After everything else: what is added later would not be seen.
const options: ManualApprovalsOptions = {
  workflow: new ApprovalWorkflow(stack, 'Approvals'),
  approvers: Approvers.anyOf(Approver.person('ana@example.com'), Approver.person('bo@example.com')),
};
if (app.node.tryGetContext('report') === 'true') {
  ManualApprovals.report(app, options);
} else {
  ManualApprovals.takeOver(app, options);
}
