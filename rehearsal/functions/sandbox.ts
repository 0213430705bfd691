import { delimiter, dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Calls, type AwsDoor } from './calls';
import type { LogLine } from '../record';

export interface SandboxOptions {
  readonly functionName: string;
  readonly version: string;
  readonly file: string;
  readonly exportName: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Real seconds that an invocation may take. */
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** What the clock of the function says when an invocation begins. Without it, the time of this machine. */
  readonly now?: () => number;
  readonly log: (level: LogLine['level'], text: string) => void;
  /** Answers the calls that the function makes of AWS; without it, they go over the network. */
  readonly aws?: AwsDoor;
}

export interface Failure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type Outcome = { readonly payload: unknown } | { readonly failure: Failure };

type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'broken'; readonly error: Failure }
  | { readonly kind: 'log'; readonly level: LogLine['level']; readonly text: string }
  | { readonly kind: 'result'; readonly id: number; readonly payload: string }
  | { readonly kind: 'failed'; readonly id: number; readonly error: Failure };

/** A slow or crowded machine must not look like a slow function. */
const PATIENCE = 3;

/** Lambda's runtime brings the SDK. Here it is the one that is installed where the command runs, or beside this package. */
const NODE_PATH = [process.cwd(), __dirname].flatMap(modulesAbove).join(delimiter);

function modulesAbove(folder: string): readonly string[] {
  const above = dirname(folder);
  return [join(folder, 'node_modules'), ...(above === folder ? [] : modulesAbove(above))];
}

/** One warm execution environment: a thread that stays until it fails, with one invocation at a time. */
export class Sandbox {
  private worker?: Worker;
  private ready?: Promise<Failure | undefined>;
  private turn: Promise<unknown> = Promise.resolve();
  private settle?: (outcome: Outcome) => void;
  private count = 0;

  constructor(private readonly options: SandboxOptions) {}

  invoke(event: unknown, context: object): Promise<Outcome> {
    const result = this.turn.then(() => this.run(event, context));
    this.turn = result;
    return result;
  }

  async close(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    this.ready = undefined;
    await worker?.terminate();
  }

  private async run(event: unknown, context: object): Promise<Outcome> {
    this.ready ??= this.start();
    const broken = await this.ready;
    if (broken !== undefined) {
      await this.close();
      return { failure: broken };
    }
    const limit = this.options.timeoutSeconds * 1000 * PATIENCE;
    let timer: NodeJS.Timeout | undefined;
    const outcome = await new Promise<Outcome>((resolve) => {
      this.settle = resolve;
      timer = setTimeout(() => {
        const errorMessage = `Task timed out after ${this.options.timeoutSeconds}.00 seconds`;
        resolve({ failure: { errorType: 'Sandbox.Timedout', errorMessage } });
        void this.close();
      }, limit);
      const present = this.present();
      this.worker?.postMessage({ id: ++this.count, event, context, deadline: Date.now() + limit, present });
    });
    clearTimeout(timer);
    this.settle = undefined;
    return outcome;
  }

  private present(): number {
    return this.options.now?.() ?? Date.now();
  }

  private start(): Promise<Failure | undefined> {
    const { file, exportName, environment, aws } = this.options;
    const calls = aws && new Calls(aws);
    const worker = new Worker(join(__dirname, 'worker.mjs'), {
      workerData: { file, exportName, nodePath: NODE_PATH, calls: calls?.forWorker, present: this.present() },
      transferList: calls === undefined ? [] : [calls.forWorker.port],
      env: { ...environment },
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    worker.unref();
    this.worker = worker;
    return new Promise((resolve) => {
      worker.on('message', (answer: Answer) => this.hear(answer, resolve));
      worker.on('error', (error) => {
        this.crash(worker, { errorType: 'Runtime.ExitError', errorMessage: error.message }, resolve);
      });
      worker.on('exit', (code) => {
        const errorMessage = `the runtime exited with status ${code}`;
        this.crash(worker, { errorType: 'Runtime.ExitError', errorMessage }, resolve);
      });
    });
  }

  private hear(answer: Answer, started: (failure?: Failure) => void): void {
    switch (answer.kind) {
      case 'log':
        return this.options.log(answer.level, answer.text);
      case 'ready':
        return started();
      case 'broken':
        return started(answer.error);
      case 'result':
        return this.settle?.({ payload: JSON.parse(answer.payload) });
      case 'failed':
        return this.settle?.({ failure: answer.error });
    }
  }

  private crash(worker: Worker, failure: Failure, started: (failure?: Failure) => void): void {
    started(failure);
    if (this.worker === worker) {
      this.worker = undefined;
      this.ready = undefined;
      this.settle?.({ failure });
    }
  }
}
