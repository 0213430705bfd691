import { iso, millis } from '../domain/time';
import { isVerdict, VERDICTS, type Verdict } from '../domain/vote';

/** The answer that the approver's own page says it sent last. It words the page, and decides nothing. */
export interface Submitted {
  readonly verdict: Verdict;
  /** Its sequence number: the time of the call that brought it. */
  readonly seq: number;
  /** When it takes effect. Absent = at once. */
  readonly notBefore?: string;
}

const SUBMITTED = new RegExp(`^(${VERDICTS.join('|')})@(\\d{1,15})(?:@(\\d{1,13}))?$`);

export function parseSubmitted(field: string | null): Submitted | undefined {
  const [, verdict, seq, start] = SUBMITTED.exec(field ?? '') ?? [];
  return isVerdict(verdict)
    ? {
        verdict,
        seq: Number(seq),
        ...(start === undefined || verdict !== 'APPROVE' ? {} : { notBefore: iso(Number(start)) }),
      }
    : undefined;
}

export function submittedField({ verdict, seq, notBefore }: Submitted): string {
  return [verdict, seq, ...(notBefore === undefined ? [] : [millis(notBefore)])].join('@');
}
