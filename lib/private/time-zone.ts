import type { TimeZone } from 'aws-cdk-lib';
import { Token } from 'aws-cdk-lib';
import { GateError } from '../errors';

/** `TimeZone.of` takes any text. */
export function mustBeTimeZone(zone: TimeZone | undefined): void {
  const name = zone?.timezoneName;
  if (name === undefined || Token.isUnresolved(name)) {
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
