/** Stages of a pipeline and who may enter them: the locks of the execution modes. */
import type { ActionRun, Execution, StageStatus } from './execution';
import type { ExecutionMode, StageModel } from './model';

export interface Entry {
  readonly admitted: boolean;
  /** The waiting run that this one replaces. */
  readonly superseded?: string;
}

export class Stages {
  private byName: ReadonlyMap<string, StageStatus> = new Map();

  constructor(
    stages: readonly StageModel[],
    private readonly mode: ExecutionMode,
  ) {
    this.restructure(stages);
  }

  /** The structure has these stages from now on. What is known of a stage stays with its name. */
  restructure(stages: readonly StageModel[]): void {
    this.byName = new Map(
      stages.map(({ name }) => [
        name,
        this.find(name) ?? { name, locked: false, inbound: [], actions: new Map<string, ActionRun>() },
      ]),
    );
  }

  all(): readonly StageStatus[] {
    return [...this.byName.values()];
  }

  find(name: string): StageStatus | undefined {
    return this.byName.get(name);
  }

  get(name: string): StageStatus {
    const found = this.find(name);
    if (found === undefined) throw new Error(`no stage ${name}`);
    return found;
  }

  /** Takes the stage for a run, or lets the run wait in front of it. */
  enter(name: string, execution: Execution): Entry {
    const stage = this.get(name);
    if (this.mode === 'PARALLEL') return { admitted: true };
    if (!stage.locked) {
      stage.locked = true;
      return { admitted: true };
    }
    const superseded = this.mode === 'SUPERSEDED' ? stage.inbound.pop() : undefined;
    stage.inbound.push(execution.id);
    return { admitted: false, superseded };
  }

  /** Frees a stage, if the structure still has it. */
  leave(name: string): void {
    const stage = this.find(name);
    if (stage !== undefined) stage.locked = false;
  }

  /** The run that has waited longest in front of a free stage; it waits no more. */
  nextWaiting(name: string): string | undefined {
    const stage = this.find(name);
    return stage === undefined || stage.locked ? undefined : stage.inbound.shift();
  }

  /** A run that waits nowhere any more. */
  forget(executionId: string): void {
    for (const stage of this.byName.values()) {
      const index = stage.inbound.indexOf(executionId);
      if (index >= 0) stage.inbound.splice(index, 1);
    }
  }
}
