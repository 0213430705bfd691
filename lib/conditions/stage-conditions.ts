import { Aspects, Token } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { cfnPipelineOf, executionModeOf } from '../private/pipeline-stages';
import { GateError } from '../errors';
import { ReleaseLint } from '../lint';
import { mustBePipelineName } from '../private/text';
import { mustBeSpread, shown } from '../private/types';
import { conditionProblems, type MadeCondition } from './condition-problems';
import { StageRule, type Moment } from './stage-rule';

/** Rules of one condition (API reference, Condition). */
const MOST_RULES = 5;
const LONGEST_NAME = 100;

/** "For Entry conditions that use the Skip result, only these are supported" (userguide/stage-conditions.html). */
const MAY_SKIP = ['LambdaInvoke', 'VariableCheck'];

interface Asked {
  readonly method: string;
  readonly moment: Moment;
  readonly result: codepipeline.Result;
}

const known = new WeakMap<codepipeline.Pipeline, StageConditions>();

/**
 * Conditions of the stages of one pipeline: what CodePipeline itself asks before it enters a stage, after the stage has succeeded, and after
 * it has failed.
 *
 * ```ts
 * const conditions = StageConditions.of(pipeline);
 * pipeline.addStage({
 *   stageName: 'Prod',
 *   actions: [deploy],
 *   beforeEntry: conditions.failEntryUnless(StageRules.deploymentWindow(window)),
 *   onSuccess: conditions.rollbackUnless(StageRules.alarmBake(alarm, Duration.minutes(30))),
 * });
 * ```
 *
 * A stage has one condition of each of the three kinds, with one to five rules; a condition is met if all of its rules pass. The
 * pipeline gets the warnings of `ReleaseLint`. Makes no resources. The role of the pipeline is let do what the rules need, and nothing else; a role that
 * was imported as immutable has to be given that.
 *
 * An operator may override a condition while it is asked or after it has failed (`codepipeline:OverrideStageCondition`), unless it skips.
 */
export class StageConditions {
  /**
   * The conditions of a pipeline of type V2, which this app makes.
   *
   * Throws if the pipeline is no `codepipeline.Pipeline` of this app, or surely of type V1. CDK Pipelines has no way to give its stages conditions.
   */
  public static of(pipeline: codepipeline.Pipeline): StageConditions {
    if (!((pipeline as unknown) instanceof codepipeline.Pipeline)) {
      throw new GateError(
        'WrongType',
        `\`StageConditions.of\` is given ${shown(pipeline)}, but has to be a \`codepipeline.Pipeline\` that this app makes: give that`,
      );
    }
    const before = known.get(pipeline);
    if (before !== undefined) {
      return before;
    }
    const type = cfnPipelineOf(pipeline)?.pipelineType;
    if (!Token.isUnresolved(type) && type !== 'V2') {
      throw new GateError(
        'ConditionsNeedV2',
        `pipeline '${pipeline.node.path}' is of type ${type ?? 'V1'}, but only pipelines of type V2 have stage conditions: set \`pipelineType\` to ` +
          'PipelineType.V2',
      );
    }
    const conditions = new StageConditions(pipeline);
    known.set(pipeline, conditions);
    pipeline.node.addValidation({ validate: () => conditionProblems(pipeline, conditions.made) });
    Aspects.of(pipeline).add(new ReleaseLint());
    return conditions;
  }

  private readonly pipeline: codepipeline.Pipeline;
  private readonly made: MadeCondition[] = [];
  private readonly names = new Set<string>();

  private constructor(pipeline: codepipeline.Pipeline) {
    this.pipeline = pipeline;
  }

  /**
   * For `beforeEntry`: the run fails in front of the stage unless all of these rules pass. A rule that waits keeps the run there.
   *
   * @param rules one to five
   */
  public failEntryUnless(...rules: StageRule[]): codepipeline.Conditions {
    const asked: Asked = { method: 'failEntryUnless', moment: 'beforeEntry', result: codepipeline.Result.FAIL };
    return this.condition(asked, rules);
  }

  /**
   * For `beforeEntry`: the run leaves the stage out unless all of these rules pass, and goes on behind it. Takes functions and variables only.
   * Nobody can override it, and a stage that was skipped can neither be retried nor rolled back to.
   *
   * @param rules one to five
   */
  public skipUnless(...rules: StageRule[]): codepipeline.Conditions {
    const asked: Asked = { method: 'skipUnless', moment: 'beforeEntry', result: codepipeline.Result.SKIP };
    return this.condition(asked, rules);
  }

  /**
   * For `onSuccess`: the stage, which has succeeded, fails after all unless all of these rules pass. What it deployed stays.
   *
   * @param rules one to five
   */
  public failUnless(...rules: StageRule[]): codepipeline.Conditions {
    const asked: Asked = { method: 'failUnless', moment: 'onSuccess', result: codepipeline.Result.FAIL };
    return this.condition(asked, rules);
  }

  /**
   * For `onSuccess`: the stage goes back to its last successful run unless all of these rules pass.
   *
   * CodePipeline goes back only to a run of the same structure of the pipeline, and never to a rollback: right after the pipeline was changed,
   * the stage fails and what it deployed stays. Throws in execution mode PARALLEL, which never rolls back.
   *
   * @param rules one to five
   */
  public rollbackUnless(...rules: StageRule[]): codepipeline.Conditions {
    this.mustRollBack('rollbackUnless');
    const asked: Asked = { method: 'rollbackUnless', moment: 'onSuccess', result: codepipeline.Result.ROLLBACK };
    return this.condition(asked, rules);
  }

