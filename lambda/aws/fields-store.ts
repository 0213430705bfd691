/** What approvers filled in, by the run whose later actions read it. */
import type { FieldValues } from '../../contract/fields';
import type { GateName } from '../../contract/policy';
import { fieldsKey, parseApprovedFields, stageAndAction, type ApprovedFields } from '../domain/approved-fields';
import { expiryOf, mustRead, ROW_VERSION } from '../domain/rows';
import type { Table } from './table';

type Place = Pick<GateName, 'stage' | 'action'>;

export class FieldsStore {
  constructor(private readonly table: Table) {}

  /** A gate that asks once more in one run has newer values; those of an earlier approval never take their place. */
  async keep(executionId: string, gate: Place, { at, values }: ApprovedFields): Promise<void> {
    const row = { pk: fieldsKey(executionId), sk: stageAndAction(gate), v: ROW_VERSION, at, values, ttl: expiryOf(at) };
    await this.table.put(row, {
      expression: 'attribute_not_exists(pk) OR #at <= :at',
      names: { '#at': 'at' },
      values: { ':at': at },
    });
  }

  /** The gate asks once more in the same run: what was filled in before is not what will be approved now. */
  async forget(executionId: string, gate: Place, askedAt: string): Promise<void> {
    await this.table.update(fieldsKey(executionId), stageAndAction(gate), {
      UpdateExpression: 'SET #at = :at REMOVE #values',
      ConditionExpression: 'attribute_exists(pk) AND #at < :at',
      ExpressionAttributeNames: { '#at': 'at', '#values': 'values' },
      ExpressionAttributeValues: { ':at': askedAt },
    });
  }

  /**
   * Undefined where nobody has filled in anything for this run.
   *
   * @throws UnreadableRow when another version wrote it
   */
  async of(executionId: string, gate: Place): Promise<FieldValues | undefined> {
    const row = await this.table.row(fieldsKey(executionId), stageAndAction(gate));
    return row === undefined ? undefined : mustRead(parseApprovedFields(row)).values;
  }
}
