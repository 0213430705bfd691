import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { ChecksRule, GatePolicy, GateRule, PeopleRule } from '../../../contract/policy';
import type { Closed, Decided, Delivered, Outcome, Request, Run, Shown, Waiting } from '../../../lambda/domain/request';
import { INVITE, META, ROW_VERSION, VOTE, type RequestRecords } from '../../../lambda/domain/rows';
import type { DecisionRow, Invitation, Verdict, Vote } from '../../../lambda/domain/vote';
import type { Store } from '../../../lambda/review/store';
import { newSeed, publicKeyOf, sha256 } from '../../../lambda/signing/link-key';

export const NOW = Date.parse('2026-11-23T09:30:00.000Z');
export const DEADLINE = '2026-11-25T09:00:00.000Z';
export const DOMAIN = 'abc123.execute-api.eu-west-1.amazonaws.com';
export const REQUEST = '0123456789abcdef0123456789abcdef';
export const EVIDENCE = sha256('evidence');
export const ANA = sha256('ana@example.com').slice(0, 12);
export const BO = sha256('bo@example.com').slice(0, 12);
export const CY = sha256('cy@example.com').slice(0, 12);

export const PEOPLE: PeopleRule = {
  groups: [{ quorum: 2, ids: [ANA, BO, CY] }],
  excludeAuthor: true,
  reason: 'FOR_REJECTION',
};
/** Any one of them. */
export const ONE_OF_THEM = { ...PEOPLE, groups: [{ quorum: 1, ids: [ANA, BO, CY] }] } satisfies PeopleRule;
export const CHECKS: ChecksRule = {
  role: 'arn:aws:iam::111111111111:role/r',
  bakeMinutes: 0,
  source: { parameter: '/approval-gates/Shop/gates/x/checks' },
};

/** A rule of each kind. */
export const RULES = {
  MANUAL: { kind: 'MANUAL', people: PEOPLE },
  AUTOMATED: { kind: 'AUTOMATED', checks: CHECKS, onInconclusive: 'REJECT' },
  GUARDED: { kind: 'GUARDED', people: PEOPLE, checks: CHECKS },
  AUTOMATED_ELSE_PEOPLE: { kind: 'AUTOMATED_ELSE_PEOPLE', people: PEOPLE, checks: CHECKS },
} as const satisfies Readonly<Record<GateRule['kind'], GateRule>>;

export const POLICY: GatePolicy = {
  v: 2,
  gate: { pipeline: 'shop-release', stage: 'Prod', action: 'Approve' },
  answerRole: 'arn:aws:iam::111111111111:role/approval-gates/Shop/answer',
  rule: RULES.GUARDED,
  timeoutMinutes: 2880,
  onReject: 'STOP',
};

export const SERVING = {
  name: 'Source',
  id: '1c6fd0f23a5b4a3b8c1d',
  message: 'Show delivery dates in the basket',
} as const;

export const RUN: Run = {
  executionId: '7e1c0f6a-3f52-4c0a-9f0e-0d1f2a3b4c5d',
  actionExecutionId: '11111111-3f52-4c0a-9f0e-0d1f2a3b4c5d',
  identifiedAt: '2026-11-23T09:00:01.000Z',
  deadline: DEADLINE,
  kind: { type: 'STANDARD' },
  startedBy: 'ana-gh',
  authors: ['Cyrus Wong', 'cy-gh'],
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
  serving: [SERVING],
  onReject: { kind: 'STAYS' },
};

export const SHOWN: Shown = {
  policy: POLICY,
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
  evidenceHistory: [
    { hash: EVIDENCE, since: '2026-11-23T09:00:02.000Z', shown: { newerRunWaiting: false, verdicts: [] } },
  ],
};

export const WAITING: Waiting = {
  phase: 'WAITING',
  id: REQUEST,
  asked: {
    pipeline: 'shop-release',
    stage: 'Prod',
    action: 'Approve',
    at: '2026-11-23T09:00:00.000Z',
    by: 'NOTIFICATION',
    expires: DEADLINE,
  },
  run: RUN,
  shown: SHOWN,
  asking: { since: '2026-11-23T09:00:02.000Z' },
};

export const APPROVED: Outcome = {
  kind: 'APPROVED',
  summary: 'Approved by Ana Lopez, Bo (2 of 2 needed). Ana Lopez: Tried it on staging, looks right',
  by: 'PEOPLE',
  at: '2026-11-23T09:20:00.000Z',
};

