import { App, Duration, Stack, Stage, Tags, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AlarmRef, Check } from '../../../lib/check';
import { RolloutStrategy, StageRollout } from '../../../lib/rollout';
import type { StageReleaseOptions, StageRolloutProps } from '../../../lib/rollout';

const ENV = { account: '111111111111', region: 'eu-west-1' };

interface Setting {
  readonly props?: Partial<StageRolloutProps>;
  readonly path?: string;
  readonly api?: apigateway.RestApiProps;
  readonly release?: StageReleaseOptions;
  /** CloudFormation names it where this is null. */
  readonly pipelineName?: string | null;
  readonly pipelineEnv?: typeof ENV;
  readonly executionMode?: codepipeline.ExecutionMode;
  readonly override?: [path: string, value: unknown];
  readonly isDeployed?: boolean;
  readonly deployedAt?: number;
  /** Another stage than that of the release. */
  readonly deployedIn?: string;
  /** What else is before the release in its stage. */
  readonly before?: codepipeline.IAction[];
}

function otherDeployment(): codepipeline.IAction {
  return new actions.CloudFormationCreateUpdateStackAction({
    actionName: 'DeployPages',
    stackName: 'Pages',
    templatePath: new codepipeline.Artifact('Pages').atPath('pages.json'),
    adminPermissions: false,
  });
}

function rolledOut({
  props,
  path = 'orders',
  api: apiProps,
  release,
  pipelineName = 'shop',
  pipelineEnv = ENV,
  executionMode,
  override,
  isDeployed = true,
  deployedAt = 1,
  deployedIn,
  before = [],
}: Setting = {}) {
  const app = new App();
  const service = new Stack(app, 'Service', { env: ENV });
  const api = new apigateway.RestApi(service, 'Api', { deploy: false, ...apiProps });
  const rollout = new StageRollout(service, 'Rollout', {
    api,
    strategy: RolloutStrategy.canary(10, Duration.minutes(20)),
    ...props,
  });
  // After the rollout: it has to see what comes later.
  api.root.addResource(path).addMethod('GET', new apigateway.MockIntegration());
  const stack = new Stack(app, 'Release', { env: pipelineEnv });
  const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', {
    pipelineType: codepipeline.PipelineType.V2,
    crossAccountKeys: false,
    ...(executionMode === undefined ? {} : { executionMode }),
    ...(pipelineName === null ? {} : { pipelineName }),
  });
  const output = new codepipeline.Artifact();
  const bucket = s3.Bucket.fromBucketName(stack, 'Source', 'source');
  pipeline.addStage({
    stageName: 'Source',
    actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'x.zip', output })],
  });
  const deploy = new actions.CloudFormationCreateUpdateStackAction({
    actionName: 'Deploy',
    runOrder: deployedAt,
    stackName: service.stackName,
    templatePath: output.atPath('service.json'),
    adminPermissions: false,
  });
  if (deployedIn !== undefined) {
    pipeline.addStage({ stageName: deployedIn, actions: [deploy] });
  }
  const first = isDeployed && deployedIn === undefined ? [deploy, ...before] : before;
  pipeline.addStage({ stageName: 'Prod', actions: [...first, rollout.release(release)] });
  if (override !== undefined) {
    (pipeline.node.defaultChild as codepipeline.CfnPipeline).addPropertyOverride(...override);
  }
  return { rollout, api, service: Template.fromStack(service), release: Template.fromStack(stack) };
}

const only = (template: Template, type: string, id = /./): any => {
  const found = Object.entries(template.findResources(type)).filter(([key]) => id.test(key));
  expect(found).toHaveLength(1);
  return { id: found[0]![0], ...found[0]![1] };
};

test('a stage has one rollout', () => {
  const stack = new Stack(new App(), 'Service', { env: ENV });
  const api = new apigateway.RestApi(stack, 'Api', { deploy: false });
  const strategy = RolloutStrategy.canary(10, Duration.minutes(20));
  new StageRollout(stack, 'Rollout', { api, strategy });

  expect(() => new StageRollout(stack, 'Again', { api, strategy })).toThrow(
    /stage 'prod' of `api` is rolled out by 'Service\/Rollout' already: .*`stageName`.*RolloutTwice/,
  );
});

