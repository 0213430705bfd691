import type { ShownBeside } from '../../contract/record';
import { shownChangeSet, type ChangeSetView } from './change-set';
import type { Proposed } from './in-force';
import { EVIDENCE_HISTORY, EVIDENCE_HISTORY_SIZE } from './limits';
import type { CheckState, EvidencePeriod, Revision } from './request';

/** What the evidence is made of: never readings, votes or time, so that it changes only when the question changes. */
export interface EvidenceSource extends ShownBeside {
  readonly revisions: readonly Named[];
  readonly serving: readonly Named[];
}

type Named = Pick<Revision, 'name' | 'id'>;

/** The canonical text of what an approver is shown; its hash is the evidence that a decision names. */
export function evidenceText(source: EvidenceSource): string {
  const { revisions, serving, verdicts, newerRunWaiting, changeSets, weakens, weaker } = source;
  const ids = (of: readonly Named[]) => of.map(({ name, id }) => [name, id]);
  const prepared = changeSets?.map(({ stack, name, id, says }) => [stack, name, id ?? '', says]);
  const parts = [ids(revisions), ids(serving), verdicts, newerRunWaiting];
  return JSON.stringify([
    ...parts,
    ...(prepared === undefined ? [] : [prepared]),
    ...(weakens === undefined ? [] : [['weakens', weaker, ...weakens]]),
  ]);
}

/** What is shown beside the change, as far as it is evidence. */
export function shownBeside(
  newerRunWaiting: boolean,
  checks: readonly CheckState[],
  changeSets?: readonly ChangeSetView[],
  proposed?: Pick<Proposed, 'hash' | 'weakens'>,
): ShownBeside {
  const verdicts = checks
    .map(({ id, verdict }) => [id, verdict] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const views = changeSets?.map(shownChangeSet);
  return {
    newerRunWaiting,
    verdicts,
    ...(views === undefined ? {} : { changeSets: views }),
    ...(proposed?.weakens === undefined ? {} : { weakens: proposed.weakens, weaker: proposed.hash }),
  };
}

/** The history with a new state at its end, the oldest forgotten. */
export function withEvidence(history: readonly EvidencePeriod[], period: EvidencePeriod): readonly EvidencePeriod[] {
  const kept = [...history, period].slice(-EVIDENCE_HISTORY);
  const sizes = kept.map((one) => JSON.stringify(one).length);
  while (sizes.length > 1 && sizes.reduce((sum, size) => sum + size, 0) > EVIDENCE_HISTORY_SIZE) {
    sizes.shift();
  }
  return kept.slice(-sizes.length);
}
