import { App, Lazy, Stack, Stage, Token } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Check, MissingData } from '../../../lib/check';
import { bindChecks } from '../../../lib/check/bind-checks';

const ENV = { account: '111111111111', region: 'eu-west-1' };
const ERRORS = 'filter level = "ERROR"';
const stackOf = (): Stack => new Stack(new App(), 'Gates', { env: ENV });
const named = (stack: Stack) => logs.LogGroup.fromLogGroupName(stack, 'Log', '/shop/web');

function bound(check: Check, stack: Stack) {
  const { plans, statements } = bindChecks(stack, [check]);
  return { plan: stack.resolve(plans[0]), statements: stack.resolve(statements.map((one) => one.toJSON())) };
}

test('a log group is named after itself; queries may be started on it alone', () => {
  const stack = stackOf();

  expect(bound(Check.logQuery(named(stack), ERRORS), stack)).toEqual({
    plan: expect.objectContaining({
      kind: 'logQuery',
      id: 'log-shop-web',
      title: 'log /shop/web',
      logGroup: '/shop/web',
      region: 'eu-west-1',
      query: ERRORS,
      maxMatches: 0,
      missingData: 'INCONCLUSIVE',
    }),
    statements: [
      {
        Effect: 'Allow',
        Action: 'logs:StartQuery',
        Resource: {
          'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:logs:eu-west-1:${ENV.account}:log-group:/shop/web:*`]],
        },
      },
      { Effect: 'Allow', Action: 'logs:GetQueryResults', Resource: '*' },
    ],
  });
});

test('one of the app is named after its construct, and takes every option', () => {
  const stack = stackOf();
  const options = { maxMatches: 5, missingData: MissingData.HEALTHY };
  const { plan, statements } = bound(Check.logQuery(new logs.LogGroup(stack, 'Log'), ERRORS, options), stack);

  expect(plan).toMatchObject({ title: 'log Log', logGroup: { Ref: expect.stringMatching(/^Log/) }, ...options });
  expect(statements[0].Resource).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Log/), 'Arn'] });
});

test('one of another account and Region is read there', () => {
  const stack = stackOf();
  const arn = 'arn:aws:logs:us-east-1:222222222222:log-group:/shop/web:*';
  const check = Check.logQuery(logs.LogGroup.fromLogGroupArn(stack, 'Log', arn), ERRORS);

  expect(check._bind(stack, {})).toMatchObject({
    draft: { logGroup: '/shop/web', region: 'us-east-1' },
    place: { account: '222222222222', region: 'us-east-1' },
  });
});

test('one that another stage makes is read by its literal name, and refused without it', () => {
  const app = new App();
  const stack = new Stack(app, 'Gates', { env: ENV });
  const inStage = (id: string, logGroupName?: string) =>
    new logs.LogGroup(new Stack(new Stage(app, id, { env: ENV }), 'Shop'), 'Log', { logGroupName });

  const { plan, statements } = bound(Check.logQuery(inStage('Prod', '/shop/web'), ERRORS), stack);
  expect(plan.logGroup).toBe('/shop/web');
  expect(JSON.stringify(statements[0].Resource)).toContain(':logs:eu-west-1:111111111111:log-group:/shop/web:*');

  expect(() => bound(Check.logQuery(inStage('Test'), ERRORS), stack)).toThrow(
    /give the log group a literal `logGroupName`/,
  );
});

test.each([
  ERRORS,
  'fields @timestamp, @message | filter @message like /ERROR|FATAL/',
  "filter @message like 'a | stats count(*)'",
  'filter level = "ERROR" # | stats',
  'parse @message /(?<code>5\\d\\d|499)/ | filter code >= 500',
  'FILTER level = "a\\" | limit 1"',
  `filter version = "${Lazy.string({ produce: () => '7' })}"`,
])('the query %j chooses lines', (query) => {
  expect(() => Check.logQuery(named(stackOf()), query)).not.toThrow();
});

test.each([
  ['', /has the command ''/],
  ['fields @message', /has no command 'filter', so every line would match/],
  [
    'SOURCE logGroups() | filter a = 1',
    /has the command 'source', but may only choose lines, by fields, filter, parse/,
  ],
  ['filter a = 1 | stats count(*)', /has the command 'stats'/],
  ['filter a = 1 | limit 1', /has the command 'limit'/],
  ['filter a = "x" | unmask b', /has the command 'unmask'/],
  ['filter a = 1 / 2 | dedup b / c', /has the command 'dedup'/],
  ['filter a = 1 # why\n| stats count(*)', /has the command 'stats'/],
  ['filter a = "x" | ', /has the command ''/],
  [`filter a = "${'x'.repeat(1000)}"`, /has 1013 characters, but may have at most 1000/],
])('the query %j is refused', (query, message) => {
  expect(() => Check.logQuery(named(stackOf()), query)).toThrow(message);
});

test('`maxMatches` has limits, and may be known only at deployment', () => {
  const make = (maxMatches: number) => () => Check.logQuery(named(stackOf()), ERRORS, { maxMatches });

  expect(make(0)).not.toThrow();
  expect(make(1_000_000)).not.toThrow();
  expect(make(Token.asNumber({ Ref: 'Limit' }))).not.toThrow();
  for (const wrong of [-1, 1_000_001, 0.5, NaN]) {
    expect(make(wrong)).toThrow(`\`Check.logQuery maxMatches\` is ${wrong}, but has to be a whole number`);
  }
});

test.each<[string, unknown, unknown, object, RegExp]>([
  ['a name', '/shop/web', ERRORS, {}, /`Check.logQuery` is given "\/shop\/web": give a log group/],
  ['no query', named(stackOf()), undefined, {}, /`Check.logQuery query` is nothing, but has to be a text/],
  ['a meaning of silence', named(stackOf()), ERRORS, { missingData: 'OK' }, /missingData` is "OK"/],
])('%s is refused', (_, group, query, options, message) => {
  expect(() => Check.logQuery(group as logs.ILogGroup, query as string, options)).toThrow(message);
});
