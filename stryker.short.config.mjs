/** The short form of the mutation tests, for CI: the files that open gates, each with the test beside it. */
import config from './stryker.config.mjs';

export default {
  ...config,
  mutate: [
    'lambda/signing/*.ts',
    ...['ruling', 'count-votes', 'eligibility'].map((name) => `lambda/domain/${name}.ts`),
  ],
  jest: {
    ...config.jest,
    enableFindRelatedTests: true,
    config: {
      ...config.jest.config,
      roots: ['<rootDir>/test/lambda'],
      testMatch: ['**/{ruling,newer-run,count-votes,eligibility,link-key}.test.ts'],
    },
  },
  reporters: ['json'],
  jsonReporter: { fileName: '.mutation/short.json' },
};
