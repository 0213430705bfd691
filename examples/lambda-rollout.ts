// A canary: a tenth of the calls reach the new version for ten minutes; errors take it back.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LambdaRollout, RolloutStrategy } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'Rollout');

const handler = new lambda.Function(stack, 'Shop', {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline('exports.handler = async () => ({ statusCode: 200, body: "hello" });'),
});

new LambdaRollout(stack, 'Rollout', { handler, strategy: RolloutStrategy.canary(10, Duration.minutes(10)) });
