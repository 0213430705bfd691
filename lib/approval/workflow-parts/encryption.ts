import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { SENDING } from '../../private/key-use';

const READING = ['kms:Decrypt', 'kms:DescribeKey'];

/** Each of them by its name: linters take `kms:ReEncrypt*` for more than it is. */
const WRITING = [
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/** Use of the key by a function whose tables, topics and queues are encrypted with it. */
export function dataStatements(key: kms.IKey | undefined): iam.PolicyStatement[] {
  return statementsFor(key, [...READING, ...WRITING]);
}

/** Use of the key by a function that has nothing but its environment. */
export function environmentStatements(key: kms.IKey | undefined): iam.PolicyStatement[] {
  return statementsFor(key, ['kms:Decrypt']);
}

function statementsFor(key: kms.IKey | undefined, actions: string[]): iam.PolicyStatement[] {
  return key === undefined ? [] : [new iam.PolicyStatement({ sid: 'UseKey', actions, resources: [key.keyArn] })];
}

/**
 * Lets services of AWS use the key for this workflow, where the policy of the key can be changed here.
 *
 * SNS is held to topics of this account and Region: the key could not name a topic that names the key. EventBridge tells KMS neither rule
 * nor account (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html); the queue's own policy holds it to the rules.
 */
export function letServicesUse(key: kms.IKey, scope: IConstruct): void {
  const stack = Stack.of(scope);
  const topics = stack.formatArn({ service: 'sns', resource: '*' });
  letUse(key, 'sns.amazonaws.com', { ArnLike: { 'aws:SourceArn': topics } });
  letUse(key, 'events.amazonaws.com');
  const logGroups = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      // As CloudWatch Logs asks for it: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
      actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      principals: [new iam.ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    }),
  );
}

/** Lets the alarms of an account publish to an alarm topic that is encrypted with the same key. */
export function letAlarmsUse(key: kms.IKey, account: string): void {
  letUse(key, 'cloudwatch.amazonaws.com', { StringEquals: { 'aws:SourceAccount': account } });
}

function letUse(
  key: kms.IKey,
  service: string,
  conditions: { [operator: string]: { [name: string]: string } } = {},
): void {
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      actions: SENDING,
      principals: [new iam.ServicePrincipal(service)],
      resources: ['*'],
      conditions,
    }),
  );
}
