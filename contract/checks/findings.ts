/** How many findings of a severity may be there. Absent = any number. */
export interface FindingLimits {
  readonly critical?: number;
  readonly high?: number;
  readonly medium?: number;
  readonly low?: number;
  /** Findings that nobody has rated yet, and severities of the future. */
  readonly unrated?: number;
}

/** A finding that is accepted for a time. */
export interface WaiverPlan {
  /** Id of the finding: `CVE-2026-1234`. */
  readonly finding: string;
  readonly owner: string;
  readonly reason: string;
  /** The last day on which it counts, in UTC: `2026-12-31`. */
  readonly until: string;
}

/** What findings let a change go on. */
export interface FindingsRule {
  readonly limits: FindingLimits;
  readonly waivers: readonly WaiverPlan[];
}
