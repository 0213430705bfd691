import type { TimeZone } from 'aws-cdk-lib';
import { Token } from 'aws-cdk-lib';
import { GateError } from '../errors';
import { shown } from './types';

/** `TimeZone.of` takes any text. */
export function mustBeTimeZone(zone: TimeZone | undefined): void {
  if (zone === undefined) {
    return;
  }
  const name: unknown = zone.timezoneName;
  if (typeof name !== 'string') {
    throw new GateError(
      'WrongType',
      `\`timeZone\` is ${shown(zone)}, but has to be a \`TimeZone\` of aws-cdk-lib: write TimeZone.EUROPE_BERLIN`,
    );
  }
  if (Token.isUnresolved(name)) {
    return;
  }
  try {
    Intl.DateTimeFormat('en-US', { timeZone: name });
  } catch {
    throw new GateError(
      'InvalidTimeZone',
      `\`timeZone\` is '${name}', which no time zone is called: take one of \`TimeZone\`, such as TimeZone.EUROPE_BERLIN`,
    );
  }
}
