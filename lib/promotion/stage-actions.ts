import { CfnCapabilities, Stack, type Stage } from 'aws-cdk-lib';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EnvironmentPlaceholders } from 'aws-cdk-lib/cx-api';
import { StageDeployment, type StackDeployment } from 'aws-cdk-lib/pipelines';
import { Construct } from 'constructs';
import { writeFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { GateError } from '../errors';
import { mustHoldNoStage } from './nested-stages';

/** The name that CDK Pipelines gives it, so that moving from one to the other leaves no change set behind. */
const CHANGE_SET = 'PipelineChange';

export interface StageSource {
  /** What holds the cloud assembly. */
  readonly assembly: codepipeline.Artifact;
  readonly assetsPublished: boolean;
}

/** For each stack of a stage, when those that it depends on are deployed: a change set, and its execution. */
export function stageActions(scope: Construct, stage: Stage, source: StageSource): codepipeline.IAction[] {
  mustHoldNoStage(stage);
  const { stacks } = StageDeployment.fromStage(stage);
  const levels = levelsOf(stacks);
  const names = namesOf(stage, stacks);
  return stacks.flatMap((stack) => {
    mustBeDeployable(stage, stack, source);
    const place = new Place(scope, stage, stack, names.get(stack) ?? stack.stackName);
    return stackActions(place, source.assembly, 2 * (levels.get(stack) ?? 0));
  });
}

/**
 * `Prod.Service`: unique where several stages are deployed at the same time. Where several stacks have that id, they are told apart by what they
 * stand in: `Prod.Orders.Service`.
 */
function namesOf(stage: Stage, stacks: readonly StackDeployment[]): ReadonlyMap<StackDeployment, string> {
  const below = (stack: StackDeployment) => stack.constructPath.slice(stage.node.path.length + 1).split('/');
  const nameOf = (path: readonly string[]) =>
    [stage.stageName, ...path.map((id) => id.replace(/[^A-Za-z0-9.@_-]/g, '-'))].join('.');
  const short = stacks.map((stack) => nameOf(below(stack).slice(-1)));
  return new Map(
    stacks.map((stack, index) => {
      const name = nameOf(below(stack).slice(-1));
      return [stack, short.some((other, at) => at !== index && other === name) ? nameOf(below(stack)) : name];
    }),
  );
}

function stackActions(place: Place, assembly: codepipeline.Artifact, before: number): codepipeline.IAction[] {
  const { name, stack, role, deploymentRole } = place;
  const common = { stackName: stack.stackName, changeSetName: CHANGE_SET, region: stack.region, role };
  const configuration = place.writeTags();
  return [
    new actions.CloudFormationCreateReplaceChangeSetAction({
      ...common,
      actionName: `${name}.Prepare`,
      runOrder: before + 1,
      templatePath: assembly.atPath(place.inAssembly(stack.absoluteTemplatePath)),
      templateConfiguration: configuration === undefined ? undefined : assembly.atPath(configuration),
      adminPermissions: true, // what the deployment role may do is settled where it is: by bootstrapping
      deploymentRole,
      cfnCapabilities: [CfnCapabilities.NAMED_IAM, CfnCapabilities.AUTO_EXPAND],
    }),
    new actions.CloudFormationExecuteChangeSetAction({
      ...common,
      actionName: `${name}.Deploy`,
      runOrder: before + 2,
    }),
  ];
}

/** Where a stack goes, and as whom. */
class Place {
  constructor(
    private readonly scope: Construct,
    private readonly stage: Stage,
    public readonly stack: StackDeployment,
    public readonly name: string,
  ) {}

  /** Calls CloudFormation there. */
  public get role(): iam.IRole {
    return this.imported(this.stack.assumeRoleArn ?? '');
  }

  /** What CloudFormation works as. */
  public get deploymentRole(): iam.IRole {
    return this.imported(this.stack.executionRoleArn ?? '');
  }

  public inAssembly(file: string): string {
    return relative((this.stage.node.root as Stage).outdir, file)
      .split(sep)
      .join('/');
  }

  /** Tags of a stack stand beside its template. */
  public writeTags(): string | undefined {
    const { tags, absoluteTemplatePath } = this.stack;
    if (Object.keys(tags).length === 0) {
      return undefined;
    }
    const file = `${absoluteTemplatePath}.config.json`;
    writeFileSync(file, JSON.stringify({ Tags: tags }, null, 2));
    return this.inAssembly(file);
  }

  /** Immutable: what it may do is not ours to say. The bucket and its key say that it may read artifacts. */
  private imported(arn: string): iam.IRole {
    const roles = this.scope.node.tryFindChild('BootstrapRoles') ?? new Construct(this.scope, 'BootstrapRoles');
    const { account, region } = Stack.of(this.scope);
    const roleArn = EnvironmentPlaceholders.replace(arn, {
      accountId: this.stack.account ?? account,
      region: this.stack.region ?? region,
      partition: Stack.of(this.scope).partition,
    });
    const known = roles.node.tryFindChild(arn);
    return known === undefined
      ? iam.Role.fromRoleArn(roles as Construct, arn, roleArn, { mutable: false, addGrantsToResources: true })
      : (known as unknown as iam.IRole);
  }
}

/** How many stacks have to be there before a stack. The CDK refuses stacks that depend on each other in a circle. */
function levelsOf(stacks: readonly StackDeployment[]): ReadonlyMap<StackDeployment, number> {
  const levels = new Map<StackDeployment, number>();
  const levelOf = (stack: StackDeployment): number => {
    const level = levels.get(stack) ?? Math.max(0, ...stack.stackDependencies.map((other) => levelOf(other) + 1));
    levels.set(stack, level);
    return level;
  };
  stacks.forEach(levelOf);
  return levels;
}

function mustBeDeployable(stage: Stage, stack: StackDeployment, { assetsPublished }: StageSource): void {
  const what = `stack '${stack.stackName}' of stage '${stage.stageName}'`;
  if (stack.assumeRoleArn === undefined || stack.executionRoleArn === undefined) {
    throw new GateError(
      'NoBootstrapRoles',
      `${what} names no roles that deploy it: use \`DefaultStackSynthesizer\` and \`cdk bootstrap\`, or give its deploy actions by ` +
        '`PromotionTarget.actions`',
    );
  }
  if (stack.assets.length > 0 && !assetsPublished) {
    throw new GateError(
      'AssetsNotPublished',
      `${what} has ${stack.assets.length === 1 ? 'an asset' : `${stack.assets.length} assets`}, such as '${stack.assets[0]?.displayName}', that ` +
        'nothing publishes: deploy the stage by CDK Pipelines with `CdkPromotion`, which does; or publish them in `buildAction` with ' +
        '`npx cdk-assets` and set `assetsPublished: true`',
    );
  }
}
