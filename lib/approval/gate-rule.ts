/** What each rule means, for messages that have to name the choices. */
export const RULE_CHOICES =
  '`GateRule.guarded()` (people say yes **and** the checks are healthy at that moment and at delivery) or ' +
  '`GateRule.automatedElsePeople()` (the checks decide, and people are asked when the checks cannot tell)';

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

  /** The checks open or close the gate by themselves. People are asked when the checks cannot tell, and only then. */
  public static automatedElsePeople(): GateRule {
    return new NamedRule('AUTOMATED_ELSE_PEOPLE');
  }

  /** @internal */
  public abstract readonly _kind: 'GUARDED' | 'AUTOMATED_ELSE_PEOPLE';
}

class NamedRule extends GateRule {
  constructor(public readonly _kind: 'GUARDED' | 'AUTOMATED_ELSE_PEOPLE') {
    super();
  }
}
