import { mustBeOneOf } from '../private/types';

/** What each rule means, for messages that have to name the choices. */
export const RULE_CHOICES =
  '`GateRule.guarded()` (people say yes **and** the checks are healthy at that moment and at delivery) or ' +
  '`GateRule.automatedElsePeople()` (the checks decide, and people are asked when the checks cannot tell)';

/** What happens when a check fails, at a gate whose checks decide and whose people are asked otherwise. */
export enum OnFail {
  /** The gate rejects at once, and nobody is asked. */
  REJECT = 'REJECT',
  /**
   * The approvers are asked. Email and page say which check failed, and which passed. From then on the answer is theirs: nothing is
   * measured any more.
   */
  ASK_APPROVERS = 'ASK_APPROVERS',
}

/** Options of `GateRule.automatedElsePeople`. */
export interface AutomatedElsePeopleOptions {
  /**
   * What happens when a check fails.
   *
   * @default OnFail.REJECT
   */
  readonly onFail?: OnFail;
}

/** How people and checks decide together, in a gate that has both. */
export abstract class GateRule {
  /**
   * People say yes **and** the checks are healthy: at the moment of the answer, and again when it is delivered.
   *
   * The approve button is locked while a check is not healthy. With a bake time it stays locked until that is over.
   */
  public static guarded(): GateRule {
    return new NamedRule('GUARDED');
  }

  /**
   * The checks open or close the gate by themselves. People are asked when the checks cannot tell; with `OnFail.ASK_APPROVERS` also when a
   * check fails.
   *
   * Throws where `onFail` is no member of `OnFail`.
   */
  public static automatedElsePeople(options: AutomatedElsePeopleOptions = {}): GateRule {
    mustBeOneOf('GateRule.automatedElsePeople onFail', options.onFail, Object.values(OnFail), 'choose one');
    return new NamedRule('AUTOMATED_ELSE_PEOPLE', options.onFail);
  }

  /** @internal */
  public abstract readonly _kind: 'GUARDED' | 'AUTOMATED_ELSE_PEOPLE';

  /** @internal */
  public abstract readonly _onFail: OnFail | undefined;
}

class NamedRule extends GateRule {
  constructor(
    public readonly _kind: 'GUARDED' | 'AUTOMATED_ELSE_PEOPLE',
    public readonly _onFail: OnFail | undefined = undefined,
  ) {
    super();
  }
}
