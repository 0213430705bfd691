/** One walk: a world with a pipeline, what was done to it, and what happened in it, with an eye on every invariant. */
import { RehearsedApp } from '../../../rehearsal/kit/rehearse';
import { inProgress, type ActionRun, type Execution } from '../../../rehearsal/pipeline/execution';
import type { Override } from '../../../rehearsal/pipeline/pipelines';
import { Rehearsal } from '../../../rehearsal/scenario/rehearsal';
import { World } from '../../../rehearsal/world';
import { Judge } from './judge';
import { isAsked } from './mails';
import { MINUTE, PEOPLE, PLANS, type Plan, type PlannedStage, type Which } from './plan';
import { Violation, type Invariant } from './violation';

/** An answer that was taken. */
export interface Given {
  readonly action: string;
  readonly at: number;
  readonly verdict: 'approve' | 'reject';
  /** An address, or the ARN of somebody in the console. */
  readonly by: string;
}

/** A function that cannot run for a while. */
export type Trouble = 'decide' | 'check' | 'intake';

/** How long it is, and how long until nothing is left of it. */
const TROUBLE = 20 * MINUTE;
const RECOVERY = 30 * MINUTE;

export interface Red {
  readonly alarm: string;
  readonly from: number;
  /** Infinity while it lasts. */
  to: number;
}

export class Walk {
  readonly given: Given[] = [];
  readonly red: Red[] = [];
  /** Alive until they have failed an action. */
  private readonly failing: Override[] = [];
  private readonly broken: Violation[] = [];
  private pushes = 0;
  private troubled = -Infinity;
  /** Times in which no gate learns that its action has begun. */
  private readonly deaf: { readonly from: number; readonly to: number }[] = [];

  private constructor(
    readonly plan: Plan,
    readonly app: RehearsedApp,
  ) {}

  static async begin(which: Which, directory: string): Promise<Walk> {
    const plan = PLANS[which];
    const rehearsal = new Rehearsal(await World.create(directory), plan.pipeline);
    const walk = new Walk(plan, new RehearsedApp(rehearsal));
    const judge = new Judge(walk);
    const { world } = rehearsal;
    rehearsal.pipelines.onChange(() => judge.changed());
    world.functions.onChange(({ functionName, name }) => {
      if (name === 'live') judge.moved(functionName.replace('orders-', ''));
    });
    world.alarms.onChange((alarm, state) => {
      walk.red.filter((one) => one.alarm === alarm && one.to === Infinity).forEach((one) => (one.to = walk.now));
      if (state === 'ALARM') walk.red.push({ alarm, from: walk.now, to: Infinity });
    });
    walk.settled = () => judge.settled();
    walk.ended = () => judge.ended();
    return walk;
  }

  private settled: () => void = () => undefined;
  private ended: () => void = () => undefined;

  get rehearsal(): Rehearsal {
    return this.app.rehearsal;
  }

  get now(): number {
    return this.rehearsal.world.clock.now();
  }

  get runs(): readonly Execution[] {
    return this.rehearsal.engine().executions;
  }

  get actions(): readonly ActionRun[] {
    return this.runs.flatMap(({ actions }) => actions);
  }

  stage(name: string): PlannedStage | undefined {
    return this.plan.stages.find((stage) => stage.name === name);
  }

  /** Gates that wait for an answer. */
  open(name: 'Approve' | 'Healthy'): readonly ActionRun[] {
    return this.actions.filter((action) => action.action === name && inProgress(action));
  }

  /** The change that a target serves, as its function says. */
  serves(target: string): string {
    const { resource } = this.rehearsal.world.functions.target(`orders-${target}:live`);
    return resource.properties.Environment.Variables.RELEASE as string;
  }

  must(invariant: Invariant, holds: boolean, detail: () => string): void {
    if (!holds) this.broken.push(new Violation(invariant, detail()));
  }

  async push(): Promise<Execution> {
    this.pushes += 1;
    return this.app.push({ message: `Change ${this.pushes}` });
  }

