/** What serves where, as it was when somebody last looked. */
import { OVERVIEW, parseOverview, type PipelineOverview } from '../domain/overview';
import { ifRead } from '../domain/parsed';
import { expiryOf } from '../domain/rows';
import type { Table } from './table';

export class OverviewStore {
  constructor(private readonly table: Table) {}

  async all(): Promise<readonly PipelineOverview[]> {
    return (await this.table.query(OVERVIEW)).flatMap((row) => ifRead(parseOverview(row)));
  }

  /** An older look does not write over a newer one. */
  async keep({ pipeline, asOf, stages }: PipelineOverview): Promise<void> {
    await this.table.put(
      { pk: OVERVIEW, sk: pipeline, asOf, stages, ttl: expiryOf(asOf) },
      { expression: 'attribute_not_exists(pk) OR asOf < :asOf', values: { ':asOf': asOf } },
    );
  }
}
