// A container service that ECS rolls out itself: a tenth of the traffic first, watched for ten minutes, then the rest.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AlarmRef, Check, EcsDeployer, EcsRollout, EcsTraffic, RolloutStrategy } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'EcsRollout');

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
  portMappings: [{ containerPort: 8080 }],
});
const service = new ecs.FargateService(stack, 'Service', {
  serviceName: 'web',
  cluster: new ecs.Cluster(stack, 'Cluster', { vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED }),
  taskDefinition,
  minHealthyPercent: 100,
  circuitBreaker: { rollback: true },
});

// The tasks of one version are in this target group, those of the next one in that, in turn.
const targets = (id: string) =>
  new elbv2.ApplicationTargetGroup(stack, id, {
    vpc,
    port: 8080,
    protocol: elbv2.ApplicationProtocol.HTTP,
    targetType: elbv2.TargetType.IP,
    healthCheck: { path: '/health' },
  });
const [targetGroup, alternateTargetGroup] = [targets('Blue'), targets('Green')];
service.attachToApplicationTargetGroup(targetGroup);
const productionRule = new elbv2.ApplicationListenerRule(stack, 'Production', {
  listener: elbv2.ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', {
    listenerArn:
      'arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop/0123456789abcdef/0123456789abcdef',
    securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'BalancerGroup', 'sg-0123456789abcdef0'),
  }),
  priority: 1,
  conditions: [elbv2.ListenerCondition.pathPatterns(['/*'])],
  action: elbv2.ListenerAction.weightedForward([
    { targetGroup, weight: 100 },
    { targetGroup: alternateTargetGroup, weight: 0 },
  ]),
});

new EcsRollout(stack, 'Rollout', {
  service,
  strategy: RolloutStrategy.canary(10, Duration.minutes(10)),
  alarms: [cloudwatch.Alarm.fromAlarmName(stack, 'Web5xx', 'web-5xx')],
  before: [Check.alarm(AlarmRef.named('web-smoke-test'))],
  deployer: EcsDeployer.native({
    traffic: EcsTraffic.applicationLoadBalancer({ targetGroup, alternateTargetGroup, productionRule }),
  }),
});

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
      stackName: 'EcsRollout',
      templatePath: code.atPath('EcsRollout.template.json'),
      adminPermissions: false,
    }),
  ],
});
