import type { WaiverPlan } from './findings';
import type { CheckTiming } from './timing';

export interface LicensesCheckPlan extends CheckTiming {
  readonly kind: 'licenses';
  readonly bucket: string;
  readonly region: string;
  /** The software bill of materials of a run is at this prefix, the id of the run, and this suffix. */
  readonly keyPrefix: string;
  readonly keySuffix: string;
  readonly policy: LicensePolicyPlan;
  /** Packages that are accepted for a time. */
  readonly waivers: readonly WaiverPlan[];
}

export interface LicensePolicyPlan {
  /** Only these licences may be used, or all but these. */
  readonly only: 'ALLOWED' | 'REFUSED';
  /** Ids of SPDX, `MIT`, or names that a bill of materials gives. */
  readonly licenses: readonly string[];
}
