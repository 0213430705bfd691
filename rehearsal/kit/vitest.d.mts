import 'vitest';
import type { RehearsalMatchers } from './matchers.js';

declare module 'vitest' {
  interface Assertion<T = any> extends RehearsalMatchers<T> {}
}
