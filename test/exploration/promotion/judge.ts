/**
 * Judges what happens in a walk, at the moment when it happens: by which actions began and ended when, who answered, which alarms were
 * red, and what each function says of itself; never by what the product made of these.
 */
import { inProgress, latestRun, type ActionRun, type Execution } from '../../../rehearsal/pipeline/execution';
import { heldAnswers, sentencesOf } from './mails';
import { MINUTE, type PlannedStage } from './plan';
import { releaseOf, type Red, type Walk } from './walk';
import { isOpen } from './window';

/** How long an alarm may be red in a bake before that has to be noticed: the checks look every ten minutes. */
const NOTICED = 11 * MINUTE;
/** CodePipeline looks at an alarm once a minute; what is shorter than that, it may miss. */
const BLINK = 2 * MINUTE;

/** A run that failed in a stage, and the one that the stage has to go back to. */
interface Failure {
  readonly run: Execution;
  readonly stage: PlannedStage;
  readonly lastGood?: Execution;
}

export class Judge {
  private readonly seen = new Set<string>();
  private readonly statuses = new Map<string, Execution['status']>();
  private readonly failures: Failure[] = [];
  /** So many of them were compared with what people had been told. */
  private told = 0;
  /** Deployments that went on though their run was stopped: what they leave behind is theirs to say. */
  private readonly late = new Set<string>();

  constructor(private readonly walk: Walk) {}

  /** Something of the pipeline has changed. */
  changed(): void {
    for (const run of this.walk.runs) {
      for (const action of run.actions) {
        if (!this.seen.has(action.id)) {
          this.seen.add(action.id);
          this.begins(run, action);
        }
      }
      if (this.statuses.get(run.id) !== run.status) {
        this.statuses.set(run.id, run.status);
        if (run.status === 'Failed') this.failed(run);
        if (run.status === 'Succeeded') this.succeeded(run);
      }
    }
  }

  /** A target serves something else than before. */
  moved(target: string): void {
    const serves = this.walk.serves(target);
    const deploys = this.walk.actions.filter(
      (action) => action.action === target && (inProgress(action) || action.status === 'Abandoned'),
    );
    const owner = deploys.findLast((action) => releaseOf(this.runOf(action)) === serves);
    if (owner?.status === 'Abandoned') this.late.add(target);
    else this.late.delete(target);
    this.walk.must(
      'a target serves what was deployed there last',
      serves === 'none' || owner !== undefined,
      () => `${target} serves ${serves}, which nobody deploys there now`,
    );
  }

  /** Nothing more happens at this moment. */
  settled(): void {
    for (const stage of this.walk.plan.stages) {
      for (const target of stage.targets) this.servesTheLast(stage, target);
      this.bakeGoesOn(stage);
    }
    for (const failure of this.failures) this.hasGoneBack(failure);
    this.failures.slice(this.told).forEach((failure) => this.wasToldSo(failure));
    this.told = this.failures.length;
  }

  /** All is over, and everybody had the time to hear of it. */
  ended(): void {
    const { walk } = this;
    for (const { asked, told, what } of heldAnswers(walk.app.inbox)) {
      walk.must(
        'everybody who was asked hears the outcome, once',
        asked === told,
        () => `${what}: asked ${asked} times, told ${told} times`,
      );
    }
    const { refusals } = walk.app;
    walk.must('no call is refused for want of a permission', refusals.length === 0, () => refusals.join('; '));
  }

  private begins(run: Execution, action: ActionRun): void {
    const { walk } = this;
    const stage = walk.stage(action.stage);
    if (stage === undefined) return;
    const what = `${stage.name}/${action.action} of run ${run.number} begins`;
    const others = walk.actions.filter((one) => one.stage === stage.name && one !== action && inProgress(one));
    const strangers = others.filter(({ executionId }) => executionId !== run.id);
    walk.must('a stage has one run at a time', strangers.length === 0, () => `${what} beside ${namesOf(strangers)}`);
    const beside = isGate(action) ? others : others.filter(isGate);
    walk.must('nothing runs beside a gate', beside.length === 0, () => `${what} beside ${namesOf(beside)}`);

    if (stage.approve && action.action !== 'Approve') {
      walk.must(
        'nothing is deployed before people have approved it in this run, or in the run that an automatic rollback leads back to',
        this.isApproved(run, stage) || this.isBackToApproved(run, stage),
        () => `${what}, and Approve is ${latestRun(run, stage.name, 'Approve')?.status ?? 'not asked'}`,
      );
    }
    if (run.rollbackTarget === undefined) {
      const at = walk.plan.stages.indexOf(stage);
      for (const before of walk.plan.stages.slice(0, at)) this.mustHavePassed(run, before, what);
    } else {
      const failed = this.failures.findLast((one) => run.trigger.detail.includes(one.run.id));
      walk.must(
        'a rollback changes its own stage only',
        (failed === undefined || failed.stage === stage) && run.actions.every((one) => one.stage === stage.name),
        () => what,
      );
    }
    if (action.action === 'Healthy') this.mustBeDeployed(run, stage, what);
    if (stage.oneByOne && stage.targets.includes(action.action)) {
      const front = stage.targets.slice(0, stage.targets.indexOf(action.action));
      const missing = front.filter((target) => latestRun(run, stage.name, target)?.status !== 'Succeeded');
      walk.must(
        'targets one by one: none begins before the ones in front of it have the change',
        missing.length === 0,
        () => `${what} before ${String(missing)}`,
      );
    }
    const { incident } = stage;
    if (
      incident !== undefined &&
      others.length === 0 &&
      !stage.targets.some((target) => this.isDone(run, stage, target))
    )
      walk.must(
        'nothing enters while an incident is open',
        !walk.red.some(({ alarm, to }) => alarm === incident && to === Infinity),
        () => what,
      );
  }

