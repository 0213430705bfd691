/** What a gate without a workflow cannot do. */
import { GateError } from '../errors';
import type { ApprovalGateOptions } from './gate-options';
import { NewerRun, RequireReason } from './policy-options';

/** Without a workflow CodePipeline decides: whatever it cannot do is refused, never left out. */
export function mustBeNative(options: ApprovalGateOptions): void {
  const { approvers, requireReason, newerRun } = options;
  const beyond: readonly (readonly [what: string | undefined, isGiven: boolean])[] = [
    ['`checks`', options.checks !== undefined],
    [approvers?._needsWorkflow, approvers?._needsWorkflow !== undefined],
    ['`excludeAuthor`', options.excludeAuthor === true],
    [`\`requireReason\` ${requireReason}`, requireReason !== undefined && requireReason !== RequireReason.OPTIONAL],
    ['`fields`', options.fields !== undefined],
    ['`reminders`', (options.reminders?.shares.length ?? 0) > 0],
    ['`escalation`', options.escalation !== undefined],
    ['`breakGlass`', options.breakGlass !== undefined],
    ['`changeSets`', (options.changeSets?.length ?? 0) > 0],
    ['`newerRun` REPLACES', newerRun === NewerRun.REPLACES],
    ['`startLater`', options.startLater !== undefined],
    ['`window`', options.window !== undefined],
    ['`freezes`', options.freezes !== undefined],
  ];
  const first = beyond.find(([, isGiven]) => isGiven);
  if (first !== undefined) {
    const [what] = first;
    throw new GateError(
      'WorkflowNeeded',
      `${what} needs a \`workflow\`: give \`workflow: new ApprovalWorkflow(this, 'Approvals')\`, which many gates may share, or do without`,
    );
  }
  if (options.notificationTopic !== undefined && options.approvers !== undefined) {
    throw new GateError(
      'TwoTopics',
      '`notificationTopic` and `approvers` are both given, but CodePipeline notifies one topic: ' +
        'subscribe the addresses to that topic and remove `approvers`, or remove `notificationTopic`',
    );
  }
}
