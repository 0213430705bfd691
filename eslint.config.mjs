import js from '@eslint/js';
import { readdirSync } from 'node:fs';
import { importX } from 'eslint-plugin-import-x';
import { createNodeResolver } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const root = import.meta.dirname ?? new URL('.', import.meta.url).pathname;

/** Folders of lambda/ that are shared; every other one is a function. */
const SHARED = ['domain', 'signing', 'aws'];
const functions = readdirSync(new URL('lambda', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !SHARED.includes(entry.name))
  .map((entry) => `lambda/${entry.name}`);

/** Who may import whom. A folder may always import itself; what is not listed is forbidden. */
const ARROWS = {
  contract: [],
  lib: ['contract'],
  'lambda/signing': [],
  'lambda/domain': ['contract'],
  'lambda/aws': ['lambda/domain', 'lambda/signing', 'contract'],
  ...Object.fromEntries(functions.map((name) => [name, [...SHARED.map((shared) => `lambda/${shared}`), 'contract']])),
  cli: ['lambda/domain', 'lambda/signing', 'contract'],
  rehearsal: [],
  bin: ['lib'],
  examples: ['lib'],
  bench: ['lib', 'lambda/domain', 'rehearsal'],
};
/** The same of the folders of lib/, beside errors.ts; promotion may import all of them. */
const LIB = {
  private: [],
  check: ['private'],
  rollout: ['check', 'private'],
  approval: ['check', 'private'],
  lint: ['approval', 'private'],
  conditions: ['approval', 'check', 'lint', 'private'],
};
const FOLDERS = [...Object.keys(ARROWS), 'test', 'scripts'];

const zones = Object.entries(ARROWS).map(([target, allowed]) => ({
  // Its tests stand in the folder itself, and import what they compare with.
  target: target === 'rehearsal' ? ['./rehearsal/*.ts', './rehearsal/!(test)/**'] : `./${target}`,
  from: FOLDERS.filter((folder) => folder !== target && !allowed.includes(folder)).map((folder) => `./${folder}`),
  message: `${target}/ may import ${allowed.length > 0 ? allowed.map((name) => `${name}/`).join(', ') : 'nothing'} beside itself`,
}));

const rehearsalTests = {
  target: './rehearsal/test',
  from: './test',
  message: 'what the tests of both packages need is in rehearsal/test/support',
};

const libZones = Object.entries(LIB).map(([folder, allowed]) => ({
  target: `./lib/${folder}`,
  from: [...Object.keys(LIB), 'promotion']
    .filter((other) => other !== folder && !allowed.includes(other))
    .map((other) => `./lib/${other}`),
  message: `lib/${folder} may import ${allowed.length > 0 ? allowed.join(', ') : 'errors.ts'} beside itself`,
}));

const NO_CDK = { regex: '^(aws-cdk-lib|constructs|cdk-nag)(/|$)', message: 'functions know nothing of the CDK' };
const NO_SDK = { regex: '^@(aws-sdk|smithy)/', message: 'only lambda/aws and the handlers talk to AWS' };
const NO_NODE = { regex: '^node:', message: 'decisions are pure: what they need comes in as data' };

function imports(files, patterns) {
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

/** Decisions are functions of their input: time and chance come in with the event. */
const PURE = {
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'time comes in with the event' },
    { object: 'Math', property: 'random', message: 'chance comes in with the event' },
  ],
  'no-restricted-syntax': [
    'error',
    { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'time comes in with the event' },
  ],
};

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      'rehearsal/example',
      // An app of its own, with a tsconfig of its own; tsc reads it with the rest.
      'cli/blueprint',
      'assets',
      'cdk.out',
      'coverage',
      '.venv',
      '.rehearsal',
      '.bench',
      '.mutation',
      '**/*.d.ts',
      '**/*.d.mts',
    ],
  },
  { linterOptions: { noInlineConfig: true } },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.mjs', '.js', '.json'] })] },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: root, zones: [...zones, rehearsalTests, ...libZones] }],
      'import-x/no-default-export': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400 }],
      'no-control-regex': 'off',
    },
  },
  imports(['contract/**/*.ts'], [NO_CDK, NO_SDK, NO_NODE]),
  imports(
    ['lib/**/*.ts'],
    [NO_SDK, { regex: '^(?!aws-cdk-lib|constructs|node:|\\.)', message: 'lib has no dependencies but the two peers' }],
  ),
  imports(['lambda/**/*.ts'], [NO_CDK]),
  imports(['lambda/domain/**/*.ts'], [NO_CDK, NO_SDK, NO_NODE]),
  imports(
    ['lambda/signing/**/*.ts'],
    [NO_CDK, NO_SDK, { regex: '^(?!node:crypto$|\\.)', message: 'signing needs node:crypto alone' }],
  ),
  imports(['cli/**/*.ts'], [NO_CDK, { ...NO_SDK, message: 'an auditor needs no AWS' }]),
  { ...imports(['rehearsal/**/*.ts'], [NO_CDK]), ignores: ['rehearsal/test/**'] },
  { files: ['lambda/domain/**/*.ts'], rules: PURE },
  {
    files: ['rehearsal/**/*.ts', 'test/**/*.ts'],
    rules: { '@typescript-eslint/no-explicit-any': 'off' },
  },
  // Jest's types are open to additions by a namespace alone.
  {
    files: ['rehearsal/kit/jest.ts'],
    rules: { '@typescript-eslint/no-namespace': 'off', '@typescript-eslint/no-empty-object-type': 'off' },
  },
  {
    files: ['test/**/*.ts', 'rehearsal/test/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', 'max-lines': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        performance: 'readonly',
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        module: 'writable',
        exports: 'writable',
      },
    },
  },
);
