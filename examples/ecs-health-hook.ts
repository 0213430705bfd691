// A container service whose deployment goes on only after an alarm was healthy for ten minutes, and else is rolled back.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AlarmRef, Check, EcsHealthHook } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'Web');

const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Network', {
  vpcId: 'vpc-0123456789abcdef0',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  privateSubnetRouteTableIds: ['rtb-0123456789abcdef0', 'rtb-0123456789abcdef1'],
});
const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task');
taskDefinition.addContainer('web', {
  image: ecs.ContainerImage.fromRegistry('nginx:stable'),
  logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'web' }),
});

const service = new ecs.FargateService(stack, 'Service', {
  serviceName: 'web',
  cluster: new ecs.Cluster(stack, 'Cluster', { vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED }),
  taskDefinition,
  deploymentStrategy: ecs.DeploymentStrategy.BLUE_GREEN,
  bakeTime: Duration.minutes(15), // how long the tasks of before stay, to go back to at once
  minHealthyPercent: 100,
  circuitBreaker: { rollback: true },
});

service.addLifecycleHook(
  new EcsHealthHook(stack, 'Healthy', {
    checks: [Check.alarm(AlarmRef.named('web-5xx'))],
    bakeTime: Duration.minutes(10),
  }),
);

// CloudFormation waits for ECS: CodePipeline's own ECS action gives up after an hour.
const release = new Stack(app, 'Release');
const code = new codepipeline.Artifact();
const bucket = s3.Bucket.fromBucketName(release, 'SourceBucket', 'example-web-source');
const pipeline = new codepipeline.Pipeline(release, 'Pipeline', { pipelineType: codepipeline.PipelineType.V2 });
pipeline.addStage({
  stageName: 'Source',
  actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'web.zip', output: code })],
});
pipeline.addStage({
  stageName: 'Prod',
  actions: [
    new actions.CloudFormationCreateUpdateStackAction({
      actionName: 'Deploy',
      stackName: 'Web',
      templatePath: code.atPath('Web.template.json'),
      adminPermissions: false,
    }),
  ],
});
