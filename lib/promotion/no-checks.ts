import type { Check } from '../check';
import { GateError } from '../errors';
import { mustBeList } from '../private/types';

/** An empty list is a misunderstanding: nothing would be watched. */
export function mustNotBeEmpty(checks: readonly Check[] | undefined, of: string): void {
  mustBeList('checks', checks ?? [], "[Check.http('https://…')]");
  if (checks?.length === 0) {
    throw new GateError('NoChecks', `\`checks\` of ${of} is empty; name at least one check, or leave \`checks\` out`);
  }
}
