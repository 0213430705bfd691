export * from './ecs-health-hook';
export * from './lambda-rollout';
export { RolloutStrategy } from './rollout-strategy';
export { VersionAlarmOptions } from './version-alarms';
