/** Promotions of any form: what the template says of them has to be what was asked for. */
import { Duration } from 'aws-cdk-lib';
import { ApprovalWorkflow, Approver, Approvers, PromotionTarget, TargetOrder } from '../../../lib';
import fc from 'fast-check';
import { alarm, fixture } from './fixture';
import { differences, rendered, type Asked, type Rendered } from './rendered';

const approvers = Approvers.anyOf(Approver.person('ana@example.com'));

interface AnyStep {
  readonly isWave: boolean;
  /** Of each target: run orders of its actions as they are written, and whether it is watched. */
  readonly targets: ReadonlyArray<{ readonly runOrders: readonly number[]; readonly isWatched: boolean }>;
  readonly oneByOne: boolean;
  readonly approve: boolean;
  readonly isWatched: boolean;
  readonly rollsBack: boolean;
  readonly bakeMinutes?: number;
  /** Behind which of those that are there; at the end, where undefined. */
  readonly after?: number;
}

const anyStep: fc.Arbitrary<AnyStep> = fc.record(
  {
    isWave: fc.boolean(),
    targets: fc.array(
      fc.record({
        runOrders: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
        isWatched: fc.boolean(),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    oneByOne: fc.boolean(),
    approve: fc.boolean(),
    isWatched: fc.boolean(),
    rollsBack: fc.boolean(),
    bakeMinutes: fc.integer({ min: 0, max: 2_000 }),
    after: fc.nat({ max: 9 }),
  },
  { requiredKeys: ['isWave', 'targets', 'oneByOne', 'approve', 'isWatched', 'rollsBack'] },
);

interface AnyPromotion {
  /** Given to the constructor: stages, then waves. */
  readonly given: readonly AnyStep[];
  readonly added: readonly AnyStep[];
}

const anyPromotion: fc.Arbitrary<AnyPromotion> = fc.record({
  given: fc.array(anyStep, { maxLength: 3 }),
  added: fc.array(anyStep, { minLength: 1, maxLength: 4 }),
});

/** A step with its name, and the minutes for which a wave bakes that says nothing. */
interface Placed {
  readonly step: AnyStep;
  readonly name: string;
  bakesByItself?: number;
}

/** Adds it all. A wave that would have to say its bake time, and does not, must be refused, and is left out. */
function promote({ given, added }: AnyPromotion): { readonly asked: Asked[]; readonly template: Rendered } {
  const f = fixture();
  const named = [...given.filter(({ isWave }) => !isWave), ...given.filter(({ isWave }) => isWave), ...added].map(
    (step, index): Placed => ({ step, name: `${step.isWave ? 'W' : 'S'}${index}` }),
  );
  const gatesOf = ({ step, name }: Placed, ownWatch: boolean) => ({
    manualApproval: step.approve,
    ...(ownWatch ? { checks: [alarm(`${name}-own`)] } : {}),
    ...(isWatched(step) ? { rollbackOnReject: step.rollsBack } : {}),
    ...(isWatched(step) && step.bakeMinutes !== undefined ? { bakeTime: Duration.minutes(step.bakeMinutes) } : {}),
  });
  const actionsOf = (placed: Placed, target: number) =>
    namesOf(placed, target).map((name, index) =>
      f.deploy(name, { runOrder: placed.step.targets[target]!.runOrders[index] }),
    );
  const stageOf = (placed: Placed) => ({
    stageName: placed.name,
    deploy: actionsOf(placed, 0),
    ...gatesOf(placed, placed.step.isWatched),
  });
  const waveOf = (placed: Placed) => ({
    waveName: placed.name,
    targetOrder: placed.step.oneByOne ? TargetOrder.ONE_BY_ONE : TargetOrder.PARALLEL,
    targets: placed.step.targets.map(({ isWatched: checked }, at) =>
      PromotionTarget.actions(
        `t${at}`,
        actionsOf(placed, at),
        checked ? { checks: [alarm(`${placed.name}-t${at}`)] } : {},
      ),
    ),
    ...gatesOf(placed, placed.step.isWatched),
  });

  const order: Placed[] = named.slice(0, given.length);
  const waves = order.filter(({ step }) => step.isWave);
  waves.forEach((wave, index) => (wave.bakesByItself = index === 0 ? 720 : 120));
  const promotion = f.promotion({
    approvers,
    workflow: new ApprovalWorkflow(f.stack, 'Workflow'),
    stages: order.filter(({ step }) => !step.isWave).map(stageOf),
    waves: waves.map(waveOf),
  });
  for (const placed of named.slice(given.length)) {
    const { step, name } = placed;
    const at = step.after === undefined ? order.length : step.after % (order.length + 1);
    const placement = step.after === undefined ? {} : { after: order[at - 1]?.name ?? 'Source' };
    if (!step.isWave) promotion.addStage(stageOf(placed), placement);
    else {
      const inFront = order.slice(0, at).some((one) => one.step.isWave);
      const behind = order.slice(at).some((one) => one.step.isWave);
      if (!inFront && behind && isWatched(step) && step.bakeMinutes === undefined) {
        expect(() => promotion.addWave(waveOf(placed), placement)).toThrow(
          `wave '${name}' stands in front of wave '${order.slice(at).find((one) => one.step.isWave)!.name}'`,
        );
        continue;
      }
      placed.bakesByItself = inFront ? 120 : 720;
      promotion.addWave(waveOf(placed), placement);
    }
    order.splice(at, 0, placed);
  }

  const gates = order.flatMap(({ step, name }) => [
    ...(step.approve ? [`${name}/Approve`] : []),
    ...(isWatched(step) ? [`${name}/Healthy`] : []),
  ]);
  expect(promotion.stages.map(({ stage }) => stage.stageName)).toEqual(order.map(({ name }) => name));
  expect(promotion.gates).toHaveLength(gates.length);
  const template = rendered(f.stack);
  expect(template.gates.map(({ stage, action }) => `${stage}/${action}`).sort()).toEqual([...gates].sort());
  return { asked: order.map(askedOf), template };
}

/** A stage has no targets, so nothing else than itself is watched. */
function isWatched({ isWave, isWatched: own, targets }: AnyStep): boolean {
  return own || (isWave && targets.some((target) => target.isWatched));
}

function namesOf({ step, name }: Placed, target: number): readonly string[] {
  return step.targets[target]!.runOrders.map((_, index) => `${name}.t${target}.${index}`);
}

function askedOf(placed: Placed): Asked {
  const { step, name } = placed;
  const targets = (step.isWave ? step.targets : step.targets.slice(0, 1)).map(({ runOrders }, at) =>
    namesOf(placed, at).map((action, index) => ({ action, runOrder: runOrders[index]! })),
  );
  const pairs = targets.flatMap((one, at) =>
    targets.slice(at).flatMap((other, further) =>
      one.flatMap((first) =>
        other.map((second) => ({
          pair: first.runOrder <= second.runOrder ? ([first, second] as const) : ([second, first] as const),
          isOneByOne: step.isWave && step.oneByOne && further > 0,
          asGiven: [first, second] as const,
        })),
      ),
    ),
  );
  const nameOf = ([one, other]: ReadonlyArray<{ readonly action: string }>) => [one!.action, other!.action] as const;
  return {
    name,
    approve: step.approve,
    rollsBack: isWatched(step) && step.rollsBack,
    alarms: [
      ...(step.isWatched ? [`${name}-own`] : []),
      ...(step.isWave ? step.targets.flatMap((target, at) => (target.isWatched ? [`${name}-t${at}`] : [])) : []),
    ],
    bakeMinutes: step.bakeMinutes ?? placed.bakesByItself ?? 0,
    between: targets.flat().map(({ action }) => action),
    inOrder: pairs
      .filter(({ pair: [one, other], isOneByOne }) => isOneByOne || one.runOrder < other.runOrder)
      .map(({ pair, isOneByOne, asGiven }) => nameOf(isOneByOne ? asGiven : pair)),
    atOnce: pairs
      .filter(({ pair: [one, other], isOneByOne }) => !isOneByOne && one.runOrder === other.runOrder)
      .map(({ pair }) => nameOf(pair)),
  };
}

test('a promotion of any form stands in the template as it was asked for', () => {
  fc.assert(
    fc.property(anyPromotion, (one) => {
      const { asked, template } = promote(one);
      expect(differences(template, asked)).toEqual([]);
    }),
    { numRuns: process.env.WIDE === undefined ? 40 : 1_500 },
  );
});

describe('what would be wrong in a template is told', () => {
  const { asked, template } = promote({
    given: [],
    added: [true, true].map((isWave) => ({
      isWave,
      targets: [
        { runOrders: [1, 2], isWatched: true },
        { runOrders: [1], isWatched: true },
      ],
      oneByOne: true,
      approve: true,
      isWatched: false,
      rollsBack: true,
    })),
  });
  type Stages = Rendered['stages'];
  const stages = (change: (stages: Stages) => Stages): Rendered => ({ ...template, stages: change(template.stages) });
  const order = (name: string, runOrder: number): Rendered =>
    stages((all) =>
      all.map((stage) => ({
        ...stage,
        actions: stage.actions.map((action) => (action.name === name ? { ...action, runOrder } : action)),
      })),
    );
  const gates = (change: (gates: Rendered['gates']) => Rendered['gates']): Rendered => ({
    ...template,
    gates: change(template.gates),
  });

  test.each<[string, Rendered, string]>([
    ['a deployment beside its approval', order('W0.t0.0', 1), 'W0/W0.t0.0 does not wait for Approve'],
    ['a deployment beside its check', order('W0.t1.0', 9), 'W0/Healthy does not wait for W0.t1.0'],
    ['targets at once', order('W1.t1.0', 3), 'W1/W1.t1.0 does not wait for W1.t0.1'],
    ['waves the other way round', stages((all) => [...all].reverse()), 'stages come as W1,W0, not as W0,W1'],
    [
      'a gate that is not there',
      stages((all) =>
        all.map((stage) => ({ ...stage, actions: stage.actions.filter(({ name }) => name !== 'Healthy') })),
      ),
      'W1/Healthy is no approval',
    ],
    [
      'a wave that does not go back',
      stages((all) => all.map((stage) => ({ ...stage, rollsBack: false }))),
      'W0 does not go back',
    ],
    [
      'a target that nobody watches',
      gates((all) => all.map((gate) => ({ ...gate, alarms: gate.alarms.slice(1) }))),
      'W0/Healthy watches W0-t1',
    ],
    [
      'another bake time',
      gates((all) => all.map((gate) => ({ ...gate, bakeMinutes: 120 }))),
      'W0/Healthy bakes for 120 minutes, not for 720',
    ],
    ['a gate without a policy', gates((all) => all.slice(1)), 'W0/Approve has 0 policies'],
    [
      'a gate that nobody may answer',
      { ...template, answerable: ['W0/*', 'W1/Healthy'] },
      'nobody may answer W1/Approve',
    ],
  ])('%s', (_, wrong, what) => {
    expect(differences(template, asked)).toEqual([]);
    expect(differences(wrong, asked)).toContain(what);
  });
});
