import type { ShownBeside } from '../../contract/record';
import { EVIDENCE_HISTORY } from './limits';
import type { CheckState, EvidencePeriod, Revision } from './request';

/** What the evidence is made of: never readings, votes or time, so that it changes only when the question changes. */
export interface EvidenceSource extends ShownBeside {
  readonly revisions: readonly Named[];
  readonly serving: readonly Named[];
}

type Named = Pick<Revision, 'name' | 'id'>;

/** The canonical text of what an approver is shown; its hash is the evidence that a decision names. */
export function evidenceText({ revisions, serving, verdicts, newerRunWaiting }: EvidenceSource): string {
  const ids = (of: readonly Named[]) => of.map(({ name, id }) => [name, id]);
  return JSON.stringify([ids(revisions), ids(serving), verdicts, newerRunWaiting]);
}

/** What is shown beside the change, as far as it is evidence. */
export function shownBeside(newerRunWaiting: boolean, checks: readonly CheckState[]): ShownBeside {
  const verdicts = checks
    .map(({ id, verdict }) => [id, verdict] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return { newerRunWaiting, verdicts };
}

/** The history with a new state at its end, the oldest forgotten. */
export function withEvidence(history: readonly EvidencePeriod[], period: EvidencePeriod): readonly EvidencePeriod[] {
  return [...history, period].slice(-EVIDENCE_HISTORY);
}
