/** `import 'cdk-approval-gates-rehearsal/jest'` gives jest's `expect` the matchers, with their types. */
import { matchers, type RehearsalMatchers } from './matchers';

declare global {
  namespace jest {
    interface Matchers<R> extends RehearsalMatchers<R> {}
  }
}

const { expect } = globalThis as unknown as { readonly expect?: { extend(matchers: object): void } };
if (expect === undefined) {
  throw new Error('there is no global expect: import this in a test, or in a file of setupFilesAfterEnv');
}
expect.extend(matchers);
