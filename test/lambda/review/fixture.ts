import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Decision, Invitation, RequestMeta, Vote } from '../../../lambda/domain/records';
import type { RequestRecords, Store } from '../../../lambda/review/store';
import { newSeed, publicKeyOf, sha256 } from '../../../lambda/signing/link-key';

export const NOW = Date.parse('2026-11-23T09:30:00.000Z');
export const DOMAIN = 'abc123.execute-api.eu-west-1.amazonaws.com';
export const REQUEST = '0123456789abcdef0123456789abcdef';
export const EVIDENCE = sha256('evidence');
export const ANA = sha256('ana@example.com').slice(0, 12);
export const BO = sha256('bo@example.com').slice(0, 12);
export const CY = sha256('cy@example.com').slice(0, 12);

export const META: RequestMeta = {
  pk: REQUEST,
  sk: 'meta',
  pipeline: 'shop-release',
  stage: 'Prod',
  action: 'Approve',
  requestedAt: '2026-11-23T09:00:00.000Z',
  identifiedAt: '2026-11-23T09:00:01.000Z',
  askedAt: '2026-11-23T09:00:02.000Z',
  executionId: '7e1c0f6a-3f52-4c0a-9f0e-0d1f2a3b4c5d',
  startedBy: 'ana-gh',
  deadline: '2026-11-25T09:00:00.000Z',
  policy: {
    v: 1,
    gate: { pipeline: 'shop-release', stage: 'Prod', action: 'Approve' },
    answerRole: 'arn:aws:iam::111111111111:role/approval-gates/Shop/answer',
    approvers: { quorum: 2, ids: [ANA, BO, CY] },
    timeoutMinutes: 2880,
    excludeAuthor: true,
    reason: 'FOR_REJECTION',
    onReject: 'ROLLBACK',
    checks: {
      parameter: '/approval-gates/Shop/gates/x/checks',
      role: 'arn:aws:iam::111111111111:role/r',
      bakeMinutes: 0,
    },
  },
  invited: [ANA, BO, CY],
  reviewUrl: 'https://reviews.example.com/r/9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d00000000',
  text: 'Totals were off by a cent since last Tuesday. Please try the basket on staging first.',
  revisions: [
    {
      name: 'Source',
      id: '9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d00000000',
      message:
        'Round basket totals once, at the end\n\nEvery line was rounded before they were added up.\nNow the sum is.',
      url: 'https://github.com/example/shop/commit/9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d00000000',
      author: 'Cyrus Wong',
    },
  ],
  deployedNow: [{ name: 'Source', id: '1c6fd0f23a5b4a3b8c1d', message: 'Show delivery dates in the basket' }],
  newerRunWaiting: false,
  checks: [
    {
      id: 'shop-staging-5xx',
      title: 'alarm shop-staging-5xx',
      verdict: 'PASS',
      reason: 'OK since 09:02 UTC, never in alarm since the gate began',
      observeOnly: false,
    },
    {
      id: 'health',
      title: 'GET https://staging.shop.example.com/health',
      verdict: 'PASS',
      reason: '15 answers, all 200',
      observeOnly: false,
    },
    {
      id: 'latency',
      title: 'alarm shop-staging-p99',
      verdict: 'INCONCLUSIVE',
      reason: 'not enough data: 3 of 30 datapoints',
      observeOnly: true,
    },
  ],
  evidence: EVIDENCE,
  evidenceHistory: [{ hash: EVIDENCE, since: '2026-11-23T09:00:02.000Z' }],
};

export interface Scene {
  readonly meta: RequestMeta | undefined;
  readonly invitations: readonly Invitation[];
  readonly votes: readonly Vote[];
  readonly seeds: Readonly<Record<string, string>>;
}

export function invitation(approver: string, mail: string, seed: string, more: Partial<Invitation> = {}): Invitation {
  return {
    pk: REQUEST,
    sk: `invite#${approver}`,
    approver,
    mail,
    shared: false,
    keys: [publicKeyOf(seed)],
    sentAt: '2026-11-23T09:00:02.000Z',
    mailbox: 'confirmed',
    ...more,
  };
}

export function vote(approver: string, verdict: 'APPROVE' | 'REJECT', more: Partial<Vote> = {}): Vote {
  const hash = sha256(`${approver}${verdict}${JSON.stringify(more)}`);
  return {
    pk: REQUEST,
    sk: `vote#${approver}#${hash}`,
    approver,
    verdict,
    comment: '',
    evidence: EVIDENCE,
    seq: NOW - 60_000,
    at: '2026-11-23T09:29:00.000Z',
    sig: 'x'.repeat(86),
    ...more,
  };
}

/** Ana has said yes, Bo reads, Cy wrote the change. */
export function scene(meta: Partial<RequestMeta> = {}, bo: Partial<Invitation> = {}, seed = newSeed): Scene {
  const seeds = { [ANA]: seed(), [BO]: seed(), [CY]: seed() };
  return {
    meta: { ...META, ...meta },
    invitations: [
      invitation(ANA, 'ana@example.com', seeds[ANA] as string, { name: 'Ana Lopez' }),
      invitation(BO, 'bo@example.com', seeds[BO] as string, bo),
      invitation(CY, 'cy@example.com', seeds[CY] as string, { excluded: 'wrote this change' }),
    ],
    votes: [vote(ANA, 'APPROVE', { comment: 'Tried it on staging, looks right.' })],
    seeds,
  };
}

export function seedOf(of: Scene, approver: string): string {
  return of.seeds[approver] ?? '';
}

export function query(of: Scene, approver = BO): string {
  return `by=${approver}&key=${seedOf(of, approver)}`;
}

/** Holds a scene in memory and counts what is asked of it. */
export class MemoryStore implements Store {
  readonly puts: Decision[] = [];
  readonly loads: string[] = [];

  constructor(private readonly of: Scene) {}

  async load(request: string): Promise<RequestRecords> {
    this.loads.push(request);
    return request === this.of.meta?.pk ? this.of : { invitations: [], votes: [] };
  }

  async record(decision: Decision): Promise<void> {
    this.puts.push(decision);
  }
}

export interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly form?: Readonly<Record<string, string>> | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly now?: number;
  readonly domain?: string;
}

/** An HTTP API event, payload version 2, as API Gateway makes it: header names in lower case, form posts in base64. */
export function httpEvent(ask: Ask): APIGatewayProxyEventV2 {
  const method = ask.method ?? (ask.form === undefined ? 'GET' : 'POST');
  const path = ask.path ?? `/r/${REQUEST}`;
  const domain = ask.domain ?? DOMAIN;
  const text = typeof ask.form === 'string' ? ask.form : new URLSearchParams(ask.form).toString();
  const headers: Record<string, string> = { host: domain, 'user-agent': 'test', ...ask.headers };
  if (ask.form !== undefined) {
    headers['content-type'] ??= 'application/x-www-form-urlencoded';
    headers['origin'] ??= `https://${domain}`;
    headers['content-length'] ??= String(Buffer.byteLength(text));
  }
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: ask.query ?? '',
    headers,
    requestContext: {
      accountId: '111111111111',
      apiId: 'abc123',
      domainName: domain,
      domainPrefix: 'abc123',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: '$default',
      stage: '$default',
      time: '23/Nov/2026:09:30:00 +0000',
      timeEpoch: ask.now ?? NOW,
    },
    body: ask.form === undefined ? undefined : Buffer.from(text).toString('base64'),
    isBase64Encoded: ask.form !== undefined,
  };
}
