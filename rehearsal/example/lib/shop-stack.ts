import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Artifact, Pipeline, PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import { S3DeployAction, S3SourceAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ApprovalGateAction, ApprovalWorkflow, Approver, Approvers, Check } from 'cdk-approval-gates';
import type { Construct } from 'constructs';

/** Canary, health, two approvals, production. */
export class ShopStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const workflow = new ApprovalWorkflow(this, 'Approvals');
    const [ana, bo, cy] = ['ana', 'bo', 'cy'].map((name) => Approver.person(`${name}@example.com`));
    const alarm = new Alarm(this, 'Errors', {
      alarmName: 'shop-5xx',
      metric: new Metric({ namespace: 'Shop', metricName: '5xx', period: Duration.minutes(1) }),
      threshold: 5,
      evaluationPeriods: 1,
    });
    const input = new Artifact();
    const deploy = (to: string, runOrder: number) =>
      new S3DeployAction({ actionName: 'Deploy', runOrder, input, bucket: new Bucket(this, to) });

    new Pipeline(this, 'Pipeline', {
      pipelineName: 'shop',
      pipelineType: PipelineType.V2,
      stages: [
        {
          stageName: 'Source',
          actions: [
            new S3SourceAction({
              actionName: 'Source',
              bucket: new Bucket(this, 'Changes', { versioned: true }),
              bucketKey: 'shop.zip',
              output: input,
            }),
          ],
        },
        {
          stageName: 'Canary',
          actions: [
            deploy('CanarySite', 1),
            new ApprovalGateAction({
              actionName: 'Healthy',
              runOrder: 2,
              workflow,
              checks: [Check.alarm(alarm)],
              bakeTime: Duration.minutes(30),
            }),
          ],
        },
        {
          stageName: 'Prod',
          actions: [
            new ApprovalGateAction({
              actionName: 'Approve',
              runOrder: 1,
              workflow,
              approvers: Approvers.atLeast(2, ana, bo, cy),
            }),
            deploy('Site', 2),
          ],
        },
      ],
    });
  }
}
