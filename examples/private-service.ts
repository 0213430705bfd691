// A service that only its own network reaches, behind a token: a probe in that network asks how it is.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { ApprovalGateAction, ApprovalWorkflow, Check, HttpProbe } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'Orders');

const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Network', {
  vpcId: 'vpc-0123456789abcdef0',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  privateSubnetRouteTableIds: ['rtb-0123456789abcdef0', 'rtb-0123456789abcdef1'],
});
const token = new secretsmanager.Secret(stack, 'HealthToken', {
  generateSecretString: { secretStringTemplate: '{"user":"gates"}', generateStringKey: 'token' },
});

const code = new codepipeline.Artifact();
const bucket = s3.Bucket.fromBucketName(stack, 'SourceBucket', 'example-orders-source');
const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', { pipelineType: codepipeline.PipelineType.V2 });
pipeline.addStage({
  stageName: 'Source',
  actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'orders.zip', output: code })],
});
pipeline.addStage({
  stageName: 'Prod',
  actions: [
    new actions.CloudFormationCreateUpdateStackAction({
      actionName: 'Deploy',
      runOrder: 1,
      stackName: 'orders-prod',
      templatePath: code.atPath('template.json'),
      adminPermissions: false,
    }),
    new ApprovalGateAction({
      actionName: 'Healthy',
      runOrder: 2,
      workflow: new ApprovalWorkflow(stack, 'Approvals'),
      checks: [
        Check.http('https://orders.internal/health', {
          probe: new HttpProbe(stack, 'Probe', { vpc }),
          secretHeaders: [{ name: 'Authorization', secret: token, jsonField: 'token', prefix: 'Bearer ' }],
          jsonCondition: "status == 'UP' && queue.depth < `100`",
          maxLatency: Duration.seconds(2),
        }),
      ],
      bakeTime: Duration.minutes(10),
    }),
  ],
});
