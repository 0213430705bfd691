/** The rows that `intake` may write: approvals that asked, and who made the change that a run carries. `decide` reads them. */
import { INTAKE_KEYS } from '../../contract/names';
import type { GateName } from '../../contract/policy';
import { list, NAME, object, optionalText, parsed, text, time, type Fields } from '../domain/parsed';
import type { Asked } from '../domain/request';
import { expiryOf, mustBeOfThisVersion, mustRead, ROW_VERSION } from '../domain/rows';
import { runKeyOf } from '../signing/link-key';
import type { Table } from './table';

const ASKED = 'asked';
const TRIGGER = 'trigger';

export interface AskedApproval extends GateName {
  readonly requestedAt: string;
  readonly expires?: string;
  readonly executionHint?: string;
}

export class IntakeStore {
  constructor(private readonly table: Table) {}

  /** False when the request is known already. */
  async ask(
    requestId: string,
    { pipeline, stage, action, requestedAt, expires, executionHint }: AskedApproval,
  ): Promise<boolean> {
    return this.table.putIfAbsent({
      pk: `${INTAKE_KEYS.ASKED}${requestId}`,
      sk: ASKED,
      v: ROW_VERSION,
      pipeline,
      stage,
      action,
      requestedAt,
      ...(expires === undefined ? {} : { expires }),
      ...(executionHint === undefined ? {} : { executionHint }),
      ttl: expiryOf(requestedAt),
    });
  }

  /** False when the run's trigger is known already. */
  async trigger(pipeline: string, executionId: string, authors: readonly string[], at: string): Promise<boolean> {
    return this.table.putIfAbsent({
      pk: triggerKey(pipeline, executionId),
      sk: TRIGGER,
      v: ROW_VERSION,
      pipeline,
      authors,
      ttl: expiryOf(at),
    });
  }

  /** Undefined when no approval asked under this id. */
  async askedFor(requestId: string): Promise<Asked | undefined> {
    const [row] = await this.table.query(`${INTAKE_KEYS.ASKED}${requestId}`);
    return row === undefined ? undefined : readAs(row, askedIn);
  }

  /** Empty when the trigger of the run names nobody, or is not known. */
  async authorsOf(pipeline: string, executionId: string): Promise<readonly string[]> {
    const [row] = await this.table.query(triggerKey(pipeline, executionId));
    return row === undefined ? [] : readAs(row, authorsIn);
  }
}

function triggerKey(pipeline: string, executionId: string): string {
  return `${INTAKE_KEYS.TRIGGER}${runKeyOf(pipeline, '', '', executionId)}`;
}

function readAs<T>(row: Fields, read: (row: Fields) => T): T {
  return mustRead(
    parsed('row of intake', () => {
      mustBeOfThisVersion(row);
      return read(row);
    }),
  );
}

function askedIn(row: Fields): Asked {
  const fields = object(row, 'row');
  const executionHint = optionalText(fields, 'executionHint');
  return {
    pipeline: text(fields, 'pipeline', NAME),
    stage: text(fields, 'stage', NAME),
    action: text(fields, 'action', NAME),
    at: time(fields, 'requestedAt'),
    by: 'NOTIFICATION',
    ...(fields['expires'] === undefined ? {} : { expires: time(fields, 'expires') }),
    ...(executionHint === undefined ? {} : { executionHint }),
  };
}

function authorsIn(row: Fields): readonly string[] {
  return list(row['authors'], 'authors').map((author) => text({ author }, 'author', /^[\s\S]{1,320}$/));
}
