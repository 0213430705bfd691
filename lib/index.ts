export * from './approval';
export * from './check';
export * from './promotion';
export * from './rollout';
