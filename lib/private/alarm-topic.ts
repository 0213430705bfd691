import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';

/**
 * A topic without a policy hears the alarms of its account. Any policy, such as that of `enforceSSL`, takes the place of that one.
 * An imported topic keeps the policy that it has.
 */
export function letAlarmsPublish(topic: sns.ITopic, account: string): void {
  topic.addToResourcePolicy(
    new iam.PolicyStatement({
      actions: ['sns:Publish'],
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
  );
}
