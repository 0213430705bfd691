const OPERATIONS = 'https://github.com/cdk-approval-gates/cdk-approval-gates/blob/main/docs/operations.md';

/** Address of a section of the operations manual. */
export function runbook(section: string): string {
  return `${OPERATIONS}#${section}`;
}
