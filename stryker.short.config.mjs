/** The short form of the mutation tests, for CI: the files that open gates. */
process.env.MUTATED = 'domain,signing';
const { default: config } = await import('./stryker.config.mjs');

export default {
  ...config,
  mutate: [
    'lambda/signing/*.ts',
    ...['ruling', 'count-votes', 'eligibility', 'evaluate', 'hook-look'].map((name) => `lambda/domain/${name}.ts`),
  ],
  reporters: ['json'],
  jsonReporter: { fileName: '.mutation/short.json' },
};
