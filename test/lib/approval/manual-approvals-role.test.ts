import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { ManualApprovals } from '../../../lib/approval';
import { approvalIn, oldPipeline, place, publishersIn, roleOf, RUN, topic } from './manual-approvals-fixture';

describe('the role that publishes', () => {
  test('is the one that the CDK made for the action', () => {
    const { app, release, options } = place();
    oldPipeline(release);
    ManualApprovals.takeOver(app, options);
    expect(roleOf(release)).toMatch(/ProdApproveCodePipelineActionRole/);
    expect(publishersIn(release)).toEqual([roleOf(release)]);
  });

  test('is the one of the pipeline where the action has none', () => {
    const { app, release, options } = place();
    oldPipeline(release, {}, { usePipelineRoleForActions: true });
    ManualApprovals.takeOver(app, options);
    expect(roleOf(release)).toMatch(/^<PipelineRole[0-9A-F]+>$/);
    expect(publishersIn(release)).toEqual([roleOf(release)]);
  });

  test('is the one that the action was given', () => {
    const { app, release, options } = place();
    const role = new iam.Role(release, 'Mine', { assumedBy: new iam.AccountRootPrincipal() });
    oldPipeline(release, { role });
    ManualApprovals.takeOver(app, options);
    expect(publishersIn(release)).toEqual([`<${release.getLogicalId(role.node.defaultChild as iam.CfnRole)}>`]);
  });

  test('may use the key of an encrypted topic', () => {
    const { app, release, options } = place({ encryptionKey: true });
    oldPipeline(release);
    ManualApprovals.takeOver(app, options);
    expect(JSON.stringify(Template.fromStack(release).findResources('AWS::IAM::Policy'))).toMatch(
      /"kms:Decrypt","kms:GenerateDataKey"\],"Effect":"Allow","Resource":\{"Fn::ImportValue":/,
    );
  });

  test('of another app lets the notification be as it was, with a warning', () => {
    const { app, release, options } = place();
    const role = iam.Role.fromRoleArn(release, 'Mine', 'arn:aws:iam::111111111111:role/mine');
    const old = new sns.Topic(release, 'Old');
    oldPipeline(release, { role, notificationTopic: old });
    ManualApprovals.takeOver(app, options);
    expect(approvalIn(release).Configuration.NotificationArn).toEqual(release.resolve(old.topicArn));
    expect(approvalIn(release).Configuration.CustomData).toContain(RUN);
    Annotations.fromStack(release).hasWarning(
      '/Release/Pipeline',
      Match.stringLikeRegexp(
        "approval 'Release/Pipeline/Prod/Approve' is a gate, but notifies as before.*roleElsewhere",
      ),
    );
  });

  const MINE = 'arn:aws:iam::111111111111:role/mine';

  test('of another app may publish where it was imported to be changed', () => {
    const { app, release, options } = importedToBeChanged();
    ManualApprovals.takeOver(app, options);
    expect(approvalIn(release).Configuration.NotificationArn).toEqual(topic);
    expect(publishersIn(release)).toEqual(['mine']);
  });

  test('of another app is left alone by the report, however often it is called', () => {
    const untouched = importedToBeChanged();
    const { app, release, options } = importedToBeChanged();
    for (const _ of [1, 2]) {
      const [report] = ManualApprovals.report(app, options);
      expect(report!.changes).toContain("role 'Release/Mine' may publish to that topic");
    }
    expect(Template.fromStack(release).toJSON()).toEqual(Template.fromStack(untouched.release).toJSON());
  });

  function importedToBeChanged() {
    const all = place();
    const role = iam.Role.fromRoleArn(all.release, 'Mine', MINE);
    oldPipeline(all.release, {}, { role, usePipelineRoleForActions: true });
    return all;
  }

  test.each([
    ['immutable', MINE, { mutable: false }],
    ['immutable, with grants to resources', MINE, { mutable: false, addGrantsToResources: true }],
    ['from another account', 'arn:aws:iam::222222222222:role/mine', {}],
  ])('keeps its notification where it was imported as %s, with a warning', (_, arn, imported) => {
    const { app, release, options } = place();
    const role = iam.Role.fromRoleArn(release, 'Mine', arn, imported);
    const old = new sns.Topic(release, 'Old');
    oldPipeline(release, { notificationTopic: old }, { role, usePipelineRoleForActions: true });
    const [report] = ManualApprovals.report(app, options);
    expect(report!.changes[1]).toMatch(
      /^it notifies <Old.*> as before, and the workflow finds its request by the event/,
    );
    ManualApprovals.takeOver(app, options);
    expect(approvalIn(release).Configuration.NotificationArn).toEqual(release.resolve(old.topicArn));
    expect(publishersIn(release)).toEqual([]);
    Annotations.fromStack(release).hasWarning(
      '/Release/Pipeline',
      Match.stringLikeRegexp('is a gate, but notifies as before.*roleElsewhere'),
    );
  });
});
