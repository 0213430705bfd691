import type { CheckOptions } from './check-options';
import type { FindingLimits } from './finding-limits';
import type { Waiver } from './waiver';

/** Options of `Check.securityFindings`. */
export interface SecurityFindingsCheckOptions extends CheckOptions {
  /**
   * Account whose Security Hub is read. In another account than the gate's, a `CheckReader` has to be deployed.
   *
   * @default - the account of the gate
   */
  readonly account?: string;

  /**
   * Region whose Security Hub is read.
   *
   * @default - the Region of the gate
   */
  readonly region?: string;

  /**
   * The Security Hub that is read gathers the findings of other accounts and Regions, as that of a delegated administrator with
   * cross-Region aggregation does. A resource of another account or Region is then accepted. Synth cannot see whether it is true: where
   * its findings are not gathered there, the check always passes.
   *
   * @default false
   */
  readonly aggregated?: boolean;

  /**
   * Names of the products whose findings count, as Security Hub calls them: `Inspector`, `Security Hub`, `GuardDuty`. At most 20.
   *
   * @default - all products
   */
  readonly products?: string[];

  /**
   * How many findings of each severity may be there.
   *
   * @default - no critical one, no high one, none that is not rated; any number of the others
   */
  readonly limits?: FindingLimits;

  /**
   * Findings that are accepted for a time, by the id of the vulnerability or of the control: `CVE-2026-1234`, `S3.8`. At most 50.
   *
   * @default - none
   */
  readonly waivers?: Waiver[];
}
