import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Check } from '../../../lib/check';
import { bindChecks } from '../../../lib/check/bind-checks';

const ENV = { account: '111111111111', region: 'eu-west-1' };
const stackOf = (): Stack => new Stack(new App(), 'Gates', { env: ENV });
const documentIn = (account: string, region: string, name: unknown = 'release-freeze') => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ssm:${region}:${account}:document/${String(name)}`]],
});

test('a calendar is named after itself, and exactly it may be read', () => {
  const stack = stackOf();
  const { plans, statements } = bindChecks(stack, [Check.changeCalendar('release-freeze')]);

  expect(plans[0]).toMatchObject({
    kind: 'changeCalendar',
    id: 'change-calendar-release-freeze',
    title: 'change calendar release-freeze',
    calendar: 'release-freeze',
    region: 'eu-west-1',
  });
  expect(stack.resolve(statements.map((one) => one.toJSON()))).toEqual([
    { Effect: 'Allow', Action: 'ssm:GetCalendarState', Resource: documentIn(ENV.account, 'eu-west-1') },
  ]);
});

test('one of another account and Region is read there', () => {
  const stack = stackOf();
  const elsewhere = { account: '222222222222', region: 'us-east-1' };
  const { draft, place, statements } = Check.changeCalendar('release-freeze', elsewhere)._bind(stack, {});

  expect(draft).toMatchObject({ region: 'us-east-1' });
  expect(place).toEqual(elsewhere);
  expect(stack.resolve(statements[0]!.resources)).toEqual([documentIn('222222222222', 'us-east-1')]);
});

test('a name that only deployment knows is taken', () => {
  const stack = stackOf();
  const name = new CfnParameter(stack, 'Calendar').valueAsString;

  expect(bindChecks(stack, [Check.changeCalendar(name)]).plans[0]).toMatchObject({ title: 'change calendar' });
});

test.each<[string, unknown, object, RegExp]>([
  ['no name', undefined, {}, /`Check.changeCalendar calendar` is nothing, but has to be a text/],
  ['a short name', 'ab', {}, /is "ab", but the name of a Change Calendar is 3 to 128 characters/],
  ['a long name', 'x'.repeat(129), {}, /3 to 128 characters/],
  ['an ARN', 'arn:aws:ssm:eu-west-1:222222222222:document/freeze', {}, /give `account` and `region`/],
  ['a wildcard', 'release-*', {}, /3 to 128 characters/],
  ['a wrong account', 'freeze', { account: '22' }, /`Check.changeCalendar account` is '22', but has to be the 12/],
  ['a wrong Region', 'freeze', { region: 'Ireland' }, /region` is 'Ireland', but has to be a Region: write its code/],
])('%s is refused', (_, calendar, options, message) => {
  expect(() => Check.changeCalendar(calendar as string, options)).toThrow(message);
});
