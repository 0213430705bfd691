import { App, Aws, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  Check,
  CheckReader,
  ScannedResources,
  Waiver,
  type CheckReaderProps,
  type SecurityFindingsCheckOptions,
} from '../../../lib/check';
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

describe('the hub that is read', () => {
  const THERE = { account: '222222222222', region: 'us-east-1' };
  const FUNCTION = 'arn:aws:lambda:us-east-1:222222222222:function:shop';
  const here = (resource: string) => resource.replace('us-east-1', 'eu-west-1').replaceAll('2', '1');

  test('may be one of another Region', () => {
    const { plan, statements } = bound({ region: 'us-east-1' });

    expect(plan).toMatchObject({ region: 'us-east-1' });
    expect(plan).not.toHaveProperty('reader');
    expect(JSON.stringify(statements[0].Resource)).toContain(':securityhub:us-east-1:111111111111:hub/default');
  });

  test('may be one of another account, which a reader reads', () => {
    const check = Check.securityFindings(ScannedResources.byArn(FUNCTION), THERE);
    const stack = new Stack(new App(), 'Shop', { env: THERE });
    const props: CheckReaderProps = { workflowName: 'Approvals', workflowAccount: '111111111111', checks: [check] };
    const { roleName } = new CheckReader(stack, 'Reader', props);
    const gates = stackOf();

    const { plans } = bindChecks(gates, [check], { workflowName: 'Approvals' });

    expect(plans[0]).toMatchObject({ region: 'us-east-1' });
    expect(JSON.stringify(gates.resolve(plans[0]?.reader))).toContain(`/${roleName}"`);
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).toContain(
      ':securityhub:us-east-1:222222222222:hub/default',
    );
  });

  test.each<[string, string, SecurityFindingsCheckOptions]>([
    ['another account and Region', FUNCTION, {}],
    ['another account', FUNCTION, { region: 'us-east-1' }],
    ['another Region', FUNCTION.replace('222222222222', '111111111111'), {}],
    ['another account, without a Region', 'arn:aws:iam::222222222222:role/shop', {}],
    ['the account of the gate', here(FUNCTION), THERE],
  ])('is not that of a resource of %s, which would always pass', (_, arn, options) => {
    expect(() => bound(options, ScannedResources.byArn(arn))).toThrow(/`account`.*`region`.*`aggregated: true`/);
  });

  test('has to be known where a resource says where it is', () => {
    const stack = new Stack(new App(), 'Anywhere');

    expect(() => bound({}, ScannedResources.byArn(FUNCTION), stack)).toThrow(/stack 'Anywhere' does not say/);
  });

  test.each<[string, string, SecurityFindingsCheckOptions]>([
    ['of the same place', 'arn:aws:lambda:eu-west-1:111111111111:function:shop', {}],
    ['that says no place', 'arn:aws:s3:::shop', {}],
    ['of another place whose findings it gathers', FUNCTION, { aggregated: true }],
    ['of which deployment alone knows', Aws.STACK_ID, {}],
  ])('may have findings of a resource %s', (_, arn, options) => {
    expect(bound(options, ScannedResources.byArn(arn)).plan).toMatchObject({ region: 'eu-west-1' });
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
  [() => Check.securityFindings(SHOP, { account: '22' }), /account` is '22', but has to be the 12 digits/],
  [() => Check.securityFindings(SHOP, { region: 'Ireland' }), /region` is 'Ireland', but has to be a Region/],
  [() => Check.securityFindings('shop' as never), /take them from `ScannedResources`/],
  [() => ScannedResources.tagged('', 'shop'), /`ScannedResources.tagged key` is ''/],
  [() => ScannedResources.tagged('app', ''), /`ScannedResources.tagged value` is ''/],
  [() => ScannedResources.tagged('app', 'x'.repeat(257)), /1 to 256 characters/],
  [() => ScannedResources.byArn('shop'), /has to be the ARN of one resource/],
  [() => ScannedResources.byArn('arn:aws:s3:::shop-*'), /has to be the ARN of one resource/],
])('%s fails', (make, message) => {
  expect(make).toThrow(message);
});
