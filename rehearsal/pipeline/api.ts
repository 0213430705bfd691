/** The CodePipeline API, as far as approval workflows and their operators use it. */
import type { Authorize, Operation, Service } from '../service';
import { AwsError } from '../service';
import { pipelineArn } from './announce';
import type { Assumptions } from './assumptions';
import type { PipelineEngine } from './engine';
import type { ActionRun, Execution } from './execution';
import type { Host } from './host';
import { failure, success } from './jobs';
import type { Pipelines } from './pipelines';
import { actionDetail, executionSummary, executionView, stageView } from './views';

const NAME = /^[A-Za-z0-9.@\-_]{1,100}$/;
const TOKEN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function check(holds: boolean, message: string): void {
  if (!holds) throw new AwsError('ValidationException', message);
}

function name(value: unknown, field: string): string {
  check(typeof value === 'string' && NAME.test(value), `${field} must match ${NAME.source}`);
  return value as string;
}

export function codePipelineService(pipelines: Pipelines, host: Host): Service {
  const engineOf = (value: unknown, field = 'pipelineName'): PipelineEngine => {
    const engine = pipelines.find(name(value, field));
    if (engine === undefined) throw new AwsError('PipelineNotFoundException', `no pipeline ${String(value)}`);
    return engine;
  };
  const stageOf = (engine: PipelineEngine, value: unknown): string => {
    const stage = engine.stage(name(value, 'stageName'));
    if (stage === undefined) throw new AwsError('StageNotFoundException', `no stage ${String(value)}`);
    return stage.name;
  };
  const executionOf = (engine: PipelineEngine, id: unknown): Execution => {
    const execution = engine.execution(String(id));
    if (execution === undefined) throw new AwsError('PipelineExecutionNotFoundException', `no execution ${String(id)}`);
    return execution;
  };

  const operations: Record<string, Operation> = {
    GetPipelineState: (input) => {
      const engine = engineOf(input.name, 'name');
      return {
        pipelineName: engine.model.name,
        pipelineVersion: engine.version,
        stageStates: engine.stages.all().map((stage) => stageView(engine, stage)),
        created: new Date(0),
        updated: new Date(host.clock.now()),
      };
    },

    GetPipelineExecution: (input) => {
      const engine = engineOf(input.pipelineName);
      return { pipelineExecution: executionView(engine.model, executionOf(engine, input.pipelineExecutionId)) };
    },

    ListPipelineExecutions: (input) => {
      const engine = engineOf(input.pipelineName);
      const wanted = input.filter?.succeededInStage?.stageName as string | undefined;
      // The stage was successful in the current version of the pipeline, says the model of the service.
      const all = engine.executions.filter(
        (execution) =>
          wanted === undefined || (execution.passed.has(wanted) && execution.pipelineVersion === engine.version),
      );
      const [items, nextToken] = page(all.toReversed(), input);
      return {
        pipelineExecutionSummaries: items.map((execution) => executionSummary(engine.model, execution)),
        nextToken,
      };
    },

    ListActionExecutions: (input) => {
      const engine = engineOf(input.pipelineName);
      const id = input.filter?.pipelineExecutionId ?? input.filter?.latestInPipelineExecution?.pipelineExecutionId;
      if (id !== undefined) executionOf(engine, id);
      const runs = engine.executions
        .filter((execution) => id === undefined || execution.id === id)
        .flatMap((execution) => execution.actions)
        .toReversed();
      const latest =
        input.filter?.latestInPipelineExecution === undefined
          ? runs
          : runs.filter(
              (run, index) =>
                runs.findIndex((other) => other.stage === run.stage && other.action === run.action) === index,
            );
      const [items, nextToken] = page(ordered(latest, pipelines.assumed.actionOrder), input);
      return { actionExecutionDetails: items.map((run) => actionDetail(engine, run)), nextToken };
    },

    PutApprovalResult: (input, caller) => {
      const engine = engineOf(input.pipelineName);
      const stageName = stageOf(engine, input.stageName);
      const actionName = name(input.actionName, 'actionName');
      check(typeof input.token === 'string' && TOKEN.test(input.token), `token must match ${TOKEN.source}`);
      const { status, summary } = input.result ?? {};
      check(status === 'Approved' || status === 'Rejected', 'result.status must be Approved or Rejected');
      check(typeof summary === 'string' && summary.length <= 512, 'result.summary must have at most 512 characters');
      const action = engine.stage(stageName)?.actions.find((candidate) => candidate.name === actionName);
      if (action?.category !== 'Approval') throw new AwsError('ActionNotFoundException', `no approval ${actionName}`);
      const at = pipelines.approvals.answer(
        { pipelineName: engine.model.name, stageName, actionName, token: input.token, status, summary },
        caller,
      );
      return { approvedAt: new Date(at) };
    },

    PutJobSuccessResult: (input) => {
      pipelines.jobs.answer(String(input.jobId), success(input));
      return {};
    },

    PutJobFailureResult: (input) => {
      pipelines.jobs.answer(String(input.jobId), failure(input));
      return {};
    },

    StartPipelineExecution: (input, caller) => {
      const engine = engineOf(input.name, 'name');
      const variables = Object.fromEntries((input.variables ?? []).map((v: any) => [v.name, v.value]));
      const execution = engine.start({ type: 'StartPipelineExecution', detail: caller.arn }, variables);
      return { pipelineExecutionId: execution.id };
    },

    StopPipelineExecution: (input) => {
      const engine = engineOf(input.pipelineName);
      check((input.reason ?? '').length <= 200, 'reason must have at most 200 characters');
      engine.stop(input.pipelineExecutionId, input.abandon === true, input.reason ?? '');
      return { pipelineExecutionId: input.pipelineExecutionId };
    },

    RetryStageExecution: (input) => {
      const engine = engineOf(input.pipelineName);
      const mode = input.retryMode;
      check(mode === 'FAILED_ACTIONS' || mode === 'ALL_ACTIONS', 'retryMode must be FAILED_ACTIONS or ALL_ACTIONS');
      engine.retry(stageOf(engine, input.stageName), input.pipelineExecutionId, mode);
      return { pipelineExecutionId: input.pipelineExecutionId };
    },

    RollbackStage: (input, caller) => {
      const engine = engineOf(input.pipelineName);
      const execution = engine.rollback(stageOf(engine, input.stageName), input.targetPipelineExecutionId, {
        type: 'ManualRollback',
        detail: caller.arn,
      });
      return { pipelineExecutionId: execution.id };
    },
  };

  const on = (...parts: string[]): string => pipelineArn(host, parts.join('/'));
  const pipeline = (operation: string, field: string): Authorize => {
    return (input) => ({ action: `codepipeline:${operation}`, resources: [on(String(input[field]))] });
  };
  const stage = (operation: string): Authorize => {
    return (input) => ({
      action: `codepipeline:${operation}`,
      resources: [on(String(input.pipelineName), String(input.stageName))],
    });
  };
  return {
    name: 'codepipeline',
    operations,
    authorize: {
      GetPipelineState: pipeline('GetPipelineState', 'name'),
      GetPipelineExecution: pipeline('GetPipelineExecution', 'pipelineName'),
      ListPipelineExecutions: pipeline('ListPipelineExecutions', 'pipelineName'),
      ListActionExecutions: pipeline('ListActionExecutions', 'pipelineName'),
      StartPipelineExecution: pipeline('StartPipelineExecution', 'name'),
      // Jobs are no resources of IAM.
      PutJobSuccessResult: () => ({ action: 'codepipeline:PutJobSuccessResult', resources: ['*'] }),
      PutJobFailureResult: () => ({ action: 'codepipeline:PutJobFailureResult', resources: ['*'] }),
      StopPipelineExecution: pipeline('StopPipelineExecution', 'pipelineName'),
      RetryStageExecution: stage('RetryStageExecution'),
      RollbackStage: stage('RollbackStage'),
      PutApprovalResult: (input) => ({
        action: 'codepipeline:PutApprovalResult',
        resources: [on(String(input.pipelineName), String(input.stageName), String(input.actionName))],
      }),
    },
  };
}

function ordered(newestFirst: readonly ActionRun[], order: Assumptions['actionOrder']): readonly ActionRun[] {
  if (order === 'newest-first') return newestFirst;
  if (order === 'oldest-first') return newestFirst.toReversed();
  // The ids are random.
  return newestFirst.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

/** One page of a list, and the token of the next: where it begins. */
function page<T>(all: readonly T[], input: { maxResults?: number; nextToken?: string }): [readonly T[], string?] {
  const from = input.nextToken === undefined ? 0 : Number(Buffer.from(input.nextToken, 'base64').toString());
  if (!Number.isInteger(from)) throw new AwsError('InvalidNextTokenException', 'the next token is not valid');
  const to = from + Math.min(input.maxResults ?? 100, 100);
  return to >= all.length ? [all.slice(from)] : [all.slice(from, to), Buffer.from(String(to)).toString('base64')];
}
