import type { Service } from '../service';
import type { AlarmBoard } from './alarms';
import { EcsServices } from './ecs-services';
import { LogGroups } from './log-groups';
import { MetricBoard } from './metrics';
import { secretsManager } from './secrets';
import type { Surroundings } from './surroundings';
import { SyntheticsCanaries } from './synthetics-canaries';
import { TargetGroups } from './target-groups';

/** What checks read beside web addresses: services whose states a scenario sets, and secrets. */
export class Watched {
  readonly ecsServices: EcsServices;
  readonly logGroups: LogGroups;
  readonly metrics: MetricBoard;
  readonly syntheticsCanaries: SyntheticsCanaries;
  readonly targetGroups: TargetGroups;

  constructor(
    private readonly around: Surroundings,
    private readonly alarms: AlarmBoard,
  ) {
    this.ecsServices = new EcsServices(around);
    this.logGroups = new LogGroups(around);
    this.metrics = new MetricBoard(around);
    this.syntheticsCanaries = new SyntheticsCanaries(around);
    this.targetGroups = new TargetGroups(around);
  }

  services(): readonly Service[] {
    return [
      this.alarms.service(this.metrics),
      secretsManager(this.around),
      ...[this.ecsServices, this.logGroups, this.syntheticsCanaries, this.targetGroups].map((one) => one.service()),
    ];
  }
}
