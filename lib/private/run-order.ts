import { Token } from 'aws-cdk-lib';
import { GateError } from '../errors';

/** Refuses what CodePipeline would (https://docs.aws.amazon.com/codepipeline/latest/userguide/action-requirements.html). */
export function mustBeRunOrder(runOrder: number | undefined): void {
  if (runOrder === undefined || Token.isUnresolved(runOrder)) {
    return;
  }
  if (!Number.isInteger(runOrder) || runOrder < 1 || runOrder > 999) {
    throw new GateError(
      'InvalidRunOrder',
      `\`runOrder\` is ${runOrder}, but must be a whole number from 1 to 999: choose one`,
    );
  }
}
