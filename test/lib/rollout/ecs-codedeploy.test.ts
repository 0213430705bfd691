import { Aws, CfnCondition, CfnParameter, Duration, Fn, Stack, Token, type App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import { parse } from 'yaml';
import { EcsDeployer, EcsRollout, RolloutStrategy } from '../../../lib/rollout';
import type { EcsCodeDeployOptions, EcsRolloutProps } from '../../../lib/rollout';
import { Check } from '../../../lib/check';
import { EcsFixture, healthy } from './ecs-fixture';

const canary = (percent: number, minutes: number) => RolloutStrategy.canary(percent, Duration.minutes(minutes));
const linear = (percent: number, minutes: number) => RolloutStrategy.linear(percent, Duration.minutes(minutes));
const token = (): number => Token.asNumber({ Ref: 'Given' });
const CODE_DEPLOY = { deploymentController: { type: ecs.DeploymentControllerType.CODE_DEPLOY } };

type Props = Partial<EcsRolloutProps> & { readonly by?: Partial<EcsCodeDeployOptions> };

function rolled(props: Props = {}, fixture = new EcsFixture(), service = fixture.service(CODE_DEPLOY)) {
  const { by = {}, ...others } = props;
  const { blue, green, listener } = fixture;
  const rollout = new EcsRollout(fixture.stack, 'Rollout', {
    service,
    strategy: canary(10, 5),
    deployer: EcsDeployer.codeDeploy({
      targetGroup: blue,
      alternateTargetGroup: green,
      productionListener: listener,
      ...by,
    }),
    ...others,
  });
  return { fixture, service, rollout };
}

function groupOf(props: Props, fixture = new EcsFixture()) {
  rolled(props, fixture);
  const [group] = Object.values(fixture.template().findResources('AWS::CodeDeploy::DeploymentGroup'));
  return group?.Properties;
}

const statementsOf = (fixture: EcsFixture, id: RegExp): any[] =>
  Object.entries(fixture.template().toJSON().Resources as Record<string, any>)
    .filter(([name, { Type }]) => id.test(name) && /^AWS::IAM::(Role|Policy)$/.test(Type))
    .flatMap(([, { Properties }]) => [Properties, ...(Properties.Policies ?? [])])
    .flatMap(({ PolicyDocument }) => PolicyDocument?.Statement ?? []);

describe('the deployment group', () => {
  test('shifts traffic between the two target groups, and keeps the old tasks for the bake', () => {
    const fixture = new EcsFixture();

    expect(groupOf({ by: { testListener: fixture.testListener } }, fixture)).toMatchObject({
      DeploymentConfigName: 'CodeDeployDefault.ECSCanary10Percent5Minutes',
      DeploymentStyle: { DeploymentOption: 'WITH_TRAFFIC_CONTROL', DeploymentType: 'BLUE_GREEN' },
      AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST'] },
      BlueGreenDeploymentConfiguration: {
        TerminateBlueInstancesOnDeploymentSuccess: { Action: 'TERMINATE', TerminationWaitTimeInMinutes: 15 },
      },
      LoadBalancerInfo: {
        TargetGroupPairInfoList: [
          {
            ProdTrafficRoute: { ListenerArns: [{ Ref: expect.stringMatching(/^BalancerProduction/) }] },
            TestTrafficRoute: { ListenerArns: [{ Ref: expect.stringMatching(/^BalancerTest/) }] },
            TargetGroups: [
              { Name: { 'Fn::GetAtt': [expect.stringMatching(/^Blue/), 'TargetGroupName'] } },
              { Name: { 'Fn::GetAtt': [expect.stringMatching(/^Green/), 'TargetGroupName'] } },
            ],
          },
        ],
      },
    });
  });

  test('makes a configuration where AWS has none with these numbers', () => {
    const { fixture } = rolled({ strategy: linear(25, 5) });

    fixture.template().hasResourceProperties('AWS::CodeDeploy::DeploymentConfig', {
      ComputePlatform: 'ECS',
      TrafficRoutingConfig: { Type: 'TimeBasedLinear', TimeBasedLinear: { LinearInterval: 5, LinearPercentage: 25 } },
    });
  });

  test('stops on alarms, which its role may describe', () => {
    const fixture = new EcsFixture();
    const { AlarmConfiguration, AutoRollbackConfiguration } = groupOf({ alarms: [fixture.alarm('errors')] }, fixture);

    expect(AlarmConfiguration).toMatchObject({ Enabled: true });
    expect(AutoRollbackConfiguration.Events).toContain('DEPLOYMENT_STOP_ON_ALARM');
    expect(statementsOf(fixture, /^RolloutRole/)).toContainEqual(
      expect.objectContaining({ Sid: 'WatchAlarms', Action: 'cloudwatch:DescribeAlarms' }),
    );
  });

  test('ignores alarms where told, says so, and may not look at them', () => {
    const fixture = new EcsFixture();
    const group = groupOf({ alarms: [fixture.alarm('errors')], by: { ignoreAlarms: true } }, fixture);

    expect(group.AlarmConfiguration.Enabled).toBe(false);
    expect(JSON.stringify(statementsOf(fixture, /^RolloutRole/))).not.toContain('DescribeAlarms');
    const warnings = Annotations.fromStack(fixture.stack);
    warnings.hasWarning('/Shop/Rollout', Match.stringLikeRegexp('no alarm stops this rollout'));
    warnings.hasWarning('/Shop/Rollout', Match.stringLikeRegexp('nothing looks at how they do'));
  });

  test.each([10, 11])('has at most 10 alarms, also when they are added later (%i)', (count) => {
    const { fixture, rollout } = rolled({ before: healthy() });
    const add = () =>
      Array.from({ length: count }, (_, index) => rollout.deploymentGroup?.addAlarm(fixture.alarm(`A${index}`)));

    if (count > 10) expect(add).toThrow(/TooManyAlarms/);
    else expect(add).not.toThrow();
  });

  test.each([
    [Duration.minutes(0), 0],
    [Duration.hours(48), 2880],
    [Duration.minutes(token()), { Ref: 'Given' }],
  ])('keeps the old tasks for up to 48 hours (%#)', (bakeTime, minutes) => {
    const { BlueGreenDeploymentConfiguration } = groupOf({ bakeTime });

    expect(
      BlueGreenDeploymentConfiguration.TerminateBlueInstancesOnDeploymentSuccess.TerminationWaitTimeInMinutes,
    ).toEqual(minutes);
  });
});

describe('the role of CodeDeploy', () => {
  test('may replace the tasks of this service, shift this traffic, pass these roles, and nothing else', () => {
    const fixture = new EcsFixture();
    const alarm = cloudwatch.Alarm.fromAlarmName(fixture.stack, 'Alarm', 'errors');
    rolled({ alarms: [alarm], before: healthy(), by: { testListener: fixture.testListener } }, fixture);
    const statements = statementsOf(fixture, /^RolloutRole|^RolloutInvokeHooks/);
    const byId = Object.fromEntries(statements.map((one) => [one.Sid, one]));

    expect(Object.keys(byId).toSorted()).toEqual([
      'FindTraffic',
      'InvokeHooks',
      'PassTaskRoles',
      'ReplaceTasks',
      'ShiftTraffic',
      'WatchAlarms',
    ]);
    expect(JSON.stringify(byId.ReplaceTasks.Resource)).toMatch(/:service\/.*:task-set\/.*\/\*/);
    expect(byId.FindTraffic).toMatchObject({
      Resource: '*',
      Action: ['Listeners', 'Rules', 'TargetGroups'].map((what) => `elasticloadbalancing:Describe${what}`),
    });
    expect(byId.ShiftTraffic.Resource).toHaveLength(4);
    expect(byId.PassTaskRoles).toMatchObject({
      Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      Resource: [{ 'Fn::GetAtt': [expect.stringMatching(/^TaskTaskRole/), 'Arn'] }],
    });
    expect(byId.InvokeHooks.Resource).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^RolloutBefore/), 'Arn'] });
    const roles = fixture.template().findResources('AWS::IAM::Role');
    expect(Object.values(roles).flatMap(({ Properties }) => Properties.ManagedPolicyArns ?? [])).toEqual([]);
  });

  test('may pass the execution role that is made after the rollout', () => {
    const { fixture, service } = rolled();
    service.taskDefinition.obtainExecutionRole();
    const [passing] = statementsOf(fixture, /^RolloutRole/).filter(({ Sid }) => Sid === 'PassTaskRoles');

    expect(passing.Resource).toHaveLength(2);
  });

  test('lets hooks report to this deployment group only', () => {
    const { fixture } = rolled({ before: healthy(), after: healthy() });
    const reporting = statementsOf(fixture, /^Rollout(Before|After)/).filter(
      ({ Action }) => Action === 'codedeploy:PutLifecycleEventHookExecutionStatus',
    );

    expect(reporting).toHaveLength(2);
    expect(JSON.stringify(reporting[0].Resource)).toContain('deploymentgroup');
    expect(JSON.stringify(reporting[0].Resource)).not.toContain('*');
  });
});

