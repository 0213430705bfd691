import type { CheckPlan, ImageOfRun } from '../../../contract/checks';
import { tellRun, type TellRun } from '../../../lambda/decide/run-to-judge';
import type { RunAction } from '../../../lambda/domain/run-actions';
import { checkPlan, EXECUTION, policyOf, ruleOf, runOf } from '../samples';
import { eachTestHasAGate, FakeCodePipeline, GateFixture } from './gate-fixture';

const TESTS = {
  ...checkPlan(),
  kind: 'testReport',
  id: 'tests',
  title: 'tests shop',
  reportGroupArn: 'arn:aws:codebuild:eu-west-1:111111111111:report-group/shop',
  minTests: 1,
  failures: 'ALL',
} as CheckPlan;

const COVERAGE = { ...TESTS, kind: 'codeCoverage', minLinePercent: 80 } as CheckPlan;

function scanOf(image: ImageOfRun): CheckPlan {
  return { ...checkPlan(), kind: 'imageScan', image } as unknown as CheckPlan;
}

function build(id: string, startedAt: string, action = 'Unit'): RunAction {
  return { stage: 'Test', action, provider: 'CodeBuild', startedAt, isRunning: false, externalId: id };
}

function pipelineWith(...runs: readonly (readonly [string, readonly RunAction[]])[]) {
  const pipeline = new FakeCodePipeline();
  runs.forEach(([id, actions]) => pipeline.actions.set(id, actions));
  return { pipeline, asked: jest.spyOn(pipeline, 'actionsIn') };
}

const idsOf = async (told: ReturnType<TellRun>) => (await told).run?.builds?.map(({ id }) => id);

