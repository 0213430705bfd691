import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { ApprovalGateActionProps } from '../../../lib/approval';
import {
  ApprovalGateAction,
  ApprovalWorkflow,
  Approver,
  ApproverGroup,
  Approvers,
  GateRule,
  OnFail,
  OnInconclusive,
  RequireReason,
} from '../../../lib/approval';
import { newApp } from './stacks';
import { add, ana, bo, cy, documentOf, health, rolesOf, three, fixture } from './gate-fixture';

describe('contradictions fail', () => {
  const { workflow } = fixture();
  const make = (props: Partial<ApprovalGateActionProps>) => () =>
    new ApprovalGateAction({ actionName: 'Approve', workflow, approvers: three, ...props });
  const checks = [health()];
  const shared = Approver.sharedMailbox('ops@example.com', { name: 'Ops' });

  test.each<[string, Partial<ApprovalGateActionProps>, RegExp]>([
    ['nobody and nothing', { approvers: undefined }, /needs `approvers`, `checks` or both/],
    ['no check', { checks: [] }, /`checks` is empty/],
    ['a bake of nothing', { bakeTime: Duration.hours(1) }, /`bakeTime` is about `checks`/],
    ['a fallback from nothing', { onInconclusive: OnInconclusive.REJECT }, /`onInconclusive` is about `checks`/],
    [
      'people and checks that nobody put together',
      { checks },
      /not how they decide together: choose `rule` as `GateRule.guarded\(\)` \(people say yes \*\*and\*\* .*`GateRule.automatedElsePeople\(\)` \(the checks decide.*RuleNotChosen/,
    ],
    ['a rule for people alone', { rule: GateRule.guarded() }, /there are no `checks`: give `checks`.*RuleNeedsBoth/],
    [
      'a rule for checks alone',
      { approvers: undefined, checks, rule: GateRule.automatedElsePeople() },
      /there are no `approvers`: give `approvers`.*RuleNeedsBoth/,
    ],
    [
      'people to ask when a check fails, where nobody is named',
      { approvers: undefined, checks, rule: GateRule.automatedElsePeople({ onFail: OnFail.ASK_APPROVERS }) },
      /there are no `approvers`: give `approvers`.*RuleNeedsBoth/,
    ],
    ['a rule as text', { checks, rule: 'GUARDED' as never }, /`rule` is "GUARDED", but has to be `GateRule.guarded/],
    ['a rule as an object', { checks, rule: { kind: 'GUARDED' } as never }, /`rule` is {"kind":"GUARDED"}, but has to/],
    [
      'an answer for checks that cannot tell, where people are named',
      { checks, onInconclusive: OnInconclusive.REJECT },
      /`approvers` are given: remove it, and choose `rule: GateRule.automatedElsePeople\(\)`/,
    ],
    [
      'the same with a rule',
      { checks, rule: GateRule.guarded(), onInconclusive: OnInconclusive.REJECT },
      /`onInconclusive` is REJECT, but it is for gates that checks decide alone/,
    ],
    [
      'an answer that was removed',
      { approvers: undefined, checks, onInconclusive: 'ASK_APPROVERS' as never },
      /`onInconclusive` is "ASK_APPROVERS", but has to be REJECT or APPROVE_WITH_WARNING: .*GateRule.automatedElsePeople/,
    ],
    [
      'approvers as text',
      { approvers: 'ana@example.com' as never },
      /`approvers` is "ana@example.com", but has to be made/,
    ],
    ['one check without a list', { approvers: undefined, checks: checks[0] as never }, /`checks` has to be a list/],
    ['a reason of nobody', { approvers: undefined, checks, requireReason: RequireReason.ALWAYS }, /nobody is named/],
    [
      'a reason as text',
      { requireReason: 'SOMETIMES' as never },
      /`requireReason` is "SOMETIMES", but has to be OPTIONAL or/,
    ],
    [
      'a bake as long as the time-out',
      { checks, rule: GateRule.guarded(), bakeTime: Duration.days(7) },
      /must be shorter than `timeout`/,
    ],
    ['a bake of seconds', { checks, rule: GateRule.guarded(), bakeTime: Duration.seconds(90) }, /whole minutes/],
    ['an author to exclude among nobody', { approvers: undefined, checks, excludeAuthor: true }, /nobody is named/],
    [
      'an author who may hide in a shared mailbox',
      { approvers: Approvers.atLeast(2, ana, shared) },
      /'ops@example.com' is a shared mailbox: nobody can tell/,
    ],
    ['the same check twice', { approvers: undefined, checks: [checks[0]!, checks[0]!] }, /names the same check twice/],
  ])('%s', (_, props, message) => {
    const bind = () => {
      const w = fixture();
      add(w, { ...props });
    };
    expect(bind).toThrow(message);
  });

  test('taken where they are none', () => {
    expect(make({ approvers: Approvers.atLeast(2, ana, shared), excludeAuthor: false })).not.toThrow();
    const rule = GateRule.guarded();
    expect(make({ checks, rule, bakeTime: Duration.minutes(0) })).not.toThrow();
    expect(make({ checks, rule, bakeTime: Duration.days(7).minus(Duration.minutes(1)) })).not.toThrow();
    expect(make({ checks, rule, bakeTime: Duration.minutes(Lazy.number({ produce: () => 5 })) })).not.toThrow();
  });

  test('two topics', () => {
    const notificationTopic = sns.Topic.fromTopicArn(workflow, 'Mine', 'arn:aws:sns:eu-west-1:111111111111:mine');
    expect(make({ notificationTopic })).toThrow(/`notificationTopic` and `workflow` are both given/);
  });

  test('the same gate twice', () => {
    const w = fixture('one stack', 'shop');
    w.workflow.addGate({ pipelineName: 'other', stageName: 'Prod', actionName: 'Approve', approvers: three });
    expect(() =>
      w.workflow.addGate({ pipelineName: 'other', stageName: 'Prod', actionName: 'Approve', approvers: three }),
    ).toThrow(/is added twice/);
  });

  test('a quorum with nobody to spare is warned of, since authors have no vote', () => {
    const w = fixture();
    add(w, { approvers: Approvers.atLeast(2, ana, bo) });
    Annotations.fromStack(w.release).hasWarning(
      '*',
      Match.stringLikeRegexp('needs all of its 2 approvers.*nobodyToSpare'),
    );
  });

  test('so is a group with nobody to spare, by name', () => {
    const w = fixture();
    const operations = ApproverGroup.anyOf('Operations', bo, cy);
    add(w, { approvers: Approvers.allGroups(ApproverGroup.anyOf('Security', ana), operations) });
    Annotations.fromStack(w.release).hasWarning(
      '*',
      Match.stringLikeRegexp("needs its approvers 'ana@example.com', and authors have.*nobodyToSpare"),
    );
  });
});

describe('pipelines that exist already', () => {
  test('get roles and parameters in the stack of the workflow', () => {
    const workflows = new Stack(newApp(), 'A');
    const workflow = new ApprovalWorkflow(workflows, 'Approvals', { workflowName: 'shop' });
    workflow.addGate({
      pipelineName: 'old@shop',
      stageName: 'Prod',
      actionName: 'Approve',
      approvers: three,
      checks: [health()],
      rule: GateRule.guarded(),
    });
    workflow.addGate({
      pipelineName: 'old@shop',
      stageName: 'Prod',
      actionName: 'Second',
      approvers: three,
      stageRollsBack: true,
    });

    const template = Template.fromStack(workflows);
    expect(documentOf(template, '/gates/old_40shop/Prod/Approve/policy').gate.pipeline).toBe('old@shop');
    expect(documentOf(template, '/gates/old_40shop/Prod/Second/policy').onReject).toBe('ROLLBACK');
    expect(Object.keys(rolesOf(template))).toHaveLength(2);
    expect(JSON.stringify(rolesOf(template))).toContain(':old@shop/Prod/Approve');
  });

  test.each(['pipelineName', 'stageName', 'actionName'])('fail where `%s` is a token or impossible', (prop) => {
    const { workflow } = fixture();
    const names = { pipelineName: 'old', stageName: 'Prod', actionName: 'Approve', approvers: three };
    expect(() => workflow.addGate({ ...names, [prop]: Lazy.string({ produce: () => 'x' }) })).toThrow(
      new RegExp(`\`${prop}\` is a token.*give a literal text`),
    );
    expect(() => workflow.addGate({ ...names, [prop]: 'a b' })).toThrow(new RegExp(`\`${prop}\` is 'a b'`));
  });
});

test('what happens when a check fails has to be one of the choices', () => {
  expect(() => GateRule.automatedElsePeople({ onFail: 'APPROVE' as never })).toThrow(
    /`GateRule.automatedElsePeople onFail` is "APPROVE", but has to be REJECT or ASK_APPROVERS: choose one/,
  );
});
