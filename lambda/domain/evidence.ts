import type { CheckState, RequestMeta } from './records';

/** What the evidence is made of: never readings, votes or time, so that it changes only when the question changes. */
export type EvidenceSource = Pick<RequestMeta, 'revisions' | 'deployedNow' | 'newerRunWaiting'> & {
  readonly checks?: readonly CheckState[];
};

/** The canonical text of what an approver is shown; its hash is the evidence that a decision names. */
export function evidenceText(source: EvidenceSource): string {
  const ids = (revisions: RequestMeta['revisions']) => (revisions ?? []).map(({ name, id }) => [name, id]);
  const verdicts = (source.checks ?? [])
    .map(({ id, verdict }) => [id, verdict] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return JSON.stringify([ids(source.revisions), ids(source.deployedNow), verdicts, source.newerRunWaiting === true]);
}

/** So many earlier states of the evidence are kept. */
export const EVIDENCE_HISTORY = 20;

/** The history with a new state at its end, the oldest forgotten. */
export function withEvidence(
  history: RequestMeta['evidenceHistory'],
  hash: string,
  since: string,
): NonNullable<RequestMeta['evidenceHistory']> {
  return [...(history ?? []), { hash, since }].slice(-EVIDENCE_HISTORY);
}
