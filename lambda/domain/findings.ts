/** Whether findings of a security scan let a change go on, and which of them are waived. */
import type { FindingLimits, FindingsRule, WaiverPlan } from '../../contract/checks';
import type { Measurement } from '../../contract/messages';
import { cleanText } from './clean-text';
import { DAY, millis } from './time';

export interface SecurityFinding {
  /** By which it can be waived: `CVE-2026-1234`. */
  readonly id: string;
  /** CRITICAL, HIGH, MEDIUM, LOW or INFORMATIONAL. Everything else counts as not rated. */
  readonly severity: string;
}

type Judgement = Pick<Measurement, 'verdict' | 'reason' | 'value' | 'threshold'>;
type Severity = keyof FindingLimits;

const SEVERITIES: Readonly<Record<string, Severity>> = {
  CRITICAL: 'critical',
  HIGH: 'high',
  MEDIUM: 'medium',
  LOW: 'low',
};
const ALL: readonly Severity[] = ['critical', 'high', 'unrated', 'medium', 'low'];
/** Hints, which are no weaknesses. */
const IGNORED = 'INFORMATIONAL';
/** So many findings are named, and so many waivers. */
const NAMED = 3;
const ID_LIMIT = 40;
const REASON_PART = 60;

/** @param now a waiver that has ended by then counts for nothing */
export function judgeFindings(
  { limits, waivers }: FindingsRule,
  findings: readonly SecurityFinding[],
  now: string,
): Judgement {
  const valid = waivers.filter((waiver) => isInEffect(waiver, now));
  const ended = waivers.filter((waiver) => !valid.includes(waiver) && concerns(waiver, findings));
  const counting = findings.filter(
    ({ id, severity }) => severity !== IGNORED && !valid.some(({ finding }) => finding === id),
  );
  const over = ALL.flatMap((severity) => {
    const found = counting.filter((one) => rated(one) === severity);
    const limit = limits[severity];
    return limit !== undefined && found.length > limit ? [sentence(severity, found, limit)] : [];
  });
  const sentences = [
    ...(over.length === 0 ? [`${inWords(counting)}, within the limits.`] : over),
    ...(over.length === 0 ? [] : ended.slice(0, NAMED).map(endedInWords)),
    ...waivedInWords(valid.filter((waiver) => concerns(waiver, findings))),
  ];
  return {
    verdict: over.length === 0 ? 'PASS' : 'FAIL',
    reason: sentences.join(' '),
    value: inWords(counting),
    threshold: limitsInWords(limits),
  };
}

/** The whole last day counts, in UTC. A day that cannot be read is over. */
export function isInEffect({ until }: WaiverPlan, now: string): boolean {
  return millis(now) < millis(`${until}T00:00:00.000Z`) + DAY;
}

/** Whether each finding that is waived was waived before, and for as long. */
export function waivesNoMore(before: readonly WaiverPlan[], after: readonly WaiverPlan[]): boolean {
  return after.every(({ finding, until }) => before.some((one) => one.finding === finding && one.until >= until));
}

function concerns({ finding }: WaiverPlan, findings: readonly SecurityFinding[]): boolean {
  return findings.some(({ id }) => id === finding);
}

function rated({ severity }: SecurityFinding): Severity {
  return Object.hasOwn(SEVERITIES, severity) ? (SEVERITIES[severity] ?? 'unrated') : 'unrated';
}

function sentence(severity: Severity, found: readonly SecurityFinding[], limit: number): string {
  const ids = [...new Set(found.map(({ id }) => cleanText(id, ID_LIMIT)))];
  const more = ids.length > NAMED ? ', …' : '';
  return `${counted(found.length, severity)}, but at most ${limit} may be: ${ids.slice(0, NAMED).join(', ')}${more}.`;
}

/** Findings are counted by severity, so that the text can be read without knowing the limits. */
function inWords(findings: readonly SecurityFinding[]): string {
  const parts = ALL.flatMap((severity) => {
    const count = findings.filter((one) => rated(one) === severity).length;
    return count === 0 ? [] : [counted(count, severity, '')];
  });
  return parts.length === 0 ? 'no findings' : `${parts.join(', ')} found`;
}

function counted(count: number, severity: Severity, noun = count === 1 ? ' finding' : ' findings'): string {
  return `${count} ${severity}${noun}`;
}

export function waivedInWords(waivers: readonly WaiverPlan[]): readonly string[] {
  const more = waivers.length > NAMED ? [`${waivers.length - NAMED} more are waived.`] : [];
  const named = waivers.slice(0, NAMED).map(({ finding, owner, until, reason }) => {
    const why = cleanText(reason, REASON_PART);
    return `${cleanText(finding, ID_LIMIT)} is waived by ${cleanText(owner, REASON_PART)} until ${until}: ${why}.`;
  });
  return [...named, ...more];
}

export function endedInWords({ finding, owner, until }: WaiverPlan): string {
  return `The waiver of ${cleanText(finding, ID_LIMIT)} by ${cleanText(owner, REASON_PART)} ended on ${until}.`;
}

function limitsInWords(limits: FindingLimits): string {
  const parts = ALL.flatMap((severity) =>
    limits[severity] === undefined ? [] : [`at most ${limits[severity]} ${severity}`],
  );
  return parts.join(', ');
}
