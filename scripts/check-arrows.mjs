// Negative control of the lint rules that keep the folders apart: each of these must be refused, and for the right reason.
import { ESLint } from 'eslint';

const FORBIDDEN = [
  ['lambda/domain/rows.ts', "import '../aws/log';\nimport '../signing/link-key';", 'import-x/no-restricted-paths'],
  ['lambda/domain/rows.ts', "import 'node:crypto';", 'no-restricted-imports'],
  ['lambda/domain/rows.ts', "import '@aws-sdk/client-sns';", 'no-restricted-imports'],
  ['lambda/domain/rows.ts', 'export const now = Date.now();', 'no-restricted-properties'],
  ['lambda/domain/rows.ts', 'export const now = new Date();', 'no-restricted-syntax'],
  ['lambda/signing/link-key.ts', "import '../domain/rows';", 'import-x/no-restricted-paths'],
  ['lambda/aws/log.ts', "import '../../lib/index';", 'import-x/no-restricted-paths'],
  ['lambda/review/handler.ts', "import 'aws-cdk-lib';", 'no-restricted-imports'],
  ['lib/index.ts', "import '../lambda/domain/rows';", 'import-x/no-restricted-paths'],
  ['lib/index.ts', "import '@aws-sdk/client-sns';", 'no-restricted-imports'],
  ['contract/names.ts', "import '../lambda/domain/rows';", 'import-x/no-restricted-paths'],
  ['cli/main.ts', "import '../lambda/aws/log';", 'import-x/no-restricted-paths'],
  ['cli/main.ts', "import '../lib/index';", 'import-x/no-restricted-paths'],
  ['cli/main.ts', "import '@aws-sdk/client-dynamodb';", 'no-restricted-imports'],
  ['rehearsal/clock.ts', "import '../contract/names';", 'import-x/no-restricted-paths'],
  ['rehearsal/test/cost.test.ts', "import '../../test/setup';", 'import-x/no-restricted-paths'],
  ['bin/app.ts', "import '../contract/names';", 'import-x/no-restricted-paths'],
];
const ALLOWED = [
  ['lambda/domain/rows.ts', "import '../../contract/names';"],
  ['lambda/review/handler.ts', "import '../domain/rows';\nimport '../signing/link-key';"],
  ['lib/index.ts', "import '../contract/names';\nimport 'aws-cdk-lib';"],
  ['rehearsal/test/cost.test.ts', "import '../../lambda/domain/rows';"],
  ['cli/main.ts', "import '../lambda/domain/rows';\nimport '../lambda/signing/link-key';\nimport 'node:fs';"],
];

// The control lints text that no project holds, so the rules that need types stay out of it.
const eslint = new ESLint({
  overrideConfig: {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: false } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/no-misused-promises': 'off',
      '@typescript-eslint/await-thenable': 'off',
    },
  },
});

async function rulesOf(filePath, code) {
  const [result] = await eslint.lintText(`${code}\n`, { filePath });
  return result.messages.map((message) => message.ruleId ?? message.message);
}

let failed = 0;
for (const [filePath, code, rule] of FORBIDDEN) {
  const rules = await rulesOf(filePath, code);
  if (!rules.includes(rule)) {
    failed += 1;
    console.error(
      `${filePath}: expected ${rule} to refuse ${JSON.stringify(code)}, got ${rules.join(', ') || 'nothing'}`,
    );
  }
}
for (const [filePath, code] of ALLOWED) {
  const rules = await rulesOf(filePath, code);
  if (rules.length > 0) {
    failed += 1;
    console.error(`${filePath}: expected ${JSON.stringify(code)} to pass, got ${rules.join(', ')}`);
  }
}
console.log(
  `import arrows: ${FORBIDDEN.length + ALLOWED.length - failed} of ${FORBIDDEN.length + ALLOWED.length} controls hold`,
);
process.exitCode = failed > 0 ? 1 : 0;
