export * from './approval';
export * from './check';
