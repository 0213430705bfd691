/** What the services answer, and what becomes of the world by it. */
import {
  ApprovalAlreadyCompletedException,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  InvalidApprovalTokenException,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  PutApprovalResultCommand,
} from '@aws-sdk/client-codepipeline';
import { PutCommand, QueryCommand, type UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { CheckCommand } from '../../contract/messages';
import { checksOf, peopleOf, type GatePolicy } from '../../contract/policy';
import type { Directory } from '../../lambda/domain/approver-list';
import type { OutcomeKind } from '../../lambda/domain/request';
import type { Call } from './calls';
import { answerTo } from './check-services';
import { apply, conditionFailed, reply, type TableCommand } from './memory-table';
import { isLoad, type Answer } from './programs';
import {
  ACTION_EXECUTION,
  changeSetNamed,
  EXECUTION,
  GATE,
  iso,
  keyOfRows,
  nameOf,
  NEWER_EXECUTION,
  numberOf,
  OTHER_EXECUTION,
  OTHER_TOKEN,
  OUR_SESSION,
  PEOPLE,
  policyFor,
  START,
  TOKEN,
  type World,
} from './world';

export interface Performed {
  readonly world: World;
  readonly answer: Answer;
}

/** How the services behave beyond what the world says. */
export interface Circumstances {
  readonly policy: GatePolicy;
  /** Whose token CodePipeline shows with the state of the pipeline: of runs side by side, only one. */
  readonly shownToken: 'OWN' | 'OTHER';
  /** CodePipeline's lists of executions lag behind its answers. */
  readonly lists: 'AT_ONCE' | 'LATE';
  /** Calls that somebody else's work can change or see; all others are taken together with the one before. */
  readonly policyMoves: boolean;
  readonly opens: boolean;
  readonly runsCome: boolean;
}

/** A failure of the network or of a service that had enough. */
export class Interrupted extends Error {
  readonly $retryable = { throttling: true };

  constructor(override readonly name: 'ThrottlingException' | 'TimeoutError') {
    super(name);
  }
}

/** Whether other processes can tell when this call is made, or what it finds depends on them. */
export function isPoint(call: Call, { policyMoves, opens, runsCome }: Circumstances): boolean {
  switch (call.port) {
    case 'table': {
      const pk = partitionOf(call.command);
      return (
        isLoad(call) || !/^(measured#|mailbox#|trigger#|asked#|run#|in-force)/.test(pk) || (opens && !/^m|^t/.test(pk))
      );
    }
    case 'codepipeline':
      return (
        call.command instanceof ListActionExecutionsCommand ||
        call.command instanceof PutApprovalResultCommand ||
        (runsCome && call.command instanceof GetPipelineStateCommand)
      );
    case 'policy':
    case 'people':
    case 'directory':
      return policyMoves;
    default:
      return true;
  }
}

export function isWrite(call: Call): boolean {
  switch (call.port) {
    case 'table':
      return !(call.command instanceof QueryCommand);
    case 'codepipeline':
      return call.command instanceof PutApprovalResultCommand;
    default:
      return false;
  }
}

function partitionOf(command: TableCommand): string {
  const { input } = command;
  if (command instanceof QueryCommand) {
    return String(command.input.ExpressionAttributeValues?.[':pk']);
  }
  return String('Item' in input ? input.Item?.['pk'] : (command as UpdateCommand).input.Key?.['pk']);
}

export function perform(world: World, call: Call, circumstances: Circumstances): Performed | Promise<Performed> {
  switch (call.port) {
    case 'table':
      return onTable(world, call.command);
    case 'codepipeline':
      return onPipeline(world, call.command, call.session, circumstances);
    case 'check':
      return onCheck(world, call.command);
    case 'mail':
      return { world: { ...world, mail: mailed(world, call) }, answer: DONE };
    case 'event': {
      const events = world.events.includes(call.type) ? world.events : [...world.events, call.type].sort();
      return { world: events === world.events ? world : { ...world, events }, answer: DONE };
    }
    case 'timer': {
      const { name, target, at } = call;
      if (world.timers[name] !== undefined) {
        return { world, answer: DONE };
      }
      const timer = { target, at: Date.parse(at), failures: 0, running: false };
      return { world: { ...world, timers: sorted({ ...world.timers, [name]: timer }) }, answer: DONE };
    }
    case 'policy': {
      const { readable } = world.policy;
      const policy = withoutListed(policyFor(circumstances.policy, world.policy));
      const source = checksOf(policy.rule)?.source;
      const plans = source !== undefined && 'plans' in source ? source.plans : [];
      const problem = { ok: false, problem: 'this gate has no policy' };
      const value = readable
        ? { policy: { ok: true, value: policy }, plans: { ok: true, value: plans } }
        : { policy: problem, plans: problem };
      return { world, answer: { key: `p${numberOf(world.policy)}`, value } };
    }
    case 'changeSet': {
      const id = changeSetNamed(world.changeSet);
      const value = { kind: 'READ', ...call.of, id, says: '1 changed', changes: [], unlisted: 0 };
      return { world, answer: { key: id, value } };
    }
    case 'people':
      // Whoever leaves is declared no longer.
      return {
        world,
        answer: {
          key: `people${numberOf(world.policy)}`,
          value: PEOPLE.filter(({ id }) => !world.policy.removed.includes(id)),
        },
      };
    case 'directory':
      return { world, answer: { key: `d${numberOf(world.policy)}`, value: directoryOf(world, circumstances.policy) } };
  }
}

async function onCheck(world: World, command: CheckCommand): Promise<Performed> {
  const measured = await answerTo(command, world);
  return { world, answer: { key: `c${numberOf(measured)}`, value: measured, measured } };
}

/** Whom a group with a list names, stands in that list, and is declared nowhere else. */
function directoryOf(world: World, policy: GatePolicy): Directory {
  const groups = peopleOf(policyFor(policy, world.policy).rule)?.groups ?? [];
  const lists = groups.flatMap(({ list, ids }) =>
    list === undefined ? [] : [[list, { ok: true, value: PEOPLE.filter(({ id }) => ids.includes(id)) }] as const],
  );
  const people = lists.length > 0 ? [] : PEOPLE.filter(({ id }) => !world.policy.removed.includes(id));
  return { people, lists: new Map(lists) };
}

/** The parameter of the policy does not say who stands in a list. */
function withoutListed(policy: GatePolicy): GatePolicy {
  const { rule } = policy;
  if (rule.kind === 'AUTOMATED') {
    return policy;
  }
  const groups = rule.people.groups.map((group) => (group.list === undefined ? group : { ...group, ids: [] }));
  return { ...policy, rule: { ...rule, people: { ...rule.people, groups } } };
}

const DONE: Answer = { key: 'done', value: {} };

export function sorted<T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function onTable(world: World, command: TableCommand): Performed {
  const answer = apply(world.rows, command);
  if (answer.refused) {
    return { world, answer: { key: 'refused', error: conditionFailed() } };
  }
  const value = reply(answer, command);
  if (command instanceof QueryCommand) {
    const loaded = isLoad({ port: 'table', command }) ? { loaded: answer.found } : {};
    return { world, answer: { key: `q${keyOfRows(answer.found)}`, value, ...loaded } };
  }
  const key = answer.written !== undefined && 'Attributes' in value ? `w${answer.written.id}` : 'done';
  return { world: answer.rows === world.rows ? world : { ...world, rows: answer.rows }, answer: { key, value } };
}

function mailed({ mail, clock }: World, { recipient, mail: sent }: Extract<Call, { readonly port: 'mail' }>) {
  // A mail that leads to the console asks by no secret.
  const seed = /[?&]key=([\w-]{43})|in the AWS console:()/
    .exec(sent.text)
    ?.slice(1)
    .find((part) => part !== undefined);
  if (sent.subject.startsWith('Sign in ')) {
    return { ...mail, signIns: [...mail.signIns, { approver: recipient.id, seed: seed ?? '', at: clock }] };
  }
  return seed === undefined
    ? {
        ...mail,
        told: [...mail.told, { approver: recipient.id, at: clock, look: clock, kind: toldKind(sent.subject) }],
      }
    : { ...mail, links: [...mail.links, { approver: recipient.id, seed, at: clock }] };
}

/** To make way for a newer run is to reject. */
const KINDS: Readonly<Record<string, OutcomeKind>> = {
  Approved: 'APPROVED',
  'Opened in an emergency': 'APPROVED',
  Rejected: 'REJECTED',
  Replaced: 'REJECTED',
  Expired: 'EXPIRED',
  Stopped: 'STOPPED',
};

/** The subject of the mail that tells the outcome begins with it. */
export function toldKind(subject: string): OutcomeKind {
  const [, word = ''] = /^(Approved|Rejected|Expired|Stopped|Replaced|Opened in an emergency):/.exec(subject) ?? [];
  const kind = KINDS[word];
  if (kind === undefined) {
    throw new Error(`a mail of an unknown kind: ${subject}`);
  }
  return kind;
}

function onPipeline(
  world: World,
  command: { readonly input: unknown },
  session: string,
  { shownToken, lists }: Circumstances,
): Performed {
  const { gate, behind } = world;
  if (command instanceof GetPipelineStateCommand) {
    const key = behind ? 'state with a newer run' : 'state';
    return { world, answer: { key, value: stateOf(shownToken, behind) } };
  }
  if (command instanceof GetPipelineExecutionCommand) {
    return { world, answer: { key: 'run', value: { pipelineExecution: RUN } } };
  }
  if (command instanceof ListPipelineExecutionsCommand) {
    const summaries = [{ ...RUN, startTime: new Date(START), sourceRevisions: [] }];
    return { world, answer: { key: 'runs', value: { pipelineExecutionSummaries: summaries } } };
  }
  if (command instanceof ListActionExecutionsCommand) {
    const run = command.input.filter?.pipelineExecutionId;
    const details = actions(world).filter(({ pipelineExecutionId: id }) => run === undefined || run === id);
    return { world, answer: { key: `l${numberOf(gate)}`, value: { actionExecutionDetails: details } } };
  }
  if (!(command instanceof PutApprovalResultCommand)) {
    throw new Error('CodePipeline is asked for something else');
  }
  if (world.budget.refusals > 0) {
    const budget = { ...world.budget, refusals: world.budget.refusals - 1 };
    return {
      world: { ...world, budget },
      answer: { key: 'throttled', error: new Interrupted('ThrottlingException') },
    };
  }
  const { token, result } = command.input;
  const failure = { message: 'no', $metadata: {} };
  if (token !== TOKEN && token !== OTHER_TOKEN) {
    return { world, answer: { key: 'no token', error: new InvalidApprovalTokenException(failure) } };
  }
  if (token === OTHER_TOKEN || gate.status !== 'WAITING') {
    return { world, answer: { key: 'over', error: new ApprovalAlreadyCompletedException(failure) } };
  }
  const answered = {
    status: result?.status === 'Approved' ? ('SUCCEEDED' as const) : ('FAILED' as const),
    by: OUR_SESSION.replace(/[^/]+$/, session),
    at: world.clock,
    comment: result?.summary ?? '',
    shown: lists === 'AT_ONCE',
    ours: gate.ours + 1,
  };
  return { world: { ...world, gate: answered }, answer: DONE };
}

const RUN = { pipelineExecutionId: EXECUTION, artifactRevisions: [], executionType: 'STANDARD' };

function stateOf(shown: Circumstances['shownToken'], behind: boolean): object {
  const [token, run, action] =
    shown === 'OWN' ? [TOKEN, EXECUTION, ACTION_EXECUTION] : [OTHER_TOKEN, OTHER_EXECUTION, 'action-2'];
  const asking = { actionExecutionId: action, token, status: 'InProgress' };
  const actionStates = [{ actionName: GATE.action, latestExecution: asking }];
  const inboundExecutions = behind ? [{ pipelineExecutionId: NEWER_EXECUTION }] : [];
  const latestExecution = { pipelineExecutionId: run };
  const stage = { stageName: GATE.stage, latestExecution, actionStates, inboundExecutions };
  return { pipelineVersion: 1, stageStates: [stage] };
}

const STATUS = { WAITING: 'InProgress', SUCCEEDED: 'Succeeded', FAILED: 'Failed', ABANDONED: 'Abandoned' } as const;

function actions({ gate }: World): readonly (object & { readonly pipelineExecutionId: string })[] {
  const { status, by, at, comment, shown } = gate;
  const common = { stageName: GATE.stage, actionName: GATE.action, startTime: new Date(START) };
  const waits = { status: STATUS.WAITING, lastUpdateTime: new Date(START) };
  const ended = {
    status: STATUS[status],
    ...(by === undefined ? {} : { updatedBy: by }),
    ...(at === undefined ? {} : { lastUpdateTime: new Date(at) }),
  };
  const input = { actionTypeId: { category: 'Approval', provider: 'Manual' }, configuration: {} };
  const result = { externalExecutionId: TOKEN, externalExecutionSummary: shown ? comment : undefined };
  const ours = {
    ...common,
    ...(shown ? ended : waits),
    pipelineExecutionId: EXECUTION,
    actionExecutionId: ACTION_EXECUTION,
    input,
    output: { executionResult: result },
  };
  const others = {
    ...common,
    ...waits,
    pipelineExecutionId: OTHER_EXECUTION,
    actionExecutionId: 'action-2',
    input,
    output: { executionResult: { externalExecutionId: OTHER_TOKEN } },
  };
  return [ours, others];
}

/** A call as people read it. */
export function wordsOf(call: Call): string {
  switch (call.port) {
    case 'table': {
      const { command } = call;
      const pk = partitionOf(command).replace(/#.*/, '#…');
      if (command instanceof QueryCommand) {
        return isLoad(call) ? 'read the request' : `read ${pk}`;
      }
      if (command instanceof PutCommand) {
        const { sk, verdict } = command.input.Item ?? {};
        return `put ${named(String(sk))}${verdict === undefined ? '' : ` (${String(verdict)})`}`;
      }
      const { Key, UpdateExpression = '', ExpressionAttributeNames: names = {} } = command.input;
      const values = command.input.ExpressionAttributeValues ?? {};
      const text = UpdateExpression.replace(/#\w+/g, (name) => names[name] ?? name).replace(/:phase\b/, () =>
        String(values[':phase']),
      );
      return `update ${named(String(Key?.['sk']))}: ${text}`;
    }
    case 'codepipeline':
      return call.command instanceof PutApprovalResultCommand
        ? `answer CodePipeline: ${call.command.input.result?.status ?? ''}`
        : 'look at the approval in CodePipeline';
    case 'check':
      return 'measure the check';
    case 'mail':
      return `mail to ${nameOf(call.recipient.id)}: ${call.mail.subject}`;
    case 'event':
      return `event "${call.type}"`;
    case 'timer':
      return `start timer ${shortName(call.name)}`;
    case 'changeSet':
      return 'look at the change set';
    case 'policy':
      return 'read the policy';
    case 'people':
      return 'read the people';
    case 'directory':
      return 'read the lists';
  }
}

export function shortName(timer: string): string {
  return timer.replace(/^[0-9a-f]{32}$/, 'request').replace(/^vote-[0-9a-f]{32}-([0-9a-f]{4})[0-9a-f]*$/, 'vote $1');
}

function named(sk: string): string {
  return sk.replace(/#([abc]{12})\b/, (_, id: string) => ` of ${nameOf(id)}`);
}

export function timeOf({ clock }: Pick<World, 'clock'>): string {
  return iso(clock).slice(11, 19);
}
