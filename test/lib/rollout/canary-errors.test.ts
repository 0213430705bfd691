import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { RolloutStrategy, StageRollout } from '../../../lib/rollout';
import type { StageRolloutProps } from '../../../lib/rollout';

const env = { account: '111111111111', region: 'eu-west-1' };

function rollout(props: Partial<StageRolloutProps>): StageRollout {
  const service = new Stack(new App(), 'Service', { env });
  const api = new apigateway.RestApi(service, 'Api', { deploy: false });
  api.root.addMethod('GET', new apigateway.MockIntegration());
  const strategy = RolloutStrategy.canary(10, Duration.minutes(20));
  return new StageRollout(service, 'Rollout', { api, strategy, ...props });
}

const filters = (of: StageRollout) =>
  Object.values(Template.fromStack(Stack.of(of)).findResources('AWS::Logs::MetricFilter')).map(
    ({ Properties }: any) => Properties,
  );

/** What the function of its action measures. */
function checks(props: Partial<StageRolloutProps>): any[] {
  const of = rollout(props);
  const service = Stack.of(of);
  const stack = new Stack(service.node.root as App, 'Release', { env });
  const output = new codepipeline.Artifact();
  const bucket = s3.Bucket.fromBucketName(stack, 'Source', 'source');
  const source = new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'x.zip', output });
  const deploy = new actions.CloudFormationCreateUpdateStackAction({
    actionName: 'Deploy',
    stackName: service.stackName,
    templatePath: output.atPath('service.json'),
    adminPermissions: false,
  });
  new codepipeline.Pipeline(stack, 'Pipeline', {
    pipelineName: 'shop',
    crossAccountKeys: false,
    stages: [
      { stageName: 'Source', actions: [source] },
      { stageName: 'Prod', actions: [deploy, of.release()] },
    ],
  });
  const [made] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  const plans = stack.resolve(made!.Properties.Environment.Variables.GATES_HOOK_CHECKS);
  return typeof plans === 'string' ? JSON.parse(plans).checks : plans['Fn::Join'][1];
}

const PROPS = ['maxErrorPercent', 'maxClientErrorPercent'] as const;

describe('the client errors of a canary', () => {
  test('are not counted where nobody says so', () => {
    expect(filters(rollout({})).map(({ FilterPattern }) => FilterPattern)).toEqual(['', '{ $.status = "5*" }']);
    expect(checks({}).map(({ title }) => title)).toEqual(['server errors of the canary']);
    expect(() => rollout({}).metricCanaryClientErrors()).toThrow(
      /'Service\/Rollout' counts no client errors.*give it `maxClientErrorPercent`.*ClientErrorsNotCounted/,
    );
  });

  test('are counted from its own access log, as those of the server are', () => {
    const of = rollout({ maxClientErrorPercent: 5 });
    const [all, server, client] = filters(of);

    expect(client).toEqual({
      ...server,
      FilterPattern: '{ $.status = "4*" }',
      MetricTransformations: [
        { ...server.MetricTransformations[0], MetricName: of.metricCanaryClientErrors().metricName },
      ],
    });
    expect(client.LogGroupName).toEqual(all.LogGroupName);
    expect(of.metricCanaryClientErrors({ period: Duration.minutes(5) }).period.toMinutes()).toBe(5);
  });

  test('decide beside those of the server, each with its own limit', () => {
    expect(checks({ maxClientErrorPercent: 5 })).toEqual([
      expect.objectContaining({ title: 'server errors of the canary', maxPercent: 1, minRequests: 300 }),
      expect.objectContaining({
        title: 'client errors of the canary',
        kind: 'errorRatio',
        maxPercent: 5,
        minRequests: 60,
        missingData: 'HEALTHY',
      }),
    ]);
    expect(checks({ maxClientErrorPercent: 5, minRequests: 20 })).toEqual([
      expect.objectContaining({ maxPercent: 1, minRequests: 20 }),
      expect.objectContaining({ maxPercent: 5, minRequests: 20 }),
    ]);
  });
});

describe.each(PROPS)('%s', (prop) => {
  test.each([0, 0.1, 99.99])('may be %d', (percent) => {
    expect(checks({ [prop]: percent })).toContainEqual(expect.objectContaining({ maxPercent: percent }));
  });

  test.each([-0.01, 100, Number.NaN, '5' as unknown as number])(
    'may not be %p, which is said by its name',
    (percent) => {
      expect(() => rollout({ [prop]: percent })).toThrow(
        new RegExp(`\`${prop}\` is .*, but has to be from 0 to less than 100.*write 1 for one percent.*BadPercent`),
      );
    },
  );

  test('may be known only at deployment, with `minRequests`', () => {
    const percent = Token.asNumber({ Ref: 'Limit' });

    expect(() => rollout({ [prop]: percent })).toThrow(
      new RegExp(`\`${prop}\` is known only at deployment.*\`minRequests\` has no default.*MinimumUnknown`),
    );
    expect(checks({ [prop]: percent, minRequests: 100 })).toContainEqual({ Ref: 'Limit' });
  });
});

test('a limit of none counts as one that is not given', () => {
  expect(filters(rollout({ maxClientErrorPercent: undefined }))).toHaveLength(2);
  expect(filters(rollout({ maxClientErrorPercent: 0 }))).toHaveLength(3);
});
