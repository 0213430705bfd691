import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AlarmRef, Check } from '../../../lib/check';
import { bindChecks } from '../../../lib/check/bind-checks';

const HERE = { account: '111111111111', region: 'eu-west-1' };
const ROLE = 'arn:<P>:iam::222222222222:role/approval-gates/Shop';

function stackOf(env: { account?: string; region?: string } = HERE): Stack {
  return new Stack(new App(), 'Gates', { env });
}

function bound(check: Check, { stack = stackOf(), workflowName = 'Shop' as string | undefined } = {}) {
  const { plans, statements } = bindChecks(stack, [check], { workflowName });
  const resolved = stack.resolve({ plan: plans[0], statements: statements.map((one) => one.toJSON()) });
  return JSON.parse(JSON.stringify(resolved, (_, value) => joined(value))) as { plan: any; statements: any[] };
}

function joined(value: any): unknown {
  const parts: unknown[] | undefined = value?.['Fn::Join']?.[1];
  return parts?.map((part) => (typeof part === 'string' ? part : '<P>')).join('') ?? value;
}

const shop5xx = (options = {}) => Check.alarm(AlarmRef.named('shop-5xx', { account: '222222222222' }), options);

describe('a check of another account', () => {
  test('is read by the role of the reader there, which the gate may assume, and does nothing else', () => {
    const { plan, statements } = bound(shop5xx());

    expect(plan).toMatchObject({ alarmName: 'shop-5xx', reader: `${ROLE}/Shop.reader.eu-west-1` });
    expect(statements).toEqual([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: `${ROLE}/Shop.reader.eu-west-1` },
    ]);
  });

  test('is read by the reader of its Region', () => {
    const alarm = AlarmRef.named('shop-5xx', { account: '222222222222', region: 'us-east-1' });

    expect(bound(Check.alarm(alarm)).plan).toMatchObject({
      region: 'us-east-1',
      reader: `${ROLE}/Shop.reader.us-east-1`,
    });
  });

  test('is read by the reader that it names, whose name stands in no document', () => {
    const { plan } = bound(shop5xx({ readerName: 'tea' }));

    expect(plan.reader).toBe(`${ROLE}/Shop.tea.eu-west-1`);
    expect(plan).not.toHaveProperty('readerName');
  });

  test('may be a function', () => {
    const stack = stackOf();
    const arn = 'arn:aws:lambda:eu-west-1:222222222222:function:smoke';

    const { plan, statements } = bound(Check.lambda(lambda.Function.fromFunctionArn(stack, 'Fn', arn)), { stack });

    expect(plan).toMatchObject({ functionArn: arn, reader: `${ROLE}/Shop.reader.eu-west-1` });
    expect(statements).toHaveLength(1);
    expect(statements[0].Action).toBe('sts:AssumeRole');
  });

  test('is refused where the stack of the gate does not say its account, instead of watching a namesake', () => {
    expect(() => bound(shop5xx(), { stack: new Stack(new App(), 'Gates') })).toThrow(
      /check 'alarm shop-5xx' measures something in account 222222222222, but stack 'Gates' does not say its account: set `env.account`/,
    );
  });

  test('is refused where nobody says the Region', () => {
    expect(() => bound(shop5xx(), { stack: stackOf({ account: HERE.account }) })).toThrow(
      /neither the check nor stack 'Gates' says the Region: give `region`/,
    );
  });

  test('is refused in a hook of a deployment, which reads in its own account alone', () => {
    expect(() => bindChecks(stackOf(), [shop5xx()])).toThrow(/a hook of a deployment.*put the check into a gate/);
  });
});

describe('a check of the gate’s own account', () => {
  test.each([
    ['an alarm of the same account', Check.alarm(AlarmRef.named('x', { account: HERE.account }))],
    ['an alarm of another Region', Check.alarm(AlarmRef.named('x', { region: 'us-east-1' }))],
    ['a web address', Check.http('https://shop.example.com/health')],
  ])('needs no reader: %s', (_, check) => {
    const { plan, statements } = bound(check);

    expect(plan).not.toHaveProperty('reader');
    expect(JSON.stringify(statements)).not.toContain('sts:AssumeRole');
  });

  test('names no reader', () => {
    expect(() => bound(Check.alarm(AlarmRef.named('x'), { readerName: 'tea' }))).toThrow(
      /check 'alarm x' has `readerName: 'tea'`, but measures nothing in another account: remove it/,
    );
  });
});

test.each(['', 'a'.repeat(16), 'tea.pot', 'té'])('%j is no name of a reader', (readerName) => {
  expect(() => shop5xx({ readerName })).toThrow(/`Check.alarm readerName` is .*1 to 15 literal letters/);
});
