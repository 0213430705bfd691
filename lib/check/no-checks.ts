import { GateError } from '../errors';
import { mustBeList } from '../private/types';
import type { Check } from './check';

/** A list of checks that holds none is a mistake: whoever wrote it meant that something is checked. */
export function mustNotBeEmpty(prop: string, checks: readonly Check[] | undefined): void {
  mustBeList(prop, checks ?? [], "[Check.http('https://…')]");
  if (checks?.length === 0) {
    throw new GateError('NoChecks', `\`${prop}\` is empty: give at least one check, or leave the property out`);
  }
}