describe('the stage', () => {
  test('takes its deployment from what it serves, and not from the template', () => {
    const { service } = rolledOut();

    const live = only(service, 'Custom::ApprovalGatesLiveDeployment');
    const stage = only(service, 'AWS::ApiGateway::Stage');
    const first = only(service, 'AWS::ApiGateway::Deployment');
    expect(stage.Properties.DeploymentId).toEqual({ 'Fn::GetAtt': [live.id, 'DeploymentId'] });
    expect(live.Properties).toMatchObject({
      RestApiId: { Ref: expect.stringMatching(/^Api/) },
      StageName: 'prod',
      FirstDeploymentId: { Ref: first.id },
    });
  });

  test('a change of its settings asks anew what it serves; another definition of the API does not', () => {
    const settings = (setting: Setting) =>
      only(rolledOut(setting).service, 'Custom::ApprovalGatesLiveDeployment').Properties.Settings;
    const limited = { props: { stageOptions: { throttlingRateLimit: 100 } } };

    expect(settings({ path: 'basket' })).toEqual(settings({}));
    expect(settings(limited)).not.toEqual(settings({}));
    expect(settings({})).not.toHaveProperty('DeploymentId');
  });

  test('so does a change of the tags that the app gives it', () => {
    const settings = (team?: string) => {
      const stack = new Stack(new App(), 'Service', { env: ENV });
      const api = new apigateway.RestApi(stack, 'Api', { deploy: false });
      api.root.addMethod('GET', new apigateway.MockIntegration());
      new StageRollout(stack, 'Rollout', { api, strategy: RolloutStrategy.canary(10, Duration.minutes(20)) });
      if (team !== undefined) Tags.of(stack).add('team', team);
      return only(Template.fromStack(stack), 'Custom::ApprovalGatesLiveDeployment').Properties.Settings;
    };

    expect(settings('shop').Tags).toEqual([{ Key: 'team', Value: 'shop' }]);
    expect(settings('tea')).not.toEqual(settings('shop'));
    expect(settings()).not.toHaveProperty('Tags');
  });

  test('may name resources of other stacks in its settings, and be in another stack than its API', () => {
    const app = new App();
    const api = new apigateway.RestApi(new Stack(app, 'Service', { env: ENV }), 'Api', { deploy: false });
    api.root.addMethod('GET', new apigateway.MockIntegration());
    const bucket = new s3.Bucket(new Stack(app, 'Data', { env: ENV }), 'Orders');
    const stack = new Stack(app, 'Live', { env: ENV });
    new StageRollout(stack, 'Rollout', {
      api,
      strategy: RolloutStrategy.canary(10, Duration.minutes(20)),
      stageOptions: { variables: { orders: bucket.bucketName } },
    });

    const template = Template.fromStack(stack);
    const { Settings } = only(template, 'Custom::ApprovalGatesLiveDeployment').Properties;
    const { RestApiId, Variables } = only(template, 'AWS::ApiGateway::Stage').Properties;
    expect(RestApiId).toEqual({ 'Fn::ImportValue': expect.anything() });
    expect(Variables.orders).toEqual({ 'Fn::ImportValue': expect.anything() });
    expect(Settings).toMatchObject({ RestApiId, Variables });
  });

  test('begins with a deployment of all methods, which stays the same when these change', () => {
    const [one, other] = ['orders', 'basket'].map((path) =>
      only(rolledOut({ path }).service, 'AWS::ApiGateway::Deployment'),
    );

    expect(one.id).toBe(other.id);
    expect(one.Properties).toEqual(other.Properties);
    expect(one.DependsOn).toEqual([expect.stringMatching(/^Apiorders/)]);
    expect(other.DependsOn).toEqual([expect.stringMatching(/^Apibasket/)]);
  });

  test('has the settings that are given, and is the stage of the API', () => {
    const { service, api, rollout } = rolledOut({
      props: { stageName: 'v2', stageOptions: { tracingEnabled: true, variables: { color: 'blue' } } },
    });

    service.hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'v2',
      TracingEnabled: true,
      Variables: { color: 'blue' },
    });
    expect(api.deploymentStage).toBe(rollout.stage);
  });

  test('writes an access log that says nothing of whoever asked, and its canary one of its own', () => {
    const { service } = rolledOut();
    const [own, ofCanary] = [/RolloutAccessLog/, /RolloutCanaryAccessLog/].map((id) =>
      only(service, 'AWS::Logs::LogGroup', id),
    );
    const { AccessLogSetting } = only(service, 'AWS::ApiGateway::Stage').Properties;

    expect(ofCanary.Properties.LogGroupName).toBe(`${own.Properties.LogGroupName}/Canary`);
    expect(AccessLogSetting.DestinationArn).toEqual({ 'Fn::GetAtt': [own.id, 'Arn'] });
    expect(Object.keys(JSON.parse(AccessLogSetting.Format))).toContain('status');
    expect(AccessLogSetting.Format).not.toMatch(/identity|authorizer|path"|extendedRequestId/);
  });

  test('its reader may read stages of this API, and nothing else', () => {
    const { service } = rolledOut();

    const { Statement } = only(service, 'AWS::IAM::Policy', /RolloutLiveRole/).Properties.PolicyDocument;
    expect(Statement.map(({ Action }: any) => Action)).toEqual([
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      'apigateway:GET',
    ]);
    expect(JSON.stringify(Statement[1].Resource)).toMatch(
      /:apigateway:eu-west-1::\/restapis\/.*"Ref":"Api.*\/stages\/\*/,
    );
  });
});

