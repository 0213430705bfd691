/** CloudFormation deploy actions: they deploy the assembly's template that `TemplatePath` names. */
import { basename } from 'node:path';
import type { Course } from '../pipeline/course';
import type { ActionResult, ActionWork, Provider } from '../pipeline/provider';
import type { StackArtifact, Template } from '../template/model';
import { buildOf } from './build';
import type { CodeDeploy } from './codedeploy';
import type { DeployHost } from './host';

export class CloudFormationDeploys {
  /** What each stack runs now, to go back to when its deployment fails. */
  private readonly running = new Map<string, Template>();
  private readonly changeSets = new Map<string, string>();
  private readonly busy = new Set<string>();

  constructor(
    private readonly host: DeployHost,
    private readonly codeDeploy: CodeDeploy,
  ) {}

  readonly provider: Provider = async (work, course) => {
    const { ActionMode, StackName, ChangeSetName, TemplatePath } = work.run.resolvedConfiguration;
    const what = `${work.run.stage}/${work.run.action} of ${work.pipeline.name}`;
    if (ActionMode === 'CHANGE_SET_REPLACE') {
      await course.sleep(20_000, what);
      this.changeSets.set(`${StackName} ${ChangeSetName}`, TemplatePath ?? '');
      return { status: 'Succeeded', summary: `change set ${ChangeSetName} of ${StackName} was created` };
    }
    await course.sleep(40_000, what);
    const path = TemplatePath ?? this.changeSets.get(`${StackName} ${ChangeSetName}`) ?? '';
    const artifact = this.artifact(path, StackName ?? '');
    if (artifact === undefined || ActionMode === 'DELETE_ONLY') {
      return { status: 'Succeeded', summary: `${StackName}: the assembly has no template ${path}` };
    }
    return this.deploy(artifact, work, course);
  };

  private artifact(path: string, stackName: string): StackArtifact | undefined {
    const file = basename(path.split('::').at(-1) ?? '');
    return (
      this.host.stacks.find((stack) => stack.stackName === stackName && basename(stack.templateFile) === file) ??
      this.host.stacks.find((stack) => basename(stack.templateFile) === file) ??
      this.host.stacks.find((stack) => stack.stackName === stackName)
    );
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
      const template = buildOf(artifact.template, work.execution.revisions[0]?.id ?? 'unknown', broken);
      const { aliasUpdates } = await this.host.deploy(stackName, template);
      for (const update of aliasUpdates) {
        work.progress(`CodeDeploy moves ${update.functionName}:${update.alias} from ${update.from} to ${update.to}`);
        const failure = await this.codeDeploy.run(update, course, broken[update.functionName] === 'errors');
        if (failure !== undefined) {
          await this.host.deploy(stackName, before ?? artifact.template);
          return { status: 'Failed', summary: `${stackName} was rolled back: ${failure}`.slice(0, 2048) };
        }
      }
      this.running.set(stackName, template);
      return { status: 'Succeeded', summary: `${stackName} was deployed` };
    } finally {
      this.busy.delete(stackName);
    }
  }
}
