/** Runs of a pipeline and of its actions, as the engine keeps them. Times in epoch milliseconds of virtual time. */
import { randomUUID } from 'node:crypto';
import type { ActionModel } from './model';

/** A change that somebody pushed, as a source action finds it. */
export interface Change {
  readonly id: string;
  readonly message: string;
  readonly author: string;
  readonly authorMail: string;
  readonly url?: string;
  /** Functions, services or servers that this change breaks, and how. */
  readonly breaks?: Readonly<Record<string, Breakage>>;
  /** What its change sets would do, by stack. Others are found by comparing templates. */
  readonly changeSets?: Readonly<Record<string, readonly SaidChange[]>>;
}

/** A change of a resource, as a scenario says it. */
export interface SaidChange {
  readonly does: 'Add' | 'Modify' | 'Replace' | 'MayReplace' | 'Remove';
  readonly type: string;
  /** Logical id of the resource. */
  readonly id: string;
}

/**
 * `errors`: it throws, and its error alarm goes red once traffic comes; `unhealthy`: its health check says no;
 * `undecided`: its health check never comes to an end.
 */
export type Breakage = 'errors' | 'unhealthy' | 'undecided';

export interface Revision {
  readonly action: string;
  readonly artifact: string;
  readonly id: string;
  readonly message: string;
  readonly url?: string;
  readonly author?: string;
  readonly authorMail?: string;
  readonly created: number;
}

export type ExecutionStatus =
  'InProgress' | 'Stopping' | 'Stopped' | 'Succeeded' | 'Superseded' | 'Failed' | 'Cancelled';
export type ActionStatus = 'InProgress' | 'Abandoned' | 'Succeeded' | 'Failed';

export interface Trigger {
  readonly type: string;
  readonly detail: string;
}

export interface Execution {
  readonly id: string;
  readonly number: number;
  /** Version of the pipeline's structure in which the run was started. */
  readonly pipelineVersion: number;
  readonly trigger: Trigger;
  readonly rollbackTarget?: string;
  readonly startedAt: number;
  readonly actions: ActionRun[];
  readonly conditions: ConditionRun[];
  readonly variables: Map<string, Readonly<Record<string, string>>>;
  /** Stages that this run has passed. */
  readonly passed: Set<string>;
  /** What was pushed; unknown until a source action found it, unless the push started the run. */
  change?: Change;
  revisions: readonly Revision[];
  status: ExecutionStatus;
  statusSummary?: string;
  updatedAt: number;
  attempt: number;
}

export interface ActionRun {
  readonly id: string;
  readonly executionId: string;
  readonly stage: string;
  readonly action: string;
  /** The action as the structure had it when the run of it began. */
  readonly model: ActionModel;
  readonly startedAt: number;
  readonly resolvedConfiguration: Readonly<Record<string, string>>;
  status: ActionStatus;
  updatedAt: number;
  /** Who answered; for what CodePipeline did by itself, whom the scenario assumes. */
  updatedBy?: string;
  /** Of an approval: what answers it, and when it stops waiting. */
  token?: string;
  expiresAt?: number;
  expired?: boolean;
  summary?: string;
  percent?: number;
  externalId?: string;
  externalUrl?: string;
  error?: { readonly code: string; readonly message: string };
  outputVariables?: Readonly<Record<string, string>>;
}

export type ConditionKind = 'beforeEntry' | 'onSuccess' | 'onFailure';

/** A condition of a stage that was asked. */
export interface ConditionRun {
  readonly stage: string;
  readonly kind: ConditionKind;
  readonly rules: readonly RuleRun[];
  status: ActionStatus;
}

export interface RuleRun {
  readonly name: string;
  readonly provider: string;
  status: ActionStatus;
  /** What was found, or what it waits for. */
  summary?: string;
}

export interface StageExecution {
  readonly executionId: string;
  readonly type: 'STANDARD' | 'ROLLBACK';
  status: 'InProgress' | 'Stopping' | 'Stopped' | 'Succeeded' | 'Failed' | 'Cancelled' | 'Skipped';
}

/** What a stage shows: the run that has it, and the runs that wait for it. */
export interface StageStatus {
  readonly name: string;
  latest?: StageExecution;
  /** Held by the run whose actions are under way. */
  locked: boolean;
  readonly inbound: string[];
  readonly actions: Map<string, ActionRun>;
}

export function inProgress({ status }: Pick<ActionRun | ConditionRun, 'status'>): boolean {
  return status === 'InProgress';
}

/** A run that has not ended yet. */
export function isUnderWay({ status }: Execution): boolean {
  return status === 'InProgress' || status === 'Stopping';
}

export function latestRun(execution: Execution, stage: string, action: string): ActionRun | undefined {
  return execution.actions.findLast((run) => run.stage === stage && run.action === action);
}

export function executionType(execution: Execution): 'STANDARD' | 'ROLLBACK' {
  return execution.rollbackTarget === undefined ? 'STANDARD' : 'ROLLBACK';
}

/** A run that begins; a rollback takes the change, the variables and the revisions of its target with it. */
export function newExecution(
  {
    at,
    ...rest
  }: Pick<Execution, 'number' | 'pipelineVersion' | 'trigger'> & {
    readonly at: number;
  },
  target?: Execution,
): Execution {
  const id = randomUUID();
  return {
    id,
    ...rest,
    rollbackTarget: target?.id,
    startedAt: at,
    updatedAt: at,
    actions: [],
    conditions: [],
    variables: new Map([...(target?.variables ?? []), ['codepipeline', { PipelineExecutionId: id }]]),
    passed: new Set(),
    change: target?.change,
    revisions: target?.revisions ?? [],
    status: 'InProgress',
    attempt: 1,
  };
}
