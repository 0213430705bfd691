/** The signed row of the decisions table: exactly the attributes that the role of `review` may put. */
import { detailsText } from '../domain/decision-details';
import type { Shown } from '../domain/request';
import { expiryOf } from '../domain/rows';
import { millis } from '../domain/time';
import { decisionText, type DecisionRow } from '../domain/vote';
import { sha256, signText } from '../signing/link-key';
import type { ToSign } from './answer';
import type { Question } from './link';

export function decisionRow(
  { link, request }: Pick<Question, 'link'> & { readonly request: { readonly shown: Pick<Shown, 'evidence'> } },
  { submission, comment, details = {} }: ToSign,
  now: string,
): DecisionRow {
  const { requestId, approver, seed } = link;
  const text = detailsText(details);
  const decision = {
    verdict: submission,
    comment,
    evidence: request.shown.evidence,
    seq: millis(now),
    ...(text === undefined ? {} : { details: text }),
  };
  const sig = signText(seed, decisionText({ request: requestId, approver, ...decision }));
  return { pk: requestId, sk: `${approver}#${sha256(sig)}`, ...decision, at: now, sig, ttl: expiryOf(now) };
}
