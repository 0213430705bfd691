import { Duration, Token } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { GateError } from '../errors';
import { mustBeWithin, surelyNotShorter } from '../private/minutes';
import { mustFitConfiguration } from '../private/text';
import type { Approver } from './approver';
import type { ApprovalGateOptions, GatePolicyOptions } from './gate-options';
import { OnInconclusive, RequireReason } from './gate-options';

/** A policy with its defaults filled in, and known to be possible. */
export interface GatePlan {
  readonly quorum?: number;
  readonly approvers: readonly Approver[];
  readonly timeout: Duration;
  readonly bakeTime: Duration;
  readonly onInconclusive?: OnInconclusive;
  readonly excludeAuthor: boolean;
  readonly reason: RequireReason;
}

/** An approval's own limits (https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html). */
const TIMEOUT = { prop: 'timeout', min: Duration.minutes(5), max: Duration.days(60) };
/** One field of an action's configuration (https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html). */
const CONFIGURATION = 1000;

/**
 * Fills in the defaults of a policy, and refuses contradictions. When `othersAsk`, people are asked by a topic of their own,
 * so the gate may name nobody.
 */
export function planOf(options: GatePolicyOptions, othersAsk: boolean): GatePlan {
  const { approvers, checks } = options;
  const timeout = options.timeout ?? Duration.days(7);
  mustBeWithin(timeout, TIMEOUT);
  if (approvers === undefined && checks === undefined && !othersAsk) {
    throw new GateError(
      'NobodyDecides',
      'a gate needs `approvers`, `checks` or both: give at least one, else nobody could open it',
    );
  }
  if (checks?.length === 0) {
    throw new GateError('NoChecks', '`checks` is empty: give at least one check, or leave the property out');
  }
  checkBake(options, timeout);
  if (options.onInconclusive === OnInconclusive.ASK_APPROVERS && approvers === undefined) {
    throw new GateError('NobodyToAsk', '`onInconclusive` is ASK_APPROVERS, but nobody is named: give `approvers`');
  }
  if (
    approvers !== undefined &&
    (options.onInconclusive ?? OnInconclusive.ASK_APPROVERS) !== OnInconclusive.ASK_APPROVERS
  ) {
    throw new GateError(
      'ApproversNeverAsked',
      `\`onInconclusive\` is ${options.onInconclusive}, so \`approvers\` would never be asked: remove one of them, ` +
        'or choose ASK_APPROVERS. Without `onInconclusive`, people **and** checks have to agree',
    );
  }
  const excludeAuthor = options.excludeAuthor ?? (approvers?.quorum ?? 0) > 1;
  checkExclusion(options, excludeAuthor);
  const plan = {
    approvers: approvers?.members ?? [],
    timeout,
    bakeTime: options.bakeTime ?? Duration.minutes(0),
    excludeAuthor,
    reason: options.requireReason ?? RequireReason.OPTIONAL,
  };
  const fallback = approvers === undefined && checks !== undefined ? OnInconclusive.REJECT : undefined;
  const onInconclusive = options.onInconclusive ?? fallback;
  return {
    ...plan,
    ...(approvers === undefined ? {} : { quorum: approvers.quorum }),
    ...(onInconclusive === undefined ? {} : { onInconclusive }),
  };
}

