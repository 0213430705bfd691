/** What `npm start` does once its arguments are understood: runs scripts, or serves the page. */
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
import { progress, write, type Options } from './terminal/command-line';
import { summaryLine, TerminalReporter } from './terminal/reporter';
import { World } from './world';

export async function scripts(options: Options, files: readonly string[]): Promise<number> {
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

export async function page(options: Options): Promise<number> {
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
