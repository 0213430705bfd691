/** Who may be named to open a gate alone, and whom it takes besides. */
import { GateError } from '../errors';
import type { Approver } from './approver';
import type { GatePlan } from './gate-plan';
import type { GatePolicyOptions } from './policy-options';
import { refuseOnePersonTwice } from './quorum-rules';

/** Whoever opens a gate alone has to be somebody, and somebody else has to be left to look at it afterwards. */
export function checkBreakGlass({ approvers, escalation, breakGlass }: GatePolicyOptions): void {
  if (breakGlass === undefined) {
    return;
  }
  if (approvers === undefined) {
    throw new GateError(
      'NobodyAsked',
      '`breakGlass` opens a gate that asks people, but nobody is named: give `approvers`, or remove it',
    );
  }
  const isSomebody = ({ shared, until }: Approver): boolean => !shared && until === undefined;
  const asked = [...approvers.members, ...(escalation?.approvers ?? [])].filter(isSomebody);
  const able = breakGlass._named ?? asked;
  if (able.length === 0 && approvers.lists.length === 0) {
    throw new GateError(
      'NobodyBreaksGlass',
      '`breakGlass` is for every approver of the gate, but all of them are shared mailboxes or guests: name persons with `BreakGlass.by`',
    );
  }
  const everybody = [...new Map([...able, ...asked].map((person) => [person.approverId, person])).values()];
  if (everybody.length < 2 && approvers.lists.length === 0) {
    throw new GateError(
      'NobodyToReview',
      `\`breakGlass\` lets '${everybody[0]?.mail ?? ''}' open the gate alone, but a second person has to be there to look at it afterwards: ` +
        'name another person in `approvers` or in `breakGlass`',
    );
  }
  refuseOnePersonTwice(everybody, 'the second person of an emergency as well');
}

/** Whoever is not asked gets a link by the dashboard alone. That of an imported workflow is not known here. */
export function mustReachBreakers({ rule }: GatePlan, workflow: object): void {
  const named = rule.kind === 'AUTOMATED' ? undefined : rule.people.breakGlass?._named;
  if (rule.kind === 'AUTOMATED' || named === undefined) {
    return;
  }
  const { approvers, escalation } = rule.people;
  const asked = new Set([...approvers, ...(escalation?.approvers ?? [])].map(({ approverId }) => approverId));
  const stranger = named.find(({ approverId }) => !asked.has(approverId));
  if (stranger !== undefined && 'dashboardUrl' in workflow && workflow.dashboardUrl === undefined) {
    throw new GateError(
      'DashboardNeeded',
      `\`breakGlass\` names '${stranger.mail}', who is no approver and so gets a link by the dashboard alone, but the workflow has ` +
        '`Dashboard.none()`: name approvers, or use `Dashboard.signInByEmail()`',
    );
  }
}
