/** The record of a workflow: exactly one entry for each request that ended, numbered without a gap, each with the hash of the one before. */
import { isClosing, RECORD_VERSION, type RecordRow } from '../../contract/record';
import { parseRecordPlace, type RecordPlace } from '../domain/parse-record';
import { NOTHING_BEFORE, RECORD, recordKey, recordText } from '../domain/record';
import { expiryOf, META, mustRead } from '../domain/rows';
import { latestOf } from '../domain/time';
import { sha256 } from '../signing/link-key';
import type { Table } from './table';

/** Requests that end at the same moment compete for the next number. One that loses this often is tried again by its timer. */
const TRIES = 20;

type Entry = RecordRow['entry'];

/** A request has one number of its own, and its closing another one. */
type Claim = 'recorded' | 'closingRecorded';

function claimOf(entry: Entry): Claim {
  return isClosing({ entry }) ? 'closingRecorded' : 'recorded';
}

/** Others took every number. */
export class RecordContended extends Error {
  override readonly name = 'RecordContended';
}

export class RecordStore {
  constructor(private readonly table: Table) {}

  /**
   * Answers the entry of this request; makes it where there is none.
   *
   * A request claims a number on its own row before it puts its entry there. It claims another number only once somebody else's entry
   * stands at the claimed one, so whichever looks race or crash, at most one of its entries is ever put. Every number that is claimed
   * follows an entry that exists, so there is no gap.
   *
   * @param claimed the number that its row names already
   * @throws UnreadableRow when the newest entry is of another version
   */
  async append(entry: Entry, now: string, claimed: number | undefined): Promise<Pick<RecordRow, 'n' | 'hash'>> {
    const { request } = entry;
    const claim = claimOf(entry);
    let mine = claimed;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const before = await this.newest();
      const next = (before?.n ?? 0) + 1;
      if (mine === undefined) {
        mine = await this.claim(request, claim, next);
      } else if (mine !== next) {
        const there = await this.entryAt(mine);
        if (there?.request === request && there.isClosing === isClosing({ entry })) {
          await this.letAge(there.n - 1, there.at);
          return there;
        }
        mine = await this.claimInstead(request, claim, mine, next);
      }
      if (mine === next) {
        const row = rowOf(next, latestOf(now, before?.at), before?.hash ?? NOTHING_BEFORE, entry);
        if (await this.table.putIfAbsent({ pk: RECORD, sk: recordKey(next), ...row })) {
          await this.letAge(next - 1, row.at);
          return row;
        }
      }
    }
    throw new RecordContended('the record is busy');
  }

  /** One row, however long the record is. */
  private async newest(): Promise<RecordPlace | undefined> {
    const row = await this.table.last(RECORD);
    return row === undefined ? undefined : mustRead(parseRecordPlace(row));
  }

  private async entryAt(n: number): Promise<RecordPlace | undefined> {
    const row = await this.table.row(RECORD, recordKey(n));
    return row === undefined ? undefined : mustRead(parseRecordPlace(row));
  }

  /** The number that the request has claimed: this one, unless another look was faster. */
  private async claim(request: string, claim: Claim, n: number): Promise<number> {
    return this.table.setOnce(request, META, claim, n);
  }

  private async claimInstead(request: string, claim: Claim, seen: number, n: number): Promise<number> {
    const claimed = await this.table.set(
      request,
      META,
      { [claim]: n },
      { expression: `#${claim} = :seen`, values: { ':seen': seen } },
    );
    return claimed ? n : this.claim(request, claim, n);
  }

  /**
   * An entry may be cleaned away in time only once it has a successor: the newest one is what the next one hangs on, however long
   * nobody asks.
   */
  private async letAge(n: number, at: string): Promise<void> {
    if (n > 0) {
      const expression = 'attribute_exists(pk) AND attribute_not_exists(#ttl)';
      await this.table.set(RECORD, recordKey(n), { ttl: expiryOf(at) }, { expression });
    }
  }
}

function rowOf(n: number, at: string, previous: string, entry: Entry): RecordRow {
  const hash = sha256(recordText({ n, at, previous, entry }));
  return { v: RECORD_VERSION, n, at, previous, hash, entry };
}
