/** Random walks through an app, judged after each move, and at the end by whether all ends well. */
import fc from 'fast-check';
import { anyMoves, type Move } from './moves';
import type { Which } from './plan';
import { Walk } from './walk';

export interface Numbers {
  walks: number;
  moves: number;
  runs: number;
  rollbacks: number;
  /** Different situations that a walk was in after a move. */
  readonly states: Set<string>;
}

export interface Walks {
  readonly which: Which;
  readonly directory: string;
  /** Moves of one walk. */
  readonly most: number;
  readonly sabotage?: (walk: Walk) => void;
  readonly numbers?: Numbers;
}

export function walks({ which, directory, most, sabotage, numbers }: Walks): fc.IAsyncProperty<[Iterable<Move>]> {
  return fc.asyncProperty(anyMoves(which, most), async (moves) => {
    const walk = await Walk.begin(which, directory);
    try {
      sabotage?.(walk);
      // One change that serves everywhere: without it, there is nothing to go back to.
      await walk.finish();
      await fc.asyncModelRun(() => ({ model: { walk }, real: walk }), counted(moves, walk, numbers));
      await walk.finish();
      if (numbers === undefined) return;
      numbers.walks += 1;
      numbers.runs += walk.runs.length;
      numbers.rollbacks += walk.runs.filter(({ rollbackTarget }) => rollbackTarget !== undefined).length;
    } catch (error) {
      if (process.env.STORY !== undefined) process.stderr.write(`${walk.story()}\n`);
      throw error;
    } finally {
      await walk.close();
    }
  });
}

function* counted(moves: Iterable<Move>, walk: Walk, numbers?: Numbers): Iterable<Move> {
  for (const move of moves) {
    yield {
      check: (model) => move.check(model),
      toString: () => move.toString(),
      run: async (model, real) => {
        await move.run(model, real);
        if (numbers === undefined) return;
        numbers.moves += 1;
        numbers.states.add(stateOf(walk));
      },
    };
  }
}

/** What stands where and what waits, without names of runs and times. */
function stateOf(walk: Walk): string {
  const { stages } = walk.rehearsal.engine();
  const numberOf = (id: string) => walk.runs.findIndex((run) => run.id === id) - walk.runs.length;
  return JSON.stringify([
    stages.all().map(({ latest, locked, inbound }) => [latest?.status, latest?.type, locked, inbound.map(numberOf)]),
    walk.actions.filter(({ status }) => status === 'InProgress').map(({ stage, action }) => `${stage}/${action}`),
    walk.plan.alarms.map((alarm) => walk.rehearsal.world.alarms.state(alarm)),
    walk.plan.stages
      .flatMap(({ targets }) => targets.map((target) => walk.serves(target)))
      .map((release, _, all) => all.indexOf(release)),
  ]);
}
