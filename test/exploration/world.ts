/** Everything outside the code under exploration, as one value that never changes: each step makes the next one of it. */
import type { Verdict } from '../../lambda/domain/vote';
import type { Target } from '../../contract/messages';
import type { GatePolicy, Person } from '../../contract/policy';
import type { OutcomeKind } from '../../lambda/domain/request';
import { rowOf, type Row, type Rows } from './memory-table';
import { requestIdOf } from '../../lambda/signing/link-key';

export const GATE = { pipeline: 'shop', stage: 'Prod', action: 'Approve' } as const;
export const EXECUTION = 'run-1';
export const OTHER_EXECUTION = 'run-2';
/** It waits for the stage where `behind` says so. */
export const NEWER_EXECUTION = 'run-3';
export const ACTION_EXECUTION = 'action-1';
export const TOKEN = 'token-of-run-1';
export const OTHER_TOKEN = 'token-of-run-2';
export const REQUEST = requestIdOf(GATE.pipeline, GATE.stage, GATE.action, TOKEN);
export const ANSWER_ROLE = 'arn:aws:iam::111111111111:role/approval-gates/w/answer';
export const OUR_SESSION = `arn:aws:sts::111111111111:assumed-role/answer/${REQUEST}`;
export const STRANGER = 'arn:aws:sts::111111111111:assumed-role/Admin/mallory';
export const ANA_IN_CONSOLE = 'arn:aws:sts::111111111111:assumed-role/Release/ana';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
/** So that the day ends while people answer. */
export const START = Date.parse('2026-03-02T23:20:00.000Z');

export const PEOPLE: readonly Person[] = [
  { id: 'aaaaaaaaaaaa', mail: 'ana@example.com', alsoKnownAs: ['*/assumed-role/Release/ana'], shared: false },
  { id: 'bbbbbbbbbbbb', mail: 'bo@example.com', alsoKnownAs: [], shared: false },
  { id: 'cccccccccccc', mail: 'cy@example.com', alsoKnownAs: [], shared: false },
];
export const [ANA, BO, CY] = PEOPLE.map(({ id }) => id) as [string, string, string];

export function nameOf(approver: string): string {
  return { [ANA]: 'ana', [BO]: 'bo', [CY]: 'cy' }[approver] ?? approver;
}

/** The approval action, as CodePipeline has it. */
export interface Gate {
  readonly status: 'WAITING' | 'SUCCEEDED' | 'FAILED' | 'ABANDONED';
  readonly by?: string;
  readonly at?: number;
  readonly comment?: string;
  /** What lists of action executions show lags behind. */
  readonly shown: boolean;
  /** Answers of ours that took effect. */
  readonly ours: number;
}

/** How it is with what the checks look at. */
export interface Health {
  /** INCONCLUSIVE: it has no data. ERROR: whoever reads it may not any more. IN_PROGRESS: it is closed, or nobody uses it. */
  readonly verdict: 'PASS' | 'FAIL' | 'INCONCLUSIVE' | 'ERROR' | 'IN_PROGRESS';
  readonly since: number;
  /** A closed one says that it opens then. */
  readonly until?: number;
  /** How it was until then, where checks look back. */
  readonly before?: Health;
}

/** A decision that somebody submitted by the page. */
export interface Decision {
  readonly id: number;
  readonly approver: string;
  readonly verdict: Verdict;
  readonly seq: number;
  readonly at: number;
  readonly sig: string;
  readonly evidence: string;
  /** Who was away then and had named this person. */
  readonly standsFor: readonly string[];
  /** Which change set its page showed. */
  readonly changeSet: number;
  /** When it takes effect, if not at once. */
  readonly start?: number;
}

/** What somebody asks for at the dashboard. */
export interface Wish {
  readonly id: number;
  readonly approver: string;
  readonly kind: 'LINK' | 'USE' | 'EMAIL' | 'SIGN_OUT';
  /** Seed of the link that was used. */
  readonly link?: string;
  readonly session?: string;
  readonly at: number;
}

/** A record of the decisions table's stream. */
export interface StreamItem {
  readonly id: number;
  readonly at: number;
  readonly row: number;
}

export interface Timer {
  readonly target: Target;
  /** When it wakes; absent once it ended. */
  readonly at?: number;
  /** When the turn that failed was entered: its retries have that time. */
  readonly entered?: number;
  readonly failures: number;
  readonly running: boolean;
}

export interface Told {
  readonly approver: string;
  readonly at: number;
  readonly kind: OutcomeKind;
  /** The time of the turn that sent it. */
  readonly look: number;
  /** The sender was told that it failed: one more mail is right then. */
  readonly unsure?: boolean;
}

export interface MailLog {
  readonly signIns: readonly { readonly approver: string; readonly seed: string; readonly at: number }[];
  readonly links: readonly { readonly approver: string; readonly seed: string; readonly at: number }[];
  readonly told: readonly Told[];
}

