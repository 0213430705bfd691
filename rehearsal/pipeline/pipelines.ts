/** All pipelines of an assembly, and what scenarios may change about their actions. */
import { CloudFormationDeploys } from '../deploy/cloudformation';
import { Approvals } from './approvals';
import { ASSUMED, type Assumptions } from './assumptions';
import { buildProvider, type EndedBuild } from './builds';
import { PipelineEngine } from './engine';
import type { Change, Execution } from './execution';
import type { Host } from './host';
import { Jobs } from './jobs';
import type { ActionModel, PipelineModel } from './model';
import { pipelineModel } from './model';
import type { ActionResult, Provider } from './provider';
import { sourceProvider, succeeds } from './provider';
import { askRule } from './rules';

export interface PipelinesOptions {
  /** Deploys stacks; without it, CloudFormation actions succeed like any other. */
  readonly cloudFormation?: CloudFormationDeploys;
  /** Deploys images to services of ECS; without it, such actions succeed like any other. */
  readonly ecs?: Provider;
  /** Deploys to services of ECS by CodeDeploy; without it, such actions succeed like any other. */
  readonly codeDeployToEcs?: Provider;
  /** Deploys to servers; without it, CodeDeploy actions succeed like any other. */
  readonly codeDeploy?: Provider;
  /** Hears of every build that has ended. */
  readonly built?: (build: EndedBuild) => void;
}

/** An action that ends otherwise than it would. */
export interface Override {
  readonly stage: string;
  readonly action: string;
  readonly result: ActionResult;
  times: number;
}

export class Pipelines {
  /** What this rehearsal assumes of CodePipeline where its documents are silent. */
  assumed: Assumptions = ASSUMED;
  readonly approvals: Approvals;
  readonly jobs: Jobs;
  private readonly deleted = new Set<string>();
  private readonly engines = new Map<string, PipelineEngine>();
  private readonly overrides: Override[] = [];
  private readonly listeners: ((begun?: Execution) => void)[] = [];
  private latest: Change = {
    id: '0000000000000000000000000000000000000000',
    message: 'First commit',
    author: 'nobody',
    authorMail: 'nobody@example.com',
  };

  constructor(
    private readonly host: Host,
    private readonly options: PipelinesOptions = {},
  ) {
    this.approvals = new Approvals(host, () => this.assumed);
    this.jobs = new Jobs(host);
  }

  get names(): readonly string[] {
    return this.host.resources('AWS::CodePipeline::Pipeline').map((resource) => pipelineModel(resource).name);
  }

  /** As CodePipeline's API finds it: a pipeline that was deleted is not there. */
  find(name: string): PipelineEngine | undefined {
    return this.deleted.has(name) ? undefined : this.everHad(name);
  }

  delete(name: string): void {
    this.find(name)?.end();
    this.deleted.add(name);
  }

  /** Also one that was deleted: its runs can still be looked at. */
  everHad(name: string): PipelineEngine | undefined {
    const known = this.engines.get(name);
    if (known !== undefined) return known;
    const model = this.host
      .resources('AWS::CodePipeline::Pipeline')
      .map(pipelineModel)
      .find((candidate) => candidate.name === name);
    if (model === undefined) return undefined;
    const engine = new PipelineEngine(
      this.host,
      model,
      { providerOf: (action, stage) => this.providerOf(action, stage), ask: askRule(this.host, this.jobs) },
      (begun) => this.listeners.forEach((listener) => listener(begun)),
      () => this.assumed,
    );
    this.engines.set(name, engine);
    return engine;
  }

  /** A change arrives in the repository that the pipeline watches. */
  push(pipeline: string, change: Change): Execution {
    const engine = this.find(pipeline);
    if (engine === undefined) throw new Error(`no pipeline ${pipeline}; there are: ${this.names.join(', ')}`);
    this.latest = change;
    return engine.start(triggerOf(engine.model, this.host), {}, change);
  }

  /** The next so many runs of an action end as told. */
  override(override: Override): void {
    this.overrides.push(override);
  }

  /** Hears of every change, and of the run that began if that is the change. */
  onChange(listener: (begun?: Execution) => void): void {
    this.listeners.push(listener);
  }

  private isHere(functionName = ''): boolean {
    return this.host
      .resources('AWS::Lambda::Function')
      .some(({ physicalId, arn }) => physicalId === functionName || arn === functionName);
  }

  private providerOf(action: ActionModel, stage: string): Provider {
    const override = this.overrides.find((o) => o.stage === stage && o.action === action.name && o.times > 0);
    if (override !== undefined) {
      override.times -= 1;
      return async (work, course) => {
        await course.sleep(10_000, `${stage}/${action.name} of ${work.pipeline.name}`);
        return override.result;
      };
    }
    if (action.category === 'Approval') return this.approvals.provider;
    if (action.category === 'Source') return sourceProvider(() => this.latest);
    if (action.provider === 'CloudFormation' && this.options.cloudFormation !== undefined) {
      return this.options.cloudFormation.provider;
    }
    if (action.provider === 'ECS' && this.options.ecs !== undefined) return this.options.ecs;
    if (action.provider === 'CodeDeployToECS' && this.options.codeDeployToEcs !== undefined) {
      return this.options.codeDeployToEcs;
    }
    if (action.provider === 'CodeDeploy' && this.options.codeDeploy !== undefined) return this.options.codeDeploy;
    if (action.provider === 'CodeBuild') return buildProvider(this.options.built ?? (() => undefined));
    // A function of another app succeeds, like every action that nobody knows.
    if (action.provider === 'Lambda' && this.isHere(action.configuration.FunctionName)) return this.jobs.provider;
    return succeeds;
  }
}

function triggerOf(model: PipelineModel, host: Host): { readonly type: string; readonly detail: string } {
  const source = model.stages[0]?.actions[0];
  if (source?.provider === 'CodeStarSourceConnection') {
    return { type: 'Webhook', detail: source.configuration.ConnectionArn ?? '' };
  }
  return { type: 'CloudWatchEvent', detail: `arn:aws:events:${host.region}:${host.account}:rule/${model.name}-source` };
}