describe('the errors of the canary', () => {
  test('are counted from its own access log', () => {
    const { service, rollout } = rolledOut();
    const log = { Ref: only(service, 'AWS::Logs::LogGroup', /RolloutCanaryAccessLog/).id };
    const filter = (FilterPattern: string, MetricName: string) =>
      service.hasResourceProperties('AWS::Logs::MetricFilter', {
        LogGroupName: log,
        FilterPattern,
        MetricTransformations: [Match.objectLike({ MetricName, MetricValue: '1', DefaultValue: 0 })],
      });

    filter('', rollout.metricCanaryRequests().metricName);
    filter('{ $.status = "5*" }', rollout.metricCanaryServerErrors({ period: Duration.minutes(5) }).metricName);
    expect(rollout.metricCanaryServerErrors({ period: Duration.minutes(5) }).period.toMinutes()).toBe(5);
  });

  test('decide, with the limits that are given and beside the checks that are given', () => {
    const checks = (props: Partial<StageRolloutProps>) => {
      const { Variables } = only(rolledOut({ props }).release, 'AWS::Lambda::Function').Properties.Environment;
      return JSON.parse(Variables.GATES_HOOK_CHECKS).checks as any[];
    };

    // A minute without requests has no data.
    expect(checks({})).toEqual([
      expect.objectContaining({ kind: 'errorRatio', maxPercent: 1, minRequests: 300, missingData: 'HEALTHY' }),
    ]);
    expect(
      checks({ maxErrorPercent: 0.5, minRequests: 20, checks: [Check.alarm(AlarmRef.named('shop-5xx'))] }),
    ).toEqual([
      expect.objectContaining({ kind: 'errorRatio', maxPercent: 0.5, minRequests: 20 }),
      expect.objectContaining({ kind: 'alarm' }),
    ]);
  });
});

