import { Duration, Lazy, TimeZone } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { POLICY_VERSION } from '../../../contract/policy';
import { parseAnyPolicy } from '../../../lambda/domain/parse-policy';
import type { WeeklyHours } from '../../../lib/approval';
import { ApprovalGateAction, Approvers, DeploymentWindow, GateRule, Weekday } from '../../../lib/approval';
import { add, ana, bo, documentOf, fixture, health } from './gate-fixture';

const OFFICE = { from: '09:00', to: '16:00' };
const weekly = (...hours: WeeklyHours[]) => DeploymentWindow.weekly(TimeZone.EUROPE_BERLIN, ...hours);
const people = { approvers: Approvers.anyOf(ana, bo) };

test('a window stands in the policy as days and minutes of a time zone', () => {
  const w = fixture();
  add(w, {
    ...people,
    window: weekly(
      OFFICE,
      { days: [Weekday.SUNDAY, Weekday.SATURDAY, Weekday.SUNDAY], from: '22:30', to: '00:00' },
      { days: [Weekday.MONDAY], from: '00:00', to: '24:00' },
    ),
  });

  const policy = documentOf(Template.fromStack(w.release), '/Prod/Approve/policy');
  expect(policy.window).toEqual({
    timeZone: 'Europe/Berlin',
    ranges: [
      { days: [1, 2, 3, 4, 5], from: 540, to: 960 },
      { days: [6, 7], from: 1350, to: 1440 },
      { days: [1], from: 0, to: 1440 },
    ],
  });
});

test('the functions read what synth writes', () => {
  const window = weekly(OFFICE, { from: '22:00', to: '04:00' })._rule;
  const document = {
    v: POLICY_VERSION,
    gate: { pipeline: 'shop', stage: 'Prod', action: 'Approve' },
    answerRole: 'arn:aws:iam::111111111111:role/approval-gates/shop/answer',
    rule: {
      kind: 'MANUAL',
      people: { groups: [{ quorum: 1, ids: [ana.approverId] }], excludeAuthor: false, reason: 'OPTIONAL' },
    },
    timeoutMinutes: 60,
    onReject: 'STOP',
    window,
  };
  expect(parseAnyPolicy(JSON.stringify(document))).toMatchObject({ ok: true, value: { window } });
});

test('a gate without a window has none in its policy', () => {
  const w = fixture();
  add(w, people);

  expect(documentOf(Template.fromStack(w.release), '/Prod/Approve/policy')).not.toHaveProperty('window');
});

test.each<[string, () => DeploymentWindow, RegExp]>([
  ['without hours', () => weekly(), /`window` has 0 ranges of hours, but needs 1 to 20.*InvalidWindow/],
  ['of 21 ranges', () => weekly(...Array.from({ length: 21 }, () => OFFICE)), /`window` has 21 ranges/],
  ['of no days', () => weekly({ ...OFFICE, days: [] }), /`window` has no `days`: give days such as Weekday.MONDAY/],
  ['of a day that is none', () => weekly({ ...OFFICE, days: ['MON' as Weekday] }), /`window` has the day "MON"/],
  [
    'of nine',
    () => weekly({ from: '9:00', to: '16:00' }),
    /`window` has "9:00" for `from`, but needs a time from '00:00' to '23:59'/,
  ],
  ['from midnight on the next day', () => weekly({ from: '24:00', to: '16:00' }), /"24:00" for `from`/],
  ['until after midnight', () => weekly({ from: '09:00', to: '24:01' }), /"24:01" for `to`.*'24:00'/],
  ['of minute 60', () => weekly({ from: '09:60', to: '16:00' }), /"09:60" for `from`/],
  ['of a number', () => weekly({ from: 9 as never, to: '16:00' }), /`window` has 9 for `from`/],
  ['that ends when it begins', () => weekly({ from: '09:00', to: '09:00' }), /which is never or always/],
  ['of a text', () => weekly('09:00-16:00' as never), /needs an object: give \{ from: '09:00', to: '16:00' \}/],
  [
    'in a place that nobody knows',
    () => DeploymentWindow.weekly(TimeZone.of('Europe/Bärlin'), OFFICE),
    /`timeZone` is 'Europe\/Bärlin', which no time zone is called/,
  ],
  [
    'without a place',
    () => DeploymentWindow.weekly('Europe/Berlin' as never, OFFICE),
    /has "Europe\/Berlin" for its time zone/,
  ],
  [
    'that is known at deployment',
    () => weekly({ from: Lazy.string({ produce: () => '09:00' }), to: '16:00' }),
    /`from` is a token, but the window is checked at synth/,
  ],
])('a window %s is refused', (_, make, message) => {
  expect(make).toThrow(message);
});

test('a window that is none of ours is refused', () => {
  expect(() => add(fixture(), { ...people, window: OFFICE as never })).toThrow(
    /`window` is \{"from":"09:00","to":"16:00"\}, but has to be made by `DeploymentWindow.weekly`/,
  );
});

test('CodePipeline knows no windows, so one needs a workflow', () => {
  const approvers = Approvers.emails('ana@example.com');
  expect(() => new ApprovalGateAction({ actionName: 'Approve', approvers, window: weekly(OFFICE) })).toThrow(
    /`window` needs a `workflow`.*WorkflowNeeded/,
  );
});

describe('a window that opens too seldom', () => {
  const ID = Match.stringLikeRegexp('stays closed for up to 2 days 17 hours.*may expire.*windowOpensTooSeldom');

  /** Friday 16:00 to Monday 09:00. */
  test.each<[number, Duration, boolean]>([
    [0, Duration.hours(65), true],
    [0, Duration.minutes(65 * 60 + 1), false],
    [30, Duration.minutes(65 * 60 + 30), true],
    [30, Duration.minutes(65 * 60 + 31), false],
  ])('is warned of where %d minutes of bake and the longest closing reach a timeout of %s', (bake, timeout, warns) => {
    const w = fixture();
    const baked = { ...people, rule: GateRule.guarded(), checks: [health()], bakeTime: Duration.minutes(bake) };
    const asked = bake === 0 ? people : baked;
    add(w, { ...asked, timeout, window: weekly(OFFICE) });

    const found = Annotations.fromStack(w.release).findWarning('*', ID);
    expect(found).toHaveLength(warns ? 1 : 0);
  });

  test('is not known where the timeout is known at deployment', () => {
    const w = fixture();
    add(w, { ...people, timeout: Duration.minutes(Lazy.number({ produce: () => 5 })), window: weekly(OFFICE) });

    expect(Annotations.fromStack(w.release).findWarning('*', ID)).toEqual([]);
  });
});