  async answer(gate: ActionRun, verdict: 'approve' | 'reject', by: string): Promise<void> {
    const path = `${gate.stage}/${gate.action}`;
    const invariant = 'a gate that waits takes the answer of whom it asked';
    if (!by.startsWith('arn:') && !isAsked(this.app.inbox, gate, by)) {
      this.must(invariant, this.isTroubled, () => `${path} waits, and ${by} got no mail`);
      return;
    }
    const given = { action: gate.id, at: this.now, verdict, by };
    this.given.push(given);
    const { world } = this.rehearsal;
    const answered = by.startsWith('arn:')
      ? world.call(
          'codepipeline',
          'PutApprovalResult',
          {
            pipelineName: this.plan.pipeline,
            stageName: gate.stage,
            actionName: gate.action,
            token: gate.token,
            result: { status: verdict === 'approve' ? 'Approved' : 'Rejected', summary: 'by hand' },
          },
          { principal: 'console', arn: by, roleArn: by },
        )
      : this.app[verdict](path, { as: by });
    await answered.catch((error: Error) => {
      this.given.splice(this.given.indexOf(given), 1);
      this.must(invariant, this.isTroubled, () => `${path}: ${error.message}`);
    });
    await world.clock.settle();
  }

  trouble(name: Trouble): void {
    const { world } = this.rehearsal;
    this.troubled = this.now + TROUBLE;
    if (name === 'intake') this.deaf.push({ from: this.now, to: this.troubled + RECOVERY });
    // A check that is throttled is called again and again in real time, by the SDK.
    const how = name === 'check' ? 'crashes' : 'throttled';
    world.faults.stop(world.functionNamed(name).physicalId, { until: this.troubled, how });
  }

  /** A function cannot run, or could not until lately: what takes a moment at other times may take longer. */
  get isTroubled(): boolean {
    return this.now < this.troubled + RECOVERY;
  }

  /** Since when a gate can watch at the latest, if its action began then: later, if nobody could tell it. */
  watchesFrom(began: number): number {
    return Math.max(began, ...this.deaf.filter(({ from, to }) => from <= began && began < to).map(({ to }) => to));
  }

  /** The next deployment to this target fails. */
  failNext(stage: string, action: string): void {
    const override = {
      stage,
      action,
      result: { status: 'Failed', summary: 'the deployment failed' } as const,
      times: 1,
    };
    this.failing.push(override);
    this.rehearsal.pipelines.override(override);
  }

  /** Judges what there is when nothing more happens at this moment. */
  look(): void {
    this.settled();
    const [first] = this.broken;
    if (first !== undefined) throw first;
  }

  /** From here on all is well, people approve whatever asks them, and one more change comes: it has to get through. */
  async finish(): Promise<void> {
    this.failing.forEach((override) => (override.times = 0));
    for (const alarm of this.plan.alarms) await this.app.alarm(alarm, 'OK');
    const last = await this.push();
    for (let turn = 0; turn < 200 && this.runs.some(inProgressOrStopping); turn += 1) {
      await this.app.skip('30m');
      for (const gate of this.open('Approve')) await this.answer(gate, 'approve', PEOPLE[turn % PEOPLE.length]!);
      this.look();
    }
    const invariant = 'the newest change gets through once all is well';
    this.must(invariant, last.status === 'Succeeded', () => `run ${last.number} is ${last.status}`);
    const targets = this.plan.stages.flatMap((stage) => stage.targets);
    const elsewhere = targets.filter((target) => this.serves(target) !== releaseOf(last));
    this.must(invariant, elsewhere.length === 0, () => `run ${last.number} is not in ${String(elsewhere)}`);
    // Everybody is told in the meantime.
    await this.app.skip('30m');
    this.ended();
    this.look();
  }

  /** What has happened, for a person who wants to know why. */
  story(): string {
    return this.app.journal.join('\n');
  }

  close(): Promise<void> {
    return this.app.close();
  }
}

function inProgressOrStopping({ status }: Execution): boolean {
  return status === 'InProgress' || status === 'Stopping';
}

/** As a function of that change says it. */
export function releaseOf({ revisions }: Execution): string {
  return (revisions[0]?.id ?? 'none').slice(0, 12);
}
