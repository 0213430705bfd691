// A REST API whose definition is released by the canary of its stage: a tenth of the requests reach the new version for twenty minutes, and it is promoted only
// if few of exactly these end in a server error. The pipeline deploys the stack of the API, then moves the requests.
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { RolloutStrategy, StageRollout } from 'cdk-approval-gates';

export const app = new App();

const service = new Stack(app, 'ShopApi');
const api = new apigateway.RestApi(service, 'Api', { restApiName: 'shop', deploy: false, cloudWatchRole: true });
const handler = new lambda.Function(service, 'Shop', {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline('exports.handler = async () => ({ statusCode: 200, body: "hello" });'),
});
api.root.addResource('orders').addMethod('GET', new apigateway.LambdaIntegration(handler));
const rollout = new StageRollout(service, 'Rollout', {
  api,
  strategy: RolloutStrategy.canary(10, Duration.minutes(20)),
  stageOptions: { throttlingRateLimit: 100, throttlingBurstLimit: 200 },
});
new CfnOutput(service, 'Address', { value: rollout.stage.urlForPath('/orders') });

const stack = new Stack(app, 'ShopApiRelease');
const code = new codepipeline.Artifact();
const bucket = s3.Bucket.fromBucketName(stack, 'SourceBucket', 'example-shop-source');
const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', {
  // With a name, a rollback gives all requests to the version before at once.
  pipelineName: 'shop-api',
  pipelineType: codepipeline.PipelineType.V2,
});
pipeline.addStage({
  stageName: 'Source',
  actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'shop.zip', output: code })],
});
pipeline.addStage({
  stageName: 'Prod',
  actions: [
    new actions.CloudFormationCreateUpdateStackAction({
      actionName: 'Deploy',
      runOrder: 1,
      stackName: service.stackName,
      templatePath: code.atPath(service.templateFile),
      adminPermissions: false,
    }),
    rollout.release(),
  ],
});