/** What may still go wrong on this way. */
export interface Budget {
  readonly faults: number;
  readonly duplicates: number;
  readonly reorders: number;
  /** Delivery may be refused so often. */
  readonly refusals: number;
  /** Time may pass so often while something is under way. */
  readonly waits: number;
}

/** What became of the policy since. */
export interface PolicyState {
  readonly removed: readonly string[];
  readonly readable: boolean;
  /** One yes is enough by it. */
  readonly weakened: boolean;
}

export interface World {
  readonly clock: number;
  readonly rows: Rows;
  readonly gate: Gate;
  readonly health: Health;
  readonly policy: PolicyState;
  /** How often the change set of the stage was made. */
  readonly changeSet: number;
  /** A newer run waits for the stage now; it did at some time. */
  readonly behind: boolean;
  readonly newerRunCame: boolean;
  /** Messages of the queue that `intake` reads. */
  readonly notices: readonly string[];
  readonly stream: readonly StreamItem[];
  /** Records that were taken, for duplicates. */
  readonly taken: readonly StreamItem[];
  readonly decisions: readonly Decision[];
  readonly wishes: readonly Wish[];
  readonly mail: MailLog;
  readonly events: readonly string[];
  readonly timers: Readonly<Record<string, Timer>>;
  readonly actors: Readonly<Record<string, number>>;
  readonly budget: Budget;
}

export const DEADLINE = START + 50 * MINUTE;

const contents = new Map<string, number>();
const numbers = new WeakMap<object, number>();

/** A number for what a value says. */
export function numberOf(value: object): number {
  const known = numbers.get(value);
  if (known !== undefined) {
    return known;
  }
  const text = JSON.stringify(value);
  const number = contents.get(text) ?? contents.size;
  contents.set(text, number);
  numbers.set(value, number);
  return number;
}

const rowSets = new WeakMap<Rows, string>();

export function keyOfRows(rows: Rows): string {
  const known = rowSets.get(rows) ?? rows.map(({ id }) => id).join('.');
  rowSets.set(rows, known);
  return known;
}

export function keyOf(world: World): string {
  const { gate, health, policy, notices, stream, taken, decisions, wishes, mail, events, timers, actors, budget } =
    world;
  const parts = [gate, health, policy, notices, stream, taken, decisions, wishes, mail, events, timers, actors, budget];
  return `${world.clock - START}|${world.changeSet}|${world.behind ? 'behind' : world.newerRunCame ? 'came' : ''}|${keyOfRows(world.rows)}|${parts.map(numberOf).join(',')}`;
}

/** CloudFormation names each anew. */
export function changeSetNamed(number: number): string {
  return `arn:change-set/${number}`;
}

/** The row of the request itself. */
export function metaOf({ rows }: Pick<World, 'rows'>): Row | undefined {
  return rows.find(({ pk, sk }) => pk === REQUEST && sk === 'meta');
}

export function phaseOf(world: Pick<World, 'rows'>): string | undefined {
  return metaOf(world)?.fields['phase'] as string | undefined;
}

export function iso(time: number): string {
  return new Date(time).toISOString();
}

export function emptyWorld(budget: Budget): World {
  return {
    clock: START,
    rows: [],
    gate: { status: 'WAITING', shown: true, ours: 0 },
    health: { verdict: 'PASS', since: START - 60 * MINUTE },
    policy: { removed: [], readable: true, weakened: false },
    changeSet: 1,
    behind: false,
    newerRunCame: false,
    notices: [],
    stream: [],
    taken: [],
    decisions: [],
    wishes: [],
    mail: { links: [], told: [], signIns: [] },
    events: [],
    timers: {},
    actors: {},
    budget,
  };
}

export function policyFor(policy: GatePolicy, { removed, weakened }: PolicyState): GatePolicy {
  const { rule } = policy;
  if (rule.kind === 'AUTOMATED' || (removed.length === 0 && !weakened)) {
    return policy;
  }
  const groups = rule.people.groups.map((group) => ({
    ...group,
    quorum: weakened ? 1 : group.quorum,
    ids: group.ids.filter((id) => !removed.includes(id)),
  }));
  return { ...policy, rule: { ...rule, people: { ...rule.people, groups } } };
}

/** Rows of the decisions table, by the number that the stream carries. */
const decisionRows: Row[] = [];

export function decisionRow(fields: Readonly<Record<string, unknown>>): number {
  const row = rowOf(fields);
  const at = decisionRows.indexOf(row);
  return at >= 0 ? at : decisionRows.push(row) - 1;
}

export function decisionFields(number: number): Readonly<Record<string, unknown>> {
  return decisionRows[number]?.fields ?? {};
}
