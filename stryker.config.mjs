/**
 * Mutation tests of the functions' code: `npm run mutation`; docs/mutation.md tells how to read them.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  mutate: ['lambda/{domain,review,signing,decide}/**/*.ts'],
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  coverageAnalysis: 'perTest',
  jest: { configFile: 'jest.config.cjs', config: { roots: ['<rootDir>/test/lambda'], maxWorkers: 1 } },
  ignorePatterns: [
    '.bench',
    '.mutation',
    '.venv',
    'API.md',
    'assets',
    'bench',
    'bin',
    'cdk.out',
    'dist',
    'docs',
    'examples',
    'lib',
    'rehearsal',
    'test/browser',
  ],
  dryRunTimeoutMinutes: 20,
  timeoutMS: 10_000,
  reporters: ['progress', 'html', 'json', 'clear-text'],
  clearTextReporter: { logTests: false, reportTests: false, reportMutants: false },
  htmlReporter: { fileName: '.mutation/report.html' },
  jsonReporter: { fileName: '.mutation/report.json' },
  incremental: true,
  incrementalFile: '.mutation/incremental.json',
  tempDirName: '.mutation/sandbox',
  thresholds: { high: 95, low: 90, break: null },
};
