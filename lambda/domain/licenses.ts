/** Whether the packages of a run are under licences that may be used. */
import type { LicensePolicyPlan, LicensesCheckPlan, WaiverPlan } from '../../contract/checks';
import type { Measurement } from '../../contract/messages';
import { cleanText } from './clean-text';
import { endedInWords, isInEffect, waivedInWords } from './findings';
import type { License, Package } from './sbom';
import { isUsable, type MayUse } from './spdx-expression';
import { isSpdxId } from './spdx-ids';

type Judgement = Pick<Measurement, 'verdict' | 'reason' | 'value' | 'threshold'>;

/** So many packages are named, and so many waivers that ended. */
const NAMED = 3;
const NAME_LIMIT = 40;
const LICENSE_LIMIT = 30;
const POLICY_LIMIT = 120;

/** @param now a waiver that has ended by then counts for nothing */
export function judgeLicenses(
  { policy, waivers }: Pick<LicensesCheckPlan, 'policy' | 'waivers'>,
  packages: readonly Package[],
  now: string,
): Judgement {
  if (packages.length === 0) {
    return { verdict: 'INCONCLUSIVE', reason: 'The software bill of materials lists no packages.' };
  }
  const refused = packages.filter((one) => !mayBeUsed(one, policy));
  const waived = (waiver: WaiverPlan) => refused.some((one) => concerns(waiver, one));
  const valid = waivers.filter((waiver) => isInEffect(waiver, now));
  const left = refused.filter((one) => !valid.some((waiver) => concerns(waiver, one)));
  const ended = waivers.filter((waiver) => !valid.includes(waiver) && waived(waiver));
  const sentences = [
    left.length === 0 ? `${counted(packages.length)} with licences that may be used.` : refusal(left),
    ...(left.length === 0 ? [] : ended.slice(0, NAMED).map(endedInWords)),
    ...waivedInWords(valid.filter(waived)),
  ];
  return {
    verdict: left.length === 0 ? 'PASS' : 'FAIL',
    reason: sentences.join(' '),
    value: `${left.length} of ${counted(packages.length)} refused`,
    threshold: inWords(policy),
  };
}

/** Whether the licences after a change are no more than those before. */
export function allowsNoMore(before: LicensePolicyPlan, after: LicensePolicyPlan): boolean {
  const [some, all] = after.only === 'ALLOWED' ? [after, before] : [before, after];
  return before.only === after.only && some.licenses.every((one) => all.licenses.includes(one));
}

/** A package without a licence may not be used by anybody. */
function mayBeUsed({ licenses }: Package, policy: LicensePolicyPlan): boolean {
  return licenses.length > 0 && licenses.every((license) => isAccepted(license, policy));
}

/** A licence that is not understood is never taken for one that may be used. */
function isAccepted({ text, isName }: License, { only, licenses }: LicensePolicyPlan): boolean {
  const listed = (license: string) => licenses.some((one) => one.toLowerCase() === license.toLowerCase());
  if (only === 'ALLOWED') {
    return listed(text) || (isName !== true && isUsable(text, listed) === true);
  }
  // Of an `or later`, and of a licence with an exception, the licence that is refused is the one at its core.
  const refused = new Set(licenses.map(coreOf));
  const isFree: MayUse = (license) => isSpdxId(coreOf(license)) && !refused.has(coreOf(license));
  return isName !== true && isUsable(text, isFree) === true;
}

function coreOf(license: string): string {
  return license.toLowerCase().replace(/\+$/, '');
}

function concerns({ finding }: WaiverPlan, { name, version }: Package): boolean {
  return finding === name || (version !== undefined && finding === `${name}@${version}`);
}

function refusal(left: readonly Package[]): string {
  const named = left.slice(0, NAMED).map((one) => `${cleanText(one.name, NAME_LIMIT)} (${licenseOf(one)})`);
  const more = left.length > NAMED ? ', …' : '';
  const what = left.length === 1 ? '1 package has a licence' : `${left.length} packages have licences`;
  return `${what} that may not be used: ${named.join(', ')}${more}.`;
}

function licenseOf({ licenses }: Package): string {
  return licenses.length === 0
    ? 'no licence'
    : cleanText(licenses.map(({ text }) => text).join(' AND '), LICENSE_LIMIT);
}

function counted(packages: number): string {
  return packages === 1 ? '1 package' : `${packages} packages`;
}

function inWords({ only, licenses }: LicensePolicyPlan): string {
  return cleanText(`${only === 'ALLOWED' ? 'only' : 'none of'} ${licenses.join(', ')}`, POLICY_LIMIT);
}
