/** CodePipeline as one gate sees it, through the answer role of its pipeline. The only place where a token is held. */
import {
  ApprovalAlreadyCompletedException,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  InvalidApprovalTokenException,
  ListActionExecutionsCommand,
  PipelineExecutionNotFoundException,
  PipelineNotFoundException,
  PutApprovalResultCommand,
  type ActionExecutionDetail,
  type CodePipelineClient,
  type GetPipelineStateOutput,
} from '@aws-sdk/client-codepipeline';
import type { GateName } from '../../contract/policy';
import type { ActionTruth } from '../domain/console-answer';
import { runFacts, type RunFacts } from '../domain/run-facts';
import { requestIdOf } from '../signing/link-key';

/** The run that a request belongs to. */
export interface FoundRun {
  readonly executionId: string;
  readonly actionExecutionId: string;
  readonly startedAt?: string;
  readonly link?: string;
  readonly text?: string;
}

export interface Observation {
  readonly action: ActionTruth;
  readonly newerRunWaiting: boolean;
}

/** An approval that waits in a run: its request's id, once CodePipeline shows the token. */
export interface WaitingApproval {
  readonly requestId?: string;
}

const PAGE = 100;
const PAGES_WITHOUT_RUN = 5;
const PAGES_OF_A_RUN = 20;

export class PipelineView {
  constructor(
    private readonly client: CodePipelineClient,
    private readonly gate: GateName,
  ) {}

  /** Believes neither the message nor its text: the token of an action decides, by its hash. */
  async find(requestId: string, hint?: string): Promise<FoundRun | undefined> {
    const state = await this.state();
    const shown = this.stateTokenOf(state, requestId);
    const search = [shown?.executionId, hint].filter((id): id is string => id !== undefined);
    for (const executionId of [...new Set(search), undefined]) {
      const actions = await this.actions(executionId);
      const found = actions.find((detail) => this.isRequest(detail, requestId, shown?.actionExecutionId));
      if (found?.pipelineExecutionId !== undefined && found.actionExecutionId !== undefined) {
        const configuration = found.input?.resolvedConfiguration ?? found.input?.configuration;
        return withoutUndefined({
          executionId: found.pipelineExecutionId,
          actionExecutionId: found.actionExecutionId,
          startedAt: found.startTime?.toISOString(),
          link: configuration?.['ExternalEntityLink'],
          text: configuration?.['CustomData'],
        });
      }
    }
    return undefined;
  }

  /** Approvals of this gate that wait in a run. */
  async waitingIn(executionId: string): Promise<readonly WaitingApproval[]> {
    const actions = (await this.actions(executionId)).filter(({ status }) => status === 'InProgress');
    if (actions.length === 0) {
      return [];
    }
    const shown = this.actionState(await this.state())?.latestExecution;
    return actions.map(({ actionExecutionId, output }) => {
      const sameAction = shown?.actionExecutionId === undefined || shown.actionExecutionId === actionExecutionId;
      const fromState = sameAction ? shown?.token : undefined;
      const token = fromState ?? output?.executionResult?.externalExecutionId;
      return token === undefined ? {} : { requestId: this.idOf(token) };
    });
  }

  /** Who answered, and whether it still waits. */
  async observe(executionId: string, actionExecutionId: string): Promise<Observation> {
    try {
      const actions = await this.actions(executionId);
      const detail = actions.find((action) => action.actionExecutionId === actionExecutionId);
      const stage = (await this.state()).stageStates?.find(({ stageName }) => stageName === this.gate.stage);
      const inbound = [
        ...(stage?.inboundExecutions ?? []),
        ...(stage?.inboundExecution ? [stage.inboundExecution] : []),
      ];
      return {
        action: detail === undefined ? { status: 'WAITING' } : truthOf(detail),
        newerRunWaiting: inbound.some(({ pipelineExecutionId }) => pipelineExecutionId !== executionId),
      };
    } catch (error) {
      if (isGone(error)) {
        return { action: { status: 'GONE' }, newerRunWaiting: false };
      }
      throw error;
    }
  }