describe('the AppSpec', () => {
  const textOf = (props: Props): string => {
    const { fixture, rollout } = rolled(props);
    const resolved = fixture.stack.resolve(rollout.appSpec());
    if (typeof resolved === 'string') return resolved;
    return resolved['Fn::Join'][1].map((part: any) => (typeof part === 'string' ? part : part.Ref)).join('');
  };

  test('names container and port, and leaves the task definition to CodePipeline', () => {
    expect(parse(textOf({}))).toEqual({
      version: 0,
      Resources: [
        {
          TargetService: {
            Type: 'AWS::ECS::Service',
            Properties: {
              TaskDefinition: '<TASK_DEFINITION>',
              LoadBalancerInfo: { ContainerName: 'web', ContainerPort: 8080 },
            },
          },
        },
      ],
    });
    expect(textOf({})).toMatch(/^version: 0\.0$/m);
  });

  test('calls the functions that run the checks', () => {
    const { Hooks } = parse(textOf({ before: healthy(), after: healthy() }));

    expect(Hooks).toEqual([
      { BeforeAllowTraffic: expect.stringMatching(/^RolloutBefore/) },
      { AfterAllowTraffic: expect.stringMatching(/^RolloutAfter/) },
    ]);
  });
});

describe('the task definition', () => {
  /** As it stands in a template, with references in place of what is known at deployment. */
  function written(more: (definition: ecs.FargateTaskDefinition) => void, images?: Record<string, string>) {
    const { fixture, service, rollout } = rolled({ before: healthy() });
    const text = rollout.taskDefinition(images);
    more(service.taskDefinition as ecs.FargateTaskDefinition);
    const resolved = fixture.stack.resolve(text);
    if (typeof resolved === 'string') return JSON.parse(resolved);
    const parts = resolved['Fn::Join'][1] as (string | Record<string, unknown>)[];
    return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : Object.values(part).flat()[0])).join(''));
  }

  test('is that of the app, as ECS takes it', () => {
    expect(written(() => undefined)).toEqual({
      family: 'web',
      cpu: '256',
      memory: '512',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      taskRoleArn: expect.stringMatching(/^TaskTaskRole/),
      containerDefinitions: [
        { name: 'web', essential: true, image: 'web', portMappings: [{ containerPort: 8080, protocol: 'tcp' }] },
      ],
    });
  });

  test('leaves the image of a container to the pipeline, and has what is added later', () => {
    const definition = written(
      (task) =>
        task.addContainer('log', {
          image: ecs.ContainerImage.fromRegistry('log'),
          dockerLabels: { Options: 'A', region: Aws.REGION },
        }),
      { web: 'IMAGE' },
    );

    expect(definition.containerDefinitions).toMatchObject([
      { name: 'web', image: '<IMAGE>' },
      { name: 'log', image: 'log', dockerLabels: { Options: 'A', region: 'AWS::Region' } },
    ]);
  });

  test('names things as ECS does, where CloudFormation calls them otherwise', () => {
    const { volumes, containerDefinitions } = written((task) => {
      task.addVolume({
        name: 'files',
        efsVolumeConfiguration: { fileSystemId: 'fs-1', authorizationConfig: { iam: 'ENABLED' } },
      });
      task.addContainer('log', {
        image: ecs.ContainerImage.fromRegistry('log'),
        dockerLabels: { filesystemId: 'kept' },
      });
    });

    expect(volumes).toEqual([
      { name: 'files', efsVolumeConfiguration: { fileSystemId: 'fs-1', authorizationConfig: { iam: 'ENABLED' } } },
    ]);
    expect(containerDefinitions[1].dockerLabels).toEqual({ filesystemId: 'kept' });
  });

  test.each<[string, Record<string, any>, RegExp]>([
    ['a container that there is not', { api: 'IMAGE' }, /placeholder for container 'api', but.*UnknownContainer/],
    ['no text', { web: 5 }, /placeholder of container 'web'` is 5, but has to be a text/],
  ])('has no placeholder for %s', (_, images, message) => {
    expect(() => written(() => undefined, images)).toThrow(message);
  });

  // What the types of the SDK name, so that nothing of it is lost on the way, or written in another way.
  test('has every property that ECS and CloudFormation both know', () => {
    const given = {
      pidMode: 'task',
      ipcMode: 'none',
      ephemeralStorage: { sizeInGiB: 30 },
      runtimePlatform: { cpuArchitecture: 'ARM64' },
      enableFaultInjection: true,
      placementConstraints: [{ type: 'memberOf', expression: 'x' }],
    };
    const proxy = { containerName: 'web', proxyConfigurationProperties: [{ name: 'a', value: 'b' }] };
    const definition = written(({ node }) => {
      Object.assign(node.defaultChild as ecs.CfnTaskDefinition, { ...given, proxyConfiguration: proxy });
    });

    expect(definition).toMatchObject(given);
    expect(definition.proxyConfiguration).toEqual({ containerName: 'web', properties: [{ name: 'a', value: 'b' }] });
  });

  test('has what overrides say, and not what they take away', () => {
    const { containerDefinitions, ...task } = written(({ node }) => {
      const resource = node.defaultChild as ecs.CfnTaskDefinition;
      resource.addPropertyOverride('EnableFaultInjection', true);
      resource.addPropertyOverride('ContainerDefinitions.0.ReadonlyRootFilesystem', true);
      resource.addPropertyOverride('ContainerDefinitions.0.DockerLabels', { Region: Aws.REGION });
      resource.addPropertyOverride('ContainerDefinitions.0.PortMappings.0.HostPort', 8080);
      resource.addPropertyOverride('Volumes', [{ Name: 'files', EFSVolumeConfiguration: { FilesystemId: 'fs-1' } }]);
      resource.addPropertyOverride('NewerThanTheCdk', 'x');
      resource.addPropertyDeletionOverride('Family');
    });

    expect(containerDefinitions).toMatchObject([
      {
        name: 'web',
        readonlyRootFilesystem: true,
        dockerLabels: { Region: 'AWS::Region' },
        portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: 'tcp' }],
      },
    ]);
    expect(task).toMatchObject({
      enableFaultInjection: true,
      newerThanTheCdk: 'x',
      volumes: [{ name: 'files', efsVolumeConfiguration: { fileSystemId: 'fs-1' } }],
    });
    expect(task).not.toHaveProperty('family');
  });

  test('has numbers and booleans as such where they are known at deployment only, and texts in quotes', () => {
    const { fixture, service, rollout } = rolled({ before: healthy() });
    const size = new CfnParameter(fixture.stack, 'Size', { type: 'Number' });
    new CfnCondition(fixture.stack, 'Writable');
    service.taskDefinition.addContainer('log', {
      image: ecs.ContainerImage.fromRegistry('log'),
      memoryLimitMiB: size.valueAsNumber,
      environment: { SIZE: size.valueAsString },
    });
    const resource = service.taskDefinition.node.defaultChild as ecs.CfnTaskDefinition;
    resource.memory = size.valueAsString;
    const unless = Fn.conditionIf('Writable', false, true);
    resource.addPropertyOverride('ContainerDefinitions.1.ReadonlyRootFilesystem', unless);
    resource.addPropertyOverride('ContainerDefinitions.1.StopTimeout', { Ref: 'Size' });
    const [, parts] = fixture.stack.resolve(rollout.taskDefinition())['Fn::Join'] as [string, unknown[]];
    const text = parts
      .map((part) => (typeof part === 'string' ? part : `(${Object.keys(part as object)[0]})`))
      .join('');

    expect(text).toContain('"memory":"(Ref)"');
    expect(text).toContain('"environment":[{"name":"SIZE","value":"(Ref)"}]');
    expect(text).toContain('"memory":(Ref),');
    expect(text).toContain('"readonlyRootFilesystem":(Fn::If)');
    expect(text).toContain('"stopTimeout":(Ref)');
  });

  test('imports what it names where the build is in another stack', () => {
    const { fixture, service, rollout } = rolled({ before: healthy() });
    service.taskDefinition.addContainer('log', {
      image: ecs.ContainerImage.fromRegistry('log'),
      logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'log' }),
      secrets: { KEY: ecs.Secret.fromSecretsManager(new secrets.Secret(fixture.stack, 'Key')) },
    });
    const pipe = new Stack(fixture.stack.node.root as App, 'Pipe', {
      env: { account: '111111111111', region: 'eu-west-1' },
    });
    new codebuild.PipelineProject(pipe, 'Build', {
      buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2' }),
      environmentVariables: { TASKDEF: { value: rollout.taskDefinition({ web: 'IMAGE' }) } },
    });
    const resources = Template.fromStack(pipe).findResources('AWS::CodeBuild::Project');
    const [, parts] = Object.values(resources)[0]!.Properties.Environment.EnvironmentVariables[0].Value['Fn::Join'] as [
      string,
      unknown[],
    ];
    const references = parts.filter((part) => typeof part !== 'string').map((part) => JSON.stringify(part));

    expect(references).toContainEqual(expect.stringMatching(/^{"Fn::ImportValue":"Shop:ExportsOutput.*TaskTaskRole/));
    expect(references).toContainEqual(expect.stringMatching(/^{"Fn::ImportValue":"Shop:ExportsOutput.*LogGroup/));
    expect(references).toContainEqual(expect.stringMatching(/^{"Fn::ImportValue":"Shop:ExportsOutput.*Key/));
    expect(references.filter((one) => !/^{"(Fn::ImportValue":"Shop:|Ref":"AWS::)/.test(one))).toEqual([]);
  });
});

describe('the action', () => {
  function released(images = 0) {
    const { fixture, rollout } = rolled({ before: healthy() });
    const { stack } = fixture;
    const [code, built] = [new codepipeline.Artifact(), new codepipeline.Artifact('Built')];
    const action = rollout.deployAction({
      taskDefinition: built.atPath('taskdef.json'),
      appSpec: built.atPath('appspec.yaml'),
      images: images === 0 ? undefined : [{ input: built, taskDefinitionPlaceholder: 'WEB' }],
    });
    new codepipeline.Pipeline(stack, 'Pipeline', {
      pipelineType: codepipeline.PipelineType.V2,
      stages: [
        {
          stageName: 'Source',
          actions: [
            new actions.S3SourceAction({
              actionName: 'Source',
              bucket: s3.Bucket.fromBucketName(stack, 'Bucket', 'source'),
              bucketKey: 'web.zip',
              output: code,
            }),
          ],
        },
        {
          stageName: 'Build',
          actions: [
            new actions.CodeBuildAction({
              actionName: 'Build',
              input: code,
              outputs: [built],
              project: codebuild.PipelineProject.fromProjectName(stack, 'Build', 'build'),
            }),
          ],
        },
        { stageName: 'Prod', actions: [action] },
      ],
    });
    const [pipeline] = Object.values(fixture.template().findResources('AWS::CodePipeline::Pipeline'));
    return { fixture, deploy: pipeline?.Properties.Stages[2].Actions[0] };
  }

  test('deploys to the group, with the AppSpec and the task definition of the build', () => {
    const { deploy } = released(1);

    expect(deploy).toMatchObject({
      Name: 'Deploy',
      RunOrder: 1,
      ActionTypeId: { Provider: 'CodeDeployToECS' },
      Configuration: {
        AppSpecTemplateArtifact: 'Built',
        AppSpecTemplatePath: 'appspec.yaml',
        TaskDefinitionTemplateArtifact: 'Built',
        TaskDefinitionTemplatePath: 'taskdef.json',
        Image1ArtifactName: 'Built',
        Image1ContainerName: 'WEB',
      },
    });
  });

  test('may pass the roles of these tasks to ECS, and no other role', () => {
    const { fixture } = released();
    const passing = statementsOf(fixture, /^Pipeline/).filter(({ Action }) =>
      JSON.stringify(Action).includes('PassRole'),
    );

    expect(passing).toEqual([
      {
        Sid: 'PassTaskRoles',
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: [{ 'Fn::GetAtt': [expect.stringMatching(/^TaskTaskRole/), 'Arn'] }],
        Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
    ]);
    const others = statementsOf(fixture, /^PipelineProdDeploy/).flatMap(({ Action }) => Action);
    expect(others).toEqual(expect.arrayContaining(['codedeploy:CreateDeployment', 'ecs:RegisterTaskDefinition']));
  });
});

describe('what does not fit is refused', () => {
  test.each<[string, (fixture: EcsFixture) => unknown, RegExp]>([
    [
      'a service that ECS deploys',
      (fixture) => rolled({}, fixture, fixture.service()),
      /`service` does not have the deployment controller CODE_DEPLOY.*WrongController/,
    ],
    [
      'a target group that the service is not registered with',
      (fixture) => rolled({}, fixture, fixture.service(CODE_DEPLOY, false)),
      /NotRegistered/,
    ],
    [
      'one target group',
      (fixture) => rolled({ by: { alternateTargetGroup: fixture.blue } }, fixture),
      /SameTargetGroup/,
    ],
    [
      'no second target group',
      (fixture) => rolled({ by: { alternateTargetGroup: undefined } }, fixture),
      /`EcsDeployer.codeDeploy alternateTargetGroup` is given nothing: give another target group/,
    ],
    [
      'no listener',
      (fixture) => rolled({ by: { productionListener: undefined } }, fixture),
      /`EcsDeployer.codeDeploy productionListener` is given nothing: give an `ApplicationListener`/,
    ],
    [
      'no listener of test traffic',
      (fixture) => rolled({ by: { testListener: 'http' as any } }, fixture),
      /`EcsDeployer.codeDeploy testListener` is given "http"/,
    ],
    [
      'a port that only the deployment knows',
      (fixture) => {
        const taskDefinition = new ecs.FargateTaskDefinition(fixture.stack, 'Other');
        const { valueAsNumber: containerPort } = new CfnParameter(fixture.stack, 'Port', { type: 'Number' });
        const image = ecs.ContainerImage.fromRegistry('web');
        taskDefinition.addContainer('web', { image, portMappings: [{ containerPort }] });
        return rolled({}, fixture, fixture.service({ ...CODE_DEPLOY, taskDefinition }));
      },
      /the port of the container .* is known only at deployment, but the AppSpec has to hold it.*LiteralNeeded/,
    ],
    ['one listener', (fixture) => rolled({ by: { testListener: fixture.listener } }, fixture), /SameListener/],
    ['a rolling deployment', (fixture) => rolled({ strategy: RolloutStrategy.rolling() }, fixture), /StrategyOfEcs/],
    ['zones', (fixture) => rolled({ strategy: RolloutStrategy.zonal() }, fixture), /StrategyForServers/],
    ['one at a time', (fixture) => rolled({ strategy: RolloutStrategy.oneAtATime() }, fixture), /StrategyForServers/],
    [
      'half a percent',
      (fixture) => rolled({ strategy: canary(0.5, 5) }, fixture),
      /is 0.5, but CodeDeploy takes whole percentages from 1 to 99 for ECS/,
    ],
    [
      'half a minute',
      (fixture) => rolled({ strategy: RolloutStrategy.canary(10, Duration.seconds(30)) }, fixture),
      /whole minutes, at least 1/,
    ],
    [
      'a shift of more than 48 hours',
      (fixture) => rolled({ strategy: canary(10, 2881) }, fixture),
      /CodeDeploy allows 2880 for ECS/,
    ],
    [
      'a shift of more than 48 hours, whatever its percentage will be',
      (fixture) => rolled({ strategy: canary(token(), 2881) }, fixture),
      /CodeDeploy allows 2880 for ECS/,
    ],
    [
      'many steps of more than 48 hours',
      (fixture) => rolled({ strategy: linear(10, 321) }, fixture),
      /makes 2889 minutes .*take at most 320 minutes, or larger steps/,
    ],
    [
      'a bake of more than 48 hours',
      (fixture) => rolled({ bakeTime: Duration.minutes(2881) }, fixture),
      /`EcsRollout bakeTime` is .*, but must be between 0/,
    ],
    [
      'a bake in seconds that nobody knows',
      (fixture) => rolled({ bakeTime: Duration.seconds(token()) }, fixture),
      /`EcsRollout bakeTime` is known only at deployment/,
    ],
    ['no checks', (fixture) => rolled({ after: [] }, fixture), /`after` is empty/],
    [
      'a check that waits until the deployment is over, which waits for the check',
      (fixture) => {
        const service = fixture.service(CODE_DEPLOY);
        return rolled({ before: [Check.ecsService(service)] }, fixture, service);
      },
      /`before` has check .*, which waits until the deployment is over, .*HookWaitsForItself/,
    ],
    [
      'a second deployment group for one service',
      (fixture) => {
        const { service } = rolled({}, fixture);
        const { stack, blue: targetGroup, green: alternateTargetGroup, listener: productionListener } = fixture;
        const deployer = EcsDeployer.codeDeploy({ targetGroup, alternateTargetGroup, productionListener });
        return new EcsRollout(stack, 'Again', { service, strategy: canary(10, 5), deployer });
      },
      /RolloutTwice/,
    ],
  ])('%s', (_, make, message) => {
    expect(() => make(new EcsFixture())).toThrow(message);
  });

  test('but not a check on another service', () => {
    const fixture = new EcsFixture();
    const { cluster, stack } = fixture;
    const other = ecs.FargateService.fromFargateServiceAttributes(stack, 'Other', { cluster, serviceName: 'other' });

    expect(() => rolled({ before: [Check.ecsService(other)] }, fixture)).not.toThrow();
  });

  test.each([
    [() => rolled({ strategy: canary(99, 2880) })],
    [() => rolled({ strategy: canary(1, 1) })],
    [() => rolled({ strategy: linear(10, 320) })],
    [() => rolled({ strategy: RolloutStrategy.canary(token(), Duration.minutes(token())) })],
  ])('but not what is at the limit, or not yet known (%#)', (make) => {
    expect(make).not.toThrow();
  });

  test.each([
    ['appSpec', (rollout: EcsRollout) => rollout.appSpec()],
    ['taskDefinition', (rollout: EcsRollout) => rollout.taskDefinition()],
    ['deployAction', (rollout: EcsRollout) => rollout.deployAction({} as never)],
  ])('%s, where ECS deploys the service', (method, call) => {
    const fixture = new EcsFixture();
    const service = fixture.service();
    const rollout = new EcsRollout(fixture.stack, 'Rollout', { service, strategy: RolloutStrategy.rolling(50) });

    expect(() => call(rollout)).toThrow(new RegExp(`\`${method}\` is called, but ECS deploys.*DeployedByEcs`));
  });
});
