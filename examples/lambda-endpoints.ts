// An address and an API behind the alias of a function: a tenth of their calls reach the new version, which may not fail a larger share of them than the
// old one does. The pipeline deploys the stack of the service.
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Check, LambdaRollout, RolloutStrategy } from 'cdk-approval-gates';

export const app = new App();

const service = new Stack(app, 'ShopEndpoints');
const handler = new lambda.Function(service, 'Shop', {
  functionName: 'shop',
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  environment: { RELEASE: 'first' },
  code: lambda.Code.fromInline('exports.handler = async () => ({ statusCode: 200, body: process.env.RELEASE });'),
});
const { alias } = new LambdaRollout(service, 'Rollout', {
  handler,
  strategy: RolloutStrategy.canary(10, Duration.minutes(15)),
  // It always fails some calls: what counts is whether the new version fails more of them.
  watch: { comparedWithOld: { maxMoreErrorPercent: 1 } },
  callsPerHour: 60_000,
  after: [Check.http('https://shop.example.com/health')],
});
// Both call the alias. With `handler` in its place they would call the newest code at once, which is a finding.
const address = alias.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
const api = new apigatewayv2.HttpApi(service, 'Api', {
  apiName: 'shop',
  defaultIntegration: new HttpLambdaIntegration('Shop', alias),
});
new CfnOutput(service, 'Address', { value: address.url });
new CfnOutput(service, 'ApiAddress', { value: api.apiEndpoint });

const stack = new Stack(app, 'ShopEndpointsRelease');
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
    new actions.CloudFormationCreateUpdateStackAction({
      actionName: 'Deploy',
      stackName: service.stackName,
      templatePath: code.atPath(service.templateFile),
      adminPermissions: false,
    }),
  ],
});
