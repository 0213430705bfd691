import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { Construct } from 'constructs';
import { shortHash } from '../private/text';
import type { Approver } from './approver';

/**
 * Topic that mails one set of people for one pipeline. Gates of that pipeline with the same people share it.
 *
 * Subscriptions stand inside of the topic: two stacks that subscribed one address to a topic would own one object.
 */
export class NativeTopic extends Construct {
  public static of(pipeline: IConstruct, approvers: readonly Approver[]): NativeTopic {
    const mails = approvers.map((approver) => approver.mail);
    const id = `ApprovalMail${shortHash(
      [...mails]
        .map((mail) => mail.toLowerCase())
        .sort()
        .join('\n'),
    )}`;
    const existing = pipeline.node.tryFindChild(id);
    return existing instanceof NativeTopic ? existing : new NativeTopic(pipeline, id, mails);
  }

  public readonly topicArn: string;

  private constructor(scope: IConstruct, id: string, mails: readonly string[]) {
    super(scope as Construct, id);
    const topic = new sns.CfnTopic(this, 'Topic', {
      subscription: mails.map((mail) => ({ protocol: 'email', endpoint: mail })),
      displayName: 'Approvals',
    });
    this.topicArn = topic.ref;
    tlsOnly(this, topic);
  }
}

/** Refuses whatever is published without TLS. Everything else is left to the identities' own policies. */
export function tlsOnly(scope: Construct, topic: sns.CfnTopic, ...more: iam.PolicyStatement[]): void {
  new sns.CfnTopicPolicy(scope, 'Policy', {
    topics: [topic.ref],
    policyDocument: new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({
          sid: 'TlsOnly',
          effect: iam.Effect.DENY,
          principals: [new iam.AnyPrincipal()],
          actions: ['sns:Publish', 'sns:Subscribe'],
          resources: [topic.ref],
          conditions: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
        ...more,
      ],
    }),
  });
}
