export * from './alarm-options';
export * from './alarm-ref';
export * from './bake-preset';
export * from './check';
export * from './check-options';
export * from './http-options';
export * from './lambda-options';
export * from './target-group-options';
