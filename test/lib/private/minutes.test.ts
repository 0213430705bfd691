import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { ApprovalGateAction, ApprovalWorkflow, Approver, Approvers, Escalation } from '../../../lib/approval';
import { AlarmRef, Check } from '../../../lib/check';
import { StageConditions, StageRules } from '../../../lib/conditions';
import { deployAction, newPipeline, newStack } from '../approval/stacks';

const later = () => Lazy.number({ produce: () => 2 });
const ANA = Approver.person('ana@example.com');

const gate = (stack: Stack, more: object): codepipeline.IAction =>
  new ApprovalGateAction({ actionName: 'Gate', workflow: new ApprovalWorkflow(stack, 'Workflow'), ...more });
const staged = (stack: Stack, ...all: codepipeline.IAction[]) =>
  newPipeline(stack).addStage({ stageName: 'Prod', actions: all });
const ALARM = AlarmRef.named('shop-5xx');

test.each<[string, (stack: Stack, time: Duration) => unknown]>([
  ['timeout', (stack, timeout) => staged(stack, gate(stack, { approvers: Approvers.anyOf(ANA), timeout }))],
  ['bakeTime', (stack, bakeTime) => staged(stack, gate(stack, { checks: [Check.alarm(ALARM)], bakeTime }))],
  ['escalation', (_stack, time) => Escalation.after(time, ANA)],
  [
    'StageRules.alarmBake bakeTime',
    (stack, time) => {
      const pipeline = newPipeline(stack);
      const onSuccess = StageConditions.of(pipeline).failUnless(StageRules.alarmBake(ALARM, time));
      pipeline.addStage({ stageName: 'Prod', actions: [deployAction(stack)], onSuccess });
    },
  ],
])('a time that only the deployment knows, in hours, is refused by its name: `%s`', (prop, make) => {
  expect(() => make(newStack(), Duration.hours(later()))).toThrow(
    `\`${prop}\` is known only at deployment: give it as \`Duration.minutes(…)\``,
  );
  expect(() => make(newStack(), Duration.minutes(later()))).not.toThrow();
});
