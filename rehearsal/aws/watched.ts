import type { Service } from '../service';
import type { Surroundings } from './surroundings';
import { TargetGroups } from './target-groups';

/** What checks look at beside alarms and web addresses: services whose states a scenario sets. */
export class Watched {
  readonly targetGroups: TargetGroups;

  constructor(around: Surroundings) {
    this.targetGroups = new TargetGroups(around);
  }

  services(): readonly Service[] {
    return [this.targetGroups.service()];
  }
}
