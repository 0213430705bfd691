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
    config: { ...config.jest.config, testMatch: ['**/{ruling,count-votes,eligibility,link-key}.test.ts'] },
  },
  reporters: ['json'],
  incremental: false,
};
