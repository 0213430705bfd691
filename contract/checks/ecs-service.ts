import type { CheckTiming } from './timing';

export interface EcsServiceCheckPlan extends CheckTiming {
  readonly kind: 'ecsService';
  readonly serviceArn: string;
  /** Name of its cluster: the older form of an ARN does not hold it. */
  readonly cluster: string;
  /** So many tasks of the deployment may have failed in a row. */
  readonly maxFailedTasks: number;
}
