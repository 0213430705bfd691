/** What a scan of an image says about the change that the image belongs to. */
import type { ImageScanCheckPlan } from '../../contract/checks';
import type { Measurement } from '../../contract/messages';
import { cleanText } from './clean-text';
import { judgeFindings, type SecurityFinding } from './findings';
import { elapsed, SECOND } from './time';

export interface ImageScan {
  /** As ECR says it. */
  readonly status: string;
  /** When the image was last scanned to the end. */
  readonly completedAt?: string;
  readonly findings: readonly SecurityFinding[];
  /** Whether these are all findings. */
  readonly isWhole: boolean;
}

type Judgement = Pick<Measurement, 'verdict' | 'reason' | 'value' | 'threshold' | 'callBackDelay'>;

/** When it is worth looking again for a scan that goes on, in seconds. */
const SCAN_RETRY = 30;
const GOES_ON = ['IN_PROGRESS', 'PENDING'];
/** Scanned once, or again and again whenever more is known. */
const ONCE = 'COMPLETE';
const CONTINUOUSLY = 'ACTIVE';

export function judgeScan(plan: ImageScanCheckPlan, scan: ImageScan, now: string): Judgement {
  const { status, completedAt, findings, isWhole } = scan;
  const ended = status === ONCE || status === CONTINUOUSLY;
  if (status === CONTINUOUSLY && completedAt === undefined && plan.scanning === 'BASIC') {
    return {
      verdict: 'INCONCLUSIVE',
      reason:
        'Amazon Inspector scans the image, but the check may not read there: give it `scanning: ImageScanning.ENHANCED`.',
    };
  }
  // To a reader without the permissions of Amazon Inspector, ECR shows an image as scanned, without findings and without a time.
  if (GOES_ON.includes(status) || (ended && completedAt === undefined)) {
    return {
      verdict: 'IN_PROGRESS',
      callBackDelay: SCAN_RETRY,
      reason: 'The image has not been scanned to the end yet.',
    };
  }
  if (!ended || completedAt === undefined) {
    return { verdict: 'INCONCLUSIVE', reason: `There is no scan of the image: ${cleanText(status, 60)}.` };
  }
  const judged = judgeFindings(plan, findings, now);
  if (judged.verdict === 'FAIL') {
    return judged;
  }
  if (!isWhole) {
    return { verdict: 'ERROR', reason: 'The findings of the scan cannot be read completely.' };
  }
  // Not younger than the limit, where the time cannot be read.
  if (status === ONCE && !(elapsed(completedAt, now) <= plan.maxAge * SECOND)) {
    return {
      verdict: 'INCONCLUSIVE',
      reason: `The image was last scanned on ${completedAt.slice(0, 10)}, which is too long ago.`,
    };
  }
  return judged;
}
