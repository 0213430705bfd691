import type { CheckOptions } from './check-options';

/** Options of `Check.ecsService`. */
export interface EcsServiceCheckOptions extends CheckOptions {
  /**
   * How many tasks of the deployment may have failed to start in a row. From 0 to 1,000.
   *
   * ECS counts them only until the first task of the deployment runs.
   *
   * @default 0
   */
  readonly maxFailedTasks?: number;
}
