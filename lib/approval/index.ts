export * from './approver';
export * from './approvers';
export * from './gate-action';
export * from './gate-options';
export * from './gate-step';
export * from './mail';
export * from './workflow';
