/** Requests with their votes and checks, as `decide` keeps them. A phase is entered once, by a condition on the one before. */
import type { Measurement } from '../../contract/messages';
import { OPEN_INDEX } from '../../contract/names';
import type { CheckTally } from '../domain/check-tally';
import { lessCareful } from '../domain/count-votes';
import type { Asked, FollowUp, Held, Outcome, Phase, Response, Run, Shown } from '../domain/request';
import { CHECK, expiryOf, META, recordsOf, REVIEW, ROW_VERSION, VOTE, type RequestRecords } from '../domain/rows';
import type { Review, Vote } from '../domain/vote';
import type { Condition, Table } from './table';

export class RequestStore {
  constructor(private readonly table: Table) {}

  /** @throws UnreadableRow when a row was written by another version */
  async load(requestId: string): Promise<RequestRecords | undefined> {
    return recordsOf(await this.table.query(requestId));
  }

  /** Ids of the requests that a run's action made. */
  async requestsOfRun(runKey: string): Promise<readonly string[]> {
    return (await this.table.query(runKey)).map(({ sk }) => String(sk));
  }

  /** False when the request is known already. */
  async open(requestId: string, asked: Asked): Promise<boolean> {
    return this.table.putIfAbsent({
      pk: requestId,
      sk: META,
      v: ROW_VERSION,
      phase: 'OPENED' satisfies Phase,
      asked,
      [OPEN_INDEX.PARTITION]: OPEN_INDEX.VALUE,
      [OPEN_INDEX.SORT]: asked.at,
      ttl: expiryOf(asked.at),
    });
  }

  /** The index first: a crash in between leaves an entry that leads to a request, never a request nobody finds. */
  async identify(requestId: string, runKey: string, run: Run, shown: Shown): Promise<boolean> {
    await this.table.putIfAbsent({ pk: runKey, sk: requestId, ttl: expiryOf(run.identifiedAt) });
    return this.enter(requestId, 'WAITING', { run, shown }, ['OPENED']);
  }

  /** What people are shown; refused when somebody else changed the evidence meanwhile. */
  async show(requestId: string, shown: Shown, seenEvidence: string): Promise<boolean> {
    return this.table.set(
      requestId,
      META,
      { shown },
      {
        expression: '#phase = :waiting AND #shown.#evidence = :seen',
        names: { '#phase': 'phase', '#evidence': 'evidence' },
        values: { ':waiting': 'WAITING', ':seen': seenEvidence },
      },
    );
  }

  /** People are asked from now on; the first time counts. */
  async ask(requestId: string, since: string): Promise<boolean> {
    return this.table.set(
      requestId,
      META,
      { asking: { since } },
      {
        expression: '#phase = :waiting AND attribute_not_exists(#asking)',
        names: { '#phase': 'phase' },
        values: { ':waiting': 'WAITING' },
      },
    );
  }

  /** Further people are invited from now on; the first time counts. */
  async escalate(requestId: string, further: readonly string[], at: string): Promise<boolean> {
    return this.table.update(requestId, META, {
      UpdateExpression: 'SET #asking.#escalatedAt = :at, #run.#invited = list_append(#run.#invited, :further)',
      ConditionExpression:
        '#phase = :waiting AND attribute_exists(#asking) AND attribute_not_exists(#asking.#escalatedAt)',
      ExpressionAttributeNames: {
        '#phase': 'phase',
        '#asking': 'asking',
        '#escalatedAt': 'escalatedAt',
        '#run': 'run',
        '#invited': 'invited',
      },
      ExpressionAttributeValues: { ':at': at, ':further': further, ':waiting': 'WAITING' },
    });
  }