describe('the action', () => {
  const environment = (setting: Setting) =>
    only(rolledOut(setting).release, 'AWS::Lambda::Function').Properties.Environment.Variables;

  test('runs after the deployment, and tells its function the run', () => {
    const stages = only(rolledOut().release, 'AWS::CodePipeline::Pipeline').Properties.Stages;
    const [, action] = stages[1].Actions;

    expect(action).toMatchObject({
      Name: 'Release',
      RunOrder: 2,
      ActionTypeId: { Category: 'Invoke', Provider: 'Lambda' },
      Configuration: { UserParameters: '#{codepipeline.PipelineExecutionId}' },
    });
    const other = only(
      rolledOut({ release: { actionName: 'Shift', runOrder: 5 } }).release,
      'AWS::CodePipeline::Pipeline',
    );
    expect(other.Properties.Stages[1].Actions[1]).toMatchObject({ Name: 'Shift', RunOrder: 5 });
  });

  test.each([
    [RolloutStrategy.canary(0.5, Duration.minutes(20)), { percent: 0.5, everyMinutes: 20, steps: 1 }, '20'],
    [RolloutStrategy.linear(40, Duration.minutes(7)), { percent: 40, everyMinutes: 7, steps: 2 }, '14'],
    [RolloutStrategy.linear(50, Duration.minutes(7)), { percent: 50, everyMinutes: 7, steps: 1 }, '7'],
  ])('its function knows the steps (%#)', (strategy, shift, minutes) => {
    const { GATES_SHIFT, GATES_HOOK_BAKE_MINUTES, GATES_API_STAGE } = environment({ props: { strategy } });

    expect(JSON.parse(GATES_SHIFT)).toEqual(shift);
    expect(GATES_HOOK_BAKE_MINUTES).toBe(minutes);
    expect(GATES_API_STAGE).toBe('prod');
  });

  test('its function has room for as many steps as there may be', () => {
    const strategy = RolloutStrategy.linear(0.1, Duration.minutes(1));
    const variables = environment({ props: { strategy } });

    expect(JSON.stringify(variables).length).toBeLessThan(1500);
  });

  test('its function has room for 4 KB of variables in all, as JSON', () => {
    // Characters beside those without which there is no check.
    const padded = (more: number) => {
      const checks = Array.from({ length: 6 }, (_, n) => {
        const length = 1 + Math.floor((more + n) / 6);
        return Check.http(`https://shop.example.com/${n}`, { contains: 'x'.repeat(length) });
      });
      return environment({ props: { checks } });
    };
    // What only the deployment knows counts as a name of 170 characters.
    const taken = (variables: object) =>
      JSON.stringify(variables, (_, value) => (value['Fn::ImportValue'] === undefined ? value : 'x'.repeat(170)))
        .length;
    const left = 4096 - taken(padded(0));

    expect(taken(padded(left))).toBe(4096);
    expect(() => padded(left + 1)).toThrow(
      /`checks` makes up to 4097 bytes of environment .* but it holds 4096: give fewer checks.*TooManyHookChecks/,
    );
  });

  test('its role may change this stage, make deployments of this API, and answer jobs', () => {
    const { release } = rolledOut();
    const { Statement } = only(release, 'AWS::IAM::Policy', /ReleaseRoleDefaultPolicy/).Properties.PolicyDocument;
    const shown = Statement.filter(({ Sid }: any) => Sid !== 'Logs').map(({ Action, Resource }: any) => [
      Action,
      JSON.stringify(Resource).replace(/.*(\/(?:stages|deployments)[^"]*)".*/, '$1'),
    ]);

    expect(shown).toEqual([
      ['cloudwatch:GetMetricData', '"*"'],
      [['codepipeline:PutJobFailureResult', 'codepipeline:PutJobSuccessResult'], '"*"'],
      [['apigateway:GET', 'apigateway:PATCH'], '/stages/prod'],
      ['apigateway:POST', '/deployments'],
      ['apigateway:GET', '/deployments/*'],
      [
        ['codepipeline:GetPipelineExecution', 'codepipeline:GetPipelineState'],
        expect.stringContaining(':codepipeline:eu-west-1:111111111111:shop'),
      ],
    ]);
  });

  test('asks for its own action, by the names of pipeline, stage and action', () => {
    expect(environment({})).toMatchObject({
      GATES_PIPELINE: 'shop',
      GATES_PIPELINE_STAGE: 'Prod',
      GATES_PIPELINE_ACTION: 'Release',
    });
  });

  test('hears of its own end, when it failed or was abandoned', () => {
    const { release } = rolledOut();

    release.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.codepipeline'],
        'detail-type': ['CodePipeline Action Execution State Change'],
        detail: {
          pipeline: [{ Ref: Match.stringLikeRegexp('^Pipeline') }],
          stage: ['Prod'],
          action: ['Release'],
          state: ['FAILED', 'ABANDONED', 'CANCELED'],
        },
      },
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('Release'), 'Arn'] } })],
    });
  });

  test.each([[{ account: '222222222222', region: 'eu-west-1' }], [{ account: '111111111111', region: 'us-east-1' }]])(
    'stands beside its API: not in %j',
    (pipelineEnv) => {
      expect(() => rolledOut({ pipelineEnv })).toThrow(/an action of Lambda changes what is beside it/);
    },
  );
});

