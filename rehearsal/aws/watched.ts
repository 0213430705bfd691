import type { Service } from '../service';
import { EcsServices } from './ecs-services';
import { secretsManager } from './secrets';
import type { Surroundings } from './surroundings';
import { TargetGroups } from './target-groups';

/** What checks read beside alarms and web addresses: services whose states a scenario sets, and secrets. */
export class Watched {
  readonly ecsServices: EcsServices;
  readonly targetGroups: TargetGroups;

  constructor(private readonly around: Surroundings) {
    this.ecsServices = new EcsServices(around);
    this.targetGroups = new TargetGroups(around);
  }

  services(): readonly Service[] {
    return [secretsManager(this.around), ...[this.ecsServices, this.targetGroups].map((one) => one.service())];
  }
}
