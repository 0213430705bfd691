import type { Service } from '../service';
import type { AlarmBoard } from './alarms';
import { LaunchHooks } from '../deploy/launch-hooks';
import { AutoScalingGroups } from './auto-scaling';
import { EcsServices } from './ecs-services';
import { instances } from './instances';
import { LogGroups } from './log-groups';
import { MetricBoard } from './metrics';
import { secretsManager } from './secrets';
import type { Surroundings } from './surroundings';
import { SyntheticsCanaries } from './synthetics-canaries';
import { TargetGroups } from './target-groups';

/** What checks read beside web addresses, and what deployments call: services whose states a scenario sets, servers, and secrets. */
export class Watched {
  readonly autoScalingGroups: AutoScalingGroups;
  readonly ecsServices: EcsServices;
  readonly launchHooks: LaunchHooks;
  readonly logGroups: LogGroups;
  readonly metrics: MetricBoard;
  readonly syntheticsCanaries: SyntheticsCanaries;
  readonly targetGroups: TargetGroups;

  constructor(
    private readonly around: Surroundings,
    private readonly alarms: AlarmBoard,
  ) {
    this.autoScalingGroups = new AutoScalingGroups(around);
    this.launchHooks = new LaunchHooks(around);
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
      ...instances(),
      ...[this.autoScalingGroups, this.ecsServices, this.logGroups, this.syntheticsCanaries, this.targetGroups].map(
        (one) => one.service(),
      ),
    ];
  }
}