function checkBake(options: GatePolicyOptions, timeout: Duration): void {
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

function checkExclusion(options: GatePolicyOptions, excludeAuthor: boolean): void {
  if (options.excludeAuthor === true && options.approvers === undefined) {
    throw new GateError(
      'NobodyToExclude',
      '`excludeAuthor` is true, but nobody is named: give `approvers`, or remove it',
    );
  }
  const shared = options.approvers?.members.find((approver) => approver.shared);
  if (excludeAuthor && shared !== undefined) {
    throw new GateError(
      'SharedMailboxHidesAuthor',
      `'${shared.mail}' is a shared mailbox: nobody can tell whether the author of a change answers from it. ` +
        'Name persons with `Approver.person`, or set `excludeAuthor` to false',
    );
  }
}

/** Without a workflow CodePipeline decides: whatever it cannot do is refused, never left out. */
export function mustBeNative(options: ApprovalGateOptions): void {
  const needs = (what: string): GateError =>
    new GateError('WorkflowNeeded', `${what} needs a \`workflow\`: pass an ApprovalWorkflow, or remove it`);
  if (options.checks !== undefined) {
    throw needs('`checks`');
  }
  const quorum = options.approvers?.quorum ?? 1;
  if (quorum > 1) {
    throw needs(`\`approvers\` with a quorum of ${quorum}`);
  }
  if (options.excludeAuthor === true) {
    throw needs('`excludeAuthor`');
  }
  if (options.requireReason !== undefined && options.requireReason !== RequireReason.OPTIONAL) {
    throw needs(`\`requireReason\` ${options.requireReason}`);
  }
  const known = options.approvers?.members.find((approver) => approver.alsoKnownAs.length > 0);
  if (known !== undefined) {
    throw needs(`\`alsoKnownAs\` of '${known.mail}'`);
  }
  if (options.notificationTopic !== undefined && options.approvers !== undefined) {
    throw new GateError(
      'TwoTopics',
      '`notificationTopic` and `approvers` are both given, but CodePipeline notifies one topic: ' +
        'subscribe the addresses to that topic and remove `approvers`, or remove `notificationTopic`',
    );
  }
}

/** What both kinds of gates show. */
export function checkTexts(options: ApprovalGateOptions): void {
  const { reviewUrl, additionalInformation } = options;
  if (options.workflow !== undefined && options.notificationTopic !== undefined) {
    throw new GateError(
      'TwoTopics',
      '`notificationTopic` and `workflow` are both given, but CodePipeline notifies one topic, the one of the workflow: ' +
        'remove `notificationTopic`, and listen to the events of the workflow instead',
    );
  }
  if (reviewUrl !== undefined) {
    mustFitConfiguration('reviewUrl', reviewUrl, CONFIGURATION);
    if (!Token.isUnresolved(reviewUrl) && !isReviewUrl(reviewUrl)) {
      throw new GateError(
        'InvalidReviewUrl',
        `\`reviewUrl\` is '${reviewUrl}', but must begin with 'https://' or 'http://' and hold no spaces: correct it`,
      );
    }
  }
  if (additionalInformation !== undefined) {
    mustFitConfiguration('additionalInformation', additionalInformation, roomForInformation(options));
  }
}

/** The same for texts that are known only when the app is complete, as far as they are known then. */
export function textProblems(options: ApprovalGateOptions, stack: Stack): string[] {
  const problems: string[] = [];
  const known = (text: string | undefined): string | undefined => {
    const resolved: unknown = Token.isUnresolved(text) ? stack.resolve(text) : undefined;
    return typeof resolved === 'string' ? resolved : undefined;
  };
  const [reviewUrl, information] = [known(options.reviewUrl), known(options.additionalInformation)];
  if (reviewUrl !== undefined && !isReviewUrl(reviewUrl)) {
    problems.push(
      `\`reviewUrl\` is '${reviewUrl.slice(0, 100)}', but must begin with 'https://' or 'http://' and hold no spaces: correct it`,
    );
  }
  if (reviewUrl !== undefined && reviewUrl.length > CONFIGURATION) {
    problems.push(`\`reviewUrl\` has ${reviewUrl.length} characters, but at most ${CONFIGURATION} fit: shorten it`);
  }
  const room = roomForInformation(options);
  if (information !== undefined && information.length > room) {
    problems.push(
      `\`additionalInformation\` has ${information.length} characters, but at most ${room} fit: shorten it`,
    );
  }
  return problems;
}

/** A variable of the pipeline may stand for the whole address. */
function isReviewUrl(text: string): boolean {
  return /^(https?:\/\/[^\s]+|#\{.+)$/.test(text);
}

function roomForInformation(options: ApprovalGateOptions): number {
  return options.workflow === undefined ? CONFIGURATION : 940;
}
