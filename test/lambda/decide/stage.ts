/** A gate with everything around it: a real table, and the rest of AWS as small, honest fakes. */
import { createHash } from 'node:crypto';
import type { CheckCommand, Measurement } from '../../../contract/messages';
import type { CheckPlan, GateName, GatePolicy, Person } from '../../../contract/policy';
import { RequestStore } from '../../../lambda/aws/request-store';
import type { Observation } from '../../../lambda/aws/pipeline';
import type { Pipeline, Ports } from '../../../lambda/decide/ports';
import type { StreamRecord } from '../../../lambda/decide/stream';
import type { ActionTruth } from '../../../lambda/domain/console-answer';
import { decisionText, type RequestMeta, type Verdict } from '../../../lambda/domain/records';
import { requestIdOf, sha256, signText } from '../../../lambda/signing/link-key';
import type { LocalTable } from '../table';
import { TIMING } from '../check-timing';

export const GATE: GateName = { pipeline: 'shop', stage: 'Prod', action: 'Approve' };
export const TOKEN = '1a2b3c4d-573f-4ea7-a67e-0123456789ab';
export const REQUEST = requestIdOf(GATE.pipeline, GATE.stage, GATE.action, TOKEN);
export const RUN = '11111111-2222-3333-4444-555555555555';
export const START = '2026-11-23T08:00:00.000Z';
export const OURS = `arn:aws:sts::111111111111:assumed-role/answer/${REQUEST}`;

export function at(seconds: number): string {
  return new Date(Date.parse(START) + seconds * 1000).toISOString();
}

export function person(mail: string, more: Partial<Person> = {}): Person {
  const id = createHash('sha256').update(mail).digest('hex').slice(0, 12);
  return { id, mail, alsoKnownAs: [], shared: false, ...more };
}

export const ANA = person('ana@example.com', { alsoKnownAs: ['*/assumed-role/Release/ana'] });
export const BO = person('bo@example.com');
export const CY = person('cy@example.com', { name: 'Cy' });

export function policyOf(more: Partial<GatePolicy> = {}): GatePolicy {
  return {
    v: 1,
    gate: GATE,
    answerRole: 'arn:aws:iam::111111111111:role/approval-gates/shop/answer',
    approvers: { quorum: 1, ids: [ANA.id, BO.id, CY.id] },
    timeoutMinutes: 24 * 60,
    excludeAuthor: false,
    reason: 'OPTIONAL',
    onReject: 'STOP',
    ...more,
  };
}

export function checkPlan(more: Partial<CheckPlan> = {}): CheckPlan {
  return {
    kind: 'alarm',
    id: 'errors',
    title: 'alarm shop-5xx',
    alarmName: 'shop-5xx',
    region: 'eu-west-1',
    missingData: 'INCONCLUSIVE',
    alreadyRed: 'FAIL',
    ...TIMING,
    ...more,
  } as CheckPlan;
}

export interface SentMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export class Stage {
  readonly table: string;
  policy: GatePolicy | undefined = policyOf();
  people: readonly Person[] = [ANA, BO, CY];
  plans: readonly CheckPlan[] = [];
  measuring: (command: CheckCommand) => Measurement['verdict'] = () => 'PASS';
  mailbox: (id: string) => 'confirmed' | 'pending' | 'missing' = () => 'confirmed';
  truth: ActionTruth = { status: 'WAITING' };
  newerRunWaiting = false;
  runVisible = true;
  facts: Partial<RequestMeta> = { revisions: [{ name: 'source', id: 'abc123', message: 'fix the cart' }] };
  readonly mails: SentMail[] = [];
  readonly events: { readonly type: string; readonly details: Readonly<Record<string, unknown>> }[] = [];
  /** What CodePipeline accepted. */
  readonly answers: { readonly approved: boolean; readonly summary: string }[] = [];
  readonly sessions: string[] = [];
  /** Called around every step; throws to crash there. */
  step: (name: string, when: 'before' | 'after') => void = () => undefined;
  /** Called before every step; decides when it goes on. */
  turn: (name: string) => Promise<void> = () => Promise.resolve();
  readonly store: RequestStore;
  readonly ports: Ports;

  static async open(local: LocalTable): Promise<Stage> {
    return new Stage(local, await local.create());
  }

