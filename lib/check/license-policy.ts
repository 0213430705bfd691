import type { LicensePolicyPlan } from '../../contract/checks';
import { GateError } from '../errors';
import { CONTROL, mustBeLiteral } from '../private/text';
import { mustBeText } from '../private/types';

const MOST_LICENSES = 100;
const LONGEST = 80;

/**
 * Which licences the packages of a release may have.
 *
 * Licences are ids of SPDX (https://spdx.org/licenses), such as `Apache-2.0`, of any case. Of `MIT OR GPL-2.0-only` one has to be usable, of
 * `MIT AND GPL-2.0-only` both. A licence with an exception (`GPL-2.0-only WITH Classpath-exception-2.0`) counts as the licence itself, and
 * `2.0+` as 2.0.
 */
export class LicensePolicy {
  /**
   * Only these licences may be used.
   *
   * A name in free text that a bill of materials gives in place of an id may be listed, too: `The Apache License, Version 2.0`.
   *
   * @param licenses 1 to 100 of them, each of 1 to 80 characters
   * @throws a `GateError` for none, for too many, or for one that is no text of one line
   */
  public static allow(...licenses: string[]): LicensePolicy {
    return new LicensePolicy({ only: 'ALLOWED', licenses: mustBeLicenses('LicensePolicy.allow', licenses) });
  }

  /**
   * All licences may be used but these.
   *
   * Each id has to be named: `AGPL-3.0`, `AGPL-3.0-only` and `AGPL-3.0-or-later` are three. `GPL-2.0` and `GPL-2.0+` are
   * one. What is no id of SPDX is refused, too: names in free text, words such as `Proprietary`, licences that only the document knows, ids that
   * are newer than this version of the library, and packages without a licence.
   *
   * @param licenses 1 to 100 of them, each of 1 to 80 characters
   * @throws a `GateError` for none, for too many, or for one that is no text of one line
   */
  public static refuse(...licenses: string[]): LicensePolicy {
    return new LicensePolicy({ only: 'REFUSED', licenses: mustBeLicenses('LicensePolicy.refuse', licenses) });
  }

  private constructor(
    /**
     * What the check reads of it.
     *
     * @internal
     */
    public readonly _plan: LicensePolicyPlan,
  ) {}
}

function mustBeLicenses(method: string, licenses: readonly string[]): readonly string[] {
  if (licenses.length === 0 || licenses.length > MOST_LICENSES) {
    throw new GateError(
      'BadLicenses',
      `\`${method}\` has ${licenses.length} licences, but needs 1 to ${MOST_LICENSES}: name them, such as 'MIT'`,
    );
  }
  return licenses.map((license) => {
    mustBeText(method, license);
    mustBeLiteral(method, license, 'a policy has to be readable where it is written');
    const text = license.trim();
    if (text === '' || text.length > LONGEST || CONTROL.test(text)) {
      throw new GateError(
        'BadLicenses',
        `\`${method}\` has ${JSON.stringify(license)}, but a licence has to be one line of 1 to ${LONGEST} characters: write its id, such as 'MIT'`,
      );
    }
    return text;
  });
}
