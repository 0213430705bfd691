import { Duration, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { ApproverGroup, Approvers, GateRule, ManualApprovals, TakeOverVerdict } from '../../../lib/approval';
import { ana, bo, cy, health, three } from './gate-fixture';
import { newStack } from './stacks';
import { approvalIn, env, oldPipeline, place, plainPipeline, RUN } from './manual-approvals-fixture';

describe('what cannot be taken over', () => {
  test('is told all at once, and nothing is changed', () => {
    const { app, release, options } = place();
    oldPipeline(release);
    oldPipeline(new Stack(app, 'Elsewhere', { env: { ...env, region: 'us-east-1' } }));
    oldPipeline(new Stack(new Stage(app, 'Beta'), 'Release', { env }));
    oldPipeline(new Stack(app, 'Long', { env }), { additionalInformation: 'x'.repeat(941) });

    let message = '';
    try {
      ManualApprovals.takeOver(app, options);
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/'Elsewhere\/Pipeline\/Prod\/Approve': .* is in account 111111111111, Region us-east-1/);
    expect(message).toMatch(/'Beta\/Release\/Pipeline\/Prod\/Approve': .* in different stages of the app/);
    expect(message).toMatch(
      /'Long\/Pipeline\/Prod\/Approve': its text \(`CustomData`\) has 941 characters, but at most 940/,
    );
    expect(message).toMatch(/name them in `exclude`/);
    expect(message).toMatch(/\[CannotTakeOver\]$/);
    expect(approvalIn(release).Configuration?.NotificationArn).toBeUndefined();
  });

  test('is told once where many share one mistake', () => {
    const { app, release, workflow } = place();
    oldPipeline(release, {}, { pipelineName: 'one' });
    oldPipeline(release, {}, { pipelineName: 'two' }, 'Other');
    expect(() => ManualApprovals.takeOver(app, { workflow })).toThrow(
      /\n'one\/Prod\/Approve', 'two\/Prod\/Approve': a gate needs `approvers`, `checks` or both/,
    );
  });

  test('also where the policy does not fit the action', () => {
    const { app, release, options } = place();
    oldPipeline(release, { timeout: Duration.minutes(30) });
    const bake = { ...options, checks: [health()], rule: GateRule.guarded(), bakeTime: Duration.hours(1) };
    expect(() => ManualApprovals.takeOver(app, bake)).toThrow(
      /`bakeTime` is 1 hour, but must be shorter than `timeout`, 30 minutes/,
    );
  });

  test('but takes the longest text', () => {
    const { app, release, options } = place();
    oldPipeline(release, { additionalInformation: 'x'.repeat(940) });
    ManualApprovals.takeOver(app, options);
    expect(approvalIn(release).Configuration.CustomData.length).toBeLessThanOrEqual(1000);
  });

  test('is not an imported pipeline, which is only told', () => {
    const { app, release, options } = place();
    oldPipeline(release);
    codepipeline.Pipeline.fromPipelineArn(release, 'Imported', 'arn:aws:codepipeline:eu-west-1:111111111111:theirs');
    expect(ManualApprovals.report(app, options)[1]).toEqual({
      place: 'Release/Imported/*',
      pipelinePath: 'Release/Imported',
      verdict: TakeOverVerdict.STAYS,
      changes: [],
      reason: 'it is made by another app: name its approvals by `addGate` of the workflow',
    });
    expect(ManualApprovals.takeOver(app, options)).toHaveLength(1);
  });
});

describe('the report', () => {
  test('says what would change, and changes nothing', () => {
    const untouched = place();
    oldPipeline(untouched.release, { notifyEmails: ['old@example.com'] });
    const { app, approvals, release, workflow } = place();
    oldPipeline(release, { notifyEmails: ['old@example.com'] });

    const reports = ManualApprovals.report(app, { workflow, approvers: three, timeout: Duration.days(1) });

    expect(reports).toEqual([
      {
        place: 'Release/Pipeline/Prod/Approve',
        pipelinePath: 'Release/Pipeline',
        verdict: TakeOverVerdict.BECOMES_GATE,
        changes: [
          'it is decided by 2 of ana@example.com, bo@example.com, cy@example.com',
          expect.stringMatching(
            /^it notifies the request topic of workflow 'shop' instead of <PipelineProdApproveTopicResource[0-9A-F]+>, whose subscribers are not asked any more$/,
          ),
          "role 'Release/Pipeline/Prod/Approve/CodePipelineActionRole' may publish to that topic",
          `its text ends with the line 'Pipeline run: ${RUN}'`,
          'it waits for 1 day',
        ],
      },
    ]);
    Annotations.fromStack(release).hasInfo(
      '/Release/Pipeline',
      Match.stringLikeRegexp("approval 'Release/Pipeline/Prod/Approve' would become a gate: it is decided by 2 of"),
    );
    expect(Template.fromStack(release).toJSON()).toEqual(Template.fromStack(untouched.release).toJSON());
    expect(Template.fromStack(approvals).toJSON()).toEqual(Template.fromStack(untouched.approvals).toJSON());
  });

  test('warns of what cannot become a gate', () => {
    const { app, options } = place();
    const elsewhere = newStack({ env: { ...env, region: 'us-east-1' } }, 'Elsewhere', app);
    oldPipeline(elsewhere);
    ManualApprovals.report(app, options);
    Annotations.fromStack(elsewhere).hasWarning(
      '/Elsewhere/Pipeline',
      Match.stringLikeRegexp("'Elsewhere/Pipeline/Prod/Approve' cannot become a gate: .*ManualApprovals.report"),
    );
  });

  test('names groups and who is in them', () => {
    const { app, release, workflow } = place();
    oldPipeline(release);
    const operations = ApproverGroup.atLeast('Operations', 2, bo, cy, ana);
    const approvers = Approvers.allGroups(ApproverGroup.anyOf('Security', ana), operations);
    const [report] = ManualApprovals.report(app, { workflow, approvers });
    expect(report!.changes[0]).toBe(
      'it is decided by 1 of Security (ana@example.com) and 2 of Operations (bo@example.com, cy@example.com, ana@example.com)',
    );
  });

  test('names checks, and a notification that stays', () => {
    const { app, release, workflow } = place();
    plainPipeline(release, { roleArn: 'arn:aws:iam::111111111111:role/mine' });
    const [report] = ManualApprovals.report(app, { workflow, checks: [health()] });
    expect(report!.changes.slice(0, 2)).toEqual([
      'it is decided by 1 checks (AUTOMATED)',
      'it notifies nobody as before, and the workflow finds its request by the event, two minutes later',
    ]);
  });
});