  /** Delivers an answer. False when the approval takes none any more: somebody answered, or it is over. */
  async answer(
    requestId: string,
    run: Pick<FoundRun, 'executionId'>,
    approved: boolean,
    summary: string,
  ): Promise<boolean> {
    const token = await this.tokenOf(requestId, run.executionId);
    if (token === undefined) {
      throw new TokenNotShown();
    }
    try {
      await this.client.send(
        new PutApprovalResultCommand({
          pipelineName: this.gate.pipeline,
          stageName: this.gate.stage,
          actionName: this.gate.action,
          token,
          result: { status: approved ? 'Approved' : 'Rejected', summary },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ApprovalAlreadyCompletedException || error instanceof InvalidApprovalTokenException) {
        return false;
      }
      throw error;
    }
  }

  /** Revisions, trigger and kind of a run. */
  async describe(executionId: string): Promise<RunFacts> {
    const { pipelineExecution } = await this.client.send(
      new GetPipelineExecutionCommand({ pipelineName: this.gate.pipeline, pipelineExecutionId: executionId }),
    );
    return runFacts(pipelineExecution ?? {});
  }

  /** Whether a run passed this very gate: its last attempt there counts. */
  async passed(executionId: string): Promise<boolean> {
    return (await this.actions(executionId))[0]?.status === 'Succeeded';
  }

  /** The newest other run that finished every action of this stage: what the stage runs, or goes back to. */
  async lastGoodRun(exceptExecutionId: string): Promise<string | undefined> {
    const stage = (await this.state()).stageStates?.find(({ stageName }) => stageName === this.gate.stage);
    const names = (stage?.actionStates ?? []).map(({ actionName }) => actionName);
    const latest = new Map<string, Map<string | undefined, string | undefined>>();
    for (const detail of await this.list(undefined, PAGES_WITHOUT_RUN)) {
      const run = detail.pipelineExecutionId;
      if (detail.stageName === this.gate.stage && run !== undefined && run !== exceptExecutionId) {
        const actions = latest.get(run) ?? new Map<string | undefined, string | undefined>();
        // Newest first: the first entry of an action is its last attempt.
        if (!actions.has(detail.actionName)) {
          actions.set(detail.actionName, detail.status);
        }
        latest.set(run, actions);
      }
    }
    const good = [...latest].find(([, actions]) => names.every((name) => actions.get(name) === 'Succeeded'));
    return names.length === 0 ? undefined : good?.[0];
  }

  private async tokenOf(requestId: string, executionId: string): Promise<string | undefined> {
    const shown = this.actionState(await this.state())?.latestExecution?.token;
    if (shown !== undefined && this.idOf(shown) === requestId) {
      return shown;
    }
    return (await this.actions(executionId))
      .map(({ output }) => output?.executionResult?.externalExecutionId)
      .find((token) => token !== undefined && this.idOf(token) === requestId);
  }

  private stateTokenOf(state: GetPipelineStateOutput, requestId: string) {
    const latest = this.actionState(state)?.latestExecution;
    if (latest?.token === undefined || this.idOf(latest.token) !== requestId) {
      return undefined;
    }
    const stage = state.stageStates?.find(({ stageName }) => stageName === this.gate.stage);
    return { executionId: stage?.latestExecution?.pipelineExecutionId, actionExecutionId: latest.actionExecutionId };
  }

  private isRequest(detail: ActionExecutionDetail, requestId: string, shownAction: string | undefined): boolean {
    const token = detail.output?.executionResult?.externalExecutionId;
    const byToken = token !== undefined && this.idOf(token) === requestId;
    return byToken || (shownAction !== undefined && detail.actionExecutionId === shownAction);
  }

  private actionState(state: GetPipelineStateOutput) {
    const stage = state.stageStates?.find(({ stageName }) => stageName === this.gate.stage);
    return stage?.actionStates?.find(({ actionName }) => actionName === this.gate.action);
  }

  private idOf(token: string): string {
    return requestIdOf(this.gate.pipeline, this.gate.stage, this.gate.action, token);
  }

  private state(): Promise<GetPipelineStateOutput> {
    return this.client.send(new GetPipelineStateCommand({ name: this.gate.pipeline }));
  }

  /** Executions of this gate's action, newest first. */
  private async actions(executionId: string | undefined): Promise<readonly ActionExecutionDetail[]> {
    const pages = executionId === undefined ? PAGES_WITHOUT_RUN : PAGES_OF_A_RUN;
    const details = await this.list(executionId, pages);
    return details.filter(
      ({ stageName, actionName }) => stageName === this.gate.stage && actionName === this.gate.action,
    );
  }

  private async list(executionId: string | undefined, pages: number): Promise<readonly ActionExecutionDetail[]> {
    const details: ActionExecutionDetail[] = [];
    let nextToken: string | undefined;
    try {
      for (let page = 0; page < pages; page += 1) {
        const answer = await this.client.send(
          new ListActionExecutionsCommand({
            pipelineName: this.gate.pipeline,
            maxResults: PAGE,
            ...(executionId === undefined ? {} : { filter: { pipelineExecutionId: executionId } }),
            ...(nextToken === undefined ? {} : { nextToken }),
          }),
        );
        details.push(...(answer.actionExecutionDetails ?? []));
        nextToken = answer.nextToken;
        if (nextToken === undefined) {
          break;
        }
      }
    } catch (error) {
      // A hint that leads nowhere is no reason to fail.
      if (!(error instanceof PipelineExecutionNotFoundException)) {
        throw error;
      }
    }
    return details;
  }
}

/** The approval waits and CodePipeline does not show its token (yet). */
export class TokenNotShown extends Error {
  override readonly name = 'TokenNotShown';
}

function isGone(error: unknown): boolean {
  return error instanceof PipelineNotFoundException;
}

const STATUS: Readonly<Record<string, ActionTruth['status']>> = {
  Succeeded: 'SUCCEEDED',
  Failed: 'FAILED',
  Abandoned: 'ABANDONED',
};

function truthOf({ status, updatedBy, lastUpdateTime, output }: ActionExecutionDetail): ActionTruth {
  return withoutUndefined({
    status: STATUS[status ?? ''] ?? 'WAITING',
    updatedBy,
    updatedAt: lastUpdateTime?.toISOString(),
    comment: output?.executionResult?.externalExecutionSummary,
  });
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Defined<T>;
}
