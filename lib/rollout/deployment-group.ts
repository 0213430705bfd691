import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { WatchedAlarm } from './watch-alarms';
import { mustBeBeside } from './watchable-alarms';

/** What happens when somebody adds to a deployment group. */
export interface Additions {
  readonly alarm: (alarm: WatchedAlarm) => void;
  readonly hook: (hook: lambda.IFunction) => void;
}

/**
 * A deployment group whose exact role grows with what is added to it, now or later. The group of the CDK would write broad
 * permissions into its role, or, where that role takes none, nothing at all.
 */
export class ExactDeploymentGroup extends codedeploy.LambdaDeploymentGroup {
  private readonly additions: Additions;

  /** Alarms and hooks have to be added after construction. */
  constructor(
    scope: Construct,
    id: string,
    props: Omit<codedeploy.LambdaDeploymentGroupProps, 'alarms' | 'preHook' | 'postHook'>,
    additions: Additions,
  ) {
    super(scope, id, props);
    this.additions = additions;
  }

  public override addAlarm(alarm: WatchedAlarm): void {
    mustBeBeside(this, alarm);
    this.additions.alarm(alarm);
    super.addAlarm(alarm);
  }

  public override addPreHook(hook: lambda.IFunction): void {
    super.addPreHook(hook);
    this.additions.hook(hook);
  }

  public override addPostHook(hook: lambda.IFunction): void {
    super.addPostHook(hook);
    this.additions.hook(hook);
  }
}
