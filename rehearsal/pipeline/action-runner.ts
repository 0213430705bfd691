/** Runs one action of a stage, by what its provider does. */
import { randomUUID } from 'node:crypto';
import { AwsError } from '../service';
import { takeOn } from './action-role';
import { actionEvent } from './announce';
import type { Course } from './course';
import type { ActionRun, Execution } from './execution';
import type { Host } from './host';
import type { ActionModel, PipelineModel } from './model';
import type { ActionResult, Provider } from './provider';
import type { Stages } from './stages';
import { summaryInWords } from './summary-in-words';
import { configured } from './variables';

/** The pipeline that the action belongs to. */
export interface Pipeline {
  readonly host: Host;
  readonly stages: Stages;
  readonly providerOf: (action: ActionModel, stage: string) => Provider;
  /** As it is defined now. */
  readonly model: () => PipelineModel;
  readonly changed: () => void;
  readonly note: (text: string, level?: 'info' | 'warning' | 'error') => void;
}

export class ActionRunner {
  constructor(private readonly pipeline: Pipeline) {}

  /** Undefined when the action was abandoned meanwhile. */
  async run(execution: Execution, stage: string, action: ActionModel, course: Course): Promise<boolean | undefined> {
    if (execution.status === 'Stopped' || execution.status === 'Cancelled') return undefined;
    const { host, stages, changed } = this.pipeline;
    const [configuration, problem] = configured(action, execution.variables);
    const run: ActionRun = {
      id: randomUUID(),
      executionId: execution.id,
      stage,
      action: action.name,
      model: action,
      startedAt: host.clock.now(),
      updatedAt: host.clock.now(),
      resolvedConfiguration: configuration,
      status: 'InProgress',
    };
    execution.actions.push(run);
    stages.find(stage)?.actions.set(action.name, run);
    host.emit(actionEvent(host, this.pipeline.model(), execution, action, run, 'STARTED'));
    changed();
    const result = problem ?? (await this.perform(execution, action, run, course));
    // The provider may have ended the run itself, or it was abandoned: TypeScript cannot see that.
    if ((run.status as string) === 'Abandoned') return undefined;
    this.finish(execution, action, run, result);
    return result.status === 'Succeeded';
  }

  private async perform(
    execution: Execution,
    action: ActionModel,
    run: ActionRun,
    course: Course,
  ): Promise<ActionResult> {
    const { host, model, changed, providerOf } = this.pipeline;
    try {
      await takeOn(host, model().roleArn, action.roleArn);
      return await providerOf(action, run.stage)(
        {
          pipeline: model(),
          execution,
          action,
          run,
          progress: (summary, percent) => {
            Object.assign(run, { summary, percent, updatedAt: host.clock.now() });
            changed();
          },
        },
        course,
      );
    } catch (error) {
      const { message } = error as Error;
      const summary = error instanceof AwsError ? `${error.code}: ${message}` : message;
      return { status: 'Failed', errorCode: 'InternalError', summary };
    }
  }

  private finish(execution: Execution, action: ActionModel, run: ActionRun, result: ActionResult): void {
    const { host, model, changed, note } = this.pipeline;
    run.status = result.status;
    run.updatedAt = host.clock.now();
    run.summary = result.summary ?? run.summary;
    run.externalId = result.externalId ?? run.externalId;
    run.outputVariables = result.outputVariables;
    if (result.status === 'Failed') {
      run.error = { code: result.errorCode ?? 'JobFailed', message: result.summary ?? 'the action failed' };
    }
    if (action.namespace !== undefined && result.outputVariables !== undefined) {
      execution.variables.set(action.namespace, result.outputVariables);
    }
    execution.updatedAt = host.clock.now();
    const ok = result.status === 'Succeeded';
    host.emit(actionEvent(host, model(), execution, action, run, ok ? 'SUCCEEDED' : 'FAILED'));
    const why = run.summary ? `: ${summaryInWords(run.summary)}` : '';
    note(`${run.stage}/${run.action} ${ok ? 'succeeded' : 'failed'}${why}`, ok ? 'info' : 'error');
    changed();
  }
}
