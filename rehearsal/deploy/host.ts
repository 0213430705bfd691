import type { Host } from '../pipeline/host';
import type { World } from '../world';

/** What deployments need beside what pipelines need. */
export interface DeployHost extends Host, Pick<World, 'stacks' | 'deploy' | 'invoke' | 'functions' | 'alarms'> {}
