import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { ApprovalGateAction, ApprovalWorkflow, Approvers, FreezeCalendar } from '../../../lib/approval';
import { add, ana, bo, documentOf, fixture } from './gate-fixture';
import { newPipeline } from './stacks';

const people = { approvers: Approvers.anyOf(ana, bo) };
const ARN = 'arn:aws:ssm:eu-west-1:222222222222:document/company-freeze';
const named = FreezeCalendar.changeCalendar('release-freeze');

function statements(stack: Stack): readonly any[] {
  const roles = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  return roles
    .filter(([id]) => id.includes('AnswerRole'))
    .flatMap(([, { Properties }]) => Properties.Policies[0].PolicyDocument.Statement)
    .filter(({ Action }) => JSON.stringify(Action).includes('Calendar'));
}

test('the answer role may read the state of exactly these calendars, each once', () => {
  const w = fixture();
  add(w, { ...people, freezes: [named, FreezeCalendar.changeCalendarArn(ARN)] });
  add(w, { ...people, freezes: [named], actionName: 'Other' });

  const [statement, ...others] = statements(w.release);
  expect(others).toEqual([]);
  expect(statement).toMatchObject({ Effect: 'Allow', Action: 'ssm:GetCalendarState' });
  expect(JSON.stringify(statement.Resource)).toMatch(/:document\/release-freeze/);
  expect(statement.Resource).toHaveLength(2);
  expect(statement.Resource).toContain(ARN);
  expect(documentOf(Template.fromStack(w.release), '/Prod/Approve/policy').freezes).toEqual(['release-freeze', ARN]);
});

test('without calendars there is no such permission, and the policy says nothing of them', () => {
  const w = fixture();
  add(w, people);

  expect(statements(w.release)).toEqual([]);
  expect(documentOf(Template.fromStack(w.release), '/Prod/Approve/policy')).not.toHaveProperty('freezes');
});

test('a calendar of the app is named by its reference', () => {
  const w = fixture();
  const document = new ssm.CfnDocument(w.release, 'Freeze', { content: {}, documentType: 'ChangeCalendar' });
  add(w, { ...people, freezes: [FreezeCalendar.changeCalendar(document.ref)] });

  expect(documentOf(Template.fromStack(w.release), '/Prod/Approve/policy').freezes).toEqual([
    expect.stringContaining('Freeze'),
  ]);
  expect(JSON.stringify(statements(w.release))).toContain('"Ref":"Freeze"');
});

test.each<[string, () => unknown, RegExp]>([
  [
    'a name with a slash',
    () => FreezeCalendar.changeCalendar('a/b-c'),
    /'a\/b-c', but the name of a Change Calendar is 3 to 128/,
  ],
  ['a name of two characters', () => FreezeCalendar.changeCalendar('ab'), /InvalidCalendar/],
  ['an ARN as a name', () => FreezeCalendar.changeCalendar(ARN), /use `FreezeCalendar.changeCalendarArn`/],
  ['a name as an ARN', () => FreezeCalendar.changeCalendarArn('xmas'), /the ARN of a Change Calendar is/],
  ['a number', () => FreezeCalendar.changeCalendar(5 as never), /`name` is 5, but has to be a text/],
  ['an empty list', () => add(fixture(), { ...people, freezes: [] }), /`freezes` has 0 calendars, but needs 1 to 5/],
  [
    'six calendars',
    () =>
      add(fixture(), {
        ...people,
        freezes: Array.from({ length: 6 }, (_, n) => FreezeCalendar.changeCalendar(`freeze-${n}`)),
      }),
    /`freezes` has 6 calendars/,
  ],
  ['a calendar twice', () => add(fixture(), { ...people, freezes: [named, named] }), /has "release-freeze" twice/],
  [
    'a text',
    () => add(fixture(), { ...people, freezes: ['xmas'] as never }),
    /`freezes` has to be a list of calendars/,
  ],
  ['no list', () => add(fixture(), { ...people, freezes: named as never }), /`freezes` has to be a list of calendars/],
])('%s is refused', (_, make, message) => {
  expect(make).toThrow(message);
});

test('CodePipeline knows no freezes, so one needs a workflow', () => {
  const approvers = Approvers.emails('ana@example.com');
  expect(() => new ApprovalGateAction({ actionName: 'Approve', approvers, freezes: [named] })).toThrow(
    /`freezes` needs a `workflow`/,
  );
});

test('a calendar of another Region is refused where the Region is known', () => {
  const stack = new Stack(new App(), 'A', { env: { account: '111111111111', region: 'eu-central-1' } });
  const workflow = new ApprovalWorkflow(stack, 'Approvals');
  const pipeline: codepipeline.Pipeline = newPipeline(stack, 'Pipeline');
  const gate = new ApprovalGateAction({
    actionName: 'Approve',
    workflow,
    ...people,
    freezes: [FreezeCalendar.changeCalendarArn(ARN)],
  });
  expect(() => pipeline.addStage({ stageName: 'Prod', actions: [gate] })).toThrow(
    /a calendar in eu-west-1, but the pipeline is in eu-central-1.*CalendarInOtherRegion/,
  );
});

test('more calendars than a role can name are an error at synth', () => {
  const w = fixture();
  for (let n = 0; n < 20; n += 1) {
    const freezes = Array.from({ length: 5 }, (_, m) => FreezeCalendar.changeCalendar(`${'x'.repeat(100)}-${n}-${m}`));
    add(w, { ...people, freezes, actionName: `Approve${n}` });
  }
  expect(() => Template.fromStack(w.release)).toThrow(/the gates of one pipeline need a policy that may reach/);
});
