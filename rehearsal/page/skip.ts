import type { ActionRun } from '../pipeline/execution';
import { durationInWords } from '../duration-in-words';
import type { Rehearsal } from '../scenario/rehearsal';

/** How long one click may take, in real milliseconds. Who wants to go on clicks again. */
const LONGEST_CLICK = 5_000;
const MONTH = 30 * 86_400_000;

/** Lets virtual time go by, in steps: it shows how far it is, can be stopped, and always comes to an end. */
export class Skipper {
  /** What the latest skip came to, in words. */
  note = '';
  private began?: number;
  private stopping = false;

  constructor(private readonly rehearsal: Rehearsal) {}

  get running(): boolean {
    return this.began !== undefined;
  }

  /** How far the skip under way is, in words. */
  get progress(): string | undefined {
    return this.began === undefined ? undefined : `Skipping: ${durationInWords(this.clock.now() - this.began)} so far…`;
  }

  stop(): void {
    this.stopping = true;
  }

  /** Goes on until something is to be seen: an action, a mail, a shift, an alarm. */
  async next(): Promise<void> {
    const before = this.visible();
    await this.skip(this.clock.now() + MONTH, () => this.visible() !== before);
  }

  async by(milliseconds: number): Promise<void> {
    const target = this.clock.now() + Math.min(Math.max(milliseconds, 0), MONTH);
    await this.skip(target, () => false);
  }

  private get clock() {
    return this.rehearsal.world.clock;
  }

  private async skip(target: number, seen: () => boolean): Promise<void> {
    if (this.running) return;
    const from = this.clock.now();
    const real = performance.now();
    this.began = from;
    this.stopping = false;
    this.note = '';
    try {
      await this.clock.settle();
      for (;;) {
        const next = this.clock.pending[0]?.at ?? Infinity;
        if (seen()) return;
        if (this.stopping) return this.ended(from, 'stopped');
        if (performance.now() - real > LONGEST_CLICK) return this.ended(from, 'click again to go on');
        if (next === Infinity && target - from === MONTH) return this.ended(from, 'nothing is left to happen');
        if (next > target) break;
        await this.clock.skip();
        await new Promise((resolve) => setImmediate(resolve));
      }
      await this.clock.advanceTo(target);
    } finally {
      this.began = undefined;
    }
  }

  private ended(from: number, why: string): void {
    const waiting = this.rehearsal.pipelines.names
      .flatMap((name) => this.rehearsal.engine(name).executions)
      .flatMap(({ actions }) => actions)
      .filter(({ status }) => status === 'InProgress')
      .map(waitsFor);
    const went = `${durationInWords(this.clock.now() - from)} went by; ${why}.`;
    this.note = waiting.length === 0 ? went : `${went} What waits: ${[...new Set(waiting)].join(', ')}.`;
  }

  private visible(): string {
    const { world, pipelines, codeDeploy } = this.rehearsal;
    const runs = pipelines.names.flatMap((name) => this.rehearsal.engine(name).executions);
    return JSON.stringify([
      runs.map(({ status, actions }) => [status, actions.map((run) => run.status)]),
      codeDeploy.deployments.map(({ status, percent }) => [status, percent]),
      world.inbox.length,
      world.alarms.names.map((name) => world.alarms.state(name)),
    ]);
  }
}

function waitsFor({ stage, action, expiresAt }: ActionRun): string {
  return expiresAt === undefined ? `${stage}/${action}` : `${stage}/${action} for an answer`;
}
