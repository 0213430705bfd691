#!/usr/bin/env node
/** The command: rehearses a synthesized app on this machine, with a page and the terminal, or by scripts alone. */
import { Command, InvalidArgumentError } from 'commander';
import { createRequire } from 'node:module';
import { progress, type Options } from './terminal/command-line';

const load = createRequire(__filename);

async function main(): Promise<number> {
  const { version } = load('cdk-approval-gates-rehearsal/package.json') as { readonly version: string };
  const program = new Command('approval-rehearsal')
    .description('Runs the pipelines of a synthesized CDK app on this machine, with its own functions and no account.')
    .version(version)
    .option(
      '--app <app>',
      'a cloud assembly, a folder with a cdk.json, a .ts file, or a command (default: this folder)',
    )
    .option('--context <key=value...>', 'context of the synth', pairs)
    .option('--script <file...>', 'run these scenarios and exit: 0 when all pass, 1 when one fails, 2 for bad input')
    .option('--pipeline <name>', 'the pipeline to push to (default: the first one)')
    .option('--list', 'say what a scenario may name: pipelines, stages, actions, functions, alarms, mailboxes', false)
    .option('--json', 'print the results of scripts, or the list, as JSON alone', false)
    .option('--junit <file>', 'write the results of scripts as JUnit XML, for the reports of build servers')
    .option('--ignore-permissions', 'let every call through, whatever the roles allow', false)
    .option('--quiet', 'only the result of each script', false)
    .option('--port <number>', 'port of the page', port, 4400)
    .option('--open', 'open the page in a browser', false)
    .option('--no-open', 'do not open a browser (the default)')
    .exitOverride()
    .showHelpAfterError();
  let options: Options;
  try {
    options = program.parse().opts<Options>();
  } catch (error) {
    return (error as { exitCode?: number }).exitCode === 0 ? 0 : 2;
  }
  if (options.script === undefined && options.junit !== undefined) throw new Error('--junit needs --script');
  if (options.script === undefined) progress('Loading the rehearsal');
  // Only now, so that the answers above come at once.
  const { list, page, scripts } = load('./commands') as typeof import('./commands');
  if (options.list) return list(options);
  return options.script === undefined ? page(options) : scripts(options, options.script);
}

function port(value: string): number {
  const found = Number(value);
  if (!Number.isInteger(found) || found < 0 || found > 65_535) {
    throw new InvalidArgumentError('must be a whole number from 0 (any free one) to 65535');
  }
  return found;
}

function pairs(value: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, key, text] = /^([^=]+)=([\s\S]*)$/.exec(value) ?? [];
  if (key === undefined || text === undefined) throw new InvalidArgumentError('must be key=value');
  return { ...before, [key]: text };
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(2);
  },
);