  /**
   * For `onFailure`: the stage goes back to its last successful run whenever it fails, with the limits of `rollbackUnless`. Throws in execution mode
   * PARALLEL.
   */
  public rollbackOnFailure(): codepipeline.FailureConditions {
    this.mustRollBack('rollbackOnFailure');
    return { result: codepipeline.Result.ROLLBACK };
  }

  /**
   * For `onFailure`: the stage goes back to its last successful run when it fails and all of these rules pass, with the limits of
   * `rollbackUnless`. Takes `alarmIsRed` and variables only. Throws in execution mode PARALLEL.
   *
   * @param rules one to five
   */
  public rollbackOnFailureIf(...rules: StageRule[]): codepipeline.FailureConditions {
    this.mustRollBack('rollbackOnFailureIf');
    const asked: Asked = { method: 'rollbackOnFailureIf', moment: 'onFailure', result: codepipeline.Result.ROLLBACK };
    return this.condition(asked, rules);
  }

  /**
   * For `onFailure`: the stage is tried again once by itself when it fails. A stage retries or rolls back, not both; and a gate in it asks its people
   * again after a rejection.
   *
   * @param retryMode what is tried again; `RetryMode.FAILED_ACTIONS` when absent
   */
  public retryOnFailure(
    retryMode: codepipeline.RetryMode = codepipeline.RetryMode.FAILED_ACTIONS,
  ): codepipeline.FailureConditions {
    return { result: codepipeline.Result.RETRY, retryMode };
  }

  private mustRollBack(method: string): void {
    if (executionModeOf(cfnPipelineOf(this.pipeline)) === codepipeline.ExecutionMode.PARALLEL) {
      throw new GateError(
        'RollbackImpossible',
        `\`${method}\` cannot work: pipeline '${this.pipeline.node.path}' has the execution mode PARALLEL, which does not roll back. Choose QUEUED or ` +
          'SUPERSEDED, or `failUnless`',
      );
    }
  }

  private condition({ method, moment, result }: Asked, rules: readonly StageRule[]): codepipeline.Conditions {
    mustBeSpread(method, rules);
    if (rules.length < 1 || rules.length > MOST_RULES) {
      throw new GateError(
        'RuleCount',
        `\`${method}\` has ${rules.length} rules, but a condition needs 1 to ${MOST_RULES}: ` +
          (rules.length === 0 ? 'give one of `StageRules`' : 'leave some out, or ask them in a stage before'),
      );
    }
    rules.forEach((rule) => mustFit(method, moment, result, rule));
    const named = rules.map((rule) => ({ rule, name: this.nameOf(rule) }));
    this.made.push({ method, moment, rules: named.map(({ name }) => name) });
    return {
      conditions: [
        {
          result,
          rules: named.map(
            ({ rule: { _draft: draft }, name }) =>
              new codepipeline.Rule({
                name,
                provider: draft.provider,
                version: '1',
                configuration: draft.bind(this.pipeline),
              }),
          ),
        },
      ],
    };
  }

  /** Unique in the pipeline: a name that was given is refused when it is taken, any other gets a number. */
  private nameOf({ _draft: { method, label, ruleName } }: StageRule): string {
    if (ruleName !== undefined) {
      if (Token.isUnresolved(ruleName)) {
        throw new GateError(
          'LiteralNeeded',
          `\`ruleName\` of \`${method}\` is a token, but has to be known at synth: write it`,
        );
      }
      mustBePipelineName('ruleName', ruleName);
      if (this.names.has(ruleName)) {
        throw new GateError(
          'DuplicateRule',
          `\`ruleName\` '${ruleName}' of \`${method}\` is taken, but names of rules are unique in their pipeline: choose another one`,
        );
      }
      this.names.add(ruleName);
      return ruleName;
    }
    const plain = label.replace(/[^A-Za-z0-9.@_-]+/g, '-').slice(0, LONGEST_NAME - 4);
    let name = plain;
    for (let number = 2; this.names.has(name); number += 1) {
      name = `${plain}-${number}`;
    }
    this.names.add(name);
    return name;
  }
}

function mustFit(method: string, moment: Moment, result: codepipeline.Result, rule: StageRule): void {
  if (!((rule as unknown) instanceof StageRule)) {
    throw new GateError('WrongType', `\`${method}\` is given ${shown(rule)}: give rules of \`StageRules\``);
  }
  const { method: factory, moments, provider } = rule._draft;
  if (!moments.includes(moment)) {
    throw new GateError(
      'RuleNotHere',
      `\`${method}\` is given \`${factory}\`, which is for ${moments.map((one) => `\`${one}\``).join(' or ')} of a stage, not for \`${moment}\`: ` +
        'take another rule, or another condition',
    );
  }
  if (result === codepipeline.Result.SKIP && !MAY_SKIP.includes(provider)) {
    throw new GateError(
      'RuleCannotSkip',
      `\`${method}\` is given \`${factory}\`, but a stage is skipped by functions and variables only: use \`failEntryUnless\``,
    );
  }
}
