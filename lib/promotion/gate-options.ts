import type { Duration } from 'aws-cdk-lib';
import type { ApprovalGateOptions, Approvers, IApprovalWorkflow } from '../approval';
import type { Check } from '../check';
import type { PromotionGates } from './promotion-gates';

/** What the gates of all stages have in common. */
export interface GateDefaults {
  readonly approvers?: Approvers;
  readonly reviewUrl?: string;
  readonly additionalInformation?: string;
  readonly timeout?: Duration;
}

/** What asks people before a deployment. */
export function approveOptions(
  gates: PromotionGates,
  defaults: GateDefaults,
  workflow: IApprovalWorkflow | undefined,
): ApprovalGateOptions {
  return {
    workflow,
    approvers: gates.approvers ?? defaults.approvers,
    window: gates.window,
    freezes: gates.freezes,
    startLater: gates.startLater,
    breakGlass: gates.breakGlass,
    ...shared(gates, defaults),
  };
}

/** What asks checks after a deployment, and people where the rule says so. */
export function healthyOptions(
  gates: PromotionGates,
  checks: Check[],
  defaults: GateDefaults,
  workflow: IApprovalWorkflow | undefined,
): ApprovalGateOptions {
  return {
    workflow,
    checks,
    bakeTime: gates.bakeTime,
    rollbackOnReject: gates.rollbackOnReject,
    onInconclusive: gates.onInconclusive,
    rule: gates.rule,
    approvers: gates.rule === undefined ? undefined : (gates.approvers ?? defaults.approvers),
    ...shared(gates, defaults),
  };
}

function shared(gates: PromotionGates, { reviewUrl, additionalInformation, timeout }: GateDefaults) {
  return { reviewUrl, additionalInformation, timeout: gates.timeout ?? timeout };
}

/** Whether gates are more than CodePipeline's own approvals. */
export function needsWorkflow(gates: PromotionGates, checks: Check[], defaults: GateDefaults): boolean {
  return (
    checks.length > 0 ||
    gates.window !== undefined ||
    gates.freezes !== undefined ||
    gates.startLater !== undefined ||
    gates.breakGlass !== undefined ||
    (gates.manualApproval === true && (gates.approvers ?? defaults.approvers)?._needsWorkflow !== undefined)
  );
}
