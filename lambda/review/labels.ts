/** The few words by which the page names states. */
import type { CheckState, OutcomeKind } from '../domain/request';

export type Tone = 'good' | 'bad' | 'wait' | '';

export interface Label {
  readonly text: string;
  readonly tone: Tone;
}

const CHECKS: Readonly<Record<CheckState['verdict'], Label>> = {
  PASS: { text: 'healthy', tone: 'good' },
  FAIL: { text: 'failing', tone: 'bad' },
  INCONCLUSIVE: { text: 'cannot tell', tone: 'wait' },
  ERROR: { text: 'could not be read', tone: 'wait' },
  RUNNING: { text: 'still measuring', tone: '' },
  UNREADABLE: { text: 'not supported', tone: 'wait' },
};

export function checkLabel(verdict: string): Label {
  return CHECKS[verdict as CheckState['verdict']] ?? { text: 'unknown', tone: 'wait' };
}

export const OUTCOMES: Readonly<Record<OutcomeKind, Label>> = {
  APPROVED: { text: 'Approved', tone: 'good' },
  REJECTED: { text: 'Rejected', tone: 'bad' },
  EXPIRED: { text: 'Time ran out', tone: 'wait' },
  STOPPED: { text: 'The run was stopped', tone: 'wait' },
};

export function answerLabel(verdict: 'APPROVE' | 'REJECT'): string {
  return verdict === 'APPROVE' ? 'approved' : 'rejected';
}

/** `Your approval was counted.` */
export function answerNoun(verdict: 'APPROVE' | 'REJECT'): string {
  return verdict === 'APPROVE' ? 'approval' : 'rejection';
}
