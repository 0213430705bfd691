#!/usr/bin/env node
/** The command `cdk-approval-gates`: begins an app, writes an AppSpec, and verifies an exported record, without AWS and without us. */
import { Command, InvalidArgumentError } from 'commander';
import type { Flags as AppSpecFlags } from './appspec/appspec';
import { QUESTIONS as SERVER_QUESTIONS } from './appspec/answers';
import type { Question } from './ask';
import type { Flags as InitFlags } from './init/init';
import { QUESTIONS as INIT_QUESTIONS } from './init/answers';
import { version } from '../package.json';
import { readRecord } from './read';
import { json, report } from './report';
import { verify, type Anchor } from './verify';

interface Flags {
  readonly after?: Anchor;
  readonly anchor?: readonly Anchor[];
  readonly json: boolean;
}

const VERIFIED = 0;
const FOUND = 1;
const UNREADABLE = 2;
/** What a shell makes of SIGINT. */
const INTERRUPTED = 130;

async function main(): Promise<number> {
  let code = VERIFIED;
  const exit = (found: number): void => void (code = found);
  const program = new Command('cdk-approval-gates').description('Commands for approvals on AWS CodePipeline.');
  program
    .version(version)
    .addHelpText(
      'after',
      '\nTo play the releases of an app on this machine: npx approval-rehearsal, of the package cdk-approval-gates-rehearsal.',
    )
    .exitOverride()
    .showHelpAfterError();
  addVerify(program, exit);
  addInit(program);
  addAppSpec(program, exit);
  await program.parseAsync();
  return code;
}

function addVerify(program: Command, exit: (code: number) => void): void {
  program
    .command('verify')
    .description('Verifies a record: its chain of hashes, every signature, and that votes support each outcome.')
    .argument('<file>', 'an export of the record, or the output of `aws dynamodb query`; - for standard input')
    .option('--after <n:hash>', 'the entry before the first one, from an event or an earlier export', anchor)
    .option(
      '--anchor <n:hash>',
      'an entry that has to be there, from an event `Approval Decided`; may be repeated',
      anchors,
    )
    .option('--json', 'print the result as JSON alone', false)
    .addHelpText(
      'after',
      '\nExits with 0 when everything is verified, 1 when something is not, 2 when it cannot be read or has no entry.',
    )
    .exitOverride()
    .action(async (file: string, { after, anchor: known = [], json: asJson }: Flags) => {
      const options = { anchors: known, ...(after === undefined ? {} : { after }) };
      const verification = verify(await readRecord(file), options);
      process.stdout.write(`${asJson ? json(verification) : report(verification).join('\n')}\n`);
      exit(verification.findings.length === 0 ? VERIFIED : FOUND);
    });
}

function addInit(program: Command): void {
  const init = program
    .command('init')
    .description('Asks five questions and writes an app: pipeline, approvals, a canary, and its rehearsal.')
    .argument('[folder]', 'where to; empty or not there yet (default: <service>-release)')
    .option('--yes', 'do not ask: take the usual answers for what no flag says', false)
    .addHelpText(
      'after',
      '\nExits with 0 when the app is written, 2 when an answer cannot be used or the folder is not empty.',
    )
    .exitOverride()
    .action(async (folder: string | undefined, given: InitFlags) => {
      // Who verifies a record does not load what asks.
      const { init } = await import('./init/init');
      process.stdout.write(`${(await init(folder, given)).join('\n')}\n`);
    });
  addFlags(init, INIT_QUESTIONS);
}

function addAppSpec(program: Command, exit: (code: number) => void): void {
  const appspec = program
    .command('appspec')
    .description('Asks five questions and writes appspec.yml and its scripts, for servers that CodeDeploy deploys to.')
    .argument('[folder]', 'the root of what the build puts into the artifact', '.')
    .option('--yes', 'do not ask: take the usual answers for what no flag says', false)
    .option('--force', 'overwrite files that are there and differ', false)
    .option('--dry-run', 'print the files, write nothing', false)
    .addHelpText(
      'after',
      '\nExits with 0 when the files are written, as they were or printed, 1 when others of their names are there, 2 when an answer cannot be used.',
    )
    .exitOverride()
    .action(async (folder: string, given: AppSpecFlags) => {
      const { appspec, InTheWay } = await import('./appspec/appspec');
      try {
        process.stdout.write(`${(await appspec(folder, given)).join('\n')}\n`);
      } catch (error) {
        if (!(error instanceof InTheWay)) throw error;
        process.stderr.write(`${error.message}\n`);
        exit(FOUND);
      }
    });
  addFlags(appspec, SERVER_QUESTIONS);
}

/** A flag for each question that the command would ask. */
function addFlags(command: Command, questions: Readonly<Record<string, Question>>): void {
  for (const { flag, asked, usual } of Object.values(questions)) {
    command.option(`--${flag} <answer>`, `${asked} As in "${usual}"`);
  }
}

function anchor(value: string): Anchor {
  const [, n, hash = ''] = /^([1-9]\d{0,11}):([0-9a-f]{64})$/.exec(value) ?? [];
  if (n === undefined) {
    throw new InvalidArgumentError('must be a number and a hash, as in 12:0a1b…');
  }
  return { n: Number(n), hash };
}

function anchors(value: string, before: readonly Anchor[] = []): readonly Anchor[] {
  return [...before, anchor(value)];
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const { exitCode, message, name } = error as { readonly exitCode?: number } & Pick<Error, 'message' | 'name'>;
    // Ctrl+C at a question.
    if (name === 'ExitPromptError') {
      process.exitCode = INTERRUPTED;
      return;
    }
    if (exitCode === undefined) {
      process.stderr.write(`${message}\n`);
    }
    process.exitCode = exitCode === 0 ? VERIFIED : UNREADABLE;
  },
);
