import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import type { Construct } from 'constructs';

/** Deploys to servers, and says where in a pipeline it does. */
export class ServerDeployAction extends actions.CodeDeployServerDeployAction {
  constructor(
    props: actions.CodeDeployServerDeployActionProps,
    private readonly placed: (stage: codepipeline.IStage) => void,
  ) {
    super(props);
  }

  protected override bound(
    scope: Construct,
    stage: codepipeline.IStage,
    options: codepipeline.ActionBindOptions,
  ): codepipeline.ActionConfig {
    this.placed(stage);
    return super.bound(scope, stage, options);
  }
}
