export * from './approval';
export * from './check';
export * from './conditions';
export * from './lint';
export * from './promotion';
export * from './rollout';
