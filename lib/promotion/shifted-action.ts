import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type * as events from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';

/**
 * The same action, later in its stage: whoever writes a deploy action need not know whether a gate comes before it.
 *
 * @internal
 */
export class ShiftedAction implements codepipeline.IAction {
  /** @param runOrder what was checked, and stays: an action may change its properties when it is bound, but not pass by a gate */
  constructor(
    private readonly action: codepipeline.IAction,
    private readonly runOrder: number,
  ) {}

  /** A getter, because an action's properties may change when it is bound. */
  public get actionProperties(): codepipeline.ActionProperties {
    return { ...this.action.actionProperties, runOrder: this.runOrder };
  }

  public bind(
    scope: Construct,
    stage: codepipeline.IStage,
    options: codepipeline.ActionBindOptions,
  ): codepipeline.ActionConfig {
    return this.action.bind(scope, stage, options);
  }

  public onStateChange(name: string, target?: events.IRuleTarget, options?: events.RuleProps): events.Rule {
    return this.action.onStateChange(name, target, options);
  }
}
