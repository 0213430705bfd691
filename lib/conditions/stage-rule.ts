import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';

/** What every rule may be told. */
export interface StageRuleOptions {
  /**
   * Name of the rule, as the console shows it: 1 to 100 characters of letters, digits, `.`, `@`, `-` and `_`, unique in its pipeline.
   *
   * @default - made of what the rule looks at, such as `AlarmBake-shop-5xx`
   */
  readonly ruleName?: string;
}

/**
 * When a rule is asked.
 *
 * @internal
 */
export type Moment = 'beforeEntry' | 'onSuccess' | 'onFailure';

/**
 * A rule before its pipeline is known.
 *
 * @internal
 */
export interface RuleDraft {
  /** The factory that made it: `StageRules.alarmBake`. */
  readonly method: string;
  readonly provider: string;
  /** Name in the console, if none was given. Not yet unique, and of any characters. */
  readonly label: string;
  readonly ruleName?: string;
  /** Where the meaning of its answer is documented. */
  readonly moments: readonly Moment[];
  /** Lets the pipeline do what the rule needs, and says the rule's configuration. */
  bind(pipeline: codepipeline.Pipeline): { readonly [key: string]: string };
}

/** One rule of a stage's condition: made by `StageRules`, used by `StageConditions`. */
export class StageRule {
  /** @internal */
  public static _of(draft: RuleDraft): StageRule {
    return new StageRule(draft);
  }

  private readonly draft: RuleDraft;

  private constructor(draft: RuleDraft) {
    this.draft = draft;
  }

  /** @internal */
  public get _draft(): RuleDraft {
    return this.draft;
  }
}
