/** The signed row of the decisions table: exactly the attributes that the role of `review` may put. */
import { expiryOf } from '../domain/rows';
import { millis } from '../domain/time';
import { decisionText, type DecisionRow, type Submission } from '../domain/vote';
import { sha256, signText } from '../signing/link-key';
import type { Question } from './link';

export function decisionRow(
  { link, request }: Pick<Question, 'link' | 'request'>,
  submission: Submission,
  comment: string,
  now: string,
): DecisionRow {
  const { requestId, approver, seed } = link;
  const decision = { verdict: submission, comment, evidence: request.shown.evidence, seq: millis(now) };
  const sig = signText(seed, decisionText({ request: requestId, approver, ...decision }));
  return { pk: requestId, sk: `${approver}#${sha256(sig)}`, ...decision, at: now, sig, ttl: expiryOf(now) };
}
