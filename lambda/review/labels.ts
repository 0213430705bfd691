/** The few words by which the page names states. */
import type { CheckState, OutcomeKind } from '../domain/request';
import type { Verdict } from '../domain/vote';

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

/** An approval of one person alone, in an emergency. */
export const OPENED_ALONE: Label = { text: 'Opened in an emergency', tone: 'wait' };

interface AnswerWords {
  readonly label: string;
  readonly deed: string;
  readonly noun: string;
}

const ANSWERS: Readonly<Record<Verdict, AnswerWords>> = {
  APPROVE: { label: 'approved', deed: 'approved it', noun: 'approval' },
  REJECT: { label: 'rejected', deed: 'rejected it', noun: 'rejection' },
  BREAK_GLASS: { label: 'opened in an emergency', deed: 'opened it in an emergency', noun: 'emergency answer' },
};

export function answerLabel(verdict: Verdict): string {
  return ANSWERS[verdict].label;
}

/** `You approved it.` */
export function answerDeed(verdict: Verdict): string {
  return ANSWERS[verdict].deed;
}

/** `Your approval was counted.` */
export function answerNoun(verdict: Verdict): string {
  return ANSWERS[verdict].noun;
}

export function answerTone(verdict: Verdict): Tone {
  return verdict === 'APPROVE' ? 'good' : verdict === 'REJECT' ? 'bad' : 'wait';
}
