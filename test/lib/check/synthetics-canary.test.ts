import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Check, type SyntheticsCanaryCheckOptions } from '../../../lib';
import { bindChecks } from '../../../lib/check/bind-checks';

const HERE = { account: '111111111111', region: 'eu-west-1' };

function bound(canary: string, options?: SyntheticsCanaryCheckOptions) {
  const stack = new Stack(new App(), 'Shop', { env: HERE });
  const { plans, statements } = bindChecks(stack, [Check.syntheticsCanary(canary, options)], {
    workflowName: 'Approvals',
  });
  return { plan: plans[0], statements: stack.resolve(statements.map((one) => one.toStatementJson())) as unknown };
}

test('reads exactly that canary', () => {
  const { plan, statements } = bound('shop-checkout');

  expect(plan).toMatchObject({
    kind: 'syntheticsCanary',
    id: 'synthetics-canary-shop-checkout',
    title: 'synthetics canary shop-checkout',
    canary: 'shop-checkout',
    region: 'eu-west-1',
    maxRunAge: 900,
  });
  expect(statements).toEqual([
    {
      Effect: 'Allow',
      Action: ['synthetics:GetCanary', 'synthetics:GetCanaryRuns'],
      Resource: {
        'Fn::Join': [
          '',
          ['arn:', { Ref: 'AWS::Partition' }, ':synthetics:eu-west-1:111111111111:canary:shop-checkout'],
        ],
      },
    },
  ]);
});

test('in another account a reader reads, in another Region the role of the gate', () => {
  const there = bound('shop', { account: '222222222222', region: 'eu-central-1' });
  expect(there.plan).toMatchObject({ region: 'eu-central-1', reader: expect.anything() });
  expect(there.statements).toEqual([expect.objectContaining({ Action: 'sts:AssumeRole' })]);

  const elsewhere = bound('shop', { region: 'eu-central-1' });
  expect(JSON.stringify(elsewhere.statements)).toContain(':synthetics:eu-central-1:111111111111:canary:shop');
});

test('a name that only deployment knows is taken', () => {
  const { plan } = bound(Lazy.string({ produce: () => 'shop' }));

  expect(plan).toMatchObject({ title: 'synthetics canary' });
});

test.each<[string, SyntheticsCanaryCheckOptions, RegExp]>([
  ['Shop', {}, /`Check.syntheticsCanary canary` is "Shop", but the name of a canary is 1 to 255 characters/],
  ['shop*', {}, /is "shop\*"/],
  ['', {}, /`Check.syntheticsCanary canary`/],
  [7 as never, {}, /`Check.syntheticsCanary canary`/],
  ['shop', { maxRunAge: Duration.seconds(59) }, /`Check.syntheticsCanary maxRunAge` is 59 seconds, but has to be/],
  ['shop', { maxRunAge: Duration.hours(25) }, /`Check.syntheticsCanary maxRunAge`/],
  ['shop', { account: '1' }, /`Check.syntheticsCanary account` is '1'/],
])('%j with %j is refused', (canary, options, message) => {
  expect(() => bound(canary, options)).toThrow(message);
});

test.each([Duration.minutes(1), Duration.hours(24)])('a `maxRunAge` of %s is taken', (maxRunAge) => {
  expect(bound('shop', { maxRunAge }).plan).toMatchObject({ maxRunAge: maxRunAge.toSeconds() });
});
