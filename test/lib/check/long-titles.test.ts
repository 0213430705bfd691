/** Titles that checks make of the labels of metrics, in which an app may write what only the deployment knows. */
import { App, Aws, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Check } from '../../../lib/check';
import { bindChecks } from '../../../lib/check/bind-checks';

const FUNCTION = Token.asString({ Ref: 'Checkout' });
const LABEL = `p99 latency of the checkout service in ${Aws.REGION} for ${FUNCTION}, both alike, and then some more words`;

const metric = (metricName: string, label?: string) =>
  new cloudwatch.Metric({ namespace: 'Shop', metricName, label, statistic: 'Sum', period: Duration.minutes(1) });

const KINDS: ReadonlyArray<[string, (label: string) => Check]> = [
  ['a metric', (label) => Check.metric(metric('Latency', label), { atMost: 5 })],
  [
    'an error ratio',
    (label) => Check.errorRatio({ errors: metric('Errors', label), requests: metric('Requests'), maxPercent: 1 }),
  ],
  [
    'a canary analysis',
    (label) => Check.canaryAnalysis({ metrics: [{ canary: metric('New', label), baseline: metric('Old') }] }),
  ],
];

function titleOf(check: Check): string {
  const stack = new Stack(new App(), 'Gates');
  const [plan] = bindChecks(stack, [check], { bakeTime: Duration.hours(1) }).plans;
  const resolved: unknown = stack.resolve(plan?.title);
  const parts = (resolved as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join']?.[1] ?? [resolved];
  return parts.map((part) => (typeof part === 'string' ? part : '…')).join('');
}

test.each(KINDS)('the title of %s has no part of a token in it, wherever it is cut', (_kind, checkOf) => {
  for (let length = 0; length <= 60; length += 1) {
    const title = titleOf(checkOf(`${'x'.repeat(length)}${LABEL}`));

    expect(title).not.toMatch(/[${}[\]]/);
    expect(title.replaceAll('…', '').length).toBeLessThanOrEqual(80);
  }
});

test.each(KINDS)('the title of %s is the same in every synthesis', (_kind, checkOf) => {
  const named = (name: string) =>
    `p99 latency of ${name}, as its callers see it in the hour before and after a release, and so on`;
  const first = titleOf(checkOf(named(FUNCTION)));
  // As an app that has grown.
  Array.from({ length: 2_000 }, () => Token.asString(Lazy.any({ produce: () => '' })));

  expect(titleOf(checkOf(named(Token.asString({ Ref: 'Checkout' }))))).toBe(first);
});
