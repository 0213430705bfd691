// A container service whose deployment goes on only after an alarm was healthy for ten minutes, and else is rolled back.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
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
  cluster: new ecs.Cluster(stack, 'Cluster', { vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED }),
  taskDefinition,
  deploymentStrategy: ecs.DeploymentStrategy.BLUE_GREEN,
  minHealthyPercent: 100,
  circuitBreaker: { rollback: true },
});

service.addLifecycleHook(
  new EcsHealthHook(stack, 'Healthy', {
    checks: [Check.alarm(AlarmRef.named('web-5xx'))],
    bakeTime: Duration.minutes(10),
  }),
);
