export * from './approval';
export * from './check';
export * from './conditions';
export * from './promotion';
export * from './rollout';
