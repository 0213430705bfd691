/** By which policy a request is judged: the one that its parameter has, unless that weakens the one in force. */
import type { GateName } from '../../contract/policy';
import type { GateDocuments } from '../aws/policy-store';
import { proposalOf, underFormerRule, withChecks, type Proposed } from '../domain/in-force';
import { canonical, same } from '../domain/same';
import { sha256 } from '../signing/link-key';
import type { Ports } from './ports';

export interface JudgingDocuments extends GateDocuments {
  readonly proposed?: Proposed;
}

/** What the gate's parameters say, as far as it is in force. The first policy that a gate ever has is in force at once. */
export async function judgingDocuments(ports: Ports, gate: GateName): Promise<JudgingDocuments> {
  const documents = await ports.policies.gate(gate);
  if (!documents.policy.ok || !documents.plans.ok) {
    return documents;
  }
  const policy = documents.policy.value;
  const whole = withChecks(policy, documents.plans.value);
  const inForce = await ports.inForce.orFirst(gate, whole);
  const former = inForce.policy;
  if (former.ok && same(former.value, whole)) {
    return documents;
  }
  const proposed = proposalOf(whole, sha256(canonical(whole)), inForce, await ports.policies.people());
  if (proposed.weakens === undefined || !former.ok) {
    return { ...documents, proposed };
  }
  return { ...documents, policy: { ok: true, value: underFormerRule(policy, former.value) }, proposed };
}
