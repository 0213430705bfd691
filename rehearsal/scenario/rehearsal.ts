/** One rehearsal: a world with the pipelines and deployments of its assembly in it. */
import { createHash } from 'node:crypto';
import { ImageScans } from '../aws/image-scans';
import { SecurityFindings } from '../aws/security-findings';
import { Sboms } from '../aws/sboms';
import { TestReports } from '../aws/test-reports';
import { AliasTraffic } from '../deploy/alias-traffic';
import { codeDeployService } from '../deploy/api';
import { CloudFormationDeploys } from '../deploy/cloudformation';
import { CodeDeploy } from '../deploy/codedeploy';
import { ecsAction } from '../deploy/ecs-action';
import { EcsDeployments } from '../deploy/ecs-deployments';
import { EcsTaskSets } from '../deploy/ecs-task-sets';
import { StageTraffic } from '../deploy/stage-traffic';
import { ServerDeploys } from '../deploy/server-deploys';
import { TrafficCourses } from '../deploy/traffic-courses';
import { codePipelineService } from '../pipeline/api';
import type { PipelineEngine } from '../pipeline/engine';
import type { Breakage, Execution, SaidChange } from '../pipeline/execution';
import { Pipelines } from '../pipeline/pipelines';
import type { Caller } from '../service';
import type { Resource } from '../template/model';
import type { Counts } from '../counts';
import type { World } from '../world';

export interface Push {
  readonly message: string;
  readonly author?: string;
  readonly mail?: string;
  readonly commit?: string;
  readonly breaks?: Readonly<Record<string, Breakage>>;
  readonly changeSets?: Readonly<Record<string, readonly SaidChange[]>>;
  readonly pipeline?: string;
}

/** A run that a change or a rollback started, and what was so before, to compare with. */
export interface Pushed {
  readonly execution: Execution;
  readonly pipeline: string;
  readonly versions: ReadonlyMap<string, string>;
  readonly revisions: ReadonlyMap<string, number>;
  /** By server: id of the commit. */
  readonly onServers: ReadonlyMap<string, string | undefined>;
  readonly mails: number;
  /** By stage of a REST API: the change that its production has. */
  readonly apiVersions: ReadonlyMap<string, string>;
}

export class Rehearsal {
  readonly pipelines: Pipelines;
  readonly codeDeploy: CodeDeploy;
  readonly ecs: EcsDeployments;
  readonly taskSets: EcsTaskSets;
  readonly cloudFormation: CloudFormationDeploys;
  readonly servers: ServerDeploys;
  readonly courses: TrafficCourses;
  readonly traffic: AliasTraffic;
  readonly stageTraffic: StageTraffic;
  readonly testReports: TestReports;
  readonly sboms: Sboms;
  readonly imageScans: ImageScans;
  readonly securityFindings: SecurityFindings;
  /** Counts that the scenario marked, by the name it gave them. */
  readonly marks = new Map<string, Counts>();
  private readonly pushes: Pushed[] = [];
  /** By run: how many mails had arrived when it began. */
  readonly mailsBefore = new Map<string, number>();
  private readonly began = process.cpuUsage();

  constructor(
    readonly world: World,
    private readonly defaultPipeline?: string,
  ) {
    this.codeDeploy = new CodeDeploy(world);
    this.traffic = new AliasTraffic(world);
    this.stageTraffic = new StageTraffic(world);
    this.ecs = new EcsDeployments(world);
    this.taskSets = new EcsTaskSets(world);
    this.cloudFormation = new CloudFormationDeploys(world, this.codeDeploy, this.ecs);
    this.servers = new ServerDeploys(world);
    this.courses = new TrafficCourses(this);
    this.testReports = new TestReports(world);
    this.sboms = new Sboms(world);
    this.imageScans = new ImageScans(world);
    this.securityFindings = new SecurityFindings(world);
    this.pipelines = new Pipelines(world, {
      cloudFormation: this.cloudFormation,
      ecs: ecsAction(world, this.ecs),
      codeDeployToEcs: this.taskSets.provider,
      codeDeploy: this.servers.provider,
      built: (build) => {
        this.testReports.built(build);
        this.sboms.built(build);
      },
    });
    this.pipelines.onChange((begun) => {
      if (begun !== undefined) this.mailsBefore.set(begun.id, world.inbox.length);
    });
    world.register(codePipelineService(this.pipelines, world));
    world.register(
      codeDeployService({ functions: this.codeDeploy, services: this.taskSets, servers: this.servers }, world),
    );
    world.register(this.cloudFormation.changeSets.service());
    world.register(this.testReports.service());
    world.register(this.sboms.service());
    world.register(this.imageScans.service());
    world.register(this.securityFindings.service());
  }

