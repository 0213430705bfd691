// A container service that CodeDeploy rolls out: test traffic first, then a tenth of the traffic, then the rest; the old tasks stay for a while.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AlarmRef, Check, EcsDeployer, EcsRollout, RolloutStrategy } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'EcsCodeDeploy');

const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Network', {
  vpcId: 'vpc-0123456789abcdef0',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  privateSubnetRouteTableIds: ['rtb-0123456789abcdef0', 'rtb-0123456789abcdef1'],
});
const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task', { family: 'web' });
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
  deploymentController: { type: ecs.DeploymentControllerType.CODE_DEPLOY },
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

// Of whichever load balancer serves the shop. Both listeners forward to the first target group at first.
const balancer = elbv2.ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'Balancer', {
  loadBalancerArn: 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop/0123456789abcdef',
  securityGroupId: 'sg-0123456789abcdef0',
  vpc,
});
const listener = (id: string, port: number) =>
  balancer.addListener(id, {
    port,
    protocol: elbv2.ApplicationProtocol.HTTP,
    open: false,
    defaultTargetGroups: [targetGroup],
  });

const rollout = new EcsRollout(stack, 'Rollout', {
  service,
  strategy: RolloutStrategy.canary(10, Duration.minutes(15)),
  bakeTime: Duration.minutes(30), // how long the old tasks stay, to go back to at once
  alarms: [cloudwatch.Alarm.fromAlarmName(stack, 'Web5xx', 'web-5xx')],
  before: [Check.alarm(AlarmRef.named('web-smoke-test'))],
  deployer: EcsDeployer.codeDeploy({
    targetGroup,
    alternateTargetGroup,
    productionListener: listener('Production', 80),
    testListener: listener('Test', 9000),
  }),
});

// The build pushes an image, says which in imageDetail.json, and writes what CodeDeploy needs beside it.
const code = new codepipeline.Artifact();
const built = new codepipeline.Artifact('Built');
const project = new codebuild.PipelineProject(stack, 'Build', {
  environmentVariables: {
    APPSPEC: { value: rollout.appSpec() },
    TASKDEF: { value: rollout.taskDefinition({ web: 'IMAGE' }) },
  },
  buildSpec: codebuild.BuildSpec.fromObject({
    version: '0.2',
    phases: {
      build: {
        commands: [
          './build-and-push.sh > imageDetail.json',
          'printf "%s" "$APPSPEC" > appspec.yaml',
          'printf "%s" "$TASKDEF" > taskdef.json',
        ],
      },
    },
    artifacts: { files: ['imageDetail.json', 'appspec.yaml', 'taskdef.json'] },
  }),
});
const bucket = s3.Bucket.fromBucketName(stack, 'SourceBucket', 'example-web-source');
const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', { pipelineType: codepipeline.PipelineType.V2 });
pipeline.addStage({
  stageName: 'Source',
  actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'web.zip', output: code })],
});
pipeline.addStage({
  stageName: 'Build',
  actions: [new actions.CodeBuildAction({ actionName: 'Build', project, input: code, outputs: [built] })],
});
pipeline.addStage({
  stageName: 'Prod',
  actions: [
    rollout.deployAction({
      appSpec: built.atPath('appspec.yaml'),
      taskDefinition: built.atPath('taskdef.json'),
      images: [{ input: built }],
    }),
  ],
});
