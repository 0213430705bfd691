/** The test kit: rehearse a synthesized app in a test, and say what must never happen. */
export { approvals, healthy, never, Reached } from './kit/never';
export type { Condition, Explored, NeverOptions, Story } from './kit/never';
export { rehearse, RehearsedApp } from './kit/rehearse';
export type { Answer, App, RehearseOptions, Time } from './kit/rehearse';
export { matchers } from './kit/matchers';
export type { MailMatch, MatcherResult, RehearsalMatchers } from './kit/matchers';
export type { Mail } from './record';
