// One Region after the other: the first one that is not well stops the rest, and goes back by itself.
import { App, Duration, Stack, Stage } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  Approver,
  Approvers,
  Check,
  LambdaRollout,
  PromotionPipeline,
  PromotionTarget,
  RolloutStrategy,
} from 'cdk-approval-gates';

const account = '111111111111';

export const app = new App();
const stack = new Stack(app, 'Regions', { env: { account, region: 'eu-west-1' } });

/** What is deployed in each Region, with the check that says whether it is well. */
class Shop extends Stage {
  public readonly checks: Check[];

  constructor(region: string) {
    super(app, region, { env: { account, region } });
    const service = new Stack(this, 'Shop');
    const handler = new lambda.Function(service, 'Orders', {
      functionName: `orders-${region}`,
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => ({ statusCode: 200 });'),
    });
    new LambdaRollout(service, 'Rollout', { handler, strategy: RolloutStrategy.canary(10, Duration.minutes(10)) });
    const errors = new cloudwatch.Alarm(service, 'Errors', {
      alarmName: 'orders-errors',
      metric: handler.metricErrors({ period: Duration.minutes(1) }),
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    // Reads the alarm's history, so nothing is missed between two measurements.
    this.checks = [Check.alarm(errors, { interval: Duration.minutes(10) })];
  }
}

const built = new codepipeline.Artifact();
const bucket = s3.Bucket.fromBucketName(stack, 'SourceBucket', 'example-shop-source');
const promotion = new PromotionPipeline(stack, 'Shop', {
  source: new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'cdk.out.zip', output: built }),
  approvers: Approvers.anyOf(Approver.person('ana@example.com'), Approver.person('bo@example.com')),
});

// The Region with the least traffic comes first, bakes longest (twelve hours, the others two), and is the one that people let a change into.
['eu-west-1', 'us-east-1', 'ap-southeast-2'].forEach((region, index) => {
  const shop = new Shop(region);
  promotion.addWave({
    waveName: region,
    targets: [PromotionTarget.cdkStage(shop, { assembly: built, checks: shop.checks })],
    manualApproval: index === 0,
    rollbackOnReject: true,
  });
});
