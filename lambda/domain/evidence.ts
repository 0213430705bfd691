import { EVIDENCE_HISTORY } from './limits';
import type { CheckState, EvidencePeriod, Revision, Run } from './request';

/** What the evidence is made of: never readings, votes or time, so that it changes only when the question changes. */
export interface EvidenceSource extends Pick<Run, 'revisions' | 'serving'> {
  readonly newerRunWaiting: boolean;
  readonly checks: readonly CheckState[];
}

/** The canonical text of what an approver is shown; its hash is the evidence that a decision names. */
export function evidenceText({ revisions, serving, checks, newerRunWaiting }: EvidenceSource): string {
  const ids = (of: readonly Revision[]) => of.map(({ name, id }) => [name, id]);
  const verdicts = checks
    .map(({ id, verdict }) => [id, verdict] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return JSON.stringify([ids(revisions), ids(serving), verdicts, newerRunWaiting]);
}

/** The history with a new state at its end, the oldest forgotten. */
export function withEvidence(
  history: readonly EvidencePeriod[],
  hash: string,
  since: string,
): readonly EvidencePeriod[] {
  return [...history, { hash, since }].slice(-EVIDENCE_HISTORY);
}
