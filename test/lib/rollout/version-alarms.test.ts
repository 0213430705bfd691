import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { LambdaRollout, RolloutStrategy } from '../../../lib/rollout';

/** What the alarms on a new version say of themselves, to whoever gets them as an email. */
function described(id: string, functionName?: string): string[] {
  const stack = new Stack(new App(), 'Shop');
  const handler = new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => ({});'),
    functionName,
  });
  new LambdaRollout(stack, 'Rollout', {
    handler,
    strategy: RolloutStrategy.canary(10, Duration.minutes(10)),
    watch: { errors: 1, comparedWithOld: {}, p99Duration: Duration.seconds(1) },
  });
  return Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties.AlarmDescription as string,
  );
}

const SHOWN =
  /^The new version of function (.+), behind alias live, (?:fails|is throttled|is slow).* https:\S+#alarm-\S+$/;

test.each<[string, string | undefined, string]>([
  ['by its name', 'shop-orders', 'shop-orders'],
  ['by its place in the app, where CloudFormation names it', undefined, 'Shop/Orders'],
  ['and so where only the deployment knows its name', Token.asString({ Ref: 'Name' }), 'Shop/Orders'],
])('alarms on a new version name its function %s', (_how, functionName, shown) => {
  const names = described('Orders', functionName).map((text) => SHOWN.exec(text)?.[1]);

  expect(names).toEqual([shown, shown, shown, shown]);
});

test('a place that is very long is shown by its end, so that CloudWatch takes the description', () => {
  const [text = ''] = described(`${'x'.repeat(1000)}Orders`);

  expect(text.length).toBeLessThanOrEqual(1024);
  expect(SHOWN.exec(text)?.[1]).toMatch(/^…x+Orders$/);
});

test('alarms of a rollout that stands very deep in the app keep ids of their own', () => {
  const stack = new Stack(new App(), 'Shop');
  const deep = ['Orders', 'Service', 'Api', 'Function'].reduce<Construct>(
    (scope, id) => new Construct(scope, `${id}${'x'.repeat(60)}`),
    stack,
  );
  const handler = new lambda.Function(deep, 'Handler', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => ({});'),
  });
  new LambdaRollout(deep, 'Rollout', { handler, strategy: RolloutStrategy.canary(10, Duration.minutes(10)) });

  const ids = Object.keys(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  expect(ids).toHaveLength(2);
  ids.forEach((id) => expect(id).toMatch(/^[A-Za-z][A-Za-z0-9]{0,254}$/));
});