  /**
   * Fixes the outcome, once. False when there is one already, or when it was judged by what is over: a vote was counted since, or another
   * look found something else to show.
   *
   * @param rejections how many votes were counted when the request was loaded: see `countRejection`
   * @param evidence of what it was judged by
   */
  async decide(id: string, outcome: Outcome, rejections: number | undefined, evidence: string): Promise<boolean> {
    return this.table.set(
      id,
      META,
      { phase: 'DECIDED' satisfies Phase, outcome },
      {
        expression: `#phase = :waiting AND #shown.#evidence = :evidence AND ${rejections === undefined ? 'attribute_not_exists(#rejections)' : '#rejections = :rejections'}`,
        names: { '#shown': 'shown', '#evidence': 'evidence', '#rejections': 'rejections' },
        values: {
          ':waiting': 'WAITING',
          ':evidence': evidence,
          ...(rejections === undefined ? {} : { ':rejections': rejections }),
        },
      },
    );
  }

  /** The approval ended without us, so CodePipeline has the outcome already. */
  async acknowledge(requestId: string, outcome: Outcome, deliveredAt: string): Promise<boolean> {
    return this.enter(requestId, 'DELIVERED', { outcome, deliveredAt }, ['OPENED', 'WAITING']);
  }

  async delivered(requestId: string, deliveredAt: string, overtakenBy?: Outcome): Promise<boolean> {
    return this.enter(requestId, 'DELIVERED', { deliveredAt, overtakenBy }, ['DECIDED']);
  }

  /** From now on a second person has to close it; the first time counts. */
  async openFollowUp(requestId: string, followUp: FollowUp): Promise<boolean> {
    return this.table.set(
      requestId,
      META,
      { followUp },
      {
        expression: '#phase = :delivered AND attribute_not_exists(#followUp)',
        names: { '#phase': 'phase', '#followUp': 'followUp' },
        values: { ':delivered': 'DELIVERED' },
      },
    );
  }

  /** Keeps the newest of an approver. */
  async review(requestId: string, review: Review): Promise<boolean> {
    const row = {
      ...review,
      pk: requestId,
      sk: `${REVIEW}${review.approver}`,
      v: ROW_VERSION,
      ttl: expiryOf(review.at),
    };
    return this.table.put(row, {
      expression: 'attribute_not_exists(pk) OR #seq < :seq',
      names: { '#seq': 'seq' },
      values: { ':seq': review.seq },
    });
  }

  /** It leaves the index of open requests. */
  async close(requestId: string, closedAt: string): Promise<boolean> {
    return this.table.update(requestId, META, {
      UpdateExpression: 'SET #phase = :closed, closedAt = :at REMOVE #open, #openSince',
      ConditionExpression: '#phase = :delivered',
      ExpressionAttributeNames: { '#phase': 'phase', '#open': OPEN_INDEX.PARTITION, '#openSince': OPEN_INDEX.SORT },
      ExpressionAttributeValues: { ':closed': 'CLOSED', ':delivered': 'DELIVERED', ':at': closedAt },
    });
  }

  /**
   * Who has answered so far. A look that knows of fewer votes than another one does not write over what that one saw.
   *
   * @param votes how many the look has loaded
   */
  async respond(requestId: string, responses: readonly Response[], votes: number): Promise<void> {
    await this.table.set(
      requestId,
      META,
      { responses, votesSeen: votes },
      {
        expression: '#phase = :waiting AND (attribute_not_exists(#votesSeen) OR #votesSeen <= :votes)',
        names: { '#phase': 'phase' },
        values: { ':waiting': 'WAITING', ':votes': votes },
      },
    );
  }

  async consoleOnly(requestId: string, reason: string | undefined): Promise<void> {
    await this.setOrRemove(requestId, 'consoleOnly', reason);
  }

  /** That it is approved and when it goes ahead, or that it is not approved any more. */
  async hold(requestId: string, held: Held | undefined): Promise<void> {
    await this.setOrRemove(requestId, 'held', held);
  }

  /** A parameter of the gate cannot be read; the first time counts. */
  async unreadable(requestId: string, since: string): Promise<void> {
    await this.table.set(
      requestId,
      META,
      { unreadableSince: since },
      { expression: 'attribute_exists(pk) AND attribute_not_exists(#unreadableSince)' },
    );
  }

  /** Everything can be read again; the checks are watched from a time on, if it is given. */
  async readable(requestId: string, watchedSince?: string): Promise<void> {
    const watched = watchedSince !== undefined;
    await this.table.update(requestId, META, {
      UpdateExpression: `${watched ? 'SET watchedSince = :since ' : ''}REMOVE unreadableSince`,
      ConditionExpression: 'attribute_exists(unreadableSince)',
      ...(watched ? { ExpressionAttributeValues: { ':since': watchedSince } } : {}),
    });
  }

