/** Runs one pipeline: executions go from stage to stage, and the actions of a stage by run order. */
import { AwsError } from '../service';
import { ActionRunner } from './action-runner';
import { actionEvent, pipelineEvent, stageEvent } from './announce';
import { closedBy } from './approvals';
import { ASSUMED, type Assumptions } from './assumptions';
import { Conditions } from './conditions';
import { Course } from './course';
import type { Change, Execution, ExecutionStatus, StageExecution, Trigger } from './execution';
import { executionType, inProgress, isUnderWay, latestRun, newExecution } from './execution';
import type { Host } from './host';
import type { ActionModel, PipelineModel, StageModel } from './model';
import { runGroups } from './model';
import type { Provider } from './provider';
import type { AskRule } from './rules';
import { Stages } from './stages';
import { hasAction, restructured, type StructureChange } from './structure';

/** The actions of a stage that are still to run for an execution. */
interface Passage {
  readonly execution: Execution;
  readonly stage: StageModel;
  readonly groups: readonly (readonly ActionModel[])[];
  readonly attempt: number;
  failed: boolean;
}

export class PipelineEngine {
  readonly executions: Execution[] = [];
  readonly stages: Stages;
  /** Version of the pipeline's structure: one more with every change of its definition. */
  private structure = 1;
  private readonly actions: ActionRunner;
  private readonly conditions: Conditions;

  constructor(
    private readonly host: Host,
    private current: PipelineModel,
    {
      providerOf,
      ask,
    }: { readonly providerOf: (action: ActionModel, stage: string) => Provider; readonly ask: AskRule },
    private readonly changed: (begun?: Execution) => void = () => undefined,
    private readonly assumed: () => Assumptions = () => ASSUMED,
  ) {
    this.stages = new Stages(current.stages, current.mode);
    const pipeline = {
      host,
      stages: this.stages,
      assumed,
      model: () => this.model,
      changed: () => changed(),
      note: (text: string, level?: 'info' | 'warning' | 'error') => this.note(text, level),
    };
    this.actions = new ActionRunner({ ...pipeline, providerOf });
    this.conditions = new Conditions({ ...pipeline, ask });
  }

  /** As the pipeline is defined now. */
  get model(): PipelineModel {
    return this.current;
  }

  get version(): number {
    return this.structure;
  }

  /**
   * The pipeline's definition is deployed anew. From now on no stage goes back to a run of before. A run whose action is
   * gone by its name is cancelled; with `keepsRuns` it stays as it is until its approval expires, since no document says
   * which of the two happens.
   */
  update(change: StructureChange = {}, keepsRuns = false): void {
    this.structure += 1;
    this.current = restructured(this.model, change);
    this.stages.restructure(this.model.stages);
    this.note(`the pipeline was changed: version ${this.structure} of its structure`);
    const gone = this.executions.filter(({ actions }) =>
      actions.some((run) => run.status === 'InProgress' && !hasAction(this.model, run.stage, run.action)),
    );
    if (!keepsRuns) gone.forEach((execution) => this.cancel(execution));
    this.changed();
  }

  /** The structure under a run has changed, or the whole pipeline is gone. */
  private cancel(execution: Execution): void {
    this.stages.forget(execution.id);
    const held = this.abandon(execution, 'CANCELED');
    this.change(execution, 'Cancelled');
    if (held !== undefined) this.leave(held, execution, 'Cancelled');
  }

  /** The pipeline is deleted: what is under way ends without a word. */
  end(): void {
    this.executions.filter(isUnderWay).forEach((execution) => {
      [...execution.actions, ...execution.conditions].filter(inProgress).forEach((run) => (run.status = 'Abandoned'));
      execution.status = 'Cancelled';
    });
    this.note('the pipeline was deleted', 'warning');
    this.changed();
  }

  execution(id: string): Execution | undefined {
    return this.executions.find((execution) => execution.id === id);
  }

