export * from './ecs-health-hook';
export * from './health-check-action';
export * from './lambda-rollout';
export { RolloutStrategy, ZonalRolloutOptions } from './rollout-strategy';
export * from './server-rollout';
export { Servers } from './servers';
export { VersionAlarmOptions } from './version-alarms';
