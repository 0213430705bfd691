/** A gate with everything around it: tables in memory, and the rest of AWS as small fakes that behave as the real things do. */
import type { CheckCommand, Measurement } from '../../../contract/messages';
import type { GatePolicy, Person, PreparedChangeSet } from '../../../contract/policy';
import type { DecisionDetails } from '../../../contract/record';
import { DigestStore } from '../../../lambda/aws/digest-store';
import { AbsenceStore } from '../../../lambda/aws/absence-store';
import { FieldsStore } from '../../../lambda/aws/fields-store';
import { InForceStore } from '../../../lambda/aws/in-force-store';
import { IntakeStore } from '../../../lambda/aws/intake-store';
import { InvitationStore } from '../../../lambda/aws/invitation-store';
import type { Delivery, FoundRun, StageStatus, WaitingApproval } from '../../../lambda/aws/pipeline';
import type { GateDocuments } from '../../../lambda/aws/policy-store';
import { OverviewStore } from '../../../lambda/aws/overview-store';
import { RecordStore } from '../../../lambda/aws/record-store';
import { RequestStore } from '../../../lambda/aws/request-store';
import { SessionStore } from '../../../lambda/aws/session-store';
import { Table } from '../../../lambda/aws/table';
import { followAction, type Turn } from '../../../lambda/decide/action-event';
import { takeDecisions, type StreamRecord } from '../../../lambda/decide/decisions';
import type { Pipeline, Ports } from '../../../lambda/decide/ports';
import { reconcile, type Standing } from '../../../lambda/decide/reconcile';
import { parseApproverList, type Directory } from '../../../lambda/domain/approver-list';
import type { RunList } from '../../../lambda/domain/change-range';
import type { ChangeSetView } from '../../../lambda/domain/change-set';
import type { ActionState } from '../../../lambda/domain/console-answer';
import type { StageOverview } from '../../../lambda/domain/overview';
import type { CalendarState } from '../../../lambda/aws/calendars';
import { parsePolicy } from '../../../lambda/domain/parse-policy';
import { isKnown, type KnownRequest, type Request } from '../../../lambda/domain/request';
import type { RequestRecords } from '../../../lambda/domain/rows';
import type { RunAction } from '../../../lambda/domain/run-actions';
import type { RunFacts } from '../../../lambda/domain/run-facts';
import { detailsText } from '../../../lambda/domain/decision-details';
import { decisionText, type Submission } from '../../../lambda/domain/vote';
import { requestIdOf, sha256, signText } from '../../../lambda/signing/link-key';
import type { Target } from '../../../contract/messages';
import { checksOf } from '../../../contract/policy';
import {
  ACTION_EXECUTION,
  ANA,
  at,
  BO,
  CY,
  days,
  EXECUTION,
  GATE,
  person,
  policyOf,
  REQUEST,
  START,
  TOKEN,
} from '../samples';
import { MemoryTables } from '../memory-tables';

export interface SentMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface StartedRun {
  readonly target: Target;
  readonly at: string;
}

/** Thrown where a test lets a function crash. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** Opens a gate before each test, on an empty table. What the functions log is not printed. */
export function eachTestHasAGate(prepare: (gate: GateFixture) => void | Promise<void>): void {
  beforeEach(async () => {
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    await prepare(new GateFixture());
  });

  afterEach(() => jest.restoreAllMocks());
}

/** The lines of the log since the test began, as they were written. */
export const logged = () => jest.mocked(process.stdout.write).mock.calls.map(([line]) => String(line));

export class GateFixture {
  /** What the gate's parameter says; undefined while it is missing. */
  policy: GatePolicy | string | undefined = policyOf();
  /** Why the parameter with the checks cannot be read. */
  checksProblem: string | undefined;
  people: readonly Person[] = [ANA, BO, CY];
  /** What stands in the parameters of lists, whose domain is example.com. */
  readonly listed: Record<string, string> = {};
  measuring: (command: CheckCommand) => Measurement['verdict'] | Partial<Measurement> = () => 'PASS';
  calendar: (name: string, time: string) => CalendarState = () => ({ kind: 'OPEN' });
  mailbox: (id: string) => 'confirmed' | 'pending' | 'missing' = () => 'confirmed';
  /** What a change set would do. */
  changeSet: (changeSet: PreparedChangeSet) => ChangeSetView = ({ stack, name }) => ({
    kind: 'UNREAD',
    stack,
    name,
    reason: 'there is no such change set',
  });
  readonly codePipeline = new FakeCodePipeline();

