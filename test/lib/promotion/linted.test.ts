import { Aspects, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as pipelines from 'aws-cdk-lib/pipelines';
import { Approver, Approvers, CdkPromotion, PromotionTarget, ReleaseLint } from '../../../lib';
import { alarm, fixture, HERE } from './fixture';

const approvers = Approvers.anyOf(Approver.person('ana@example.com'));
const gates = { manualApproval: true, checks: [alarm()], rollbackOnReject: true };

function findingsOf(stack: Stack): string[] {
  return Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp('ReleaseLint'))
    .map(({ entry }) => /ReleaseLint\.(\w+)/.exec(String(entry.data))?.[1] ?? '');
}

test('`ReleaseLint` finds nothing in stages and waves of several accounts and Regions', () => {
  const f = fixture(HERE);
  Aspects.of(f.app).add(new ReleaseLint());
  const regions = ['us-east-1', 'ap-southeast-2'].map((region) =>
    PromotionTarget.actions(region, [f.deploy(region, { region })]),
  );
  f.promotion({
    approvers,
    stages: [{ stageName: 'Dev', deploy: [f.deploy('Dev')] }],
    waves: [{ waveName: 'World', targets: regions, ...gates }],
  });

  expect(findingsOf(f.stack)).toEqual([]);
});

test('`ReleaseLint` finds in CDK Pipelines only that it changes itself and rolls back', () => {
  const { app, stack } = fixture(HERE);
  Aspects.of(app).add(new ReleaseLint());
  const pipeline = new pipelines.CodePipeline(stack, 'Pipeline', {
    pipelineType: PipelineType.V2,
    synth: new pipelines.ShellStep('Synth', {
      input: pipelines.CodePipelineSource.s3(s3.Bucket.fromBucketName(stack, 'Sources', 'source'), 'a.zip'),
      commands: ['npx cdk synth'],
    }),
  });
  const [dev, one, other] = ['Dev', 'One', 'Other'].map((id) => {
    const stage = new Stage(stack, id, { env: HERE });
    new sns.Topic(new Stack(stage, 'S'), 'Topic');
    return stage;
  });
  const promotion = new CdkPromotion(stack, 'Promotion', { pipeline, approvers });
  promotion.addStage(dev!);
  promotion.addWave('World', [one!, other!], gates);

  expect(findingsOf(stack)).toEqual(['rollbackAfterSelfMutation']);
});
