/** `npm start`: rehearses a synthesized app on this machine, with a page and the terminal, or by scripts alone. */
import { Command, InvalidArgumentError } from 'commander';
import { spawn } from 'node:child_process';
import { relative } from 'node:path';
import pc from 'picocolors';
import { servePage } from './page/server';
import { assemblyOf } from './scenario/app';
import { loadScenario } from './scenario/load';
import { Rehearsal } from './scenario/rehearsal';
import type { ScenarioResult } from './scenario/run';
import { runScenario } from './scenario/run';
import type { Scenario } from './scenario/schema';
import { ScenarioError } from './scenario/shape';
import { summaryLine, TerminalReporter } from './terminal/reporter';
import { World } from './world';

interface Options {
  readonly app?: string;
  readonly script?: readonly string[];
  readonly pipeline?: string;
  readonly port: number;
  readonly open: boolean;
  readonly quiet: boolean;
}

const write = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const program = new Command('rehearsal')
    .description('Runs the pipelines of a synthesized CDK app on this machine, with its own functions and no account.')
    .option('--script <file...>', 'run these scenarios and exit: 0 when all pass, 1 when one fails, 2 for bad input')
    .option('--app <path>', 'a cloud assembly, a folder with a cdk.json, or a .ts file (default: the reference app)')
    .option('--pipeline <name>', 'the pipeline to push to (default: the first one)')
    .option('--port <number>', 'port of the page', port, 4400)
    .option('--open', 'open the page in a browser', false)
    .option('--no-open', 'do not open a browser (the default)')
    .option('--quiet', 'only the result of each script', false)
    .exitOverride()
    .showHelpAfterError();
  let options: Options;
  try {
    options = program.parse().opts<Options>();
  } catch (error) {
    return (error as { exitCode?: number }).exitCode === 0 ? 0 : 2;
  }
  return options.script === undefined ? page(options) : scripts(options, options.script);
}

function port(value: string): number {
  const found = Number(value);
  if (!Number.isInteger(found) || found < 0 || found > 65_535) {
    throw new InvalidArgumentError('must be a whole number from 0 (any free one) to 65535');
  }
  return found;
}

async function scripts(options: Options, files: readonly string[]): Promise<number> {
  const loaded: [string, Scenario][] = [];
  try {
    for (const file of files) loaded.push([file, loadScenario(file)]);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  const results: [string, ScenarioResult][] = [];
  for (const [file, scenario] of loaded) {
    results.push([file, await script(scenario, options)]);
    write('');
  }
  results.forEach(([file, result]) => write(summaryLine(relative('.', file), result)));
  const failed = results.filter(([, result]) => !result.passed).length;
  write(failed === 0 ? pc.green(`${results.length} passed`) : pc.red(`${failed} of ${results.length} failed`));
  return failed === 0 ? 0 : 1;
}

/** What takes seconds is told before it begins; standard output is for the rehearsal itself. */
function progress(what: string): void {
  const line = `${what}…`;
  process.stderr.write(`${process.stderr.isTTY ? pc.dim(line) : line}\n`);
}

function assembly(app: string, context?: Readonly<Record<string, string>>): Promise<string> {
  return assemblyOf(app, context, { build: true, tell: progress });
}

async function script(scenario: Scenario, options: Options): Promise<ScenarioResult> {
  const directory = await assembly(scenario.app ?? options.app ?? 'reference', scenario.context);
  const rehearsal = new Rehearsal(
    await World.create(directory, { start: scenario.start }),
    scenario.pipeline ?? options.pipeline,
  );
  const reporter = new TerminalReporter(write);
  if (!options.quiet) rehearsal.world.journal.on('entry', (entry) => reporter.entry(entry));
  try {
    return await runScenario(rehearsal, scenario, options.quiet ? undefined : reporter);
  } finally {
    await rehearsal.close();
  }
}

async function page(options: Options): Promise<number> {
  const directory = await assembly(options.app ?? 'reference');
  progress('Starting the functions and services');
  const rehearsal = new Rehearsal(await World.create(directory), options.pipeline);
  const reporter = new TerminalReporter(write);
  rehearsal.engine();
  const { url, close } = await servePage(rehearsal, options.port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(`port ${options.port} is in use: give another by --port, or --port 0 for any free one`);
  });
  rehearsal.world.journal.on('entry', (entry) => reporter.entry(entry));
  rehearsal.world.clock.live((error) => process.stderr.write(`${(error as Error).stack ?? String(error)}\n`));
  write(`\n${pc.bold('Rehearsal')} of ${rehearsal.pipelines.names.join(', ')}: ${pc.cyan(url)}`);
  write(
    pc.dim(
      'A change is on its way. Open the page, skip to the gate, open the mail, type the number. Ctrl+C ends it.\n',
    ),
  );
  rehearsal.push({ message: 'Sell tea' });
  if (options.open) openBrowser(url);
  await new Promise<void>((stop) => {
    process.once('SIGINT', () => stop());
    process.once('SIGTERM', () => stop());
  });
  await close();
  await rehearsal.close();
  return 0;
}

function openBrowser(url: string): void {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .on('error', () => write(`Open ${url} in a browser.`))
    .unref();
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(2);
  },
);
