import type { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { DeploymentWindow } from '../approval';
import type { IWatchedAlarm } from '../check';
import { alarmRule } from './alarm-rules';
import { lambdaRule, type LambdaRuleOptions } from './lambda-rule';
import type { StageRule, StageRuleOptions } from './stage-rule';
import { variableRule } from './variable-rule';
import { windowRule } from './window-rule';

/** What may be told to `StageRules.alarmIsOk`. */
export interface AlarmIsOkOptions extends StageRuleOptions {
  /**
   * How long CodePipeline waits for the alarm to become OK, where it is red. In whole minutes, at least one.
   *
   * @default - not at all: a red alarm fails the rule at once
   */
  readonly waitTime?: Duration;
}

/**
 * Rules of stage conditions, for `StageConditions`. CodePipeline asks them itself: there is no function of ours, no email and no record. They are for V2
 * pipelines, and look at things in the account and Region of the pipeline.
 *
 * How long CodePipeline lets a rule run is not documented, and templates cannot set it. What takes longer than an hour, or has people waiting for
 * it, is safer in a gate: see docs/stage-conditions.md.
 */
export class StageRules {
  /**
   * After the stage has succeeded, watches an alarm for a while, and fails once it is in state ALARM: `CloudWatchAlarm`, only for
   * `failUnless` and `rollbackUnless`.
   *
   * OK and INSUFFICIENT_DATA pass, so an alarm that has no data watches nothing. Whether an alarm that is red from the beginning fails
   * at once or only if it stays red is not documented.
   *
   * Lets the pipeline's role describe alarms (`cloudwatch:DescribeAlarms` on the alarms of its account and Region; on `*` for a composite alarm).
   *
   * @param alarm an alarm of the pipeline's account and Region
   * @param bakeTime whole minutes, at least one
   */
  public static alarmBake(alarm: IWatchedAlarm, bakeTime: Duration, options: StageRuleOptions = {}): StageRule {
    const waitTime = { prop: 'bakeTime', value: bakeTime };
    return alarmRule(
      alarm,
      { method: 'StageRules.alarmBake', label: 'AlarmBake', moment: 'onSuccess', waitTime },
      options,
    );
  }

  /**
   * Before a stage is entered, passes at once if the alarm is OK, and otherwise waits for that: `CloudWatchAlarm`, only for
   * `failEntryUnless`. It is no bake: what turns red a minute later is not seen.
   *
   * Beside a deployment window in the same condition, the alarm is not looked at again when the window opens; this is a warning at synth.
   *
   * Lets the pipeline's role describe alarms, as `alarmBake` does.
   *
   * @param alarm an alarm of the pipeline's account and Region
   */
  public static alarmIsOk(alarm: IWatchedAlarm, options: AlarmIsOkOptions = {}): StageRule {
    const waitTime = { prop: 'waitTime', value: options.waitTime };
    return alarmRule(
      alarm,
      { method: 'StageRules.alarmIsOk', label: 'AlarmIsOk', moment: 'beforeEntry', waitTime },
      options,
    );
  }

  /**
   * After a stage has failed, passes if the alarm is in state ALARM: `CloudWatchAlarm`, only for `rollbackOnFailureIf`.
   *
   * Lets the pipeline's role describe alarms, as `alarmBake` does.
   *
   * @param alarm an alarm of the pipeline's account and Region
   */
  public static alarmIsRed(alarm: IWatchedAlarm, options: StageRuleOptions = {}): StageRule {
    const rule = {
      method: 'StageRules.alarmIsRed',
      label: 'AlarmIsRed',
      moment: 'onFailure',
      states: 'ALARM',
    } as const;
    return alarmRule(alarm, rule, options);
  }

  /**
   * Passes while the window is open, and waits for that while it is closed: `DeploymentWindow`, for `failEntryUnless`, `failUnless` and
   * `rollbackUnless`.
   *
   * A closed window does not fail the rule, and so neither fails nor skips the stage. CodePipeline documents no way to have that; a
   * function by `StageRules.lambda` can answer no.
   *
   * The rule takes one cron expression: the hours have to be whole, the same on every day of the window, and not lead past midnight on
   * some days only. The `window` of a gate takes any.
   */
  public static deploymentWindow(window: DeploymentWindow, options: StageRuleOptions = {}): StageRule {
    return windowRule(window, options);
  }

  /**
   * Invokes a function, which says whether the rule passes: `LambdaInvoke`, for `failEntryUnless`, `skipUnless`, `failUnless` and `rollbackUnless`.
   *
   * The function gets a job of CodePipeline, and answers it by `PutJobSuccessResult` or `PutJobFailureResult`; it may be invoked twice for one
   * job. Its event holds credentials: do not log it. What a failure would mean in a condition on failure is documented in two ways, so it is
   * refused there.
   *
   * Lets the pipeline's role invoke exactly this function, and the role of the function answer jobs (`codepipeline:PutJobSuccessResult`
   * and `PutJobFailureResult` on `*`, because jobs are no resources of IAM). A function that is imported without its role has to be given that.
   *
   * @param handler a function, or an alias, of the pipeline's account and Region
   */
  public static lambda(handler: lambda.IFunction, options: LambdaRuleOptions = {}): StageRule {
    return lambdaRule(handler, options);
  }

  /**
   * Passes if a variable of the run is this text: `VariableCheck`, for every condition.
   *
   * @param variable one variable, such as `source.variables.branchName` or `'#{variables.target}'`
   * @param value 1 to 10,000 characters
   */
  public static variableIs(variable: string, value: string, options: StageRuleOptions = {}): StageRule {
    return variableRule({ method: 'StageRules.variableIs', operator: 'EQ', variable, value }, options);
  }

  /**
   * Passes if a variable of the run is anything but this text: `VariableCheck`, for every condition.
   *
   * @param variable one variable, such as `source.variables.branchName`
   * @param value 1 to 10,000 characters
   */
  public static variableIsNot(variable: string, value: string, options: StageRuleOptions = {}): StageRule {
    return variableRule({ method: 'StageRules.variableIsNot', operator: 'NE', variable, value }, options);
  }

  /**
   * Passes if a variable of the run holds this text: `VariableCheck`, for every condition.
   *
   * @param variable one variable, such as `source.variables.commitMessage`
   * @param value 1 to 10,000 characters
   */
  public static variableContains(variable: string, value: string, options: StageRuleOptions = {}): StageRule {
    return variableRule({ method: 'StageRules.variableContains', operator: 'CONTAINS', variable, value }, options);
  }

  /**
   * Passes if a variable of the run matches a regular expression of Java (`java.util.regex`): `VariableCheck`, for every condition. No document says
   * whether a part that matches is enough: begin and end the expression with `.*` where it may be a part.
   *
   * @param variable one variable, such as `source.variables.commitMessage`
   * @param regex 1 to 10,000 characters
   */
  public static variableMatches(variable: string, regex: string, options: StageRuleOptions = {}): StageRule {
    return variableRule({ method: 'StageRules.variableMatches', operator: 'MATCHES', variable, value: regex }, options);
  }

  private constructor() {}
}
