/** Who is away, and who was asked in whose place. Written by `decide` alone. */
import { ABSENCES, parseAbsence, type Absence } from '../domain/absence';
import type { StandIn } from '../domain/delegation';
import { ERRAND_KEPT } from '../domain/limits';
import type { Parsed } from '../domain/parsed';
import { expiryOf, ROW_VERSION, STAND_IN } from '../domain/rows';
import type { Table } from './table';

export class AbsenceStore {
  constructor(private readonly table: Table) {}

  /** The newest absence of each person, by the person; of some, why theirs cannot be read. One read, however many there are. */
  async all(): Promise<ReadonlyMap<string, Parsed<Absence>>> {
    const rows = await this.table.query(ABSENCES);
    return new Map(rows.map((row) => [String(row['sk']), parseAbsence(row)]));
  }

  /** Takes the place of the one before. False when a later one was set meanwhile. */
  async set({ person, ...absence }: Absence): Promise<boolean> {
    const row = {
      ...absence,
      pk: ABSENCES,
      sk: person,
      v: ROW_VERSION,
      ttl: expiryOf(absence.until, ERRAND_KEPT),
    };
    return this.table.put(row, {
      expression: 'attribute_not_exists(#setAt) OR #setAt <= :setAt',
      names: { '#setAt': 'setAt' },
      values: { ':setAt': absence.setAt },
    });
  }

  /** Ends the one that was set before; the first end counts. False when there is none, or when another one was set meanwhile. */
  async end({ person, setAt }: Absence, at: string): Promise<boolean> {
    return this.table.set(
      ABSENCES,
      person,
      { endedAt: at },
      {
        expression: '#setAt = :setAt AND (attribute_not_exists(#endedAt) OR #endedAt = :endedAt)',
        names: { '#setAt': 'setAt' },
        values: { ':setAt': setAt },
      },
    );
  }

  /** Somebody is asked in the place of somebody else. A later absence takes the place of an earlier one, and an end that is sooner that of a later one. */
  async standIn(requestId: string, standIn: StandIn): Promise<boolean> {
    const row = {
      ...standIn,
      pk: requestId,
      sk: `${STAND_IN}${standIn.person}#${standIn.delegate}`,
      v: ROW_VERSION,
      ttl: expiryOf(standIn.since),
    };
    return this.table.put(row, {
      expression: 'attribute_not_exists(pk) OR #setAt < :setAt OR (#setAt = :setAt AND #until > :until)',
      names: { '#setAt': 'setAt', '#until': 'until' },
      values: { ':setAt': standIn.setAt, ':until': standIn.until },
    });
  }
}
