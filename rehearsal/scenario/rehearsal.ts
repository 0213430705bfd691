/** One rehearsal: a world with the pipelines and deployments of its assembly in it. */
import { createHash } from 'node:crypto';
import { codeDeployService } from '../deploy/api';
import { CloudFormationDeploys } from '../deploy/cloudformation';
import { CodeDeploy } from '../deploy/codedeploy';
import { codePipelineService } from '../pipeline/api';
import type { PipelineEngine } from '../pipeline/engine';
import type { Breakage, Execution } from '../pipeline/execution';
import { Pipelines } from '../pipeline/pipelines';
import type { World } from '../world';

export interface Push {
  readonly message: string;
  readonly author?: string;
  readonly mail?: string;
  readonly commit?: string;
  readonly breaks?: Readonly<Record<string, Breakage>>;
  readonly pipeline?: string;
}

/** What was so when a change was pushed, to compare with. */
export interface Pushed {
  readonly execution: Execution;
  readonly pipeline: string;
  readonly versions: ReadonlyMap<string, string>;
  readonly mails: number;
}

export class Rehearsal {
  readonly pipelines: Pipelines;
  readonly codeDeploy: CodeDeploy;
  private readonly pushes: Pushed[] = [];

  constructor(
    readonly world: World,
    private readonly defaultPipeline?: string,
  ) {
    this.codeDeploy = new CodeDeploy(world);
    this.pipelines = new Pipelines(world, { cloudFormation: new CloudFormationDeploys(world, this.codeDeploy) });
    world.register(codePipelineService(this.pipelines, world));
    world.register(codeDeployService(this.codeDeploy, world));
  }

  get pipelineName(): string {
    const name = this.defaultPipeline ?? this.pipelines.names[0];
    if (name === undefined) throw new Error('the app has no pipeline');
    return name;
  }

  get latest(): Pushed | undefined {
    return this.pushes.at(-1);
  }

  engine(name: string = this.pipelineName): PipelineEngine {
    const engine = this.pipelines.find(name);
    if (engine === undefined) {
      throw new Error(`the app has no pipeline ${name}; it has ${this.pipelines.names.join(', ')}`);
    }
    return engine;
  }

  push(push: Push): Execution {
    const pipeline = push.pipeline ?? this.pipelineName;
    this.engine(pipeline);
    const author = push.author ?? 'dora';
    const commit = push.commit ?? createHash('sha1').update(`${this.pushes.length} ${push.message}`).digest('hex');
    const mails = this.world.inbox.length;
    const versions = this.versions();
    const execution = this.pipelines.push(pipeline, {
      id: commit,
      message: push.message,
      author,
      authorMail: push.mail ?? `${author}@example.com`,
      url: `https://git.example.com/shop/commit/${commit}`,
      breaks: push.breaks,
    });
    this.pushes.push({ execution, pipeline, versions, mails });
    return execution;
  }

  /** Version of every alias, by `function:alias`. */
  versions(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const { properties } of this.world.resources('AWS::Lambda::Alias')) {
      const functionName = String(properties.FunctionName).split(':').at(-1) ?? '';
      const alias = this.world.functions.alias(functionName, String(properties.Name));
      if (alias !== undefined) found.set(`${functionName}:${alias.name}`, alias.version);
    }
    return found;
  }

  close(): Promise<void> {
    return this.world.close();
  }
}
