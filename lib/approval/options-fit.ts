/** Which options of a gate contradict each other. */
import { Duration } from 'aws-cdk-lib';
import { GateError } from '../errors';
import { mustBeWithin, surelyNotShorter } from '../private/minutes';
import { Approvers } from './approvers';
import { checkBreakGlass } from './break-glass-rules';
import { withDelegates } from './delegates';
import type { GatePolicyOptions } from './policy-options';
import { NewerRun, RequireReason } from './policy-options';
import { mustBeDifferentPeople } from './quorum-rules';

/** An approval's own limits (https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html). */
const TIMEOUT = { prop: 'timeout', min: Duration.minutes(5), max: Duration.days(60) };

/** @throws GateError that names the two, and the fix */
export function mustFit(options: GatePolicyOptions, timeout: Duration): void {
  mustBeWithin(timeout, TIMEOUT);
  checkPeopleOptions(options);
  checkEscalation(options, timeout);
  checkBreakGlass(options);
  checkNewerRun(options);
  checkStartLater(options);
  checkCheckOptions(options, timeout);
  checkChangeSets(options);
  checkFields(options);
}

/** What is about checks is a misunderstanding where there are none. */
function checkCheckOptions(options: GatePolicyOptions, timeout: Duration): void {
  const orphan = options.bakeTime !== undefined ? 'bakeTime' : 'onInconclusive';
  if (options.checks === undefined && (options.bakeTime ?? options.onInconclusive) !== undefined) {
    throw new GateError(
      'ChecksMissing',
      `\`${orphan}\` is about \`checks\`, but there are none: give \`checks\`, or remove it`,
    );
  }
  if (options.bakeTime === undefined) {
    return;
  }
  mustBeWithin(options.bakeTime, { prop: 'bakeTime', min: Duration.minutes(0), max: TIMEOUT.max });
  if (surelyNotShorter(options.bakeTime, timeout)) {
    throw new GateError(
      'BakeOutlastsTimeout',
      `\`bakeTime\` is ${options.bakeTime.toHumanString()}, but must be shorter than \`timeout\`, ${timeout.toHumanString()}, ` +
        'or the gate always expires: shorten it, or raise `timeout`',
    );
  }
}

/** What is about people is a misunderstanding where there are none. */
function checkPeopleOptions(options: GatePolicyOptions): void {
  const { approvers, excludeAuthor, requireReason, reminders } = options;
  if (approvers === undefined && excludeAuthor === true) {
    throw new GateError(
      'NobodyToExclude',
      '`excludeAuthor` is true, but nobody is named: give `approvers`, or remove it',
    );
  }
  if (approvers === undefined && (requireReason ?? RequireReason.OPTIONAL) !== RequireReason.OPTIONAL) {
    throw new GateError(
      'NobodyToGiveReason',
      `\`requireReason\` is ${requireReason}, but nobody is named: give \`approvers\`, or remove it`,
    );
  }
  if (approvers === undefined && (reminders?.shares.length ?? 0) > 0) {
    throw new GateError(
      'NobodyToRemind',
      '`reminders` are given, but nobody is named: give `approvers`, or remove them',
    );
  }
  const excludes = excludeAuthor ?? (approvers?.quorum ?? 0) > 1;
  const asked = [...(approvers?.members ?? []), ...(options.escalation?.approvers ?? [])];
  const shared = asked.find((approver) => approver.shared);
  if (excludes && shared !== undefined) {
    throw new GateError(
      'SharedMailboxHidesAuthor',
      `'${shared.mail}' is a shared mailbox: nobody can tell whether the author of a change answers from it. ` +
        'Name persons with `Approver.person`, or set `excludeAuthor` to false',
    );
  }
}

function checkStartLater({ approvers, startLater }: GatePolicyOptions): void {
  if (startLater !== undefined && approvers === undefined) {
    throw new GateError(
      'NobodyToStartLater',
      '`startLater` lets approvers choose when their approval takes effect, but nobody is named: give `approvers`, or remove it',
    );
  }
}

function checkNewerRun({ approvers, newerRun }: GatePolicyOptions): void {
  if (newerRun === NewerRun.REPLACES && approvers === undefined) {
    throw new GateError(
      'NobodyAsked',
      '`newerRun` REPLACES ends a request that waits for people, but nobody is asked: give `approvers`, or remove it',
    );
  }
}

function checkFields({ approvers, fields, rule, breakGlass }: GatePolicyOptions): void {
  if (fields === undefined) {
    return;
  }
  if (approvers === undefined) {
    throw new GateError(
      'NobodyToFillIn',
      '`fields` are filled in by approvers, but nobody is named: give `approvers`, or remove them',
    );
  }
  if (breakGlass !== undefined) {
    throw new GateError(
      'NobodyToFillIn',
      '`fields` are filled in by approvers, but `breakGlass` opens the gate without them, and later actions would have nothing to read: remove ' +
        'one of them',
    );
  }
  if (rule?._kind === 'AUTOMATED_ELSE_PEOPLE') {
    throw new GateError(
      'NobodyToFillIn',
      '`fields` are filled in by approvers, but with `GateRule.automatedElsePeople()` healthy checks open the gate without them: choose ' +
        '`GateRule.guarded()`, or remove `fields`',
    );
  }
}

function checkChangeSets({ approvers, changeSets }: GatePolicyOptions): void {
  if (approvers === undefined && (changeSets?.length ?? 0) > 0) {
    throw new GateError(
      'NobodyToShow',
      '`changeSets` are shown to people, but nobody is named: give `approvers`, or remove them',
    );
  }
}

/** Whoever is asked later counts toward the same quorum, so that everybody together has to make sense as one list. */
function checkEscalation({ approvers, escalation }: GatePolicyOptions, timeout: Duration): void {
  if (escalation === undefined) {
    return;
  }
  if (approvers === undefined) {
    throw new GateError(
      'NobodyAskedFirst',
      '`escalation` says who is asked when others have not answered, but nobody is named: give `approvers`, or remove it',
    );
  }
  if (surelyNotShorter(escalation.time, timeout)) {
    throw new GateError(
      'EscalationOutlastsTimeout',
      `\`escalation\` is after ${escalation.time.toHumanString()}, but must be shorter than \`timeout\`, ${timeout.toHumanString()}, ` +
        'or nobody is ever asked: shorten it, or raise `timeout`',
    );
  }
  const first = new Set(approvers.members.map(({ approverId }) => approverId));
  const twice = escalation.approvers.find(({ approverId }) => first.has(approverId));
  if (twice !== undefined) {
    throw new GateError(
      'AskedTwice',
      `'${twice.mail}' is in \`approvers\` and in \`escalation\`, but each has one vote: remove it from one of them`,
    );
  }
  if (approvers._groups.length > 1) {
    throw new GateError(
      'EscalationOfGroups',
      '`escalation` adds people to one quorum, but `approvers` are several groups, and nobody says for which they count: ' +
        'remove it, or use `Approvers.atLeast`',
    );
  }
  const everybody = [...approvers.members, ...escalation.approvers];
  Approvers.atLeast(approvers.lists.length === 0 ? approvers.quorum : 1, ...everybody);
  mustBeDifferentPeople(approvers.quorum, withDelegates(everybody));
}