  /** In this very run: every target got the change, and the stage was well for its bake. */
  private mustHavePassed(run: Execution, stage: PlannedStage, what: string): void {
    this.mustBeDeployed(run, stage, what);
    this.mustBeWell(run, stage, what);
    if (!stage.window) return;
    const left = Math.max(...stage.targets.map((target) => latestRun(run, stage.name, target)?.updatedAt ?? Infinity));
    this.walk.must(
      'nothing goes on while the window is closed',
      isOpen(left, this.walk.now),
      () => `${what}, and since ${new Date(left).toISOString()} the window behind ${stage.name} was closed`,
    );
  }

  private mustBeDeployed(run: Execution, stage: PlannedStage, what: string): void {
    const missing = stage.targets.filter((target) => !this.isDone(run, stage, target));
    this.walk.must(
      'nothing goes on before all targets of the stage before have the change and were well for the whole bake',
      missing.length === 0,
      () => `${what}, and ${String(missing)} of ${stage.name} did not get it`,
    );
  }

  private mustBeWell(run: Execution, stage: PlannedStage, what: string): void {
    if (stage.healthy === 'none') return;
    const isGate = stage.healthy === 'gate';
    const gate = latestRun(run, stage.name, 'Healthy');
    const bake = stage.bakeMinutes * MINUTE;
    const to = isGate ? (gate?.updatedAt ?? -Infinity) : this.walk.now;
    const deployed = stage.targets.map((target) => latestRun(run, stage.name, target)?.updatedAt ?? Infinity);
    const from = isGate ? (gate?.startedAt ?? Infinity) : Math.max(...deployed);
    const red = this.walk.red.filter(
      (one) =>
        stage.watched.includes(one.alarm) &&
        !(isGate && isForgiven(run, one, this.walk.watchesFrom(from), to)) &&
        Math.min(one.to, to) - Math.max(one.from, to - bake) > (isGate ? 0 : BLINK),
    );
    const isWell = to - from >= bake && red.length === 0 && (!isGate || gate?.status === 'Succeeded');
    const byHand = gate !== undefined && this.isOpenedBySomebody(gate);
    this.walk.must(
      'nothing goes on before all targets of the stage before have the change and were well for the whole bake',
      isWell || byHand,
      () =>
        `${what}; ${stage.name} baked for ${(to - from) / MINUTE} minutes, red: ${red.map(({ alarm }) => alarm).join()}`,
    );
  }

  private succeeded(run: Execution): void {
    const last = this.walk.stage(run.actions.at(-1)?.stage ?? '');
    if (last === undefined) return;
    this.mustBeDeployed(run, last, `run ${run.number} succeeds`);
    this.mustBeWell(run, last, `run ${run.number} succeeds`);
  }

  private failed(run: Execution): void {
    const stage = this.walk.stage(run.actions.at(-1)?.stage ?? '');
    // Whom a condition kept out has changed nothing there, and nobody knows whether CodePipeline goes back for that.
    const asked = run.conditions.at(-1);
    const isKeptOut = asked?.kind === 'beforeEntry' && asked.status === 'Failed';
    if (stage === undefined || isKeptOut || run.passed.has(stage.name)) return;
    const good = this.walk.runs.filter(
      (one) => one !== run && one.rollbackTarget === undefined && one.passed.has(stage.name),
    );
    const goesBack = stage.rollsBack && run.rollbackTarget === undefined;
    this.failures.push({ run, stage, lastGood: goesBack ? good.at(-1) : undefined });
  }

