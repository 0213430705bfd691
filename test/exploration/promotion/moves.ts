/** What people, alarms, deployments and time may do in a walk. */
import fc from 'fast-check';
import { isUnderWay, type Execution } from '../../../rehearsal/pipeline/execution';
import { PEOPLE, PLANS, type PlannedStage, type Which } from './plan';
import type { Walk } from './walk';

interface Model {
  readonly walk: Walk;
}

export type Move = fc.AsyncCommand<Model, Walk>;

/** In the account, but nobody whom a gate asks. */
const OPERATOR = 'arn:aws:iam::111111111111:user/operator';

export function anyMoves(which: Which, most: number): fc.Arbitrary<Iterable<Move>> {
  const { stages, alarms } = PLANS[which];
  const stage = fc.constantFrom(...stages.map(({ name }) => name));
  const target = fc.constantFrom(...stages.flatMap(({ name, targets }) => targets.map((one) => [name, one] as const)));
  const redInTheBake = fc.tuple(stage, fc.nat({ max: 1 })).map(([name, which]) =>
    move(`all goes on until ${name} bakes, and its alarm ${which + 1} goes red`, always, async (walk) => {
      await goOn(walk, name);
      const stage = baking(walk);
      if (stage !== undefined) await walk.app.alarm(alarmIn(stage, which), 'ALARM');
    }),
  );
  const common: fc.Arbitrary<Move>[] = [
    fc.constant(move('push', always, (walk) => walk.push())),
    fc.constantFrom('1m', '4m', '25m', '45m', '3h', '14h').map(wait),
    fc.constantFrom('10m', '35m', '1h').map(wait),
    fc.nat({ max: 1 }).map((which) =>
      move(
        `alarm ${which + 1} of what bakes goes red`,
        (walk) => baking(walk) !== undefined,
        (walk) => walk.app.alarm(alarmIn(baking(walk)!, which), 'ALARM'),
      ),
    ),
    stage.map((name) => move(`all goes on until ${name} bakes`, always, (walk) => goOn(walk, name))),
    ...Array.from({ length: 3 }, () => redInTheBake),
    fc
      .constantFrom(...alarms)
      .map((alarm) => move(`${alarm} goes red`, isGreen(alarm), (walk) => walk.app.alarm(alarm, 'ALARM'))),
    fc
      .constantFrom(...alarms)
      .map((alarm) => move(`${alarm} goes green`, not(isGreen(alarm)), (walk) => walk.app.alarm(alarm, 'OK'))),
    target.map(([name, one]) =>
      move(`the next deployment to ${one} fails`, always, (walk) => walk.failNext(name, one)),
    ),
    fc.tuple(stage, fc.constantFrom('FAILED_ACTIONS' as const, 'ALL_ACTIONS' as const)).map(([name, mode]) =>
      move(
        `retry ${name}, ${mode}`,
        (walk) => failedIn(walk, name) !== undefined,
        (walk) => walk.rehearsal.engine().retry(name, failedIn(walk, name)!.id, mode),
      ),
    ),
    stage.map((name) =>
      move(
        `roll ${name} back`,
        (walk) => canGoBack(walk, name),
        (walk) => walk.rehearsal.rollback(name),
      ),
    ),
    fc.boolean().map((abandon) =>
      move(
        `stop the newest run${abandon ? ', and abandon' : ''}`,
        (walk) => newest(walk)?.status === 'InProgress',
        (walk) => walk.rehearsal.engine().stop(newest(walk)!.id, abandon, 'stopped by hand'),
      ),
    ),
  ];
  const troubles = ['decide', 'check', 'intake'] as const;
  const answers: fc.Arbitrary<Move>[] = [
    fc
      .constantFrom(...troubles)
      .map((what) => move(`${what} cannot run for a while`, always, (walk) => walk.trouble(what))),
    fc.constantFrom(...PEOPLE).map((by) => answer('Approve', 'approve', by)),
    fc.constantFrom(...PEOPLE).map((by) => answer('Approve', 'approve', by)),
    fc.constantFrom(...PEOPLE, OPERATOR).map((by) => answer('Approve', 'reject', by)),
    fc.constant(answer('Approve', 'approve', OPERATOR)),
    fc.constantFrom('approve' as const, 'reject' as const).map((verdict) => answer('Healthy', verdict, OPERATOR)),
  ];
  return fc.commands([...common, ...(which === 'waves' ? answers : [])], { maxCommands: most, size: 'max' });
}

function answer(gate: 'Approve' | 'Healthy', verdict: 'approve' | 'reject', by: string): Move {
  return move(
    `${by === OPERATOR ? 'the operator' : by} says ${verdict} at ${gate}`,
    (walk) => walk.open(gate).length > 0,
    (walk) => walk.answer(walk.open(gate)[0]!, verdict, by),
  );
}

function wait(time: string): Move {
  return move(`${time} go by`, always, (walk) => walk.app.skip(time));
}

/** Whatever it does, everything is judged after it. */
function move(words: string, isPossible: (walk: Walk) => boolean, act: (walk: Walk) => unknown): Move {
  return {
    check: ({ walk }) => isPossible(walk),
    run: async (_, walk) => {
      await act(walk);
      await walk.rehearsal.world.clock.settle();
      walk.look();
    },
    toString: () => words,
  };
}

/** Pushes a change, if there is none under way, and approves what asks. */
async function goOn(walk: Walk, name: string): Promise<void> {
  if (newest(walk) === undefined) await walk.push();
  for (let turn = 0; turn < 40 && newest(walk) !== undefined && baking(walk)?.name !== name; turn += 1) {
    for (const gate of walk.open('Approve')) await walk.answer(gate, 'approve', PEOPLE[0]!);
    await walk.app.skip('5m');
    walk.look();
  }
}

/** A stage that has its deployments behind it, and is being watched. */
function baking({ plan, actions, runs }: Walk): PlannedStage | undefined {
  return plan.stages.find(
    ({ name, healthy }) =>
      actions.some((one) => one.stage === name && one.action === 'Healthy' && one.status === 'InProgress') ||
      (healthy === 'condition' &&
        runs.some(({ conditions }) =>
          conditions.some((one) => one.stage === name && one.kind === 'onSuccess' && one.status === 'InProgress'),
        )),
  );
}

function alarmIn({ watched }: PlannedStage, which: number): string {
  return watched[which % watched.length]!;
}

function always(): boolean {
  return true;
}

function not(isSo: (walk: Walk) => boolean): (walk: Walk) => boolean {
  return (walk) => !isSo(walk);
}

function isGreen(alarm: string): (walk: Walk) => boolean {
  return (walk) => walk.rehearsal.world.alarms.state(alarm) !== 'ALARM';
}

function newest({ runs }: Walk): Execution | undefined {
  return runs.findLast(isUnderWay);
}

/** The run that a stage could be tried again for: its latest one, if it failed or was stopped there. */
function failedIn(walk: Walk, name: string): Execution | undefined {
  const { latest } = walk.rehearsal.engine().stages.get(name);
  const isOver = latest?.status === 'Failed' || latest?.status === 'Stopped';
  return isOver ? walk.runs.find(({ id }) => id === latest.executionId) : undefined;
}

/** Nobody has the stage, and there is a run before the last one that passed it. */
function canGoBack(walk: Walk, name: string): boolean {
  const passed = walk.runs.filter((run) => run.passed.has(name) && run.rollbackTarget === undefined);
  const { model, stages } = walk.rehearsal.engine();
  return model.mode !== 'PARALLEL' && !stages.get(name).locked && passed.length > 1;
}
