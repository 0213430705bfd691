/** The test kit's world: an assembly that runs on this machine, and what people, alarms and time do to it. */
import type { Mail } from '../record';
import { assemblyOf } from '../scenario/app';
import { runOf } from '../scenario/observe';
import { Rehearsal, type Push } from '../scenario/rehearsal';
import type { AnswerStep, Step } from '../scenario/schema';
import { duration } from '../scenario/shape';
import { Steps } from '../scenario/steps';
import type { Execution } from '../pipeline/execution';
import { World } from '../world';

/** A CDK app, what its `synth()` gives, the folder of a cloud assembly, or an app as `--app` takes it. */
export type App = string | { readonly directory: string } | { synth(): { readonly directory: string } };

export interface RehearseOptions {
  /**
   * The pipeline that changes are pushed to.
   *
   * @default - the first one of the app
   */
  readonly pipeline?: string;
  /**
   * Virtual time at the beginning.
   *
   * @default 2030-01-07T09:00:00Z
   */
  readonly start?: string | Date;
  /**
   * Whether calls need the permissions of their roles, as on AWS.
   *
   * @default 'enforced'
   */
  readonly permissions?: 'enforced' | 'ignored';
  /**
   * Whether CloudFormation invokes the functions of custom resources; when they are assumed, their attributes are made up.
   *
   * @default 'played'
   */
  readonly customResources?: 'played' | 'assumed';
  /** Context of the synth, where the app is not synthesized yet. */
  readonly context?: Readonly<Record<string, string>>;
}

/** `90s`, `15m`, `2h`, `7d`, `1h 30m`; or milliseconds. */
export type Time = string | number;

export interface Answer {
  /** An address, whose link is used; or an ARN, which answers in the console. */
  readonly as: string;
  /** What is typed into the form, or the summary in the console. */
  readonly comment?: string;
}

const LONGEST = 30 * 86_400_000;

/**
 * Deploys an app on this machine. Virtual time stands still until something of the world asks it to go on.
 *
 * @throws Error when the app does not synthesize or deploy
 */
export async function rehearse(app: App, options: RehearseOptions = {}): Promise<RehearsedApp> {
  const { context, pipeline, ...worldOptions } = options;
  const directory = await assemblyOf(placeOf(app), context);
  const rehearsal = new Rehearsal(await World.create(directory, worldOptions), pipeline);
  try {
    rehearsal.engine();
  } catch (error) {
    await rehearsal.close();
    throw error;
  }
  return new RehearsedApp(rehearsal);
}

function placeOf(app: App): string {
  if (typeof app === 'string') return app;
  return 'synth' in app ? synthesized(app) : app.directory;
}

/** Without CloudFormation's own rules, as of every app that is rehearsed: they take seconds to load, and `cdk synth` asks them. */
function synthesized(app: { synth(): { readonly directory: string } }): string {
  const before = process.env.CDK_VALIDATION;
  process.env.CDK_VALIDATION = 'false';
  try {
    return app.synth().directory;
  } finally {
    if (before === undefined) delete process.env.CDK_VALIDATION;
    else process.env.CDK_VALIDATION = before;
  }
}

export class RehearsedApp {
  private readonly steps: Steps;

  constructor(
    /** All of it, for what the kit has no word for. */
    readonly rehearsal: Rehearsal,
  ) {
    this.steps = new Steps(rehearsal);
  }

  /** A change arrives; its run goes on until nothing more happens by itself at this moment. */
  async push(change: Partial<Push> = {}): Promise<Execution> {
    const execution = this.rehearsal.push({ message: 'A change', ...change });
    await this.rehearsal.world.clock.settle();
    return execution;
  }

  /** Lets time go by. */
  async skip(time: Time): Promise<void> {
    await this.rehearsal.world.clock.advanceBy(millisecondsOf(time));
  }

  /**
   * Goes on until something is so, or until nothing is left to happen.
   *
   * @throws Error when it is not so within the time, by default 30 days
   */
  async until(what: string, isSo: () => boolean, within: Time = LONGEST): Promise<void> {
    const { clock } = this.rehearsal.world;
    const reached = await clock.runUntil(isSo, { limit: clock.now() + millisecondsOf(within) });
    if (!reached) throw new Error(`${what}: not within ${within === LONGEST ? '30 days' : within}`);
  }

  /** Goes on until a gate, such as `Prod/Approve`, waits for an answer. */
  untilWaitingAt(gate: string, within?: Time): Promise<void> {
    return this.until(`${gate} waits for an answer`, () => this.isWaitingAt(gate), within);
  }

  /** Goes on until the run of the latest push has ended. */
  untilEnded(within?: Time): Promise<void> {
    return this.until('the run ends', () => !/InProgress|Stopping/.test(this.status), within);
  }

  /**
   * @throws Error when the answer is not taken
   */
  approve(gate: string, answer: Answer): Promise<void> {
    return this.answer(gate, 'approve', answer);
  }

  /**
   * @throws Error when the answer is not taken
   */
  reject(gate: string, answer: Answer): Promise<void> {
    return this.answer(gate, 'reject', answer);
  }

  /** An alarm changes its state, and back after `for`, if given. */
  alarm(name: string, state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA', back: { readonly for?: Time } = {}): Promise<void> {
    return this.step({
      alarm: { name, state, ...(back.for === undefined ? {} : { for: millisecondsOf(back.for) }) },
    });
  }

  /** Any step of a scenario. */
  async step(step: Step): Promise<void> {
    await this.steps.run(step);
  }

  /** Of the run that the latest push started. */
  get status(): Execution['status'] | 'NotStarted' {
    return this.rehearsal.latest?.execution.status ?? 'NotStarted';
  }

  isWaitingAt(gate: string): boolean {
    return runOf(this.rehearsal, gate)?.status === 'InProgress';
  }

  /** Whether all actions of a stage, or one action of it (`Prod/Deploy`), have succeeded in the run of the latest push. */
  hasDeployed(stageOrAction: string): boolean {
    const execution = this.rehearsal.latest?.execution;
    return stageOrAction.includes('/')
      ? runOf(this.rehearsal, stageOrAction)?.status === 'Succeeded'
      : this.rehearsal.engine(this.rehearsal.latest?.pipeline).stage(stageOrAction) !== undefined &&
          execution?.passed.has(stageOrAction) === true;
  }

  /** Mails that arrived, oldest first. */
  get inbox(): readonly Mail[] {
    return this.rehearsal.world.inbox;
  }

  /** What has happened, line by line. */
  get journal(): readonly string[] {
    return this.rehearsal.world.journal.entries.map(({ at, source, text }) => `${at} ${source}: ${text}`);
  }

  /** Calls that AWS would have refused, for want of a permission. */
  get refusals(): readonly string[] {
    return this.rehearsal.world.refusals;
  }

  close(): Promise<void> {
    return this.rehearsal.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private answer(gate: string, verdict: 'approve' | 'reject', { as, comment }: Answer): Promise<void> {
    if (as.startsWith('arn:')) return this.step({ console: { gate, verdict, as, summary: comment ?? '' } });
    const answer = { gate, as, ...(comment === undefined ? {} : { comment }) } as AnswerStep;
    return this.step(verdict === 'approve' ? { approve: answer } : { reject: answer });
  }
}

function millisecondsOf(time: Time): number {
  if (typeof time === 'number') return time;
  const read = duration.safeParse(time);
  if (!read.success) throw new Error(read.error.issues[0]?.message ?? 'no time');
  return read.data;
}
