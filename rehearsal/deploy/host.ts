import type { EcsServices } from '../aws/ecs-services';
import type { RestApis } from '../aws/rest-apis';
import type { MetricBoard } from '../aws/metrics';
import type { Host } from '../pipeline/host';
import type { AlarmBoard, World } from '../world';

/** What deployments need beside what pipelines need. */
export interface DeployHost extends Host, Pick<World, 'stacks' | 'deploy' | 'isDeployed' | 'invoke'> {
  readonly restApis: Pick<RestApis, 'define' | 'definitionOf'>;
  readonly watched: {
    readonly ecsServices: Pick<EcsServices, 'set'>;
    readonly metrics: Pick<MetricBoard, 'knows' | 'valueOf'>;
  };
  readonly alarms: Pick<AlarmBoard, 'idOf' | 'set' | 'state' | 'onChange'>;
}
