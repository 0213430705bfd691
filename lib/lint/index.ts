export * from './release-lint';
