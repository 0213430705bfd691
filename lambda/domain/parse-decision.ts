import { optionalDetails } from './decision-details';
import type { Fields, Parsed } from './parsed';
import { Malformed, oneOf, parsed, text, whole } from './parsed';
import { COMMENT_LIMIT } from './limits';
import { APPROVER_ID, EVIDENCE, REQUEST_ID, VERDICTS, type Submission } from './vote';

/** A row of the decisions table whose form is right; whether its signature is, is another question. */
export interface SignedDecision {
  readonly request: string;
  readonly approver: string;
  readonly sigHash: string;
  readonly verdict: Submission;
  readonly comment: string;
  readonly evidence: string;
  readonly seq: number;
  /** `DecisionDetails` as canonical JSON. Absent = none. */
  readonly details?: string;
  readonly sig: string;
}

const SUBMISSIONS: readonly Submission[] = [...VERDICTS, 'REVIEWED', 'WRONG_NUMBER', 'REVOKE'];

/**
 * 64 bytes in base64url. The last character carries two bits only: of its sixteen spellings one is taken, so that a signature has
 * one key in the table.
 */
const CANONICAL_SIGNATURE = /^[A-Za-z0-9_-]{85}[AQgw]$/;

export function parseDecision(row: Fields): Parsed<SignedDecision> {
  return parsed('decision', () => {
    const [approver = '', sigHash = '', ...rest] = text(row, 'sk', /^[0-9a-f#]{1,100}$/).split('#');
    if (!APPROVER_ID.test(approver) || !/^[0-9a-f]{64}$/.test(sigHash) || rest.length > 0) {
      throw new Malformed('`sk` is not an approver and the hash of a signature');
    }
    const comment = row['comment'];
    if (typeof comment !== 'string' || comment.length > COMMENT_LIMIT) {
      throw new Malformed(`\`comment\` is not a text of at most ${COMMENT_LIMIT} characters`);
    }
    const verdict = oneOf(row, 'verdict', SUBMISSIONS);
    if ((verdict === 'BREAK_GLASS' || verdict === 'REVIEWED') && comment.trim() === '') {
      throw new Malformed('`comment` is empty, and nobody opens a gate alone, or reviews that, without a word');
    }
    return {
      request: text(row, 'pk', REQUEST_ID),
      approver,
      sigHash,
      verdict,
      comment,
      evidence: text(row, 'evidence', EVIDENCE),
      seq: whole(row, 'seq', 0, Number.MAX_SAFE_INTEGER),
      ...optionalDetails(row, verdict),
      sig: text(row, 'sig', CANONICAL_SIGNATURE),
    };
  });
}
