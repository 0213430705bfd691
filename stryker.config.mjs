import { PARTS } from './scripts/mutation-parts.mjs';

/**
 * Mutation tests of the functions' code, a folder at a time: `npm run mutation`; docs/mutation.md tells how to read them.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
const folder = process.env.MUTATED ?? 'domain';
const withinIt = PARTS.filter((part) => part.startsWith(`${folder}/`));

export default {
  mutate: [`lambda/${folder}/**/*.ts`, ...withinIt.map((part) => `!lambda/${part}/**`)],
  // Mocha keeps the modules loaded from one mutant to the next; jest loads them for each, which takes twenty times as long.
  testRunner: 'mocha',
  testRunnerNodeArgs: ['--import', 'tsx'],
  mochaOptions: {
    require: ['./test/mutation/jest-globals.mjs'],
    spec: ['test/mutation/folder.mutants.ts'],
    // Tests of very many cases take much longer than they find.
    grep: '^(?!.*(whatever|whenever|any call|however many|,000|ten thousand|the more metrics decide))',
  },
  // What a mutant leaves behind in a module must not reach many others.
  maxTestRunnerReuse: 100,
  plugins: ['@stryker-mutator/mocha-runner'],
  coverageAnalysis: 'perTest',
  // What runs while a module is loaded would need all tests anew for each mutant.
  ignoreStatic: true,
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