  /** What happened, in order. */
  readonly mails: SentMail[] = [];
  readonly events: { readonly type: string; readonly at: string; readonly details: Record<string, unknown> }[] = [];
  readonly measured: CheckCommand[] = [];
  readonly sessions: { readonly role: string; readonly session: string }[] = [];
  readonly pauses: number[] = [];
  realTime = at(0);
  /** Timer runs by their names. */
  readonly timers = new Map<string, StartedRun>();

  /** Called around every call of a port; what it throws is a failure of that call. */
  around: (call: string, when: 'before' | 'after') => void = () => undefined;
  /** Called before every call of a port; decides when it goes on. */
  scheduled: (call: string) => Promise<void> = () => Promise.resolve();

  readonly rows: Table;
  readonly store: RequestStore;
  readonly invitations: InvitationStore;
  readonly intake: IntakeStore;
  readonly ports: Ports;

  readonly tables = new MemoryTables();

  constructor() {
    this.rows = new Table(this.tables.documents, this.tables.create());
    this.store = new RequestStore(this.rows);
    this.invitations = new InvitationStore(this.rows);
    this.intake = new IntakeStore(this.rows);
    this.ports = {
      workflow: 'shop',
      answers: { way: 'BY_LINK', reviewUrl: 'https://review.example.com/' },
      dashboard: 'SIGN_IN_BY_EMAIL',
      region: 'eu-west-1',
      store: this.watched('store', this.store),
      invitations: this.watched('invitations', this.invitations),
      digests: this.watched('digests', new DigestStore(this.rows)),
      absences: this.watched('absences', new AbsenceStore(this.rows)),
      sessions: this.watched('sessions', new SessionStore(this.rows)),
      overviews: this.watched('overviews', new OverviewStore(this.rows)),
      record: this.watched('record', new RecordStore(this.rows)),
      intake: this.watched('intake', this.intake),
      fields: this.watched('fields', new FieldsStore(this.rows)),
      inForce: this.watched('inForce', new InForceStore(this.rows)),
      policies: this.watched('policies', {
        gate: () => Promise.resolve(this.documents()),
        people: () => Promise.resolve(this.people),
        directory: () => Promise.resolve({ people: this.people, lists: this.lists() }),
        all: () => {
          const { policy } = this.documents();
          return Promise.resolve(policy.ok ? [policy.value] : []);
        },
      }),
      checks: this.watched('checks', { measure: (command: CheckCommand) => this.measure(command) }),
      mailer: this.watched('mailer', {
        mailbox: ({ id }) => Promise.resolve(this.mailbox(id)),
        send: ({ mail }, { subject, text }) => {
          this.mails.push({ to: mail, subject, text });
          return Promise.resolve();
        },
      } satisfies Ports['mailer']),
      events: this.watched('events', {
        put: (type, time, request, details = {}) => {
          this.events.push({ type, at: time, details: { requestId: request.id, ...details } });
          return Promise.resolve();
        },
      } satisfies Ports['events']),
      pipeline: (_gate, role, session) => {
        this.sessions.push({ role, session });
        return Promise.resolve(this.watched('pipeline', this.codePipeline));
      },
      calendars: () =>
        Promise.resolve(
          this.watched('calendars', { at: (name: string, time: string) => Promise.resolve(this.calendar(name, time)) }),
        ),
      ...this.watched('stepFunctions', {
        changeSet: (_role: string, _session: string, changeSet: PreparedChangeSet) =>
          Promise.resolve(this.changeSet(changeSet)),
        startTimer: (name: string, target: Target, time: string) => {
          // Once per name, as Step Functions takes it.
          this.timers.set(name, this.timers.get(name) ?? { target, at: time });
          return Promise.resolve();
        },
        pause: (milliseconds: number) => {
          this.pauses.push(milliseconds);
          return Promise.resolve();
        },
      }),
      realTime: () => this.realTime,
    };
  }

  /** The approval asks, as `intake` puts it down. */
  async ask({
    expires = at(days(1)),
    ...hint
  }: { expires?: string | 'unknown'; executionHint?: string } = {}): Promise<void> {
    const known = expires === 'unknown' ? {} : { expires };
    await this.intake.ask(REQUEST, { ...GATE, requestedAt: START, ...known, ...hint });
  }

  /** One look at the request. */
  look(seconds: number, options: { vote?: boolean } = {}): Promise<Standing> {
    this.codePipeline.now = at(seconds);
    return reconcile(this.ports, REQUEST, at(seconds), options);
  }

  /** An approval action changed its state. */
  event(seconds: number, since = START): Promise<Turn | undefined> {
    this.codePipeline.now = at(seconds);
    return followAction(this.ports, { gate: GATE, executionId: EXECUTION, since }, at(seconds));
  }

