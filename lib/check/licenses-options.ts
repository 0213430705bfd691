import type { CheckOptions } from './check-options';
import type { Waiver } from './waiver';

/** Options of `Check.licenses`. */
export interface LicensesCheckOptions extends CheckOptions {
  /**
   * What stands before the id of the run in the key of its bill of materials. The measuring role may read what begins with it and ends with
   * `keySuffix`. 1 to 200 letters, digits and `/ - _ .`.
   *
   * @default 'sbom/'
   */
  readonly keyPrefix?: string;

  /**
   * What stands behind the id of the run in the key. 1 to 100 letters, digits and `/ - _ .`.
   *
   * @default '.json'
   */
  readonly keySuffix?: string;

  /**
   * Packages that are accepted for a time, whatever their licence: `finding` is the name of the package, or its name and version, as
   * `left-pad@1.3.0`. At most 50.
   *
   * @default - none
   */
  readonly waivers?: Waiver[];
}