  private hasGoneBack({ run, stage, lastGood }: Failure): void {
    const times = this.failures.filter((one) => one.run === run && one.lastGood !== undefined).length;
    const back = this.walk.runs.filter(
      ({ trigger }) => trigger.type === 'AutomatedRollback' && trigger.detail.includes(run.id),
    );
    const isRight =
      lastGood === undefined
        ? back.length === times
        : back.some(({ rollbackTarget }) => rollbackTarget === lastGood.id);
    this.walk.must(
      'what fails in a stage that goes back, goes back to the last run that passed it; elsewhere it stays',
      isRight && back.length === times,
      () =>
        `run ${run.number} failed in ${stage.name}: ${back.length} rollbacks, not ${times} to run ${lastGood?.number}`,
    );
  }

  /** A run that failed by a no, where people had been asked by mail. */
  private wasToldSo({ run, stage, lastGood }: Failure): void {
    const gate = run.actions.at(-1);
    if (gate?.action !== 'Approve') return;
    const told = sentencesOf(this.walk.app.inbox, `${stage.name} / Approve`, releaseOf(run));
    const said =
      lastGood === undefined
        ? ['keeps the version that is live', 'stays as it is']
        : [`goes back to ${releaseOf(lastGood)}`];
    this.walk.must(
      'a no does what people were told that it does',
      told.every((text) => said.some((words) => text.includes(words))),
      () =>
        `run ${run.number} was not let into ${stage.name}, and nobody was told that it ${said.join(' or ')}: ${told.join(' | ')}`,
    );
  }

  private servesTheLast(stage: PlannedStage, target: string): void {
    const done = this.walk.actions
      .filter((action) => action.stage === stage.name && action.action === target && action.status === 'Succeeded')
      .sort((one, other) => one.updatedAt - other.updatedAt)
      .at(-1);
    if (done === undefined || this.late.has(target)) return;
    const [serves, should] = [this.walk.serves(target), releaseOf(this.runOf(done))];
    this.walk.must(
      'a target serves what was deployed there last',
      serves === should,
      () => `${target} serves ${serves}, but ${should} was deployed there last`,
    );
  }

  private bakeGoesOn(stage: PlannedStage): void {
    if (this.walk.isTroubled) return;
    for (const gate of this.walk.open('Healthy').filter((one) => one.stage === stage.name)) {
      const red = this.walk.red.find(
        (one) =>
          stage.watched.includes(one.alarm) &&
          one.to > gate.startedAt &&
          !isForgiven(this.runOf(gate), one, this.walk.watchesFrom(gate.startedAt), Infinity) &&
          this.walk.now - Math.max(one.from, gate.startedAt) > NOTICED,
      );
      this.walk.must(
        'a red alarm ends the bake',
        red === undefined,
        () => `${stage.name} bakes on though ${red?.alarm} was red at ${new Date(red?.from ?? 0).toISOString()}`,
      );
    }
  }

  private isApproved(run: Execution, stage: PlannedStage): boolean {
    const gate = latestRun(run, stage.name, 'Approve');
    return gate?.status === 'Succeeded' && this.isOpenedBySomebody(gate);
  }

  /** The gate was passed then, and is not asked again in such a rollback. */
  private isBackToApproved(run: Execution, stage: PlannedStage): boolean {
    const target = this.walk.runs.find(({ id }) => id === run.rollbackTarget);
    const isAutomatic = run.trigger.type === 'AutomatedRollback';
    const isPassed = latestRun(run, stage.name, 'Approve')?.status === 'Succeeded';
    return isAutomatic && isPassed && target !== undefined && this.isApproved(target, stage);
  }

  private isDone(run: Execution, stage: PlannedStage, target: string): boolean {
    return latestRun(run, stage.name, target)?.status === 'Succeeded';
  }

  /** In the console, or by people of whom at their latest one said yes and none said no. */
  private isOpenedBySomebody({ id }: ActionRun): boolean {
    const given = this.walk.given.filter(({ action }) => action === id);
    const latest = [...new Map(given.map(({ by, verdict }) => [by, verdict]))];
    const verdicts = latest.map(([, verdict]) => verdict);
    const byOperator = latest.some(([by, verdict]) => by.startsWith('arn:') && verdict === 'approve');
    return byOperator || (verdicts.includes('approve') && !verdicts.includes('reject'));
  }

  private runOf({ executionId }: ActionRun): Execution {
    return this.walk.runs.find(({ id }) => id === executionId)!;
  }
}

/** A rollback begins while the alarm that led to it is red: that has to turn green in its bake, not to have been green. `start` is that of its watching. */
function isForgiven({ rollbackTarget }: Execution, { from, to }: Red, start: number, end: number): boolean {
  return rollbackTarget !== undefined && from < start && (to <= end || end === Infinity);
}

function isGate({ action }: ActionRun): boolean {
  return action === 'Approve' || action === 'Healthy';
}

function namesOf(actions: readonly ActionRun[]): string {
  return actions.map(({ stage, action }) => `${stage}/${action}`).join(', ');
}
