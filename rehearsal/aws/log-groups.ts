import { randomUUID } from 'node:crypto';
import { AwsError, type Service } from '../service';
import type { Surroundings } from './surroundings';

/** How many lines a log group gets between any two times, unless a scenario silences it. */
const USUAL_LINES = 100;

interface Matches {
  readonly group: string;
  readonly at: number;
  readonly count: number;
}

/** Log groups, of which a scenario says how many lines a query finds. All other lines match no query. */
export class LogGroups {
  private readonly matches: Matches[] = [];
  private readonly silent = new Set<string>();
  private readonly results = new Map<string, object>();

  constructor(private readonly around: Surroundings) {}

  /** So many lines are written now that match whatever is asked for. */
  write(group: string, count: number): void {
    this.matches.push({ group, at: this.around.clock.now(), count });
    this.around.tell('logs', `${count} lines in ${group} that queries find`);
  }

  setSilent(group: string, silent: boolean): void {
    if (silent) this.silent.add(group);
    else this.silent.delete(group);
  }

  isSilent(group: string): boolean {
    return this.silent.has(group);
  }

  service(): Service {
    const { account } = this.around;
    return {
      name: 'logs',
      operations: {
        StartQuery: ({ logGroupName, startTime, endTime }) => {
          if (startTime > endTime) throw new AwsError('InvalidParameterException', 'the start is after the end');
          const queryId = randomUUID();
          this.results.set(queryId, this.search(logGroupName, startTime * 1_000, endTime * 1_000 + 999));
          return { queryId };
        },
        GetQueryResults: ({ queryId }) => {
          const statistics = this.results.get(queryId);
          if (statistics === undefined) throw new AwsError('ResourceNotFoundException', 'no such query');
          return { status: 'Complete', results: [], statistics };
        },
      },
      authorize: {
        StartQuery: ({ logGroupName }, { region = this.around.region }) => ({
          action: 'logs:StartQuery',
          resources: [`arn:aws:logs:${region}:${account}:log-group:${logGroupName}:log-stream:`],
        }),
      },
    };
  }

  private search(group: string, from: number, to: number): object {
    const recordsMatched = this.matches
      .filter((one) => one.group === group && one.at >= from && one.at <= to)
      .reduce((sum, { count }) => sum + count, 0);
    return { recordsMatched, recordsScanned: recordsMatched + (this.silent.has(group) ? 0 : USUAL_LINES) };
  }
}