test('an API that no pipeline releases is a finding', () => {
  const api = new apigateway.RestApi(new Stack(new App(), 'Service', { env: ENV }), 'Api', { deploy: false });
  api.root.addMethod('GET', new apigateway.MockIntegration());
  const strategy = RolloutStrategy.canary(10, Duration.minutes(20));
  const rollout = new StageRollout(Stack.of(api), 'Rollout', { api, strategy });
  // Made, and put into no pipeline.
  rollout.release();

  const notReleased = Match.stringLikeRegexp(
    'no pipeline of this app releases the API.*put `release\\(\\)` into a pipeline',
  );
  Annotations.fromStack(Stack.of(api)).hasWarning('/Service/Rollout', notReleased);
  Annotations.fromStack(Stack.of(rolledOut().api)).hasNoWarning('*', notReleased);
});

test('a pipeline outside of the CDK stage of the API cannot release it', () => {
  const app = new App();
  const service = new Stack(new Stage(app, 'Prod', { env: ENV }), 'Service');
  const api = new apigateway.RestApi(service, 'Api', { deploy: false });
  const strategy = RolloutStrategy.canary(10, Duration.minutes(20));
  const action = new StageRollout(service, 'Rollout', { api, strategy }).release();
  const pipelineIn = (scope: App | Stage) =>
    new codepipeline.Pipeline(new Stack(scope, 'Release', { env: ENV }), 'Pipeline', {
      pipelineName: 'shop',
      crossAccountKeys: false,
    });

  expect(() => pipelineIn(app).addStage({ stageName: 'Prod', actions: [action] })).toThrow(
    /'Prod\/Service\/Api', is in another `Stage` of the CDK, .*: make both outside of such stages.*RolloutOutOfReach/,
  );
  const beside = pipelineIn(Stage.of(service)!);
  expect(() => beside.addStage({ stageName: 'Prod', actions: [action] })).not.toThrow(/another `Stage`/);
});