  stage(name: string): StageModel | undefined {
    return this.model.stages.find((stage) => stage.name === name);
  }

  start(trigger: Trigger, variables: Readonly<Record<string, string>> = {}, change?: Change): Execution {
    const execution = this.create(trigger, { ...this.model.variables, ...variables }, change);
    this.enter(execution, this.model.stages[0]?.name);
    return execution;
  }

  stop(id: string, abandon: boolean, reason: string): void {
    const execution = this.execution(id);
    if (execution === undefined) throw new AwsError('PipelineExecutionNotFoundException', `no execution ${id}`);
    if (execution.status !== 'InProgress' && !(execution.status === 'Stopping' && abandon)) {
      throw new AwsError('PipelineExecutionNotStoppableException', `execution ${id} is ${execution.status}`);
    }
    execution.statusSummary = reason;
    this.stages.forget(id);
    if (!abandon && [...execution.actions, ...execution.conditions].some(inProgress)) {
      this.change(execution, 'Stopping');
      return;
    }
    const held = this.abandon(execution, 'ABANDONED');
    this.change(execution, 'Stopped');
    if (held !== undefined) this.leave(held, execution, 'Stopped');
  }

  /** Ends the actions and conditions that are under way, and answers the stage that they held. */
  private abandon(execution: Execution, state: 'ABANDONED' | 'CANCELED'): string | undefined {
    const running = execution.actions.filter(inProgress);
    const updatedBy = closedBy(this.host, this.assumed(), this.model);
    for (const run of running) {
      Object.assign(run, { status: 'Abandoned', updatedAt: this.now(), updatedBy });
      this.host.emit(actionEvent(this.host, this.model, execution, run.model, run, state));
    }
    const asked = execution.conditions.filter(inProgress);
    for (const condition of asked) {
      [condition, ...condition.rules].filter(inProgress).forEach((one) => (one.status = 'Abandoned'));
    }
    return (running[0] ?? asked[0])?.stage;
  }

  retry(stageName: string, id: string, mode: 'FAILED_ACTIONS' | 'ALL_ACTIONS'): void {
    const execution = this.execution(id);
    if (execution === undefined) throw new AwsError('PipelineExecutionNotFoundException', `no execution ${id}`);
    const status = this.stages.get(stageName);
    if (status.latest?.executionId !== id) {
      throw new AwsError('NotLatestPipelineExecutionException', `the stage has run a later execution than ${id}`);
    }
    if (status.latest.status !== 'Failed' && status.latest.status !== 'Stopped') {
      throw new AwsError('StageNotRetryableException', `the stage ${stageName} has not failed`);
    }
    execution.attempt += 1;
    this.change(execution, 'InProgress', 'RESUMED');
    this.enter(execution, stageName, mode === 'FAILED_ACTIONS');
  }

  /** A new execution that brings a stage back to what an earlier one left there. */
  rollback(stageName: string, targetId: string, trigger: Trigger): Execution {
    const target = this.execution(targetId);
    if (target === undefined) throw new AwsError('PipelineExecutionNotFoundException', `no execution ${targetId}`);
    if (!this.canGoBackTo(target, stageName) || this.model.mode === 'PARALLEL') {
      throw new AwsError('UnableToRollbackStageException', `the stage ${stageName} cannot go back to ${targetId}`);
    }
    const execution = this.create(trigger, {}, undefined, target);
    this.enter(execution, stageName);
    return execution;
  }

  private create(
    trigger: Trigger,
    variables: Readonly<Record<string, string>>,
    change?: Change,
    target?: Execution,
  ): Execution {
    const number = this.executions.length + 1;
    const execution = newExecution({ number, pipelineVersion: this.structure, trigger, at: this.now() }, target);
    if (target === undefined) {
      execution.change = change;
      execution.variables.set('variables', variables);
    }
    this.executions.push(execution);
    this.host.emit(pipelineEvent(this.host, this.model, execution, 'STARTED'));
    const back = target === undefined ? '' : `, back to run ${target.number}`;
    this.note(`run ${execution.number} started (${trigger.type}${back})`);
    this.changed(execution);
    return execution;
  }

