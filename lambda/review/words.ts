/** The few words that the page uses for states. */
import type { CheckState } from '../domain/records';

const VERDICTS: Readonly<Record<CheckState['verdict'], string>> = {
  PASS: 'healthy',
  FAIL: 'failing',
  INCONCLUSIVE: 'cannot tell',
  ERROR: 'could not be read',
  RUNNING: 'still watching',
};

export function verdictWord(verdict: string): string {
  return VERDICTS[verdict as CheckState['verdict']] ?? 'unknown';
}

export function answerWord(verdict: string): string {
  return verdict === 'APPROVE' ? 'yes' : verdict === 'REJECT' ? 'no' : 'nothing';
}