describe('at synth', () => {
  const canary = (percent: number, minutes: number) => RolloutStrategy.canary(percent, Duration.minutes(minutes));
  const linear = (percent: number, minutes: number) => RolloutStrategy.linear(percent, Duration.minutes(minutes));

  test.each<[string, Setting, RegExp]>([
    ['an API that deploys itself', { api: { deploy: true } }, /`api` deploys each new definition .* `deploy: false`/],
    [
      'everything at once',
      { props: { strategy: RolloutStrategy.allAtOnce() } },
      /`strategy` is `RolloutStrategy.allAtOnce`/,
    ],
    [
      'a strategy for servers',
      { props: { strategy: RolloutStrategy.rolling() } },
      /`strategy` is `RolloutStrategy.rolling`/,
    ],
    [
      'numbers that only the deployment knows',
      { props: { strategy: canary(Token.asNumber({ Ref: 'Percent' }), 5) } },
      /known only at deployment/,
    ],
    [
      'a time that only the deployment knows',
      { props: { strategy: canary(10, Token.asNumber({ Ref: 'Minutes' })) } },
      /known only at deployment/,
    ],
    ['half a minute', { props: { strategy: canary(10, 1.5) } }, /must be whole minutes/],
    ['less than a minute', { props: { strategy: canary(10, 0.5) } }, /must be between 1 minute and 22 hours/],
    ['more than an action lasts', { props: { strategy: canary(10, 1321) } }, /between 1 minute and 22 hours/],
    ['steps that last too long together', { props: { strategy: linear(10, 147) } }, /makes 1323 minutes .* 1320/],
    ['a name that no stage may have', { props: { stageName: 'a b' } }, /`stageName` is 'a b'/],
    ['no name', { props: { stageName: '' } }, /`stageName` is ''/],
    ['a long name', { props: { stageName: 'x'.repeat(129) } }, /1 to 128 letters/],
    ['a token for a name', { props: { stageName: Token.asString({ Ref: 'Name' }) } }, /`stageName` is 'a token'/],
    [
      'a name among the settings',
      { props: { stageOptions: { stageName: 'v2' } } },
      /`stageOptions.stageName` is given, but belongs to the rollout.*give `stageName`/,
    ],
    [
      'another access log',
      { props: { stageOptions: { accessLogFormat: apigateway.AccessLogFormat.clf() } } },
      /`stageOptions.accessLogFormat` is given, but belongs to the rollout/,
    ],
    [
      'a check on what a run has built',
      {
        props: {
          checks: [Check.testReport(codebuild.ReportGroup.fromReportGroupName(new Stack(), 'Reports', 'shop'))],
        },
      },
      /judges what a run of the pipeline has built/,
    ],
    [
      'a release beside the deployment of the API',
      { deployedAt: 2 },
      /'Release' of stage 'Prod' releases an API at run order 2, but action 'Deploy' deploys the stack of that API at run order 2: .*`release\(\{ runOrder: 3 \}\)`/,
    ],
    [
      'a release before the deployment of the API',
      { deployedAt: 7 },
      /'Deploy' deploys the stack of that API at run order 7: .*`release\(\{ runOrder: 8 \}\)`/,
    ],
    [
      'a release in a stage of its own',
      { isDeployed: false },
      /'Release' of stage 'Prod' releases an API, but nothing is deployed before it in its stage: .*with a lower `runOrder`/,
    ],
    [
      'a release of which only an approval is before',
      { isDeployed: false, before: [new actions.ManualApprovalAction({ actionName: 'Approve' })] },
      /'Release' of stage 'Prod' releases an API, but nothing is deployed before it in its stage/,
    ],
    [
      'a release in another stage than the deployment of the API',
      { deployedIn: 'Deploy', before: [otherDeployment()] },
      /'Release' of stage 'Prod' releases an API, but stage 'Deploy' deploys the stack of that API: a rollback of 'Prod' would give all requests to .*into stage 'Prod'/,
    ],
    [
      'a release in a pipeline that CloudFormation names',
      { pipelineName: null },
      /'Release' of stage 'Prod' .* the name of pipeline 'Release\/Pipeline' is known only at deployment: give the pipeline a `pipelineName`.*PipelineNameNeeded/,
    ],
    [
      'a release in a pipeline whose name is a token',
      { pipelineName: Token.asString({ Ref: 'Name' }) },
      /is known only at deployment: give the pipeline a `pipelineName` as a literal/,
    ],
    [
      'a release of several runs at the same time',
      { executionMode: codepipeline.ExecutionMode.PARALLEL },
      /'Release' of stage 'Prod' releases an API, but in execution mode PARALLEL .* QUEUED or SUPERSEDED.*ReleaseInParallel/,
    ],
    [
      'a release of several runs at the same time, by an override',
      { override: ['ExecutionMode', 'PARALLEL'] },
      /'Release' of stage 'Prod' releases an API, but in execution mode PARALLEL/,
    ],
    [
      'a release that an override puts beside the deployment of the API',
      { override: ['Stages.1.Actions.0.RunOrder', 2] },
      /at run order 2, but action 'Deploy' deploys the stack of that API at run order 2/,
    ],
  ])('%s is refused', (_what, setting, message) => {
    expect(() => rolledOut(setting)).toThrow(message);
  });

  test.each([canary(99.9, 1), canary(0.1, 1320), linear(10, 146)])('the limits are taken (%#)', (strategy) => {
    expect(() => rolledOut({ props: { strategy, stageName: 'x'.repeat(128) } })).not.toThrow();
  });
});

test('an API from an OpenAPI document is rolled out, too', () => {
  const service = new Stack(new App(), 'Service', { env: ENV });
  const api = new apigateway.SpecRestApi(service, 'Api', {
    deploy: false,
    apiDefinition: apigateway.ApiDefinition.fromInline({ openapi: '3.0.2', paths: {} }),
  });
  new StageRollout(service, 'Rollout', { api, strategy: RolloutStrategy.canary(10, Duration.minutes(20)) });

  Template.fromStack(service).resourceCountIs('AWS::ApiGateway::Stage', 1);
});
