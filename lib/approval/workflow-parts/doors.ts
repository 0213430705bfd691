import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { tlsOnly } from '../topic-policy';

/**
 * The two doors by which requests come in, both into one queue that keeps them for 14 days: the notification of the approval
 * action, and the event that the action started. Functions behind SNS or EventBridge would see a failed message twice more, then never.
 */
export class Doors extends Construct {
  public readonly topic: sns.ITopic;
  public readonly queue: sqs.Queue;
  /** What `intake` could not take 1,000 times, and decisions that `decide` could not take for a day. */
  public readonly deadLetterQueue: sqs.Queue;

  constructor(scope: Construct, id: string, visibilityTimeout: Duration) {
    super(scope, id);
    this.deadLetterQueue = new sqs.Queue(this, 'DeadLetters', {
      retentionPeriod: Duration.days(14),
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    this.queue = new sqs.Queue(this, 'Queue', {
      retentionPeriod: Duration.days(14),
      visibilityTimeout,
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: 1000 },
    });
    this.topic = this.firstDoor();
    this.secondDoor();
  }

  private firstDoor(): sns.ITopic {
    const topic = new sns.CfnTopic(this, 'Topic', { displayName: 'Approvals' });
    tlsOnly(this, topic);
    new sns.CfnSubscription(this, 'TopicToQueue', {
      topicArn: topic.ref,
      protocol: 'sqs',
      endpoint: this.queue.queueArn,
    });
    this.mayFill('sns.amazonaws.com', topic.ref);
    return sns.Topic.fromTopicArn(this, 'RequestTopic', topic.ref);
  }

  private secondDoor(): void {
    const rule = new events.CfnRule(this, 'ApprovalChanged', {
      description: 'Approval actions that started or ended',
      eventPattern: {
        source: ['aws.codepipeline'],
        'detail-type': ['CodePipeline Action Execution State Change'],
        detail: { type: { category: ['Approval'] } },
      },
      state: 'ENABLED',
      targets: [{ id: 'Queue', arn: this.queue.queueArn }],
    });
    this.mayFill('events.amazonaws.com', rule.attrArn);
  }

  private mayFill(service: string, sourceArn: string): void {
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
