/** What loading costs: the library in a CDK app, and each function when Lambda starts it cold. */
import { build } from 'esbuild';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compiledLibrary, ROOT } from './built';
import { runNode } from './processes';
import { atMost, number, type Bench, type Row } from './row';
import { compare } from './statistics';

/** Loads modules by a program of one line, which prints how long that took. */
function loading(program: string, cwd: string): Promise<number> {
  const code = `const began = performance.now(); ${program}; process.stdout.write(String(performance.now() - began));`;
  return runNode<number>(['--input-type=module', '--eval', code], cwd);
}

/** As an app with a native gate has it in any case. */
const CDK = [
  'aws-cdk-lib',
  'aws-cdk-lib/aws-codepipeline',
  'aws-cdk-lib/aws-codepipeline-actions',
  'aws-cdk-lib/aws-s3',
];

export const requiring: Bench = {
  name: 'require',
  title: 'require of the library after aws-cdk-lib, for an app with a native gate alone (fresh processes)',
  async run(scale) {
    const folder = compiledLibrary();
    const cdk = `const { createRequire } = await import('node:module'); const require = createRequire('${folder}/x.js'); ${CDK.map((name) => `require('${name}').Stack; require('${name}').Pipeline; require('${name}').ManualApprovalAction; require('${name}').Bucket`).join('; ')}`;
    const ours = `${cdk}; require('./lib').ApprovalGateAction; require('./lib').Approvers`;
    const { difference, pairs } = await compare(
      () => loading(ours, folder),
      () => loading(cdk, folder),
      scale.pairs,
    );
    return [
      {
        what: 'require, native gate',
        ours: `+${number(difference.middle)} ms (${number(difference.low)} to ${number(difference.high)})`,
        beside: `more than aws-cdk-lib alone, ${pairs} pairs`,
        goal: atMost(40, difference.middle, '40 ms'),
      },
    ];
  },
};

const FUNCTIONS = ['intake', 'decide', 'review', 'check', 'hook'];

/** A handler that does nothing but have a DynamoDB client, bundled as `scripts/bundle.mjs` bundles ours. */
async function bareHandler(): Promise<string> {
  const outfile = join(compiledLibrary(), 'bare', 'index.mjs');
  await build({
    absWorkingDir: ROOT,
    stdin: {
      contents: `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
        const client = new DynamoDBClient({});
        export const handler = () => client.config.region();`,
      resolveDir: ROOT,
    },
    outfile,
    bundle: true,
    minify: true,
    legalComments: 'none',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
  return outfile;
}

export const coldStart: Bench = {
  name: 'cold-start',
  title: 'loading a function’s bundle beside a handler that has the DynamoDB client alone (fresh processes)',
  async run(scale) {
    const bare = await bareHandler();
    const rows: Row[] = [];
    for (const name of FUNCTIONS) {
      const { ratio, ours, anchor, pairs } = await compare(
        () => loading(`await import('${join(ROOT, 'assets', name, 'index.mjs')}')`, ROOT),
        () => loading(`await import('${bare}')`, ROOT),
        scale.pairs,
      );
      rows.push({
        what: `cold start, ${name}`,
        ours: `${number(ratio.middle, 2)}× (${number(ratio.low, 2)} to ${number(ratio.high, 2)})`,
        beside: `${number(ours.middle)} ms beside ${number(anchor.middle)} ms, ${pairs} pairs`,
        goal: name === 'review' ? atMost(1.3, ratio.middle, '1.30×') : undefined,
      });
    }
    return rows;
  },
};

export const bundleSizes: Bench = {
  name: 'bundles',
  title: 'what a function loads when it starts, of its bundle (counted)',
  async run() {
    const bare = number(kilobytes(await bareHandler()));
    return FUNCTIONS.map((name) => {
      const folder = join(ROOT, 'assets', name);
      const sizeOf = (files: readonly string[]) => files.reduce((sum, file) => sum + kilobytes(join(folder, file)), 0);
      const size = sizeOf(atStart(folder));
      return {
        what: `bundle, ${name}`,
        ours: `${number(size)} KB`,
        beside: `${number(sizeOf(readdirSync(folder)))} KB in all; ${bare} KB of the handler with the DynamoDB client alone`,
        goal: name === 'decide' ? atMost(450, size, '450 KB') : undefined,
      };
    });
  },
};

/** The files that a bundle's entry imports, and what they import; not what is imported when it is needed. */
function atStart(folder: string): readonly string[] {
  const files = new Set(['index.mjs']);
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, imported = ''] of text.matchAll(/\b(?:import|from)\s*"\.\/([^"]+)"/g)) {
      files.add(imported);
    }
  }
  return [...files];
}

function kilobytes(file: string): number {
  return statSync(file).size / 1000;
}
