/** A dashboard with somebody signed in, on what a test lets it read. */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { AuthorizedAccess, DashboardAccess } from '../../../../contract/dashboard';
import type { Person } from '../../../../contract/policy';
import { CLOSING, type ClosingRow, type RecordRow } from '../../../../contract/record';
import { entryOf } from '../../../../lambda/domain/record';
import type { Absence } from '../../../../lambda/domain/absence';
import type { PipelineOverview } from '../../../../lambda/domain/overview';
import type { Delivered, Request } from '../../../../lambda/domain/request';
import type { Session } from '../../../../lambda/domain/sign-in';
import { SESSION_COOKIE } from '../../../../lambda/review/call';
import type { ErrandRow } from '../../../../lambda/review/dashboard/errand-row';
import type { DashboardStore } from '../../../../lambda/review/dashboard/store';
import { reviewHandler } from '../../../../lambda/review/handler';
import { newSeed, publicKeyOf, sessionIdOf, sha256 } from '../../../../lambda/signing/link-key';
import {
  ANA,
  BO,
  CY,
  DELIVERED,
  EVIDENCE,
  httpEvent,
  MemoryStore,
  NOW,
  REQUEST,
  scene,
  vote,
  type Ask,
} from '../fixture';

export const SEED = newSeed();
export const KEY = publicKeyOf(SEED);

export const person = (id: string, mail: string, more: Partial<Person> = {}): Person => ({
  id,
  mail,
  alsoKnownAs: [],
  shared: false,
  ...more,
});

export const PEOPLE = [
  person(ANA, 'ana@example.com', { name: 'Ana Lopez' }),
  person(BO, 'bo@example.com'),
  person(CY, 'cy@example.com'),
];

export const SESSION: Session = {
  approver: BO,
  mail: 'bo@example.com',
  key: KEY,
  since: new Date(NOW - 60_000).toISOString(),
  until: new Date(NOW + 60_000).toISOString(),
};

export const OVERVIEW: PipelineOverview = {
  pipeline: 'shop-release',
  asOf: new Date(NOW - 30_000).toISOString(),
  stages: [
    { stage: 'Dev', serving: { executionId: 'run-2', revisions: [{ name: 'Source', id: 'bbb', message: 'Second' }] } },
    {
      stage: 'Prod',
      serving: { executionId: 'run-1', revisions: [{ name: 'Source', id: 'aaa', message: 'First' }] },
      latest: { executionId: 'run-2', status: 'FAILED', isRollback: false },
    },
  ],
};

const { invitations } = scene();
const votes = [vote(ANA, 'APPROVE', { comment: 'Looks right' }), vote(BO, 'APPROVE')];

/** An entry of the record about a request that ended like the one given. */
export function entry(n: number, request: Delivered = DELIVERED, at = request.deliveredAt): RecordRow {
  return {
    v: 1,
    n,
    at,
    previous: sha256(`${n - 1}`),
    hash: sha256(`${n}`),
    entry: entryOf('Shop', { request, invitations, votes }),
  };
}

/** Everything in memory, and every read counted. */
export class MemoryDashboard implements DashboardStore {
  readonly workflow = 'Shop';
  sessions: Readonly<Record<string, Session>> = { [sessionIdOf(KEY)]: SESSION };
  everybody: readonly Person[] = PEOPLE;
  /** As somebody has read them moments ago. */
  lately: readonly Person[] | undefined;
  absences: Readonly<Record<string, Absence>> = {};
  requests: readonly Request[] = [];
  isPart = false;
  looks: readonly PipelineOverview[] = [OVERVIEW];
  /** Newest first. */
  rows: readonly RecordRow[] = [];
  /** So many entries come with one read. */
  rowsPerRead = 1_000;
  reads = 0;
  readonly puts: ErrandRow[] = [];

  session(id: string) {
    return this.read(this.sessions[id]);
  }

  people() {
    return this.read(this.everybody);
  }

  peopleLately() {
    return this.lately;
  }

  absence(person: string) {
    return this.read(this.absences[person]);
  }

  open() {
    return this.read({ requests: this.requests, isPart: this.isPart });
  }

  overviews() {
    return this.read(this.looks);
  }

  record(before: number | undefined, limit = this.rowsPerRead) {
    const from = this.rows.filter(({ n }) => before === undefined || n < before);
    const rows = from.slice(0, Math.min(limit, this.rowsPerRead));
    const last = rows.at(-1)?.n;
    return this.read({ rows, ...(last === undefined || rows.length === from.length ? {} : { before: last }) });
  }

  put(errand: ErrandRow) {
    this.puts.push(errand);
    return Promise.resolve();
  }

  private read<T>(value: T): Promise<T> {
    this.reads += 1;
    return Promise.resolve(value);
  }
}

export const BY_EMAIL: DashboardAccess = { kind: 'SIGN_IN_BY_EMAIL' };

export function browserOf(dashboard: MemoryDashboard, cookie: string | undefined = SEED) {
  const store = new MemoryStore(scene());
  const handler = reviewHandler(
    () => store,
    () => ({ store: dashboard, access: BY_EMAIL }),
  );
  return async (ask: Ask & { readonly path: string }) => {
    const event = httpEvent(ask);
    return seen(
      await handler(cookie === undefined ? event : { ...event, cookies: ['other=1', `${SESSION_COOKIE}=${cookie}`] }),
    );
  };
}

/** @param said by an authorizer of the API */
export function authorizedBrowserOf(dashboard: MemoryDashboard, access: AuthorizedAccess, said: unknown) {
  const handler = reviewHandler(
    () => new MemoryStore(scene()),
    () => ({ store: dashboard, access }),
  );
  return async (ask: Ask & { readonly path: string }) => {
    const event = httpEvent(ask);
    const requestContext = said === undefined ? event.requestContext : { ...event.requestContext, authorizer: said };
    return seen(await handler({ ...event, requestContext, cookies: [`${SESSION_COOKIE}=${SEED}`] }));
  };
}

function seen({ statusCode, headers = {}, cookies = [], body = '' }: APIGatewayProxyStructuredResultV2) {
  return { status: statusCode, headers, cookies, body };
}

/** That Cy closed the follow-up of entry 1, which Ana had made alone. */
export function closing(n: number, at = '2026-11-23T09:25:00.000Z'): ClosingRow {
  const { v, previous, hash } = entry(n);
  return {
    v,
    n,
    at,
    previous,
    hash,
    entry: {
      kind: CLOSING,
      workflow: 'Shop',
      request: REQUEST,
      gate: { pipeline: 'shop-release', stage: 'Prod', action: 'Approve' },
      about: 1,
      openedAt: DELIVERED.deliveredAt,
      openedBy: [ANA],
      reviewer: { approver: CY, mail: 'cy@example.com' },
      review: {
        comment: 'The fix was right,\nand the outage is over',
        evidence: EVIDENCE,
        seq: NOW - 300_000,
        at: '2026-11-23T09:24:00.000Z',
        sig: 'x'.repeat(86),
        key: 'k'.repeat(43),
      },
    },
  };
}

export { REQUEST };
