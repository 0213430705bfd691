import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** Refuses whatever is published without TLS. Everything else is left to the identities' own policies. */
export function tlsOnly(scope: Construct, topic: sns.CfnTopic, ...more: iam.PolicyStatement[]): void {
  new sns.CfnTopicPolicy(scope, 'Policy', {
    topics: [topic.ref],
    policyDocument: new iam.PolicyDocument({ statements: [tlsOnlyStatement(topic.ref), ...more] }),
  });
}

/** `topicArn` is `*` in a policy that several topics share: each of them reads it as its own. */
export function tlsOnlyStatement(topicArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'TlsOnly',
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions: ['sns:Publish', 'sns:Subscribe'],
    resources: [topicArn],
    conditions: { Bool: { 'aws:SecureTransport': 'false' } },
  });
}