  /** Looks when the looks before want it, as the timer does, for as long as the request lives. Answers the times. */
  async live(fromSeconds: number, untilSeconds: number): Promise<readonly number[]> {
    const looks: number[] = [];
    let seconds: number | undefined = fromSeconds;
    while (seconds !== undefined && seconds <= untilSeconds) {
      looks.push(seconds);
      const { next } = await this.look(seconds);
      seconds = next === undefined ? undefined : (Date.parse(next) - Date.parse(START)) / 1000;
    }
    return looks;
  }

  async records(): Promise<RequestRecords> {
    return (await this.store.load(REQUEST))!;
  }

  async request(): Promise<Request> {
    return (await this.records()).request;
  }

  /** Of a request whose run was found. */
  async known(): Promise<KnownRequest> {
    const request = await this.request();
    if (!isKnown(request)) {
      throw new Error('the run of the request is not known yet');
    }
    return request;
  }

  async invitation(who: Person) {
    return (await this.records()).invitations.find(({ approver }) => approver === who.id);
  }

  mailsTo(who: Person): readonly SentMail[] {
    return this.mails.filter(({ to }) => to === who.mail);
  }

  /** The secret of a link in somebody's mails. */
  seedOf({ mail }: Person, nth = -1): string {
    const links = this.mails
      .filter(({ to }) => to === mail)
      .flatMap(({ text }) => /key=([\w-]{43})/.exec(text)?.[1] ?? []);
    return links.at(nth)!;
  }

  /** A decision as the stream of the table brings it. */
  async decision(
    who: Person,
    verdict: Submission,
    seconds: number,
    more: {
      seed?: string;
      evidence?: string;
      comment?: string;
      request?: string;
      seq?: number;
      details?: DecisionDetails;
    } = {},
  ): Promise<StreamRecord> {
    const evidence = more.evidence ?? (await this.known()).shown.evidence;
    const { comment = '', request = REQUEST, seed = this.seedOf(who), seq = Date.parse(at(seconds)) } = more;
    const text = detailsText(more.details ?? {});
    const decision = { verdict, comment, evidence, seq, ...(text === undefined ? {} : { details: text }) };
    const sig = signText(seed, decisionText({ request, approver: who.id, ...decision }));
    const row = { pk: request, sk: `${who.id}#${sha256(sig)}`, ...decision, at: at(seconds), sig, ttl: 1 };
    return { sequenceNumber: `${seconds}-${sig.slice(0, 8)}`, kind: 'INSERT', at: at(seconds), byTtl: false, row };
  }

  /** Somebody decides: the stream brings it, and the run that it starts looks. */
  async decide(...parameters: Parameters<GateFixture['decision']>): Promise<readonly string[]> {
    return this.take([await this.decision(...parameters)], parameters[2]);
  }

  async take(records: readonly StreamRecord[], seconds: number): Promise<readonly string[]> {
    const before = new Set(this.timers.keys());
    const failed = await takeDecisions(this.ports, records);
    for (const [name, { target }] of this.timers) {
      if (!before.has(name) && 'requestId' in target) {
        this.codePipeline.now = at(seconds);
        await reconcile(this.ports, target.requestId, at(seconds), { vote: target.vote === true });
      }
    }
    return failed;
  }

  private documents(): GateDocuments {
    const { policy } = this;
    if (policy === undefined) {
      const missing = { ok: false, problem: 'this gate has no policy' } as const;
      return { policy: missing, plans: missing };
    }
    const read = parsePolicy(typeof policy === 'string' ? policy : JSON.stringify(policy), GATE);
    if (!read.ok) {
      return { policy: read, plans: read };
    }
    if (this.checksProblem !== undefined) {
      return { policy: read, plans: { ok: false, problem: this.checksProblem } };
    }
    const source = checksOf(read.value.rule)?.source;
    return { policy: read, plans: { ok: true, value: source !== undefined && 'plans' in source ? source.plans : [] } };
  }

  private lists(): Directory['lists'] {
    return new Map(
      Object.entries(this.listed).map(([parameter, text]) => {
        const read = parseApproverList(text, { parameter, domains: ['example.com'] });
        return [parameter, read.ok ? { ok: true, value: read.value.map((mail) => person(mail)) } : read];
      }),
    );
  }

  private measure(command: CheckCommand): Promise<Measurement> {
    this.measured.push(command);
    const found = this.measuring(command);
    const more = typeof found === 'string' ? { verdict: found } : found;
    return Promise.resolve({ checkId: command.check.id, at: command.now, verdict: 'PASS', reason: 'as told', ...more });
  }

