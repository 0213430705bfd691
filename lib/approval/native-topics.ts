import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { Construct } from 'constructs';
import { shortHash } from '../private/text';
import type { Approver } from './approver';
import { tlsOnlyStatement } from './topic-policy';

/**
 * The topics by which the gates of one pipeline ask people without a workflow: one per set of people, so that gates with the
 * same people share it, and one policy for all of them. A further gate adds a topic at most.
 *
 * Subscriptions stand inside of the topics: two stacks that subscribed one address to a topic would own one object.
 */
export class NativeTopics extends Construct {
  public static of(pipeline: IConstruct): NativeTopics {
    const existing = pipeline.node.tryFindChild('ApprovalMail');
    return existing instanceof NativeTopics ? existing : new NativeTopics(pipeline as Construct, 'ApprovalMail');
  }

  private readonly topics = new Map<string, sns.CfnTopic>();
  private readonly policy: sns.CfnTopicPolicy;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    this.policy = new sns.CfnTopicPolicy(this, 'Policy', {
      topics: [],
      policyDocument: new iam.PolicyDocument({ statements: [tlsOnlyStatement('*')] }),
    });
  }

  /** ARN of the topic that asks these people. */
  public arnFor(approvers: readonly Approver[]): string {
    const mails = approvers.map((approver) => approver.mail);
    const set = [...mails].map((mail) => mail.toLowerCase()).sort();
    const id = `To${shortHash(set.join('\n'))}`;
    const topic =
      this.topics.get(id) ??
      new sns.CfnTopic(this, id, {
        subscription: mails.map((mail) => ({ protocol: 'email', endpoint: mail })),
        displayName: 'Approvals',
      });
    this.topics.set(id, topic);
    this.policy.topics = [...this.topics.values()].map(({ ref }) => ref);
    return topic.ref;
  }
}