  get pipelineName(): string {
    const name = this.defaultPipeline ?? this.pipelines.names[0];
    if (name === undefined) throw new Error('the app has no pipeline');
    return name;
  }

  get latest(): Pushed | undefined {
    return this.pushes.at(-1);
  }

  /** Processor seconds since this rehearsal was made. */
  get seconds(): number {
    const { user, system } = process.cpuUsage(this.began);
    return (user + system) / 1e6;
  }

  /** Of the pipeline that the latest push went to. */
  latestRollback(): Execution | undefined {
    return this.engine(this.latest?.pipeline).executions.findLast((run) => run.rollbackTarget !== undefined);
  }

  /** From now on, expectations and answers are about the latest rollback, or again about the latest push. */
  follow(run: 'rollback' | 'push'): void {
    const execution = run === 'rollback' ? this.latestRollback() : undefined;
    const push = this.pushes.findLast((one) => one.execution.rollbackTarget === undefined);
    const followed = execution === undefined ? push : push && { ...push, execution };
    if (followed === undefined || (run === 'rollback' && execution === undefined)) {
      throw new Error(`there was no ${run} yet`);
    }
    this.pushes.push(followed);
  }

  engine(name: string = this.pipelineName): PipelineEngine {
    const engine = this.pipelines.everHad(name);
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
    const before = this.before(pipeline);
    const execution = this.pipelines.push(pipeline, {
      id: commit,
      message: push.message,
      author,
      authorMail: push.mail ?? `${author}@example.com`,
      url: `https://git.example.com/shop/commit/${commit}`,
      breaks: push.breaks,
      changeSets: push.changeSets,
    });
    this.pushes.push({ ...before, execution });
    return execution;
  }

  /** Somebody brings a stage back to the run that passed it before the last one that did. */
  async rollback(stageName: string, as = `arn:aws:iam::${this.world.account}:user/operator`): Promise<Execution> {
    const pipelineName = this.latest?.pipeline ?? this.pipelineName;
    const engine = this.engine(pipelineName);
    const passed = engine.executions.filter((run) => run.passed.has(stageName) && run.rollbackTarget === undefined);
    const target = passed.at(-2);
    if (target === undefined) throw new Error(`no two runs have passed ${stageName}: there is nothing to go back to`);
    const before = this.before(pipelineName);
    const input = { pipelineName, stageName, targetPipelineExecutionId: target.id };
    const caller: Caller = { principal: 'console', arn: as, roleArn: as };
    const { pipelineExecutionId } = await this.world.call('codepipeline', 'RollbackStage', input, caller);
    const execution = engine.execution(pipelineExecutionId);
    if (execution === undefined) throw new Error(`CodePipeline knows no run ${pipelineExecutionId}`);
    this.pushes.push({ ...before, execution });
    return execution;
  }

  private before(pipeline: string): Omit<Pushed, 'execution'> {
    const { fleet } = this.servers;
    const servers = fleet.names.flatMap((name) => fleet.named(name));
    return {
      pipeline,
      versions: this.versions(),
      revisions: this.revisions(),
      onServers: new Map(servers.map(({ name, revision }) => [name, revision?.id])),
      mails: this.world.inbox.length,
      apiVersions: this.apiVersions(),
    };
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

  /** Revision, or task set of CodeDeploy, of every service of ECS, by its name. */
  revisions(): ReadonlyMap<string, number> {
    const services = this.world.resources('AWS::ECS::Service');
    const by = (one: Resource): Pick<EcsDeployments, 'revisionOf'> =>
      this.taskSets.deploys(one) ? this.taskSets : this.ecs;
    return new Map(services.map((one) => [String(one.attributes.Name), by(one).revisionOf(one)]));
  }

  /** The change that the production of each stage of a REST API has, by `api/stage`. */
  apiVersions(): ReadonlyMap<string, string> {
    return new Map([...this.world.restApis.all].map(([path, { production }]) => [path, production.revision]));
  }

  close(): Promise<void> {
    return this.world.close();
  }
}