  /** The same object with a place before and after each of its calls. */
  private watched<T extends object>(name: string, target: T): T {
    const calls: Record<string, unknown> = {};
    for (const property of methodsOf(target)) {
      calls[property] = async (...parameters: unknown[]) => {
        await this.scheduled(`${name}.${property}`);
        this.around(`${name}.${property}`, 'before');
        const method = Reflect.get(target, property) as (...given: unknown[]) => unknown;
        const result: unknown = await method.apply(target, parameters);
        this.around(`${name}.${property}`, 'after');
        return result;
      };
    }
    return calls as T;
  }
}

function methodsOf(target: object): readonly string[] {
  const own = Object.getOwnPropertyNames(target);
  const inherited = Object.getOwnPropertyNames(Object.getPrototypeOf(target));
  return [...new Set([...own, ...inherited])].filter(
    (name) => name !== 'constructor' && typeof Reflect.get(target, name) === 'function',
  );
}

/** One approval action of one run, as CodePipeline keeps it. */
export class FakeCodePipeline implements Pipeline {
  now = START;
  token = TOKEN;
  action: ActionState = { status: 'WAITING' };
  /** Whether CodePipeline shows the run and its token already. */
  visible = true;
  newerRunWaiting = false;
  run: Partial<RunFacts> = {};
  found: Partial<FoundRun> = {};
  stage: StageStatus = { serving: [] };
  /** The runs of the pipeline. */
  listed: RunList | Error = {
    runs: [
      {
        executionId: EXECUTION,
        startedAt: Date.parse(START),
        isParallel: false,
        isRollback: false,
        revisions: [{ name: 'source', id: 'abc123' }],
        authors: [],
      },
    ],
    isAll: true,
  };
  /** The actions of runs. */
  readonly actions = new Map<string, readonly RunAction[]>();
  proven = true;
  /** When runs passed the gate. Without: late, if `proven`. */
  readonly passes = new Map<string, string>();
  /** The newest other run that passed the gate. */
  lastToPass: string | undefined;
  /** What serves in the stages of the pipeline. */
  stages: readonly StageOverview[] = [];
  /** What `answer` does where it does not take the answer. */
  refusing: Delivery | Error | undefined;
  /** Answers that were taken. */
  readonly answers: { readonly approved: boolean; readonly summary: string }[] = [];

  find(requestId: string): Promise<FoundRun | undefined> {
    return Promise.resolve(
      this.visible && requestId === this.requestId
        ? { executionId: EXECUTION, actionExecutionId: ACTION_EXECUTION, startedAt: START, ...this.found }
        : undefined,
    );
  }

  waitingIn(): Promise<readonly WaitingApproval[]> {
    const known = this.visible ? { requestId: this.requestId } : {};
    return Promise.resolve(this.action.status === 'WAITING' ? [known] : []);
  }

  observe(): Promise<ActionState> {
    return Promise.resolve(this.action);
  }

  lastPassed(): Promise<string | undefined> {
    return Promise.resolve(this.lastToPass);
  }

  actionsIn(executionId: string): Promise<readonly RunAction[]> {
    return Promise.resolve(this.actions.get(executionId) ?? []);
  }

  newerRunWaits(): Promise<boolean> {
    return Promise.resolve(this.newerRunWaiting);
  }

  answer(requestId: string, _executionId: string, approved: boolean, summary: string): Promise<Delivery> {
    if (this.refusing instanceof Error) {
      return Promise.reject(this.refusing);
    }
    if (this.refusing !== undefined || this.action.status !== 'WAITING') {
      return Promise.resolve(this.refusing ?? 'OVER');
    }
    this.answers.push({ approved, summary });
    const by = `arn:aws:sts::111111111111:assumed-role/answer/${requestId}`;
    this.action = { status: approved ? 'SUCCEEDED' : 'FAILED', answer: { by, at: this.now, comment: summary } };
    return Promise.resolve('TAKEN');
  }

  overview(): Promise<readonly StageOverview[]> {
    return Promise.resolve(this.stages);
  }

  describe(): Promise<RunFacts> {
    return Promise.resolve({
      revisions: [{ name: 'source', id: 'abc123', message: 'fix the cart' }],
      authors: [],
      isRollback: false,
      ...this.run,
    });
  }

  passedAt(executionId: string): Promise<number | undefined> {
    const at = this.passes.get(executionId);
    return Promise.resolve(at !== undefined ? Date.parse(at) : this.proven ? Infinity : undefined);
  }

  stageStatus(): Promise<StageStatus> {
    return Promise.resolve(this.stage);
  }

  runs(): Promise<RunList> {
    return this.listed instanceof Error ? Promise.reject(this.listed) : Promise.resolve(this.listed);
  }

  private get requestId(): string {
    return requestIdOf(GATE.pipeline, GATE.stage, GATE.action, this.token);
  }
}
