/** The policy under which each gate opened last. It outlives the requests: a gate that rests for years is no weaker afterwards. */
import type { GateName, GatePolicy } from '../../contract/policy';
import { IN_FORCE, parseInForce, placeOf, type InForce, type Proposed } from '../domain/in-force';
import { mustRead, ROW_VERSION } from '../domain/rows';
import type { Table } from './table';

export class InForceStore {
  constructor(private readonly table: Table) {}

  /**
   * The one in force; this one, where the gate never had another.
   *
   * @throws UnreadableRow when its row was written by another version
   */
  async orFirst(gate: GateName, first: GatePolicy): Promise<InForce> {
    const known = await this.load(gate);
    if (known !== undefined) {
      return known;
    }
    return (await this.table.putIfAbsent(rowOf(gate, 1, first)))
      ? { n: 1, policy: { ok: true, value: first } }
      : this.orFirst(gate, first);
  }

  /** False when another one came into force since it was proposed. */
  async replace(gate: GateName, { policy, after }: Pick<Proposed, 'policy' | 'after'>): Promise<boolean> {
    return this.table.put(rowOf(gate, after + 1, policy), {
      expression: '#n = :after',
      names: { '#n': 'n' },
      values: { ':after': after },
    });
  }

  private async load(gate: GateName): Promise<InForce | undefined> {
    const row = await this.table.row(IN_FORCE, placeOf(gate));
    return row === undefined ? undefined : mustRead(parseInForce(row, gate));
  }
}

function rowOf(gate: GateName, n: number, policy: GatePolicy): object {
  return { pk: IN_FORCE, sk: placeOf(gate), v: ROW_VERSION, n, document: JSON.stringify(policy) };
}
