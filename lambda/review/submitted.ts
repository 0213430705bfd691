/** The answer that the approver's own page says it sent last. It words the page, and decides nothing. */
export interface Submitted {
  readonly verdict: 'APPROVE' | 'REJECT';
  /** Its sequence number: the time of the call that brought it. */
  readonly seq: number;
}

const SUBMITTED = /^(APPROVE|REJECT)@(\d{1,15})$/;

export function parseSubmitted(field: string | null): Submitted | undefined {
  const [, verdict, seq] = SUBMITTED.exec(field ?? '') ?? [];
  return verdict === 'APPROVE' || verdict === 'REJECT' ? { verdict, seq: Number(seq) } : undefined;
}

export function submittedField({ verdict, seq }: Submitted): string {
  return `${verdict}@${seq}`;
}
