import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Check, ScannedResources, Waiver, type SecurityFindingsCheckOptions } from '../../../lib/check';
import { bindChecks } from '../../../lib/check/bind-checks';

const stackOf = () => new Stack(new App(), 'Gates', { env: { account: '111111111111', region: 'eu-west-1' } });
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const SHOP = ScannedResources.tagged('app', 'shop');

function bound(options: SecurityFindingsCheckOptions = {}, resources = SHOP, stack = stackOf()) {
  const { plans, statements } = bindChecks(stack, [Check.securityFindings(resources, options)]);
  return {
    plan: stack.resolve(plans[0]),
    statements: stack.resolve(statements.map((statement) => statement.toJSON())),
    stack,
  };
}

test('security findings have defaults that let nothing critical, high or unrated pass', () => {
  const { plan, statements } = bound();

  expect(plan).toMatchObject({
    kind: 'securityFindings',
    title: 'security findings app=shop',
    region: 'eu-west-1',
    resources: { by: 'TAG', key: 'app', value: 'shop' },
    limits: { critical: 0, high: 0, unrated: 0 },
    waivers: [],
  });
  expect(plan).not.toHaveProperty('products');
  expect(statements).toHaveLength(1);
  expect(statements[0]).toMatchObject({ Effect: 'Allow', Action: 'securityhub:GetFindings' });
  expect(JSON.stringify(statements[0].Resource)).toContain(':securityhub:eu-west-1:111111111111:hub/default');
});

test('every option is taken', () => {
  const waiver = { finding: 'S3.8', owner: 'ana', reason: 'public on purpose', until: day(30) };
  const { plan } = bound(
    { products: ['Security Hub'], limits: { high: 3 }, waivers: [Waiver.of(waiver)] },
    ScannedResources.byArn('arn:aws:s3:::shop'),
  );

  expect(plan).toMatchObject({
    title: 'security findings shop',
    resources: { by: 'ARN', arn: 'arn:aws:s3:::shop' },
    products: ['Security Hub'],
    limits: { critical: 0, high: 3 },
    waivers: [waiver],
  });
});

test('a waiver that is over is a warning', () => {
  const waiver = Waiver.of({ finding: 'S3.8', owner: 'ana', reason: 'public on purpose', until: day(-2) });

  Annotations.fromStack(bound({ waivers: [waiver] }).stack).hasWarning('*', Match.stringLikeRegexp('a waiver of S3.8'));
});

test.each<[() => unknown, RegExp]>([
  [() => Check.securityFindings(SHOP, { products: [] }), /has to name 1 to 20 products/],
  [() => Check.securityFindings(SHOP, { products: [''] }), /has to name 1 to 20 products/],
  [() => Check.securityFindings(SHOP, { products: Array<string>(21).fill('x') }), /has to name 1 to 20 products/],
  [() => Check.securityFindings(SHOP, { limits: { low: -1 } }), /`Check.securityFindings limits.low` is -1/],
  [() => Check.securityFindings('shop' as never), /take them from `ScannedResources`/],
  [() => ScannedResources.tagged('', 'shop'), /`ScannedResources.tagged key` is ''/],
  [() => ScannedResources.tagged('app', ''), /`ScannedResources.tagged value` is ''/],
  [() => ScannedResources.tagged('app', 'x'.repeat(257)), /1 to 256 characters/],
  [() => ScannedResources.byArn('shop'), /has to be the ARN of one resource/],
  [() => ScannedResources.byArn('arn:aws:s3:::shop-*'), /has to be the ARN of one resource/],
])('%s fails', (make, message) => {
  expect(make).toThrow(message);
});
