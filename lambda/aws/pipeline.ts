/** CodePipeline as one gate sees it, through the answer role of its pipeline. The only place where a token is held. */
import {
  ActionNotFoundException,
  ApprovalAlreadyCompletedException,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  InvalidApprovalTokenException,
  ListActionExecutionsCommand,
  PipelineExecutionNotFoundException,
  PipelineNotFoundException,
  PutApprovalResultCommand,
  StageNotFoundException,
  type ActionExecutionDetail,
  type CodePipelineClient,
  type GetPipelineStateOutput,
} from '@aws-sdk/client-codepipeline';
import type { GateName } from '../../contract/policy';
import type { RunList } from '../domain/change-range';
import type { ActionState } from '../domain/console-answer';
import { inBrief, latestRunOf, type StageOverview } from '../domain/overview';
import type { Revision } from '../domain/request';
import type { RunAction } from '../domain/run-actions';
import { runFacts, type RunFacts } from '../domain/run-facts';
import { hasDeployed, lastToPass, rollbackCandidates, servingRun } from '../domain/stage-history';
import { requestIdOf } from '../signing/link-key';
import { listRuns } from './pipeline-runs';
import { recordOf, runActionOf, timeOf } from './run-actions';

/** The run that a request belongs to. */
export interface FoundRun {
  readonly executionId: string;
  readonly actionExecutionId: string;
  readonly startedAt?: string;
  readonly link?: string;
  readonly text?: string;
}

/** An approval that waits in a run: its request's id, once CodePipeline shows the token. */
export interface WaitingApproval {
  readonly requestId?: string;
}

/** What serves in the gate's stage, and what CodePipeline would roll it back to. */
export interface StageStatus {
  readonly serving: readonly Revision[];
  /** The run that brought it there. */
  readonly servingRun?: string;
  /** The run that asks has deployed there itself. */
  readonly deployed?: true;
  readonly rollbackTarget?: readonly Revision[];
}

/** TAKEN; OVER: somebody answered, or its time is over; GONE: pipeline, stage or action exist no more. */
export type Delivery = 'TAKEN' | 'OVER' | 'GONE';

const PAGE = 100;
const PAGES_WITHOUT_RUN = 5;
const PAGES_OF_A_RUN = 20;
/** Runs that finished the stage and turn out to be rollbacks: so many are tried. */
const MOST_CANDIDATES = 5;
/** Providers of source actions that are connections (https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html). */
const CONNECTION = 'CodeStarSourceConnection';

export class PipelineView {
  constructor(
    private readonly client: CodePipelineClient,
    private readonly gate: GateName,
  ) {}

  /** Believes neither the message nor its text: the token of an action decides, by its hash. */
  async find(requestId: string, hint?: string): Promise<FoundRun | undefined> {
    return unlessPipelineIsGone(() => this.search(requestId, hint), undefined);
  }

