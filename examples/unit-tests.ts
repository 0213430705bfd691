// Unit tests open the gate: what the build of this run reported, and how much they cover, is judged before anything is deployed.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ApprovalGateAction, ApprovalWorkflow, Check } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'UnitTests');

const reports = new codebuild.ReportGroup(stack, 'Reports', { reportGroupName: 'shop-unit-tests' });
const coverage = new codebuild.ReportGroup(stack, 'Coverage', {
  reportGroupName: 'shop-coverage',
  type: codebuild.ReportGroupType.CODE_COVERAGE,
});
const project = new codebuild.PipelineProject(stack, 'Test', {
  buildSpec: codebuild.BuildSpec.fromObject({
    version: '0.2',
    // The build goes on after a failed test, so that its report decides.
    phases: {
      build: {
        commands: ['npm ci', 'npm test -- --reporters=jest-junit --coverage --coverageReporters=clover || true'],
      },
    },
    reports: {
      [reports.reportGroupArn]: { files: ['junit.xml'] },
      [coverage.reportGroupArn]: { files: ['coverage/clover.xml'], 'file-format': 'CLOVERXML' },
    },
  }),
});
reports.grantWrite(project);
coverage.grantWrite(project);

const code = new codepipeline.Artifact();
const bucket = s3.Bucket.fromBucketName(stack, 'SourceBucket', 'example-shop-source');
const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', { pipelineType: codepipeline.PipelineType.V2 });
pipeline.addStage({
  stageName: 'Source',
  actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'shop.zip', output: code })],
});
pipeline.addStage({
  stageName: 'Test',
  actions: [new actions.CodeBuildAction({ actionName: 'Unit', project, input: code })],
});
pipeline.addStage({
  stageName: 'Prod',
  actions: [
    new ApprovalGateAction({
      actionName: 'Tested',
      runOrder: 1,
      workflow: new ApprovalWorkflow(stack, 'Approvals'),
      checks: [
        Check.testReport(reports, { minTests: 100, maxSkipped: 5 }),
        Check.codeCoverage(coverage, { minLinePercent: 80, minBranchPercent: 70, maxDropPoints: 2 }),
      ],
      bakeTime: Duration.minutes(0),
    }),
    new actions.CloudFormationCreateUpdateStackAction({
      actionName: 'Deploy',
      runOrder: 2,
      stackName: 'shop-prod',
      templatePath: code.atPath('template.json'),
      adminPermissions: false,
    }),
  ],
});
