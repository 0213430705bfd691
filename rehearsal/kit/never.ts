/**
 * What must never happen, tried out in every order in which people, alarms and operators can act: `never(app).reaches('Prod/Deploy')
 * .without(approvals('Prod/Approve', 2))`.
 */
import { addressesAsked } from '../approval-gates/review-page';
import { isUnderWay, latestRun, type ActionRun, type Execution } from '../pipeline/execution';
import { runOf } from '../scenario/observe';
import { rehearse, type App, type RehearsedApp, type RehearseOptions } from './rehearse';

export interface NeverOptions extends RehearseOptions {
  /**
   * Who may answer in the console the gates that mail nobody a link: ARNs. A gate that mails links is answered by link only.
   *
   * @default - two users of the account
   */
  readonly atConsole?: readonly string[];
  /**
   * Whether an operator may also roll a stage back to an earlier run, whose way there is judged like any other.
   *
   * @default false - runs that a push started are judged
   */
  readonly rollbacks?: boolean;
  /**
   * Alarms that may go red at any moment, beside those that a condition names.
   *
   * @default - none
   */
  readonly alarms?: readonly string[];
  /**
   * The longest story, in moves of people, alarms and operators; waits do not count.
   *
   * @default 4
   */
  readonly moves?: number;
  /**
   * Stories that are tried at most.
   *
   * @default 500
   */
  readonly stories?: number;
}

/** Something that has to be so before an action may begin. */
export interface Condition {
  /** As it stands in the message: `two approvals at Prod/Approve`. */
  readonly words: string;
  /** Alarms that matter to it: the exploration turns them red. */
  readonly alarms: readonly string[];
  holds(story: Story): boolean;
}

/** What has happened in a run so far. */
export interface Story {
  /** Approvals that were taken, in their order; somebody who said no later is not among them. */
  readonly approvals: readonly { readonly gate: string; readonly by: string }[];
  /** Alarms that were red while the run was under way. */
  readonly red: readonly string[];
}

/** So many different people have approved a gate in this very run. */
export function approvals(gate: string, count: number): Condition {
  return {
    words: `${count === 1 ? 'an approval' : `${count} approvals`} at ${gate}`,
    alarms: [],
    holds: (story) => new Set(story.approvals.filter((one) => one.gate === gate).map(({ by }) => by)).size >= count,
  };
}

/** An alarm was not red while this very run was under way. */
export function healthy(alarm: string): Condition {
  return { words: `${alarm} green all the time`, alarms: [alarm], holds: ({ red }) => !red.includes(alarm) };
}

export interface Explored {
  /** Stories that were told to their end. */
  readonly stories: number;
  /** Different states of the run that were seen. */
  readonly states: number;
  /** True when no longer story was left out: neither `moves` nor `stories` cut anything off. */
  readonly complete: boolean;
}

/** The action was reached although a condition did not hold. */
export class Reached extends Error {
  override readonly name = 'Reached';

  constructor(
    readonly action: string,
    readonly condition: string,
    /** What was done, move by move. */
    readonly story: readonly string[],
  ) {
    super(
      [`${action} can be reached without ${condition}:`, ...story.map((move, at) => `  ${at + 1}. ${move}`)].join('\n'),
    );
  }
}

export function never(app: App, options: NeverOptions = {}) {
  return {
    /** An action (`Prod/Deploy`) begins. */
    reaches: (action: string) => ({
      /**
       * Tries every order within the bounds, one run at a time. States in which the actions, everybody's latest answer and the red
       * alarms are the same are gone on from once. Alarms go red when something has changed, not in between.
       *
       * @throws Reached with the shortest story that leads there
       */
      without: (...conditions: readonly Condition[]): Promise<Explored> => explore(app, action, conditions, options),
    }),
  };
}

type Move =
  /** Time goes by until something changes, where an alarm could go red just as well. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'approve' | 'reject'; readonly gate: string; readonly as: string }
  | { readonly kind: 'red'; readonly alarm: string }
  | { readonly kind: 'rollback'; readonly stage: string };

/** A day longer than an approval can wait. */
const LONGEST_WAIT = 61 * 86_400_000;
/** An answer by link is with CodePipeline by then. */
const SOON = 10 * 60_000;
/** Changes of one run that are waited for. */
const MOST_NEWS = 200;

async function explore(
  app: App,
  action: string,
  conditions: readonly Condition[],
  options: NeverOptions,
): Promise<Explored> {
  const { moves: longest = 4, stories: most = 500 } = options;
  const world = await rehearse(app, options);
  try {
    const explorer = new Explorer(world, action, conditions, options);
    await explorer.warmUp();
    let complete = true;
    // The shortest stories first, so that the one that is told is a shortest one.
    const queue: (readonly Move[])[] = [[]];
    const states = new Set<string>();
    let told = 0;
    for (let story = queue.shift(); story !== undefined; story = queue.shift()) {
      if (told === most) {
        complete = false;
        break;
      }
      told += 1;
      const { state, next } = await explorer.tell(story);
      if (states.has(state)) continue;
      states.add(state);
      const isLong = story.filter(({ kind }) => kind !== 'wait').length === longest;
      const further = isLong ? next.filter(({ kind }) => kind === 'wait') : next;
      complete &&= further.length === next.length;
      queue.push(...further.map((move) => [...(story ?? []), move]));
    }
    return { stories: told, states: states.size, complete };
  } finally {
    await world.close();
  }
}

