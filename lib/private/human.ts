import { Duration } from 'aws-cdk-lib';

/** A time as messages say it: `2 hours 30 minutes`. */
export function human(seconds: number): string {
  return Duration.seconds(seconds).toHumanString() || '0 seconds';
}
