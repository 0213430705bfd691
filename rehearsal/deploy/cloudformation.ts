/** CloudFormation deploy actions: they deploy the assembly's template that `TemplatePath` names. */
import { basename } from 'node:path';
import type { Course } from '../pipeline/course';
import type { ActionResult, ActionWork, Provider } from '../pipeline/provider';
import { DeploymentFailed } from '../template/deployment-failed';
import type { StackArtifact, Template } from '../template/model';
import type { Deployment } from '../world';
import { buildOf } from './build';
import { changesBetween, ChangeSets, saidChange } from './change-sets';
import type { CodeDeploy } from './codedeploy';
import type { EcsDeployments } from './ecs-deployments';
import type { DeployHost } from './host';

export class CloudFormationDeploys {
  /** What each stack runs now, to go back to when its deployment fails. */
  private readonly running = new Map<string, Template>();
  readonly changeSets: ChangeSets;
  private readonly busy = new Set<string>();

  constructor(
    private readonly host: DeployHost,
    private readonly codeDeploy: CodeDeploy,
    private readonly ecs: EcsDeployments,
  ) {
    this.changeSets = new ChangeSets(host);
  }

  readonly provider: Provider = async (work, course) => {
    const { ActionMode, StackName, ChangeSetName, TemplatePath } = work.run.resolvedConfiguration;
    const what = `${work.run.stage}/${work.run.action} of ${work.pipeline.name}`;
    if (ActionMode === 'CHANGE_SET_REPLACE') {
      await course.sleep(20_000, what);
      this.prepare(work);
      return { status: 'Succeeded', summary: `change set ${ChangeSetName} of ${StackName} was created` };
    }
    await course.sleep(40_000, what);
    const path = TemplatePath ?? this.changeSets.find(StackName, ChangeSetName)?.path ?? '';
    const artifact = this.artifact(path, StackName ?? '');
    this.changeSets.forget(StackName ?? '');
    if (artifact === undefined || ActionMode === 'DELETE_ONLY') {
      return { status: 'Succeeded', summary: `${StackName}: the assembly has no template ${path}` };
    }
    return this.deploy(artifact, work, course);
  };

  private prepare(work: ActionWork): void {
    const {
      StackName: stackName = '',
      ChangeSetName: name = '',
      TemplatePath: path = '',
    } = work.run.resolvedConfiguration;
    const artifact = this.artifact(path, stackName);
    const said = work.execution.change?.changeSets?.[stackName]?.map(saidChange);
    const found =
      artifact === undefined
        ? []
        : changesBetween(this.running.get(stackName) ?? artifact.template, this.built(artifact, work));
    this.changeSets.make({ stackName, name, path, changes: said ?? found });
  }

  private built({ template }: StackArtifact, { execution }: ActionWork): Template {
    return buildOf(template, execution.revisions[0]?.id ?? 'unknown', execution.change?.breaks ?? {});
  }

  private artifact(path: string, stackName: string): StackArtifact | undefined {
    const file = basename(path.split('::').at(-1) ?? '');
    return (
      this.host.stacks.find((stack) => stack.stackName === stackName && basename(stack.templateFile) === file) ??
      this.host.stacks.find((stack) => basename(stack.templateFile) === file) ??
      this.host.stacks.find((stack) => stack.stackName === stackName)
    );
  }

  /** The APIs of a stack are what the change makes of them; what is answered takes it back. */
  private define(stackName: string, { execution }: ActionWork): () => void {
    const { restApis } = this.host;
    const apis = this.host.resources('AWS::ApiGateway::RestApi').filter(({ stack }) => stack === stackName);
    const before = apis.map(({ physicalId }) => [physicalId, restApis.definitionOf(physicalId)] as const);
    const broken = execution.change?.breaks ?? {};
    for (const { physicalId, properties } of apis) {
      const revision = execution.revisions[0]?.id ?? 'unknown';
      restApis.define(physicalId, { revision, broken: broken[String(properties.Name)] === 'errors' });
    }
    return () => before.forEach(([id, definition]) => restApis.define(id, definition));
  }

  private async deploy(artifact: StackArtifact, work: ActionWork, course: Course): Promise<ActionResult> {
    const { stackName } = artifact;
    if (this.busy.has(stackName)) {
      return { status: 'Failed', summary: `the stack ${stackName} is being updated already` };
    }
    this.busy.add(stackName);
    try {
      const broken = work.execution.change?.breaks ?? {};
      const before = this.running.get(stackName);
      const template = this.built(artifact, work);
      const earlier = before ?? (this.host.isDeployed(stackName) ? artifact.template : { Resources: {} });
      const back = (failure: string): Promise<ActionResult> => this.rollBack(stackName, earlier, failure, course);
      const deployment = await this.attempt(stackName, template, course);
      if (typeof deployment === 'string') return await back(deployment);
      const { aliasUpdates, serviceUpdates } = deployment;
      const takeBack = this.define(stackName, work);
      for (const update of aliasUpdates) {
        work.progress(`CodeDeploy moves ${update.functionName}:${update.alias} from ${update.from} to ${update.to}`);
        const failure = await this.codeDeploy.run(update, course, broken[update.functionName] === 'errors');
        if (failure === undefined) continue;
        takeBack();
        return await back(failure);
      }
      for (const service of serviceUpdates.filter((one) => this.ecs.shifts(one))) {
        work.progress(`ECS deploys ${service.attributes.Name}`);
        const failure = await this.ecs.run(service, course, broken[String(service.attributes.Name)] === 'errors');
        if (failure === undefined) continue;
        takeBack();
        return await back(failure);
      }
      this.running.set(stackName, template);
      return { status: 'Succeeded', summary: `${stackName} was deployed` };
    } finally {
      this.busy.delete(stackName);
    }
  }

  /** A text says why CloudFormation gave up. */
  private async attempt(stackName: string, template: Template, course: Course): Promise<Deployment | string> {
    try {
      return await this.host.deploy(stackName, template, undefined, course);
    } catch (error) {
      if (error instanceof DeploymentFailed) return error.message;
      throw error;
    }
  }

  private async rollBack(stackName: string, earlier: Template, failure: string, course: Course): Promise<ActionResult> {
    const again = await this.attempt(stackName, earlier, course);
    const summary =
      typeof again === 'string'
        ? `${stackName} could not be rolled back, ${again}; before that: ${failure}`
        : `${stackName} was rolled back: ${failure}`;
    return { status: 'Failed', summary: summary.slice(0, 2048) };
  }
}