/** Tells stories, one after the other, in one world. */
class Explorer {
  private readonly alarms: readonly string[];
  private readonly console: readonly string[];
  private readonly targetStage: string;

  constructor(
    private readonly world: RehearsedApp,
    private readonly action: string,
    private readonly conditions: readonly Condition[],
    private readonly options: NeverOptions,
  ) {
    const { rehearsal } = world;
    const [stage = ''] = action.split('/');
    this.targetStage = stage;
    this.alarms = [...new Set([...conditions.flatMap((condition) => condition.alarms), ...(options.alarms ?? [])])];
    const user = (name: string): string => `arn:aws:iam::${rehearsal.world.account}:user/${name}`;
    this.console = options.atConsole ?? [user('ana'), user('bo')];
    runOf(rehearsal, action); // Throws where the pipeline has no such action.
  }

  /**
   * Runs that went all the way, approved by everybody: functions have versions, and stages have something to go back to.
   *
   * @throws Error when the action is not reached even so: whatever is tried then would prove nothing
   */
  async warmUp(): Promise<void> {
    const runs = this.options.rollbacks === true ? 2 : 1;
    for (let count = 0; count < runs; count += 1) {
      await this.world.push({ message: 'Before the story' });
      for (let turn = 0; turn < 40 && isUnderWay(this.run); turn += 1) {
        const open = this.openGates(this.run);
        for (const { gate, people } of open) {
          for (const as of people) await this.world.approve(gate, { as }).catch(() => undefined);
        }
        await this.waitForNews(this.run);
      }
      if (!hasBegun(this.run, this.action)) {
        const lately = this.world.journal.slice(-8).join('\n  ');
        throw new Error(
          `${this.action} is not reached even when everybody approves and no alarm is red, so nothing would be proven; lately:\n  ${lately}`,
        );
      }
    }
  }

  /** Tells a story from its push on. Answers the state that it leads to, and the moves that are open then. */
  async tell(moves: readonly Move[]): Promise<{ readonly state: string; readonly next: readonly Move[] }> {
    await this.tidy();
    const { rehearsal } = this.world;
    const words: string[] = [];
    const given: Given[] = [];
    const red = new Set<string>();
    const judge = (run: Execution): void => {
      if (!hasBegun(run, this.action)) return;
      const story: Story = { approvals: standing(given), red: [...red] };
      const missing = this.conditions.find((condition) => !condition.holds(story));
      if (missing !== undefined) throw new Reached(this.action, missing.words, words);
    };
    const rollback = moves[0]?.kind === 'rollback';
    if (!rollback) {
      words.push('a change is pushed');
      await this.world.push({ message: 'The story' });
      await this.goOn(judge, []);
    }
    for (const [index, move] of moves.entries()) {
      words.push(wordsOf(move));
      switch (move.kind) {
        case 'wait':
          // People who do not answer are reminded, and then they are out of time.
          await this.waitForNews(this.run, { mails: !this.isAsked });
          break;
        case 'approve':
        case 'reject': {
          const isTaken = await this.world[move.kind](move.gate, { as: move.as }).then(
            () => true,
            () => false,
          );
          if (isTaken) given.push({ gate: move.gate, by: move.as, verdict: move.kind });
          break;
        }
        case 'red':
          red.add(move.alarm);
          await this.world.alarm(move.alarm, 'ALARM');
          break;
        case 'rollback':
          await rehearsal.rollback(move.stage);
          await rehearsal.world.clock.settle();
      }
      judge(this.run);
      await this.goOn(judge, moves.slice(0, index + 1));
    }
    const { run } = this;
    const next = this.movesFrom(run, moves);
    const actions = run.actions.map((one) => `${one.stage}/${one.action} ${one.status}`);
    const votes = latestOf(given).map(({ gate, by, verdict }) => `${gate} ${by} ${verdict}`);
    const state = JSON.stringify([run.status, rollback, actions.sort(), votes.sort(), [...red].sort()]);
    return { state, next };
  }

  private get run(): Execution {
    const { latest } = this.world.rehearsal;
    if (latest === undefined) throw new Error('nothing was pushed yet');
    return latest.execution;
  }