  /** Keeps the newest decision of an approver; of two with one sequence number, the more careful one. */
  async vote(requestId: string, vote: Vote): Promise<boolean> {
    const row = { ...vote, pk: requestId, sk: `${VOTE}${vote.approver}`, v: ROW_VERSION, ttl: expiryOf(vote.at) };
    const less = Object.fromEntries(lessCareful(vote.verdict).map((verdict, index) => [`:less${index}`, verdict]));
    const isMoreCareful = `(#seq = :seq AND #verdict IN (${Object.keys(less).join(', ')}))`;
    const isNewer = 'attribute_not_exists(pk) OR #seq < :seq';
    return this.table.put(
      row,
      Object.keys(less).length === 0
        ? { expression: isNewer, names: { '#seq': 'seq' }, values: { ':seq': vote.seq } }
        : {
            expression: `${isNewer} OR ${isMoreCareful}`,
            names: { '#seq': 'seq', '#verdict': 'verdict' },
            values: { ':seq': vote.seq, ...less },
          },
    );
  }

  /** An approval of something that was made again since does not count any more. A newer decision stays as it is. */
  async outdate(requestId: string, { approver, sig }: Pick<Vote, 'approver' | 'sig'>): Promise<void> {
    await this.table.set(
      requestId,
      `${VOTE}${approver}`,
      { current: false },
      { expression: '#sig = :sig', names: { '#sig': 'sig' }, values: { ':sig': sig } },
    );
  }

  /**
   * To be called once a rejection is kept, or another vote that looks must not miss: a look that has loaded the request before cannot
   * decide any more. A query reads rows in the order of their keys, so a look that has read the new count reads the vote after it.
   */
  async countRejection(requestId: string): Promise<void> {
    await this.table.update(requestId, META, {
      UpdateExpression: 'ADD #rejections :one',
      ConditionExpression: EXISTS.expression,
      ExpressionAttributeNames: { '#rejections': 'rejections' },
      ExpressionAttributeValues: { ':one': 1 },
    });
  }

  /** The running state of a check with one measurement more. False when another look measured meanwhile. */
  async tally(requestId: string, tally: CheckTally, before: CheckTally | undefined): Promise<boolean> {
    const row = {
      ...tally,
      pk: requestId,
      sk: `${CHECK}${tally.checkId}`,
      v: ROW_VERSION,
      ttl: expiryOf(tally.last.at),
    };
    return before === undefined
      ? this.table.putIfAbsent(row)
      : this.table.put(row, {
          expression: '#last.#at = :before',
          names: { '#last': 'last', '#at': 'at' },
          values: { ':before': before.last.at },
        });
  }

  /** For the record only: never read to decide. */
  async record(requestId: string, measurement: Measurement): Promise<void> {
    const { checkId, at } = measurement;
    await this.table.putIfAbsent({
      ...measurement,
      pk: `measured#${requestId}`,
      sk: `${checkId}#${at}`,
      ttl: expiryOf(at),
    });
  }

  private async enter(requestId: string, phase: Phase, facts: object, from: readonly Phase[]): Promise<boolean> {
    const values = Object.fromEntries(from.map((name, index) => [`:from${index}`, name]));
    return this.table.set(
      requestId,
      META,
      { phase, ...facts },
      {
        expression: `#phase IN (${Object.keys(values).join(', ')})`,
        values,
      },
    );
  }

  private async setOrRemove(requestId: string, field: string, value: string | Held | undefined): Promise<void> {
    if (value !== undefined) {
      await this.table.set(requestId, META, { [field]: value }, EXISTS);
      return;
    }
    await this.table.update(requestId, META, {
      UpdateExpression: 'REMOVE #field',
      ConditionExpression: EXISTS.expression,
      ExpressionAttributeNames: { '#field': field },
    });
  }
}

const EXISTS: Condition = { expression: 'attribute_exists(pk)' };
