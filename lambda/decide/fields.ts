/** What people filled in is kept for later actions of the run before CodePipeline lets them start. */
import { peopleOf } from '../../contract/policy';
import { gateOf, type KnownRequest, type Outcome } from '../domain/request';
import type { Ports } from './ports';

/** A rollback that passes by itself deploys what its target deployed, with what was filled in for that. */
export async function keepFields(ports: Ports, request: KnownRequest, outcome: Outcome): Promise<void> {
  const { run, shown } = request;
  const gate = gateOf(request);
  const asks = peopleOf(shown.policy.rule)?.fields !== undefined;
  const target = run.kind.type === 'ROLLBACK' && outcome.by === 'ROLLBACK' && asks ? run.kind.target : undefined;
  const values = outcome.fields ?? (target === undefined ? undefined : await ports.fields.of(target, gate));
  if (values !== undefined) {
    await ports.fields.keep(run.executionId, gate, { at: outcome.at, values });
  }
}
