// One server first, watched for a quarter of an hour; then the fleet, a third at a time. The service: examples/server/;
// `npx cdk-approval-gates appspec --yes` wrote its AppSpec and scripts.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  ApprovalGateAction,
  ApprovalWorkflow,
  Check,
  RolloutStrategy,
  ServerRollout,
  Servers,
} from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'ServerRollout');

const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Network', {
  vpcId: 'vpc-0123456789abcdef0',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  privateSubnetRouteTableIds: ['rtb-0123456789abcdef0', 'rtb-0123456789abcdef1'],
});
// Of whichever load balancer serves the shop.
const targetGroup = new elbv2.ApplicationTargetGroup(stack, 'Web', {
  vpc,
  port: 8080,
  targetType: elbv2.TargetType.INSTANCE,
  healthCheck: { path: '/health' },
});
const shop5xx = cloudwatch.Alarm.fromAlarmName(stack, 'Shop5xx', 'shop-5xx');

/** Both groups stand behind the same load balancer. */
const group = (id: string, autoScalingGroupName: string, servers: number) => {
  const made = new autoscaling.AutoScalingGroup(stack, id, {
    autoScalingGroupName,
    vpc,
    instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.NANO),
    machineImage: ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64 }),
    minCapacity: servers,
    maxCapacity: servers,
    requireImdsv2: true,
    blockDevices: [{ deviceName: '/dev/xvda', volume: autoscaling.BlockDeviceVolume.ebs(8, { encrypted: true }) }],
  });
  made.attachToApplicationTargetGroup(targetGroup);
  return Servers.of(made);
};

const rollout = new ServerRollout(stack, 'Rollout', {
  servers: group('Fleet', 'shop-fleet', 4),
  strategy: RolloutStrategy.oneBox(group('Box', 'shop-box', 1)),
  targetGroups: [targetGroup],
  alarms: [shop5xx],
});

const code = new codepipeline.Artifact();
const bucket = s3.Bucket.fromBucketName(stack, 'SourceBucket', 'example-shop-source');
const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', { pipelineType: codepipeline.PipelineType.V2 });
pipeline.addStage({
  stageName: 'Source',
  actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'shop.zip', output: code })],
});
pipeline.addStage({
  stageName: 'Prod',
  actions: [
    rollout.deployOneBox(code),
    new ApprovalGateAction({
      actionName: 'BoxHealthy',
      runOrder: 2,
      workflow: new ApprovalWorkflow(stack, 'Approvals'),
      checks: [Check.alarm(shop5xx)],
      bakeTime: Duration.minutes(15),
      rollbackOnReject: true,
    }),
    rollout.deployFleet(code),
  ],
});
