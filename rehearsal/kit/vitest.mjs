// `import 'cdk-approval-gates-rehearsal/vitest'` gives vitest's `expect` the matchers. Vitest is a module and cannot be required.
import { expect } from 'vitest';
import { matchers } from './matchers.js';

expect.extend(matchers);