  private movesFrom(run: Execution, before: readonly Move[]): readonly Move[] {
    const isOperated = this.options.rollbacks === true && before.length === 0;
    const back = isOperated ? [{ kind: 'rollback', stage: this.targetStage } as const] : [];
    if (hasBegun(run, this.action) || !isUnderWay(run)) return back;
    const answers = this.openGates(run).flatMap(({ gate, people }) =>
      people.flatMap((as) =>
        (['approve', 'reject'] as const)
          .map((kind) => ({ kind, gate, as }))
          // Saying the same twice is tried as well, and more than that changes nothing.
          .filter((move) => before.filter((one) => isSame(one, move)).length < 2),
      ),
    );
    const red = this.alarmsLeft(before).map((alarm) => ({ kind: 'red', alarm }) as const);
    return [...answers, ...red, ...(answers.length + red.length > 0 ? [{ kind: 'wait' } as const] : []), ...back];
  }

  private alarmsLeft(moves: readonly Move[]): readonly string[] {
    return this.alarms.filter((alarm) => !moves.some((move) => move.kind === 'red' && move.alarm === alarm));
  }

  /** Gates that wait for an answer in a run, and who could give one. */
  private openGates(run: Execution): readonly { readonly gate: string; readonly people: readonly string[] }[] {
    const { world } = this.world.rehearsal;
    return run.actions
      .filter((one) => one.model.provider === 'Manual' && one.status === 'InProgress')
      .map((one) => {
        const gate = `${one.stage}/${one.action}`;
        const asked = addressesAsked(world.inbox.slice(this.world.rehearsal.mailsBefore.get(run.id) ?? 0), gate);
        return { gate, people: asked.length > 0 || this.isAnsweredByMachine(one) ? asked : this.console };
      });
  }

  /** Whether something other than a mailbox hears the gate ask: then only links, or checks, answer it. */
  private isAnsweredByMachine({ resolvedConfiguration }: ActionRun): boolean {
    const { world } = this.world.rehearsal;
    return world
      .resources('AWS::SNS::Subscription')
      .some(
        ({ properties }) =>
          properties.TopicArn === resolvedConfiguration.NotificationArn &&
          !/^(email|sms)/.test(String(properties.Protocol)),
      );
  }

  /** Time goes by until somebody has a choice: people at a gate, an alarm that may go red. */
  private async goOn(judge: (run: Execution) => void, moves: readonly Move[]): Promise<void> {
    for (let turn = 0; turn < MOST_NEWS && isUnderWay(this.run); turn += 1) {
      judge(this.run);
      if (hasBegun(this.run, this.action)) return;
      const { isAsked } = this;
      // What has just been said may be on its way to the pipeline.
      if (isAsked && !(await this.waitForNews(this.run, { longest: SOON }))) return;
      if (!isAsked && this.alarmsLeft(moves).length > 0) return;
      if (!isAsked && !(await this.waitForNews(this.run))) return;
    }
    judge(this.run);
  }

  /** Whether somebody could answer now. */
  private get isAsked(): boolean {
    return this.openGates(this.run).some(({ people }) => people.length > 0);
  }

  /** Until an action changes, or a mail arrives. */
  private async waitForNews(run: Execution, { longest = LONGEST_WAIT, mails = true } = {}): Promise<boolean> {
    const { clock, inbox } = this.world.rehearsal.world;
    const news = (): string =>
      JSON.stringify([run.status, run.actions.map(({ status }) => status), mails ? inbox.length : 0]);
    const before = news();
    return clock.runUntil(() => news() !== before, { limit: clock.now() + longest });
  }

  /** The next story begins with nothing under way, and all alarms green. */
  private async tidy(): Promise<void> {
    const { rehearsal } = this.world;
    const { world } = rehearsal;
    for (const alarm of this.alarms) {
      if (world.alarms.state(alarm) !== 'OK') await this.world.alarm(alarm, 'OK');
    }
    for (const run of rehearsal.engine().executions.filter((one) => isUnderWay(one))) {
      rehearsal.engine().stop(run.id, true, 'the next story begins');
    }
    await world.clock.settle();
    await this.world.skip('1h');
  }
}

function hasBegun(run: Execution, path: string): boolean {
  const [stage = '', action = ''] = path.split('/');
  return latestRun(run, stage, action) !== undefined;
}

interface Given {
  readonly gate: string;
  readonly by: string;
  readonly verdict: 'approve' | 'reject';
}

function latestOf(given: readonly Given[]): readonly Given[] {
  return [...new Map(given.map((one) => [`${one.gate} ${one.by}`, one])).values()];
}

/** Whoever said no afterwards has taken a yes back. */
function standing(given: readonly Given[]): Story['approvals'] {
  return latestOf(given).filter(({ verdict }) => verdict === 'approve');
}

function isSame(one: Move, other: Move): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function wordsOf(move: Move): string {
  switch (move.kind) {
    case 'approve':
      return `${move.as} approves ${move.gate}`;
    case 'reject':
      return `${move.as} rejects ${move.gate}`;
    case 'red':
      return `the alarm ${move.alarm} goes red`;
    case 'wait':
      return 'time goes by';
    case 'rollback':
      return `an operator rolls the stage ${move.stage} back`;
  }
}
