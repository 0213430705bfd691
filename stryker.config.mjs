/**
 * Mutation tests of the functions' code, a folder at a time: `npm run mutation`; docs/mutation.md tells how to read them.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
const folder = process.env.MUTATED ?? 'domain';
/** Tests of the handler of `decide` load all of its function anew, so that the handler and what wires it are mutated apart. */
const handlers = folder === 'handlers';

export default {
  mutate: handlers
    ? ['lambda/decide/{handler,aws-ports}.ts']
    : [`lambda/${folder}/**/*.ts`, '!lambda/decide/{handler,aws-ports}.ts'],
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  coverageAnalysis: 'perTest',
  // What runs while a module is loaded would need all tests anew for each mutant.
  ignoreStatic: true,
  jest: {
    configFile: 'jest.config.cjs',
    enableFindRelatedTests: false,
    config: {
      roots: ['<rootDir>/test'],
      maxWorkers: 1,
      testMatch: handlers
        ? ['**/test/lambda/decide/{handler,aws-ports}.test.ts']
        : ['**/test/mutation/folder.mutants.ts'],
    },
  },
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
  htmlReporter: { fileName: `.mutation/${folder}.html` },
  jsonReporter: { fileName: `.mutation/${folder}.json` },
  tempDirName: `.mutation/sandbox-${folder}`,
  thresholds: { high: 95, low: 90, break: null },
};