  private enter(execution: Execution, name: string | undefined, onlyFailed = false): void {
    const stage = this.stage(name ?? '');
    if (stage === undefined) return;
    const entry = this.stages.enter(stage.name, execution);
    const superseded = entry.superseded === undefined ? undefined : this.execution(entry.superseded);
    if (superseded !== undefined) {
      this.note(`run ${superseded.number} is superseded by run ${execution.number} in front of ${stage.name}`);
      this.change(superseded, 'Superseded', 'SUPERSEDED');
    }
    if (!entry.admitted) {
      this.note(`run ${execution.number} waits in front of ${stage.name}`);
      this.changed();
      return;
    }
    const status = this.stages.get(stage.name);
    status.latest = { executionId: execution.id, type: executionType(execution), status: 'InProgress' };
    this.host.emit(stageEvent(this.host, this.model, execution, stage.name, 'STARTED'));
    const done = (action: ActionModel): boolean =>
      onlyFailed && latestRun(execution, stage.name, action.name)?.status === 'Succeeded';
    const groups = runGroups(stage)
      .map((group) => group.filter((action) => !done(action)))
      .filter((group) => group.length > 0);
    this.note(`run ${execution.number} is in ${stage.name}`);
    const passage: Passage = { execution, stage, groups, attempt: execution.attempt, failed: false };
    this.conditions.check(execution, stage, 'beforeEntry', (met) => {
      if (execution.status === 'Stopping') this.endStage(passage, 'Stopped');
      else if (met) this.runGroup(passage, 0);
      else if (stage.conditions.beforeEntry?.result === 'SKIP') this.skip(passage);
      else this.endStage(passage, 'Failed');
    });
  }

  /** Goes on behind a stage that its condition leaves out. */
  private skip({ execution, stage }: Passage): void {
    this.note(`run ${execution.number} skips ${stage.name}`);
    const next = execution.rollbackTarget === undefined ? this.stageAfter(stage.name) : undefined;
    if (next === undefined) this.change(execution, 'Succeeded');
    this.leave(stage.name, execution, 'Skipped', () => this.enter(execution, next));
  }

  private runGroup(passage: Passage, at: number): void {
    const group = passage.groups[at];
    if (group === undefined) {
      this.succeed(passage);
      return;
    }
    let open = group.length;
    for (const action of group) {
      const stage = passage.stage.name;
      Course.run(this.host.clock, `${stage}/${action.name} starts`, async (course) => {
        const succeeded = await this.actions.run(passage.execution, stage, action, course);
        if (succeeded === undefined) return;
        if (!succeeded) passage.failed = true;
        open -= 1;
        if (open > 0) return;
        if (passage.failed) this.fail(passage);
        else if (passage.execution.status === 'Stopping') this.endStage(passage, 'Stopped');
        else this.runGroup(passage, at + 1);
      });
    }
  }

  /** All actions of the stage have succeeded: its condition on success has the last word. */
  private succeed(passage: Passage): void {
    const { execution, stage } = passage;
    this.conditions.check(execution, stage, 'onSuccess', (met) => {
      const rollsBack = !met && stage.conditions.onSuccess?.result === 'ROLLBACK';
      this.endStage(passage, met ? 'Succeeded' : 'Failed', () => rollsBack && this.goBack(passage));
    });
  }

  /** What the stage does about the failure of an action, before anybody who waits may enter. */
  private fail(passage: Passage): void {
    const { execution, stage } = passage;
    this.conditions.check(execution, stage, 'onFailure', (met) => {
      this.endStage(passage, 'Failed', () => {
        if (met && stage.onFailure === 'RETRY' && passage.attempt === 1) {
          this.note(`${stage.name} is retried once by itself`);
          this.retry(stage.name, execution.id, stage.retryMode);
        }
        if (met && stage.onFailure === 'ROLLBACK') this.goBack(passage);
      });
    });
  }

