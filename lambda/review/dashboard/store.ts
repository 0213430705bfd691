/** What the dashboard reads, and the one thing that it may write: rows by which it asks `decide` for something. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { OPEN_INDEX } from '../../../contract/names';
import type { Person } from '../../../contract/policy';
import type { RecordRow } from '../../../contract/record';
import { ABSENCES, parseAbsence, type Absence } from '../../domain/absence';
import { everybodyIn } from '../../domain/approver-list';
import { STRANGERS_AGE } from '../../domain/limits';
import { OVERVIEW, parseOverview, type PipelineOverview } from '../../domain/overview';
import { ifRead, type Fields } from '../../domain/parsed';
import { parseRecordRow } from '../../domain/parse-record';
import { RECORD, recordKey } from '../../domain/record';
import type { Request } from '../../domain/request';
import { parseRequest } from '../../domain/rows';
import { parseSession, SESSION_KEY, type Session } from '../../domain/sign-in';
import { elapsed } from '../../domain/time';
import type { Tables } from '../store';
import type { ErrandRow } from './errand-row';

/** A part of the record, newest first. */
export interface RecordPage {
  readonly rows: readonly RecordRow[];
  /** There may be more before this number. */
  readonly before?: number;
}

export interface OpenRequests {
  readonly requests: readonly Request[];
  /** More wait than one read brings, or some cannot be read. */
  readonly isPart: boolean;
}

export interface DashboardStore {
  readonly workflow: string;
  session(id: string): Promise<Session | undefined>;
  people(now: string): Promise<readonly Person[]>;
  /** As they were read last, moments ago; undefined where nobody has read them lately. */
  peopleLately(now: string): readonly Person[] | undefined;
  /** The newest one of a person. One that cannot be read is none: it can be set anew. */
  absence(person: string): Promise<Absence | undefined>;
  open(): Promise<OpenRequests>;
  overviews(): Promise<readonly PipelineOverview[]>;
  /** @param limit absent for as many as one read brings */
  record(before: number | undefined, limit?: number): Promise<RecordPage>;
  put(errand: ErrandRow): Promise<void>;
}

export class AwsDashboardStore implements DashboardStore {
  private lastRead?: { readonly at: string; readonly people: readonly Person[] };

  constructor(
    private readonly tables: Tables,
    readonly workflow: string,
    private readonly client: DynamoDBDocumentClient = DynamoDBDocumentClient.from(new DynamoDBClient({})),
  ) {}

  /** A session that cannot be read is none. */
  async session(id: string): Promise<Session | undefined> {
    const { rows } = await this.query({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': `${SESSION_KEY}${id}` },
      ConsistentRead: true,
    });
    return rows.flatMap((row) => ifRead(parseSession(row)))[0];
  }

  async people(now: string): Promise<readonly Person[]> {
    const [{ SSMClient }, { PolicyStore }] = await Promise.all([
      import('@aws-sdk/client-ssm'),
      import('../../aws/policy-store'),
    ]);
    const people = everybodyIn(await new PolicyStore((ssm ??= new SSMClient({})), this.workflow).directory());
    this.lastRead = { at: now, people };
    return people;
  }

  peopleLately(now: string): readonly Person[] | undefined {
    const { lastRead } = this;
    return lastRead !== undefined && elapsed(lastRead.at, now) < STRANGERS_AGE ? lastRead.people : undefined;
  }

  async absence(person: string): Promise<Absence | undefined> {
    const { rows } = await this.query({
      KeyConditionExpression: 'pk = :pk AND sk = :person',
      ExpressionAttributeValues: { ':pk': ABSENCES, ':person': person },
      ConsistentRead: true,
    });
    return rows.flatMap((row) => ifRead(parseAbsence(row)))[0];
  }

  async open(): Promise<OpenRequests> {
    const { rows, isLast } = await this.query({
      IndexName: OPEN_INDEX.NAME,
      KeyConditionExpression: '#open = :open',
      ExpressionAttributeNames: { '#open': OPEN_INDEX.PARTITION },
      ExpressionAttributeValues: { ':open': OPEN_INDEX.VALUE },
    });
    const requests = rows.flatMap((row) => ifRead(parseRequest(row)));
    return { requests, isPart: !isLast || requests.length < rows.length };
  }

  async overviews(): Promise<readonly PipelineOverview[]> {
    const { rows } = await this.query({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': OVERVIEW },
    });
    return rows.flatMap((row) => ifRead(parseOverview(row)));
  }

  async record(before: number | undefined, limit?: number): Promise<RecordPage> {
    const { rows, isLast } = await this.query({
      KeyConditionExpression: before === undefined ? 'pk = :pk' : 'pk = :pk AND sk < :before',
      ExpressionAttributeValues: {
        ':pk': RECORD,
        ...(before === undefined ? {} : { ':before': recordKey(before) }),
      },
      ScanIndexForward: false,
      Limit: limit,
    });
    const last = Number(rows.at(-1)?.['sk'] ?? 0);
    return {
      rows: rows.flatMap((row) => ifRead(parseRecordRow(row))),
      ...(isLast || last <= 1 ? {} : { before: last }),
    };
  }

  async put(errand: ErrandRow): Promise<void> {
    await this.client.send(
      new PutCommand({ TableName: this.tables.decisions, Item: { ...errand }, ReturnValues: 'NONE' }),
    );
  }

  /** One read: what does not fit into it is left out. */
  private async query(
    input: Omit<QueryCommandInput, 'TableName'>,
  ): Promise<{ readonly rows: readonly Fields[]; readonly isLast: boolean }> {
    const { Items = [], LastEvaluatedKey } = await this.client.send(
      new QueryCommand({ ...input, TableName: this.tables.requests }),
    );
    return { rows: Items, isLast: LastEvaluatedKey === undefined };
  }
}

let ssm: import('@aws-sdk/client-ssm').SSMClient | undefined;