  private async search(requestId: string, hint: string | undefined): Promise<FoundRun | undefined> {
    const state = await this.state();
    const shown = this.stateTokenOf(state, requestId);
    const likely = [shown?.executionId, hint].filter((id): id is string => id !== undefined);
    for (const executionId of [...new Set(likely), undefined]) {
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
    return unlessPipelineIsGone(() => this.inProgress(executionId), []);
  }

  private async inProgress(executionId: string): Promise<readonly WaitingApproval[]> {
    const actions = (await this.actions(executionId)).filter(({ status }) => status === 'InProgress');
    if (actions.length === 0) {
      return [];
    }
    const shown = this.actionState(await this.state())?.latestExecution;
    return actions.map(({ actionExecutionId, output }) => {
      const sameAction = shown?.actionExecutionId === actionExecutionId;
      const fromState = sameAction ? shown?.token : undefined;
      const token = fromState ?? output?.executionResult?.externalExecutionId;
      return token === undefined ? {} : { requestId: this.idOf(token) };
    });
  }

  /** Who answered, or that the approval still waits. */
  async observe(executionId: string, actionExecutionId: string): Promise<ActionState> {
    return unlessPipelineIsGone<ActionState>(
      async () => {
        const actions = await this.actions(executionId);
        const detail = actions.find((action) => action.actionExecutionId === actionExecutionId);
        return detail === undefined ? { status: 'WAITING' } : stateOf(detail);
      },
      { status: 'GONE', answer: {} },
    );
  }

  /** Whether another run waits to enter the stage. */
  async newerRunWaits(executionId: string): Promise<boolean> {
    const stage = this.stageState(await this.state());
    const inbound = [...(stage?.inboundExecutions ?? []), ...(stage?.inboundExecution ? [stage.inboundExecution] : [])];
    return inbound.some(({ pipelineExecutionId }) => pipelineExecutionId !== executionId);
  }

  /** Delivers an answer. */
  async answer(requestId: string, executionId: string, approved: boolean, summary: string): Promise<Delivery> {
    try {
      const token = await this.tokenOf(requestId, executionId);
      if (token === undefined) {
        throw new TokenNotShown();
      }
      await this.client.send(
        new PutApprovalResultCommand({
          pipelineName: this.gate.pipeline,
          stageName: this.gate.stage,
          actionName: this.gate.action,
          token,
          result: { status: approved ? 'Approved' : 'Rejected', summary },
        }),
      );
      return 'TAKEN';
    } catch (error) {
      if (error instanceof ApprovalAlreadyCompletedException || error instanceof InvalidApprovalTokenException) {
        return 'OVER';
      }
      if (
        error instanceof StageNotFoundException ||
        error instanceof ActionNotFoundException ||
        error instanceof PipelineNotFoundException
      ) {
        return 'GONE';
      }
      throw error;
    }
  }

  /** Revisions, trigger and kind of a run. */
  async describe(executionId: string): Promise<RunFacts> {
    const { pipelineExecution } = await this.client.send(
      new GetPipelineExecutionCommand({ pipelineName: this.gate.pipeline, pipelineExecutionId: executionId }),
    );
    // A rollback runs no sources of its own: its revisions are those of the run that it goes back to.
    const origin = pipelineExecution?.rollbackMetadata?.rollbackTargetPipelineExecutionId ?? executionId;
    const sources = (await this.list(origin, PAGES_OF_A_RUN)).filter(isConnection);
    const artifacts = sources.flatMap(({ output }) =>
      (output?.outputArtifacts ?? []).flatMap(({ name }) => name ?? []),
    );
    return runFacts(pipelineExecution ?? {}, new Set(artifacts));
  }

  /** When a run passed this very gate, in milliseconds: its last attempt there counts. Undefined = it did not. */
  async passedAt(executionId: string): Promise<number | undefined> {
    const attempts = [...(await this.actions(executionId))];
    const [last] = attempts.sort((a, b) => timeOf(b) - timeOf(a));
    return last?.status === 'Succeeded' ? timeOf(last) : undefined;
  }

  /** The newest other run that passed this very gate. */
  async lastPassed(executionId: string): Promise<string | undefined> {
    const records = (await this.list(undefined, PAGES_WITHOUT_RUN)).flatMap(recordOf);
    return lastToPass(records, this.gate.stage, this.gate.action, executionId);
  }

  async stageStatus(executionId: string): Promise<StageStatus> {
    const state = await this.state();
    const records = (await this.list(undefined, PAGES_WITHOUT_RUN)).flatMap(recordOf);
    const serving = servingRun(records, this.gate.stage);
    const names = (this.stageState(state)?.actionStates ?? []).flatMap(({ actionName }) => actionName ?? []);
    const served = withoutUndefined({
      serving: await this.revisionsOf(serving),
      servingRun: serving,
      deployed: hasDeployed(records, this.gate.stage, executionId) ? (true as const) : undefined,
    });
    const candidates = rollbackCandidates(records, this.gate.stage, names, state.pipelineVersion, executionId);
    for (const candidate of candidates.slice(0, MOST_CANDIDATES)) {
      const facts = await this.describe(candidate);
      if (!facts.isRollback) {
        return { ...served, rollbackTarget: facts.revisions };
      }
    }
    return served;
  }

  /** The newest runs of the pipeline. Their sources are of the same kinds as those of this run. */
  async runs(executionId: string): Promise<RunList> {
    const sources = (await this.list(executionId, PAGES_OF_A_RUN)).filter(isConnection);
    return listRuns(this.client, this.gate.pipeline, new Set(sources.flatMap(({ actionName }) => actionName ?? [])));
  }

  /**
   * What serves in every stage of the pipeline, and what is on its way there.
   *
   * @param before what was found out before: the revisions of a run never change, and what serves in a stage for very long is no longer
   * among the newest executions
   */
  async overview(before: readonly StageOverview[]): Promise<readonly StageOverview[]> {
    return unlessPipelineIsGone(() => this.stages(before), []);
  }

  private async stages(before: readonly StageOverview[]): Promise<readonly StageOverview[]> {
    const runs = before.flatMap(({ serving, behind }) => [serving, behind]);
    const revisions = new Map(runs.flatMap((run) => (run === undefined ? [] : [[run.executionId, run.revisions]])));
    const { stageStates = [] } = await this.state();
    const records = (await this.list(undefined, PAGES_WITHOUT_RUN)).flatMap(recordOf);
    const isPart = records.length >= PAGE * PAGES_WITHOUT_RUN;
    const carrying = async (executionId: string | undefined) => {
      if (executionId === undefined) {
        return undefined;
      }
      const found = revisions.get(executionId) ?? (await this.describe(executionId)).revisions.map(inBrief);
      revisions.set(executionId, found);
      return { executionId, revisions: found };
    };
    const stages: StageOverview[] = [];
    for (const { stageName: stage = '', latestExecution, inboundExecution } of stageStates) {
      const behind = inboundExecution?.pipelineExecutionId;
      const served = before.find((one) => one.stage === stage)?.serving;
      stages.push(
        withoutUndefined({
          stage,
          serving: (await carrying(servingRun(records, stage))) ?? (isPart ? served : undefined),
          latest: latestRunOf(latestExecution),
          behind: await carrying(behind === latestExecution?.pipelineExecutionId ? undefined : behind),
        }),
      );
    }
    return stages;
  }

  private async revisionsOf(executionId: string | undefined): Promise<readonly Revision[]> {
    return executionId === undefined ? [] : (await this.describe(executionId)).revisions;
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
    const executionId = this.stageState(state)?.latestExecution?.pipelineExecutionId;
    return { executionId, actionExecutionId: latest.actionExecutionId };
  }

  private isRequest(detail: ActionExecutionDetail, requestId: string, shownAction: string | undefined): boolean {
    const token = detail.output?.executionResult?.externalExecutionId;
    const byToken = token !== undefined && this.idOf(token) === requestId;
    return byToken || (shownAction !== undefined && detail.actionExecutionId === shownAction);
  }

  private stageState(state: GetPipelineStateOutput) {
    return state.stageStates?.find(({ stageName }) => stageName === this.gate.stage);
  }

  private actionState(state: GetPipelineStateOutput) {
    return this.stageState(state)?.actionStates?.find(({ actionName }) => actionName === this.gate.action);
  }

  private idOf(token: string): string {
    return requestIdOf(this.gate.pipeline, this.gate.stage, this.gate.action, token);
  }

  private state(): Promise<GetPipelineStateOutput> {
    return this.client.send(new GetPipelineStateCommand({ name: this.gate.pipeline }));
  }

  async actionsIn(executionId: string): Promise<readonly RunAction[]> {
    return (await this.list(executionId, PAGES_OF_A_RUN)).flatMap(runActionOf);
  }

  /** Executions of this gate's action. */
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

async function unlessPipelineIsGone<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof PipelineNotFoundException) {
      return otherwise;
    }
    throw error;
  }
}

/** The approval waits and CodePipeline does not show its token (yet). */
export class TokenNotShown extends Error {
  override readonly name = 'TokenNotShown';
}

const STATUS: Readonly<Record<string, 'SUCCEEDED' | 'FAILED' | 'ABANDONED'>> = {
  Succeeded: 'SUCCEEDED',
  Failed: 'FAILED',
  Abandoned: 'ABANDONED',
};

function stateOf({ status, updatedBy, lastUpdateTime, output }: ActionExecutionDetail): ActionState {
  const known = STATUS[status ?? ''];
  if (known === undefined) {
    return { status: 'WAITING' };
  }
  const comment = output?.executionResult?.externalExecutionSummary;
  return { status: known, answer: withoutUndefined({ by: updatedBy, at: lastUpdateTime?.toISOString(), comment }) };
}

function isConnection({ input }: ActionExecutionDetail): boolean {
  return input?.actionTypeId?.category === 'Source' && input.actionTypeId.provider === CONNECTION;
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Defined<T>;
}
