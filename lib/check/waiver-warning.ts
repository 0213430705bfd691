import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Waiver } from './waiver';

/** Says at synth which waivers count for nothing any more. */
export function warnOfEndedWaivers(scope: Construct, title: string, waivers: readonly Waiver[]): void {
  for (const { _isOver, _plan } of waivers) {
    if (_isOver) {
      const { finding, until } = _plan;
      Annotations.of(scope).addWarningV2(
        `cdk-approval-gates:Waiver.isOver:${finding}`,
        `check '${title}' has a waiver of ${finding}, whose last day was ${until}: it counts for nothing, so remove it`,
      );
    }
  }
}
