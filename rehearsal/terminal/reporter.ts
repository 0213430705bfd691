/** What the terminal shows of a rehearsal: plain when it is not a terminal. */
import pc from 'picocolors';
import type { JournalEntry } from '../record';
import { durationInWords } from '../duration-in-words';
import { describeStep } from '../scenario/describe';
import type { ScenarioObserver, ScenarioResult } from '../scenario/run';
import type { Scenario, Step } from '../scenario/schema';

export type Write = (line: string) => void;

const COLORS: Readonly<Record<string, (text: string) => string>> = {
  pipeline: pc.cyan,
  gate: pc.yellow,
  deploy: pc.magenta,
  mail: pc.blue,
  alarm: pc.red,
};

export class TerminalReporter implements ScenarioObserver {
  private last = '';
  private repeated = 0;

  private shownDay = '';

  constructor(private readonly write: Write) {}

  begun(scenario: Scenario): void {
    this.write(pc.bold(scenario.title));
    if (scenario.about !== undefined) this.write(pc.dim(scenario.about.trim()));
  }

  stepBegins(number: number, step: Step, at: number): void {
    this.day(at);
    this.write(`${pc.dim(clock(at))}  ${pc.bold(`${number}. ${describeStep(step)}`)}`);
  }

  stepEnded(_number: number, problem?: string): void {
    if (problem !== undefined) this.write(`${' '.repeat(8)}  ${pc.red(`✗ ${problem}`)}`);
  }

  /** What repeats itself is shown once, and counted. */
  entry(entry: JournalEntry): void {
    if (entry.text === this.last) {
      this.repeated += 1;
      return;
    }
    if (this.repeated > 0) this.write(pc.dim(`${' '.repeat(20)}… and ${this.repeated} times more`));
    this.last = entry.text;
    this.repeated = 0;
    const color = COLORS[entry.source] ?? pc.dim;
    const text = entry.level === 'error' ? pc.red(entry.text) : entry.text;
    this.day(Date.parse(entry.at));
    this.write(`${pc.dim(clock(Date.parse(entry.at)))}  ${color(entry.source.padEnd(9))} ${text}`);
  }

  /** The date, where it changes. */
  private day(at: number): void {
    const day = new Date(at).toISOString().slice(0, 10);
    if (day !== this.shownDay) this.write(pc.bold(`${day} UTC`));
    this.shownDay = day;
  }
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}

export function summaryLine(file: string, result: ScenarioResult): string {
  const took = `${durationInWords(result.virtual)} in ${(result.real / 1_000).toFixed(1)} s`;
  if (result.passed) return `${pc.green('✓')} ${result.title} ${pc.dim(`(${result.steps} steps, ${took}; ${file})`)}`;
  return [
    `${pc.red('✗')} ${result.title} ${pc.dim(`(${took}; ${file})`)}`,
    `    step ${result.failure?.step}, ${result.failure?.what}:`,
    `    ${pc.red(result.failure?.why ?? '')}`,
  ].join('\n');
}
