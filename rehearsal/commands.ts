/** What the command does once its arguments are understood: runs scripts, lists names, or serves the page. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import pc from 'picocolors';
import { servePage } from './page/server';
import { appHere, assemblyOf } from './scenario/app';
import { listed, namesOf } from './scenario/list';
import { loadScenario } from './scenario/load';
import { Rehearsal } from './scenario/rehearsal';
import type { ScenarioResult } from './scenario/run';
import { runScenario } from './scenario/run';
import type { Scenario } from './scenario/schema';
import { ScenarioError } from './scenario/shape';
import { progress, write, type Options } from './terminal/command-line';
import { junit, type FileResult } from './terminal/junit';
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
  const results: FileResult[] = [];
  for (const [file, scenario] of loaded) {
    results.push({ file: relative('.', file), ...(await script(scenario, options)) });
    if (!options.json) write('');
  }
  const failed = results.filter(({ passed }) => !passed).length;
  if (options.json) {
    write(JSON.stringify({ passed: results.length - failed, failed, scenarios: results }, undefined, 2));
  } else {
    results.forEach((result) => write(summaryLine(result.file, result)));
    write(failed === 0 ? pc.green(`${results.length} passed`) : pc.red(`${failed} of ${results.length} failed`));
  }
  if (options.junit !== undefined) writeFileSync(options.junit, junit(results));
  return failed === 0 ? 0 : 1;
}

/** Names that a scenario may use. */
export async function list(options: Options): Promise<number> {
  const rehearsal = await opened(await assembly(options), options);
  try {
    const names = namesOf(rehearsal);
    write(options.json ? JSON.stringify(names, undefined, 2) : listed(names));
  } finally {
    await rehearsal.close();
  }
  return 0;
}

function assembly({ app, context, quiet, json }: Options, scenario?: Scenario): Promise<string> {
  const all = { ...scenario?.context, ...context };
  const tell = quiet || json ? undefined : progress;
  return assemblyOf(scenario?.app ?? app ?? appHere(), all, { build: true, tell });
}

async function opened(directory: string, options: Options, scenario?: Scenario): Promise<Rehearsal> {
  const permissions = options.ignorePermissions ? 'ignored' : scenario?.permissions;
  const world = await World.create(directory, {
    start: scenario?.start,
    permissions,
    customResources: scenario?.customResources,
  });
  return new Rehearsal(world, scenario?.pipeline ?? options.pipeline);
}

async function script(scenario: Scenario, options: Options): Promise<ScenarioResult> {
  const rehearsal = await opened(await assembly(options, scenario), options, scenario);
  const isTold = !options.quiet && !options.json;
  const reporter = new TerminalReporter(write);
  if (isTold) rehearsal.world.journal.on('entry', (entry) => reporter.entry(entry));
  try {
    return await runScenario(rehearsal, scenario, isTold ? reporter : undefined);
  } finally {
    await rehearsal.close();
  }
}

export async function page(options: Options): Promise<number> {
  const directory = await assembly(options);
  progress('Starting the functions and services');
  const rehearsal = await opened(directory, options);
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
