import type { CheckPlan } from '../../../../contract/checks';
import type { CheckCommand, Measurement } from '../../../../contract/messages';
import { Attempts } from '../../../../lambda/aws/measure/clients';
import { measure } from '../../../../lambda/aws/measure/measure';

export const SINCE = '2026-11-23T10:00:00.000Z';
export const NOW = '2026-11-23T10:10:00.000Z';

/** The Regions that clients were made for, of the measurement that was made last. */
export const REGIONS: string[] = [];

/** One measurement of a check that asks an SDK client, ten minutes after the gate began. */
export function measured(check: CheckPlan, command: Partial<CheckCommand> = {}): Promise<Measurement> {
  REGIONS.length = 0;
  return measure(
    { requestId: 'r'.repeat(32), check, role: 'arn', since: SINCE, now: NOW, ...command },
    {
      of: (Service, region, maxAttempts = Attempts.READ) => {
        REGIONS.push(region);
        return new Service({ region, maxAttempts });
      },
      get: () => Promise.reject(new Error('not an http check')),
    },
  );
}
