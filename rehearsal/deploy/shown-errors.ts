/** How alarms show the errors of a new version. */
import type { DeployHost } from './host';

const MINUTE = 60_000;

/** Metrics are slow: what callers see at once, an alarm shows after its first full period. */
export const ALARM_AFTER = 2 * MINUTE;

/** Errors are in the last periods of an alarm for so long after they have ended. */
const ALARM_STAYS = 5 * MINUTE;

interface Faulty {
  /** The function or the service. */
  readonly name: string;
  /** What returns errors: `version 2 of shop`. */
  readonly version: string;
  /** Whether callers meet it now. */
  serves(): boolean;
}

/** The alarm turns red while the version serves, and is green again some time after it has ceased to. */
export function showErrors({ clock, alarms }: DeployHost, alarm: string, { name, version, serves }: Faulty): void {
  clock.schedule(clock.now() + ALARM_AFTER, `errors of ${name} show`, () => {
    if (!serves()) return;
    alarms.set(alarm, 'ALARM', `${version} returns errors`);
    clock.schedule(clock.now() + ALARM_STAYS, `${alarm} is green again`, () => {
      if (!serves()) alarms.set(alarm, 'OK', 'no errors any more');
    });
  });
}
