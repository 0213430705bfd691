/** For how long a workflow gathers emails to one person. */
import { Annotations, Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { DIGEST_MINUTES, TIMES_LEFT } from '../../contract/digest';
import { GateError } from '../errors';
import { mustBeWithin } from '../private/minutes';
import type { GatePlan } from './gate-plan';

/** What follows from it for a gate is known at synth, so it is no token. */
export function mustBeDigestTime(every: Duration | undefined): void {
  if (every === undefined) {
    return;
  }
  const min = Duration.minutes(DIGEST_MINUTES.LEAST);
  const max = Duration.minutes(DIGEST_MINUTES.MOST);
  mustBeWithin(every, { prop: 'digestEvery', min, max });
  if (every.isUnresolved()) {
    throw new GateError(
      'LiteralNeeded',
      '`digestEvery` is a token, but has to be known at synth: give a duration such as `Duration.minutes(15)`',
    );
  }
}

/** Emails of a gate that people have to answer soon are never gathered, whatever its workflow does. */
export function warnOfDigest(
  scope: IConstruct,
  { plan, stageName, actionName }: { readonly plan: GatePlan; readonly stageName: string; readonly actionName: string },
  every: Duration | undefined,
): void {
  const { timeout, rule } = plan;
  if (every === undefined || rule.kind === 'AUTOMATED' || timeout.isUnresolved()) {
    return;
  }
  const needed = TIMES_LEFT * every.toMinutes();
  if (timeout.toMinutes() >= needed) {
    return;
  }
  Annotations.of(scope).addWarningV2(
    'cdk-approval-gates:ApprovalGate.neverInDigest',
    `gate '${actionName}' of stage '${stageName}' has a \`timeout\` of ${timeout.toHumanString()}, and its workflow a \`digestEvery\` of ` +
      `${every.toHumanString()}: its emails all go out at once, because they leave too little time to wait. Raise \`timeout\` to at least ` +
      `${Duration.minutes(needed).toHumanString()}, shorten \`digestEvery\`, or acknowledge this`,
  );
}
