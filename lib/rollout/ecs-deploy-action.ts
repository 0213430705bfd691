import type * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from '../private/acknowledge';
import { passTaskRoles } from './ecs-codedeploy-role';

/** How the action stands in its stage, and where it finds what it deploys. */
export interface EcsDeployOptions {
  /**
   * The file with the AppSpec: the text of `rollout.appSpec()`, which a build writes into its artifact.
   *
   * The artifact has 3 MB at most (https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html).
   */
  readonly appSpec: codepipeline.ArtifactPath;

  /**
   * The file with the task definition: the text of `rollout.taskDefinition()`, or one of your own that `aws ecs register-task-definition` takes. CodePipeline
   * registers it in each run. It names the roles that the task definition of the service has in this app: the role of the action may hand over these.
   */
  readonly taskDefinition: codepipeline.ArtifactPath;

  /**
   * Artifacts with an `imageDetail.json` whose image takes the place of `<IMAGE>`, or of another placeholder, in the task definition. At most 4.
   *
   * @default - the task definition names its images
   */
  readonly images?: actions.CodeDeployEcsContainerImageInput[];

  /**
   * Name of the action.
   *
   * @default 'Deploy'
   */
  readonly actionName?: string;

  /**
   * When the action runs in its stage.
   *
   * @default 1
   */
  readonly runOrder?: number;
}

/** The action of the CDK, which would let its role hand every role of the account to ECS, with the roles of these tasks only. */
export class ExactEcsDeployAction extends actions.CodeDeployEcsDeployAction {
  constructor(
    deploymentGroup: codedeploy.IEcsDeploymentGroup,
    private readonly tasks: ecs.TaskDefinition,
    { appSpec, taskDefinition, images, actionName = 'Deploy', runOrder = 1 }: EcsDeployOptions,
  ) {
    super({
      actionName,
      runOrder,
      deploymentGroup,
      appSpecTemplateFile: appSpec,
      taskDefinitionTemplateFile: taskDefinition,
      containerImageInputs: images,
    });
  }

  protected override bound(
    scope: Construct,
    stage: codepipeline.IStage,
    options: codepipeline.ActionBindOptions,
  ): codepipeline.ActionConfig {
    const { role } = options;
    const config = super.bound(scope, stage, { ...options, role: passingNothing(role) });
    role.addToPrincipalPolicy(passTaskRoles(this.tasks));
    acknowledgeWildcard(role, '*', 'a task definition is registered in the family that its file names');
    return config;
  }
}

/** The same role, except that it does not take a permission to hand over roles. */
function passingNothing(role: iam.IRole): iam.IRole {
  const addToPolicy = (statement: iam.PolicyStatement): boolean =>
    statement.actions.includes('iam:PassRole') || role.addToPrincipalPolicy(statement).statementAdded;
  return Object.create(role, { addToPolicy: { value: addToPolicy } }) as iam.IRole;
}
