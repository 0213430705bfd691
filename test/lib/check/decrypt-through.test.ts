import { App, Aws, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { decryptThrough } from '../../../lib/check/decrypt-through';

function statement(region: string): any {
  const stack = new Stack(new App(), 'Gates');
  const key = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1');
  return stack.resolve(decryptThrough('s3', key, region).toJSON());
}

const via = (region: string): unknown => statement(region).Condition.StringEquals['kms:ViaService'];

test('one key may decrypt what one service reads in one Region, and nothing else', () => {
  expect(statement('eu-west-1')).toEqual({
    Effect: 'Allow',
    Action: 'kms:Decrypt',
    Resource: 'arn:aws:kms:eu-west-1:111111111111:key/1',
    Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } },
  });
});

test('a Region in which endpoints have another suffix has the service under both', () => {
  expect(via('us-gov-west-1')).toBe('s3.us-gov-west-1.amazonaws.com');
  expect(via('cn-north-1')).toEqual(['s3.cn-north-1.amazonaws.com', 's3.cn-north-1.amazonaws.com.cn']);
});

test('so has one that is known at deployment only, and one that nobody knows yet', () => {
  const join = (...parts: unknown[]) => ({ 'Fn::Join': ['', parts] });

  expect(via(Aws.REGION)).toEqual([
    join('s3.', { Ref: 'AWS::Region' }, '.amazonaws.com'),
    join('s3.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }),
  ]);
  expect(via('xx-new-1')).toEqual(['s3.xx-new-1.amazonaws.com', join('s3.xx-new-1.', { Ref: 'AWS::URLSuffix' })]);
});
