import { Stack, Stage, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { GateError } from '../errors';

/** What a rule looks at. */
export interface Subject {
  readonly method: string;
  /** `alarm 'shop-5xx'` */
  readonly what: string;
  readonly account?: string;
  readonly region?: string;
  /** How else it could be watched. */
  readonly fix: string;
}

/** A rule runs as the pipeline's role, in the pipeline's account and Region: no document says how it could look elsewhere. */
export function mustBeBeside(pipeline: codepipeline.Pipeline, { method, what, fix, ...there }: Subject): void {
  const here = Stack.of(pipeline);
  for (const part of ['account', 'region'] as const) {
    const [its, ours] = [there[part], here[part]];
    if (its !== undefined && !Token.isUnresolved(its) && !Token.isUnresolved(ours) && its !== ours) {
      throw new GateError(
        'RuleElsewhere',
        `\`${method}\` looks at ${what} in ${part} ${its}, but its pipeline is in ${ours}, and a stage condition looks at its own account and ` +
          `Region only: ${fix}`,
      );
    }
  }
}

/** What another stage of the app makes cannot be referred to. */
export function mustBeInReach(pipeline: codepipeline.Pipeline, thing: unknown, { method, what, fix }: Subject): void {
  if (Construct.isConstruct(thing) && Stage.of(thing) !== Stage.of(pipeline)) {
    throw new GateError(
      'RuleOutOfReach',
      `\`${method}\` looks at ${what}, which another stage of the app makes, so that the stack of the pipeline cannot refer to it: ${fix}`,
    );
  }
}
