import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { Construct } from 'constructs';
import { shortHash } from '../private/text';
import type { Approver } from './approver';
import { tlsOnlyStatement } from './topic-policy';

/**
 * The topics by which the gates of one pipeline ask people without a workflow: one per gate, and one policy for all of them.
 *
 * A topic belongs to its gate, not to the people whom it asks: when somebody comes or goes, only that subscription changes. A
 * topic that others depend on could not stay, and everybody would have to confirm again before they hear of a request.
 *
 * Subscriptions stand inside of the topics: two stacks that subscribed one address to a topic would own one object.
 */
export class NativeTopics extends Construct {
  public static of(pipeline: IConstruct): NativeTopics {
    const existing = pipeline.node.tryFindChild('ApprovalMail');
    return existing instanceof NativeTopics ? existing : new NativeTopics(pipeline as Construct, 'ApprovalMail');
  }

  private readonly policy: sns.CfnTopicPolicy;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    this.policy = new sns.CfnTopicPolicy(this, 'Policy', {
      topics: [],
      policyDocument: new iam.PolicyDocument({ statements: [tlsOnlyStatement('*')] }),
    });
  }

  /** ARN of the topic that asks these people at this gate. */
  public arnFor(
    gate: { readonly stageName: string; readonly actionName: string },
    approvers: readonly Approver[],
  ): string {
    const topic = new sns.CfnTopic(this, `For${shortHash(`${gate.stageName}/${gate.actionName}`)}`, {
      subscription: approvers.map(({ mail }) => ({ protocol: 'email', endpoint: mail })),
      displayName: 'Approvals',
    });
    this.policy.topics = [...this.policy.topics, topic.ref];
    return topic.ref;
  }
}
