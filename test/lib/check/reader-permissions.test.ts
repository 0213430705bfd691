import { Aws, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { mayRead } from '../../../lib/check/reader-permissions';

const SHOP = 'arn:aws:cloudwatch:eu-west-1:222222222222:alarm:shop';
const statement = (resource: string, ...actions: string[]) =>
  new iam.PolicyStatement({
    actions: actions.length === 0 ? ['cloudwatch:DescribeAlarms'] : actions,
    resources: [resource],
  });

test.each<[string, string, boolean]>([
  ['itself', SHOP, true],
  ['another one', `${SHOP}s`, false],
  ['all of a name', `${SHOP.slice(0, -2)}*`, true],
  ['all of another name', `${SHOP}-*`, false],
  ['everything', '*', true],
  ['it in another account', SHOP.replace('222222222222', '333333333333'), false],
  ['it in a partition that is a token', SHOP.replace('aws', Aws.PARTITION), true],
  ['something else in a partition that is a token', `${SHOP.replace('aws', Aws.PARTITION)}s`, false],
  ['what only the deployment knows', Token.asString({ Ref: 'Alarm' }), true],
])('who may read %s may read a thing, or not', (_what, has, may) => {
  expect(mayRead([statement(has)], [statement(SHOP)])).toBe(may);
});

test('what only the deployment knows may be anything that is read', () => {
  expect(mayRead([statement(SHOP)], [statement(Token.asString({ Ref: 'Alarm' }))])).toBe(true);
  expect(mayRead([], [statement(Token.asString({ Ref: 'Alarm' }))])).toBe(false);
});

test('each action is needed, from whatever statement it comes', () => {
  const needs = [statement(SHOP, 'cloudwatch:DescribeAlarms', 'cloudwatch:DescribeAlarmHistory')];

  expect(mayRead([statement(SHOP)], needs)).toBe(false);
  expect(mayRead([statement(SHOP), statement('*', 'cloudwatch:DescribeAlarmHistory')], needs)).toBe(true);
});
