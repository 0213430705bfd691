// The whole way: dev is checked, production is approved by people and watched for an hour.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Approver, Approvers, Check, GateRule, PromotionPipeline } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'Promotion');

const code = new codepipeline.Artifact();
const bucket = s3.Bucket.fromBucketName(stack, 'SourceBucket', 'example-shop-source');
const source = new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'shop.zip', output: code });
const deploy = (stackName: string) =>
  new actions.CloudFormationCreateUpdateStackAction({
    actionName: 'Deploy',
    stackName,
    templatePath: code.atPath(`${stackName}.template.json`),
    adminPermissions: false,
  });

const shop5xx = cloudwatch.Alarm.fromAlarmName(stack, 'Shop5xx', 'shop-prod-5xx');
const ana = Approver.person('ana@example.com', { alsoKnownAs: ['ana-gh'] });
const bo = Approver.person('bo@example.com', { alsoKnownAs: ['bo-gh'] });

new PromotionPipeline(stack, 'Shop', {
  source,
  approvers: Approvers.anyOf(ana, bo),
  stages: [
    {
      stageName: 'Dev',
      deploy: [deploy('shop-dev')],
      checks: [Check.http('https://dev.example.com/health')],
    },
    {
      stageName: 'Prod',
      deploy: [deploy('shop-prod')],
      manualApproval: true,
      checks: [Check.alarm(shop5xx)],
      bakeTime: Duration.hours(1),
      rule: GateRule.automatedElsePeople(), // no data, or errors only: the approvers are asked
    },
  ],
});
