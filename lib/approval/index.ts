export * from './approver';
export * from './approvers';
export * from './gate-action';
export * from './gate-options';
export { GateRule } from './gate-rule';
export * from './gate-step';
export * from './mail';
export * from './workflow';