  private constructor(local: LocalTable, table: string) {
    this.table = table;
    this.store = new RequestStore(local.documents, table);
    this.ports = {
      workflow: 'shop',
      reviewUrl: 'https://review.example.com',
      region: 'eu-west-1',
      store: this.stepping('store', this.store),
      policies: {
        policy: () =>
          Promise.resolve(this.policy === undefined ? undefined : { ok: true as const, value: this.policy }),
        checks: () => Promise.resolve(this.plans),
        people: () => Promise.resolve(this.people),
      },
      checks: {
        measure: (command) =>
          Promise.resolve({
            checkId: command.check.id,
            at: command.now,
            verdict: this.measuring(command),
            reason: 'as told',
          }),
      },
      mailer: this.stepping('mailer', {
        mailbox: ({ id }) => Promise.resolve(this.mailbox(id)),
        send: ({ mail }, { subject, text }) => {
          this.mails.push({ to: mail, subject, text });
          return Promise.resolve();
        },
      } satisfies Ports['mailer']),
      events: this.stepping('events', {
        put: (type, _at, meta, details = {}) => {
          this.events.push({ type, details: { requestId: meta.pk, ...details } });
          return Promise.resolve();
        },
      } satisfies Ports['events']),
      pipeline: (_gate, _role, session) => {
        this.sessions.push(session);
        return Promise.resolve(this.stepping('pipeline', this.codePipeline()));
      },
      pause: () => Promise.resolve(),
    };
  }

  /** As `intake` leaves it. */
  async ask(): Promise<void> {
    await this.store.open({ pk: REQUEST, sk: 'meta', ...GATE, requestedAt: START, openedBy: 'notification' });
  }

  async meta(): Promise<RequestMeta> {
    return (await this.store.load(REQUEST))!.meta;
  }

  seedOf(mail: string, nth = -1): string {
    const links = this.mails
      .filter(({ to }) => to === mail)
      .flatMap(({ text }) => /key=([\w-]{43})/.exec(text)?.[1] ?? []);
    return links.at(nth)!;
  }

  async decision(
    who: Person,
    verdict: Verdict,
    seconds: number,
    more: { seed?: string; evidence?: string; comment?: string; request?: string } = {},
  ): Promise<StreamRecord> {
    const evidence = more.evidence ?? (await this.meta()).evidence ?? '0'.repeat(64);
    const { comment = '', request = REQUEST, seed = this.seedOf(who.mail) } = more;
    const seq = Date.parse(at(seconds));
    const sig = signText(seed, decisionText({ request, approver: who.id, verdict, comment, evidence, seq }));
    const sk = `${who.id}#${sha256(sig)}`;
    const row = { pk: request, sk, verdict, comment, evidence, seq, at: at(seconds), sig, ttl: 1 };
    return { sequenceNumber: String(seq), kind: 'INSERT', at: at(seconds), byTtl: false, row };
  }

  private codePipeline(): Pipeline {
    return {
      find: () =>
        Promise.resolve(
          this.runVisible ? { executionId: RUN, actionExecutionId: 'action-1', startedAt: START } : undefined,
        ),
      waitingIn: () => Promise.resolve(this.truth.status === 'WAITING' ? [{ requestId: REQUEST }] : []),
      observe: (): Promise<Observation> =>
        Promise.resolve({ action: this.truth, newerRunWaiting: this.newerRunWaiting }),
      answer: (requestId, _run, approved, summary) => {
        if (this.truth.status !== 'WAITING') {
          return Promise.resolve(false);
        }
        this.answers.push({ approved, summary });
        const updatedBy = `arn:aws:sts::111111111111:assumed-role/answer/${requestId}`;
        this.truth = { status: approved ? 'SUCCEEDED' : 'FAILED', updatedBy, updatedAt: START };
        return Promise.resolve(true);
      },
      describe: () => Promise.resolve(this.facts),
      passed: () => Promise.resolve(true),
      lastGoodRun: () => Promise.resolve(undefined),
    };
  }

  /** The same object with a place to crash before and after each of its calls. */
  private stepping<T extends object>(name: string, target: T): T {
    return new Proxy(target, {
      get: (object, property) => {
        const method = Reflect.get(object, property) as unknown;
        if (typeof method !== 'function') {
          return method;
        }
        return async (...parameters: unknown[]) => {
          await this.turn(`${name}.${String(property)}`);
          this.step(`${name}.${String(property)}`, 'before');
          const result: unknown = await (method as (...p: unknown[]) => unknown).apply(object, parameters);
          this.step(`${name}.${String(property)}`, 'after');
          return result;
        };
      },
    });
  }
}
