import { approversOf, listsOf, type GatePlan } from './gate-plan';
import type { IApprovalWorkflow } from './workflow-api';

/** Lets a workflow know everybody whom a gate asks. */
export function declarePeople(workflow: IApprovalWorkflow, plan: GatePlan): void {
  workflow.addApprovers(...approversOf(plan));
  workflow.addApproverLists(...listsOf(plan));
}
