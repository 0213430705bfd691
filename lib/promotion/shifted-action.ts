import { Token } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { GateError } from '../errors';

/**
 * The same action, later in its stage: whoever writes a deploy action need not know whether a gate comes before it.
 *
 * @internal
 */
export class ShiftedAction implements codepipeline.IAction {
  constructor(
    private readonly action: codepipeline.IAction,
    private readonly by: number,
  ) {
    if (Token.isUnresolved(action.actionProperties.runOrder)) {
      throw new GateError(
        'InvalidRunOrder',
        `\`runOrder\` of deploy action '${action.actionProperties.actionName}' must be a number, got a token: ` +
          'it moves behind the gate of its stage',
      );
    }
  }

  /** A getter, because an action's properties may change when it is bound. */
  public get actionProperties(): codepipeline.ActionProperties {
    const properties = this.action.actionProperties;
    return { ...properties, runOrder: (properties.runOrder ?? 1) + this.by };
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
