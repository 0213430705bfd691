import { mayBeArn } from '../../contract/alias';
import { quorumOf } from '../../contract/groups';
import { GateError } from '../errors';
import { mustBeMadeBy } from '../private/types';
import { Answers } from './answers';
import type { Approver } from './approver';
import { approversOf, type GatePlan, type PeoplePlan } from './gate-plan';
import { RequireReason } from './policy-options';
import type { ApprovalWorkflowProps } from './workflow-props';

/** Callers without a type checker may pass a text instead. */
export function mustBeAnswers(answers: unknown): void {
  mustBeMadeBy('answers', answers, Answers, ['Answers.byLink', 'Answers.inConsole']);
}

/** Without links there is no page, so that nothing can be asked of it. */
export function checkConsoleWorkflow({ dashboard, reviewDomain, functionOptions }: ApprovalWorkflowProps): void {
  const fix = 'remove it, or choose `Answers.byLink()`';
  if (dashboard?._access !== undefined) {
    const factory = dashboard._authorizer === undefined ? 'signInByEmail' : 'behindAuthorizer';
    throw new GateError(
      'LinksNeeded',
      `\`dashboard\` is \`Dashboard.${factory}\`, but with \`Answers.inConsole()\` nothing is served: ${fix}`,
    );
  }
  if (reviewDomain !== undefined) {
    throw new GateError(
      'LinksNeeded',
      `\`reviewDomain\` is for the review page and the dashboard, but with \`Answers.inConsole()\` there are none: ${fix}`,
    );
  }
  const reserved = functionOptions?.reservedConcurrency?.review;
  if (reserved !== undefined) {
    throw new GateError(
      'LinksNeeded',
      `\`functionOptions.reservedConcurrency.review\` is ${reserved}, but with \`Answers.inConsole()\` there is no such function: ${fix}`,
    );
  }
}

/** What the console cannot do is refused where it is the only way to answer: such a gate would look strict, and could only be bypassed. */
export function mustBeAnswerable(plan: GatePlan, answers: Answers): void {
  const { rule, window, freezes } = plan;
  if (answers._way === 'BY_LINK' || rule.kind === 'AUTOMATED') {
    return;
  }
  mustTakeOneAnswer(rule.people);
  if (rule.people.reason !== RequireReason.OPTIONAL) {
    throw needsLinks(`\`requireReason\` is ${rule.people.reason}, but the console takes an answer without one`);
  }
  if (rule.people.startsLater) {
    throw needsLinks(
      '`startLater` offers a time beside the answer, but an approval in the console takes effect at once',
    );
  }
  if (rule.people.breakGlass !== undefined) {
    throw needsLinks('`breakGlass` opens a gate from the personal page, but there is none');
  }
  if (rule.people.fields.length > 0) {
    throw needsLinks('`fields` are filled in by approvers, but the console has no form for them');
  }
  if (rule.kind === 'GUARDED') {
    throw needsLinks(
      '`rule` is `GateRule.guarded()`, but the console takes an approval while the checks are not healthy',
      'put a gate with `checks` alone behind this one',
    );
  }
  if (window !== undefined) {
    throw needsLinks('`window` holds approvals back until it opens, but one in the console takes effect at once');
  }
  if (freezes.length > 0) {
    throw needsLinks('`freezes` hold approvals back until they are over, but one in the console takes effect at once');
  }
  const [list] = rule.people.lists;
  if (list !== undefined) {
    throw needsLinks(
      `\`approvers\` stand in list '${list.parameterName}', but people of a list have no \`alsoKnownAs\`, so their answer in the console ` +
        'would be a bypass',
      'name persons with `Approver.person`',
    );
  }
  approversOf(plan).forEach(mustBeKnownInConsole);
  const away = approversOf(plan).find(({ delegates }) => delegates.length > 0);
  if (away !== undefined) {
    throw needsLinks(`\`delegates\` of '${away.mail}' need a dashboard, where an absence is said`);
  }
}

function mustTakeOneAnswer({ groups }: PeoplePlan): void {
  const quorum = quorumOf(groups);
  if (quorum > 1) {
    const what = groups.length > 1 ? `are ${groups.length} groups that need` : 'have a quorum of';
    throw needsLinks(
      `\`approvers\` ${what} ${quorum}${groups.length > 1 ? ' people' : ''}, but an answer in the console is one person's`,
      'take `Approvers.anyOf`',
    );
  }
}

function mustBeKnownInConsole({ mail, shared, alsoKnownAs }: Approver): void {
  if (shared) {
    throw needsLinks(
      `\`approvers\` name the shared mailbox '${mail}', but an answer in the console is known by the person who gives it`,
      'name persons with `Approver.person`',
    );
  }
  if (!alsoKnownAs.some(mayBeArn)) {
    throw needsLinks(
      `\`approvers\` name '${mail}', but no \`alsoKnownAs\` of theirs is a role or user of AWS, so their answer in the console would be a bypass`,
      "add one, like '*/assumed-role/Release/ana'",
    );
  }
}

function needsLinks(problem: string, fix = 'remove it'): GateError {
  return new GateError(
    'LinksNeeded',
    `${problem}, and the workflow has \`Answers.inConsole()\`: ${fix}, or choose \`Answers.byLink()\``,
  );
}