describe('what a check is told of the run', () => {
  test('is nothing where it judges no run, and CodePipeline is not asked', async () => {
    const { pipeline, asked } = pipelineWith([EXECUTION, []]);

    expect(await tellRun(runOf(), pipeline)(checkPlan())).toEqual({});
    expect(asked).not.toHaveBeenCalled();
  });

  test('is the builds of this very run, asked for once by all checks of a look', async () => {
    const { pipeline, asked } = pipelineWith(
      [EXECUTION, [build('shop:1', '2026-11-23T08:00:00.000Z')]],
      ['another run', [build('shop:9', '2026-11-23T09:00:00.000Z')]],
    );
    const tell = tellRun(runOf(), pipeline);

    expect(await Promise.all([idsOf(tell(TESTS)), idsOf(tell(COVERAGE))])).toEqual([['shop:1'], ['shop:1']]);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  test('is, in a rollback, the builds of the run that it goes back to, and those that it ran again', async () => {
    const { pipeline } = pipelineWith(
      [EXECUTION, [build('shop:3', '2026-11-24T09:00:00.000Z', 'Smoke')]],
      ['target', [build('shop:1', '2026-11-23T08:00:00.000Z'), build('shop:2', '2026-11-23T09:00:00.000Z', 'Smoke')]],
    );
    const kind = { type: 'ROLLBACK', target: 'target', automatic: true, proven: true } as const;

    expect(await idsOf(tellRun(runOf({ kind }), pipeline)(TESTS))).toEqual(['shop:1', 'shop:3']);
  });

  test('is, where only new failures count, the builds of the newest other run that passed the gate', async () => {
    const { pipeline } = pipelineWith(
      [EXECUTION, [build('shop:3', '2026-11-24T08:00:00.000Z')]],
      ['green', [build('shop:2', '2026-11-23T08:00:00.000Z')]],
    );
    const tell = tellRun(runOf(), pipeline);
    const ofNew = { ...TESTS, failures: 'NEW' } as CheckPlan;

    expect((await tell(ofNew)).run).not.toHaveProperty('lastGreen');
    pipeline.lastToPass = 'green';
    const told = await tellRun(runOf(), pipeline)(ofNew);
    expect(told.run?.lastGreen?.map(({ id }) => id)).toEqual(['shop:2']);
    expect((await tellRun(runOf(), pipeline)(TESTS)).run).not.toHaveProperty('lastGreen');
    const drop = { ...COVERAGE, maxDropPoints: 0 } as CheckPlan;
    expect((await tellRun(runOf(), pipeline)(drop)).run?.lastGreen?.map(({ id }) => id)).toEqual(['shop:2']);
    expect((await tellRun(runOf(), pipeline)(COVERAGE)).run).not.toHaveProperty('lastGreen');
  });

  test('is, where that was a rollback, also the builds of the run that it went back to', async () => {
    const { pipeline } = pipelineWith([EXECUTION, []], ['target', [build('shop:1', '2026-11-23T08:00:00.000Z')]]);
    pipeline.lastToPass = 'rollback';
    pipeline.run = { isRollback: true, target: 'target' };

    const told = await tellRun(runOf(), pipeline)({ ...TESTS, failures: 'NEW' } as CheckPlan);
    expect(told.run?.lastGreen?.map(({ id }) => id)).toEqual(['shop:1']);
  });

  test('is none of its builds that began behind the gate, nor those of a run that never passed it', async () => {
    const before = build('shop:1', '2026-11-23T08:00:00.000Z', 'Beta');
    const behind = build('shop:2', '2026-11-23T10:00:00.000Z', 'Smoke');
    const again = build('shop:3', '2026-11-23T11:00:00.000Z', 'Beta');
    const { pipeline } = pipelineWith([EXECUTION, []], ['green', [before, behind, again]]);
    const lastGreen = async () =>
      (await tellRun(runOf(), pipeline)({ ...TESTS, failures: 'NEW' } as CheckPlan)).run?.lastGreen?.map(
        ({ id }) => id,
      );
    pipeline.lastToPass = 'green';
    pipeline.passes.set('green', '2026-11-23T09:00:00.000Z');

    expect(await lastGreen()).toEqual(['shop:1']);
    pipeline.passes.clear();
    pipeline.proven = false;
    expect(await lastGreen()).toEqual([]);
  });

  test.each([
    [true, ['shop:1']],
    [false, ['shop:2']],
  ])('is, in a rollback to a run that passed the gate (%s), what that one passed with', async (proven, expected) => {
    const { pipeline } = pipelineWith(
      [EXECUTION, []],
      ['target', [build('shop:1', '2026-11-22T08:00:00.000Z'), build('shop:4', '2026-11-22T10:00:00.000Z', 'Smoke')]],
      ['bad', [build('shop:2', '2026-11-23T08:00:00.000Z')]],
    );
    pipeline.lastToPass = 'bad';
    pipeline.passes.set('bad', '2026-11-23T09:00:00.000Z');
    pipeline.proven = false;
    if (proven) {
      pipeline.passes.set('target', '2026-11-22T09:00:00.000Z');
    }
    const kind = { type: 'ROLLBACK', target: 'target', automatic: false, proven } as const;

    const told = await tellRun(runOf({ kind }), pipeline)({ ...TESTS, failures: 'NEW' } as CheckPlan);
    expect(told.run?.lastGreen?.map(({ id }) => id)).toEqual(expected);
  });

  test('is the id of this very run, or of the one that it goes back to, where that names what it reads', async () => {
    const { pipeline, asked } = pipelineWith();
    const licenses = { ...TESTS, kind: 'licenses' } as unknown as CheckPlan;
    const kind = { type: 'ROLLBACK', target: 'target', automatic: true, proven: true } as const;

    expect(await tellRun(runOf(), pipeline)(licenses)).toEqual({ run: { executionId: EXECUTION } });
    expect(await tellRun(runOf({ kind }), pipeline)(licenses)).toEqual({ run: { executionId: 'target' } });
    expect(asked).not.toHaveBeenCalled();
  });

  test('is its image, by the revision that it carries, without a question to CodePipeline', async () => {
    const { pipeline, asked } = pipelineWith();

    expect(await tellRun(runOf(), pipeline)(scanOf({ by: 'REVISION', prefix: 'r-' }))).toEqual({
      run: { image: 'r-abc123' },
    });
    expect(asked).not.toHaveBeenCalled();
  });

  test('is its image, by what an action of this very run gave out, and none of another run', async () => {
    const gave = { ...build('shop:1', '2026-11-23T08:00:00.000Z'), variables: { TAG: 'v7' } };
    const { pipeline } = pipelineWith([EXECUTION, [gave]], ['another run', [{ ...gave, variables: { OTHER: 'v8' } }]]);
    const scan = (variable: string) => scanOf({ by: 'VARIABLE', stage: 'Test', action: 'Unit', variable });

    expect(await tellRun(runOf(), pipeline)(scan('TAG'))).toEqual({ run: { image: 'v7' } });
    expect(await tellRun(runOf(), pipeline)(scan('OTHER'))).toEqual({ run: {} });
  });

  test('is nothing when CodePipeline cannot be asked any more', async () => {
    expect(await tellRun(runOf(), undefined)(TESTS)).toEqual({});
  });
});

describe('at a gate', () => {
  let gate: GateFixture;
  eachTestHasAGate(async (fresh) => {
    gate = fresh;
    await gate.ask();
  });

  test.each(['AUTOMATED', 'GUARDED'] as const)('of kind %s, the check function is told of the builds', async (kind) => {
    gate.codePipeline.actions.set(EXECUTION, [build('shop:1', '2026-11-23T08:00:00.000Z')]);
    gate.policy = policyOf({ rule: ruleOf(kind, { checks: { source: { plans: [TESTS, checkPlan()] } } }) });

    await gate.look(0);

    const told = Object.fromEntries(gate.measured.map(({ check, run }) => [check.kind, run?.builds]));
    expect(told).toEqual({
      alarm: undefined,
      testReport: [
        { id: 'shop:1', stage: 'Test', action: 'Unit', startedAt: '2026-11-23T08:00:00.000Z', isRunning: false },
      ],
    });
  });
});