  private endStage(
    { execution, stage }: Passage,
    result: 'Succeeded' | 'Failed' | 'Stopped',
    then: () => unknown = () => undefined,
  ): void {
    const next = this.stageAfter(stage.name);
    if (result === 'Succeeded') execution.passed.add(stage.name);
    const last = next === undefined || execution.rollbackTarget !== undefined;
    this.host.emit(
      stageEvent(this.host, this.model, execution, stage.name, result === 'Succeeded' ? 'SUCCEEDED' : 'FAILED'),
    );
    if (result !== 'Succeeded') this.change(execution, result);
    else if (execution.status === 'Stopping') this.change(execution, 'Stopped');
    else if (last) this.change(execution, 'Succeeded');
    this.leave(stage.name, execution, result, () => {
      if (execution.status === 'InProgress') this.enter(execution, next);
      if (result === 'Failed') then();
    });
  }

  private goBack({ execution, stage }: Passage): void {
    if (execution.rollbackTarget !== undefined || this.model.mode === 'PARALLEL') return;
    const target = this.lastSuccess(stage.name, execution.id);
    if (target === undefined) {
      this.note(`${stage.name} has no successful run to go back to`, 'warning');
      return;
    }
    this.rollback(stage.name, target.id, {
      type: 'AutomatedRollback',
      detail: `{"failedPipelineExecutionId":"${execution.id}"}`,
    });
  }

  private lastSuccess(stage: string, except: string): Execution | undefined {
    return this.executions.findLast((candidate) => candidate.id !== except && this.canGoBackTo(candidate, stage));
  }

  /** No rollback, and no run of another structure (https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html). */
  private canGoBackTo(target: Execution, stage: string): boolean {
    return target.passed.has(stage) && target.rollbackTarget === undefined && target.pipelineVersion === this.structure;
  }

  private leave(
    name: string,
    execution: Execution,
    status: StageExecution['status'],
    before: () => void = () => undefined,
  ): void {
    const latest = this.stages.find(name)?.latest;
    if (latest?.executionId === execution.id) latest.status = status;
    this.stages.leave(name);
    before();
    const next = this.stages.nextWaiting(name);
    const waiting = next === undefined ? undefined : this.execution(next);
    if (waiting !== undefined) this.enter(waiting, name);
    this.changed();
  }

  private change(
    execution: Execution,
    status: ExecutionStatus,
    event: 'RESUMED' | 'SUPERSEDED' | 'STOPPING' | 'STOPPED' | 'SUCCEEDED' | 'FAILED' | undefined = STATE[status],
  ): void {
    execution.status = status;
    execution.updatedAt = this.now();
    if (event !== undefined) this.host.emit(pipelineEvent(this.host, this.model, execution, event));
    if (status !== 'InProgress' && status !== 'Superseded') {
      const verb = status === 'Succeeded' || status === 'Failed' ? 'has' : 'is';
      this.note(`run ${execution.number} ${verb} ${status.toLowerCase()}`, status === 'Failed' ? 'error' : 'info');
    }
    this.changed();
  }

  private stageAfter(name: string): string | undefined {
    const index = this.model.stages.findIndex((stage) => stage.name === name);
    return index < 0 ? undefined : this.model.stages[index + 1]?.name;
  }

  private note(text: string, level: 'info' | 'warning' | 'error' = 'info'): void {
    this.host.journal.add('pipeline', `${this.model.name}: ${text}`, level);
  }

  private now(): number {
    return this.host.clock.now();
  }
}

const STATE: Partial<Record<ExecutionStatus, 'SUPERSEDED' | 'STOPPING' | 'STOPPED' | 'SUCCEEDED' | 'FAILED'>> = {
  Stopping: 'STOPPING',
  Stopped: 'STOPPED',
  Succeeded: 'SUCCEEDED',
  Failed: 'FAILED',
};
