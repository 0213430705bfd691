/** What the terminal shows of a rehearsal: plain when it is not a terminal. */
import pc from 'picocolors';
import type { JournalEntry } from '../record';
import { describeStep, plain } from '../scenario/describe';
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

  constructor(
    private readonly write: Write,
    private readonly start: number,
  ) {}

  begun(scenario: Scenario): void {
    this.write(pc.bold(scenario.title));
    if (scenario.about !== undefined) this.write(pc.dim(scenario.about.trim()));
  }

  stepBegins(number: number, step: Step, at: number): void {
    this.write(`${pc.dim(this.clock(at))}  ${pc.bold(`${number}. ${describeStep(step)}`)}`);
  }

  stepEnded(_number: number, problem?: string): void {
    if (problem !== undefined) this.write(`${' '.repeat(12)}  ${pc.red(`✗ ${problem}`)}`);
  }

  /** What repeats itself is shown once, and counted. */
  entry(entry: JournalEntry): void {
    if (entry.text === this.last) {
      this.repeated += 1;
      return;
    }
    if (this.repeated > 0) this.write(pc.dim(`${' '.repeat(25)}… and ${this.repeated} times more`));
    this.last = entry.text;
    this.repeated = 0;
    const color = COLORS[entry.source] ?? pc.dim;
    const text = entry.level === 'error' ? pc.red(entry.text) : entry.text;
    this.write(`${pc.dim(this.clock(Date.parse(entry.at)))}  ${color(entry.source.padEnd(9))} ${text}`);
  }

  /** Time since the beginning: `  1d 02:03:04`. */
  private clock(at: number): string {
    const seconds = Math.max(0, Math.floor((at - this.start) / 1_000));
    const days = Math.floor(seconds / 86_400);
    const two = (value: number): string => String(value).padStart(2, '0');
    const time = `${two(Math.floor(seconds / 3_600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    return (days > 0 ? `${days}d ${time}` : time).padStart(12);
  }
}

export function summaryLine(file: string, result: ScenarioResult): string {
  const took = `${plain(result.virtual)} in ${(result.real / 1_000).toFixed(1)} s`;
  if (result.passed) return `${pc.green('✓')} ${result.title} ${pc.dim(`(${result.steps} steps, ${took}; ${file})`)}`;
  return [
    `${pc.red('✗')} ${result.title} ${pc.dim(`(${took}; ${file})`)}`,
    `    step ${result.failure?.step}, ${result.failure?.what}:`,
    `    ${pc.red(result.failure?.why ?? '')}`,
  ].join('\n');
}