export const DECIDED: Decided = { ...WAITING, phase: 'DECIDED', outcome: APPROVED };
export const DELIVERED: Delivered = { ...DECIDED, phase: 'DELIVERED', deliveredAt: '2026-11-23T09:20:05.000Z' };
export const CLOSED: Closed = { ...DELIVERED, phase: 'CLOSED', closedAt: '2026-11-23T09:21:00.000Z' };

/** A run that CodePipeline, or somebody by hand, started to go back. */
export function rollback(more: Partial<Extract<Run['kind'], { readonly type: 'ROLLBACK' }>> = {}): Run {
  return {
    ...RUN,
    kind: { type: 'ROLLBACK', target: '99999999-3f52-4c0a-9f0e-0d1f2a3b4c5d', automatic: true, proven: false, ...more },
    revisions: [SERVING],
    onReject: { kind: 'STAYS' },
  };
}

export interface Scene {
  readonly request: Request | undefined;
  readonly invitations: readonly Invitation[];
  readonly votes: readonly Vote[];
  readonly seeds: Readonly<Record<string, string>>;
}

export function invitation(approver: string, mail: string, seed: string, more: Partial<Invitation> = {}): Invitation {
  return {
    approver,
    mail,
    shared: false,
    keys: [publicKeyOf(seed)],
    sentAt: '2026-11-23T09:00:02.000Z',
    mailbox: 'confirmed',
    ...more,
  };
}

export function vote(approver: string, verdict: Verdict, more: Partial<Vote> = {}): Vote {
  return {
    approver,
    verdict,
    comment: '',
    evidence: EVIDENCE,
    seq: NOW - 1_200_000,
    at: '2026-11-23T09:10:00.000Z',
    sig: 'x'.repeat(86),
    key: 'k'.repeat(43),
    current: true,
    ...more,
  };
}

/** Ana has said yes, Bo reads, Cy wrote the change. */
export function scene(request: Request = WAITING, bo: Partial<Invitation> = {}, seed = newSeed): Scene {
  const seeds = { [ANA]: seed(), [BO]: seed(), [CY]: seed() };
  return {
    request,
    invitations: [
      invitation(ANA, 'ana@example.com', seeds[ANA] as string, { name: 'Ana Lopez' }),
      invitation(BO, 'bo@example.com', seeds[BO] as string, bo),
      invitation(CY, 'cy@example.com', seeds[CY] as string, { excluded: 'wrote this change' }),
    ],
    votes: [vote(ANA, 'APPROVE', { comment: 'Tried it on staging, looks right.' })],
    seeds,
  };
}

/** A request that waits, with other facts of its run, of what is shown, or under another rule. */
export function waiting(
  more: { readonly run?: Partial<Run>; readonly shown?: Partial<Shown>; readonly rule?: GateRule } = {},
): Waiting {
  const policy = more.rule === undefined ? POLICY : { ...POLICY, rule: more.rule };
  return { ...WAITING, run: { ...RUN, ...more.run }, shown: { ...SHOWN, policy, ...more.shown } };
}

export function seedOf(of: Scene, approver: string): string {
  return of.seeds[approver] ?? '';
}

export function query(of: Scene, approver = BO): string {
  return `by=${approver}&key=${seedOf(of, approver)}`;
}

/** The rows that `decide` writes for a scene. */
export function rowsOf({ request, invitations, votes }: Pick<Scene, 'request' | 'invitations' | 'votes'>) {
  const every = { pk: REQUEST, v: ROW_VERSION, ttl: 1 };
  const { id: _, ...facts } = request ?? { id: '' };
  return [
    ...(request === undefined ? [] : [{ ...every, sk: META, ...facts }]),
    ...invitations.map((entry) => ({ ...every, sk: `${INVITE}${entry.approver}`, ...entry })),
    ...votes.map((entry) => ({ ...every, sk: `${VOTE}${entry.approver}`, ...entry })),
  ];
}

/** Holds a scene in memory and counts what is asked of it. */
export class MemoryStore implements Store {
  readonly puts: DecisionRow[] = [];
  readonly loads: string[] = [];

  constructor(private readonly of: Scene) {}

  async load(requestId: string): Promise<RequestRecords | undefined> {
    this.loads.push(requestId);
    const { request, invitations, votes } = this.of;
    return request === undefined || requestId !== REQUEST
      ? undefined
      : { request, tallies: [], invitations, votes, reviews: [], standIns: [] };
  }

  async record(decision: DecisionRow): Promise<void> {
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
