import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says why a finding of a security linter is as it has to be. Only metadata: nothing happens where no linter runs.
 */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  try {
    Validations.of(construct).acknowledge({ id, reason });
  } catch {
    // The oldest CDKs that we support refuse ids that hold '::', as those of findings about ARNs do. Their users then see
    // the finding; that must not keep them from synthesizing.
  }
}
