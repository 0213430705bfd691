import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface IngressProps {
  /** How long a message stays hidden while `intake` works on it. */
  readonly visibilityTimeout: Duration;
  readonly encryptionKey?: kms.IKey;
}

/**
 * How requests come in: by the notification of the approval action, and by events of CodePipeline, which also say who started a
 * run. All lead into one queue. Functions behind SNS or EventBridge would get a failed message twice more, then never; the queue
 * keeps it for 14 days.
 */
export class Ingress extends Construct {
  public readonly topic: sns.Topic;
  public readonly queue: sqs.Queue;
  /**
   * What `intake` could not take 1,000 times, and decisions that `decide` could not take for a day.
   *
   * SQS counts the 14 days of a letter from when it was first sent, and 1,000 receives take two days: twelve are left here.
   */
  public readonly deadLetterQueue: sqs.Queue;

  constructor(scope: Construct, id: string, props: IngressProps) {
    super(scope, id);
    const { encryptionKey } = props;
    const common: sqs.QueueProps = {
      retentionPeriod: Duration.days(14),
      encryption: encryptionKey === undefined ? sqs.QueueEncryption.SQS_MANAGED : sqs.QueueEncryption.KMS,
      encryptionMasterKey: encryptionKey,
      enforceSSL: true,
    };
    this.deadLetterQueue = new sqs.Queue(this, 'DeadLetters', common);
    this.queue = new sqs.Queue(this, 'Queue', {
      ...common,
      visibilityTimeout: props.visibilityTimeout,
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: 1000 },
    });
    this.topic = new sns.Topic(this, 'Topic', { displayName: 'Approvals', enforceSSL: true, masterKey: encryptionKey });
    // The CDK's own subscription would name the topic in the policy of the key, which the topic depends on.
    new sns.Subscription(this, 'TopicToQueue', {
      topic: this.topic,
      protocol: sns.SubscriptionProtocol.SQS,
      endpoint: this.queue.queueArn,
    });
    this.letSend('sns.amazonaws.com', this.topic.topicArn);
    this.addEvents('ApprovalChanged', 'Approval actions that started or ended', {
      detailType: ['CodePipeline Action Execution State Change'],
      detail: { type: { category: ['Approval'] } },
    });
    this.addEvents('RunStarted', 'Runs of pipelines that say who made the change', {
      detailType: ['CodePipeline Pipeline Execution State Change'],
      detail: { state: ['STARTED'], 'execution-trigger': { 'author-id': events.Match.exists() } },
    });
  }

  private addEvents(id: string, description: string, pattern: events.EventPattern): void {
    const rule = new events.Rule(this, id, {
      description,
      eventPattern: { source: ['aws.codepipeline'], ...pattern },
      // The CDK's own target would let the rule do more than send, and, once the queue is encrypted, any rule at all.
      targets: [{ bind: () => ({ arn: this.queue.queueArn }) }],
    });
    this.letSend('events.amazonaws.com', rule.ruleArn);
  }

  private letSend(service: string, sourceArn: string): void {
    this.queue.addToResourcePolicy(
      new iam.PolicyStatement({
        actions: ['sqs:SendMessage'],
        principals: [new iam.ServicePrincipal(service)],
        resources: [this.queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': sourceArn } },
      }),
    );
  }
}
