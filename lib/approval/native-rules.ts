/** What a gate without a workflow cannot do. */
import { GateError } from '../errors';
import type { ApprovalGateOptions } from './gate-options';
import { NewerRun, RequireReason } from './policy-options';

/** Without a workflow CodePipeline decides: whatever it cannot do is refused, never left out. */
export function mustBeNative(options: ApprovalGateOptions): void {
  const needs = (what: string): GateError =>
    new GateError('WorkflowNeeded', `${what} needs a \`workflow\`: pass an ApprovalWorkflow, or remove it`);
  if (options.checks !== undefined) {
    throw needs('`checks`');
  }
  const people = options.approvers?._needsWorkflow;
  if (people !== undefined) {
    throw needs(people);
  }
  if (options.excludeAuthor === true) {
    throw needs('`excludeAuthor`');
  }
  if (options.requireReason !== undefined && options.requireReason !== RequireReason.OPTIONAL) {
    throw needs(`\`requireReason\` ${options.requireReason}`);
  }
  if (options.fields !== undefined) {
    throw needs('`fields`');
  }
  if ((options.reminders?.shares.length ?? 0) > 0) {
    throw needs('`reminders`');
  }
  if (options.escalation !== undefined) {
    throw needs('`escalation`');
  }
  if (options.breakGlass !== undefined) {
    throw needs('`breakGlass`');
  }
  if ((options.changeSets?.length ?? 0) > 0) {
    throw needs('`changeSets`');
  }
  if (options.newerRun === NewerRun.REPLACES) {
    throw needs('`newerRun` REPLACES');
  }
  if (options.startLater !== undefined) {
    throw needs('`startLater`');
  }
  if (options.window !== undefined) {
    throw needs('`window`');
  }
  if (options.freezes !== undefined) {
    throw needs('`freezes`');
  }
  if (options.notificationTopic !== undefined && options.approvers !== undefined) {
    throw new GateError(
      'TwoTopics',
      '`notificationTopic` and `approvers` are both given, but CodePipeline notifies one topic: ' +
        'subscribe the addresses to that topic and remove `approvers`, or remove `notificationTopic`',
    );
  }
}
