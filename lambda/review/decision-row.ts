/** The signed row of the decisions table: exactly the attributes that the role of `review` may put. */
import type { Decision, Verdict } from '../domain/records';
import { decisionText } from '../domain/records';
import { sha256, signText } from '../signing/link-key';
import type { Opened } from './link';

/** Rows outlive every gate (60 days) by far; the votes that count were copied long before. */
const KEPT_SECONDS = 400 * 24 * 3600;

/** A link may be revoked before there is anything to judge. */
const NO_EVIDENCE = '0'.repeat(64);

export function decisionRow(opened: Opened, verdict: Verdict, comment: string, now: number): Decision {
  const evidence = opened.meta.evidence ?? NO_EVIDENCE;
  const signed = { request: opened.request, approver: opened.by, verdict, comment, evidence, seq: now };
  const sig = signText(opened.key, decisionText(signed));
  return {
    pk: opened.request,
    sk: `${opened.by}#${sha256(sig)}`,
    verdict,
    comment,
    evidence,
    seq: now,
    at: new Date(now).toISOString(),
    sig,
    ttl: Math.floor(now / 1000) + KEPT_SECONDS,
  };
}
