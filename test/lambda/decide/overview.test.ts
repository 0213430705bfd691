import { lookAround } from '../../../lambda/decide/overview';
import type { StageOverview } from '../../../lambda/domain/overview';
import { at, ANSWER_ROLE, EXECUTION } from '../samples';
import { eachTestHasAGate, type GateFixture } from './gate-fixture';

let gate: GateFixture;

eachTestHasAGate((fresh) => {
  gate = fresh;
});

const STAGES: readonly StageOverview[] = [
  { stage: 'Prod', serving: { executionId: EXECUTION, revisions: [{ name: 'Source', id: 'abc' }] } },
];
const look = (seconds: number, of = seconds) => lookAround(gate.ports, { overviewOf: at(of) }, at(seconds));

test('what serves in each stage of a pipeline is kept with its time, read by the role that answers for its gates', async () => {
  gate.codePipeline.stages = STAGES;
  expect(await look(5)).toBeUndefined();

  expect(await gate.ports.overviews.all()).toEqual([{ pipeline: 'shop', asOf: at(5), stages: STAGES }]);
  expect(gate.sessions).toEqual([{ role: ANSWER_ROLE, session: 'overview' }]);
});

test('a newer look takes the place of an older one, and never the other way round', async () => {
  gate.codePipeline.stages = STAGES;
  await look(60);
  gate.codePipeline.stages = [];
  await look(5);
  expect(await gate.ports.overviews.all()).toMatchObject([{ asOf: at(60), stages: STAGES }]);

  await look(120);
  expect(await gate.ports.overviews.all()).toMatchObject([{ asOf: at(120), stages: [] }]);
});

test('what was found out before is not asked for again', async () => {
  gate.codePipeline.stages = STAGES;
  await look(5);
  const asked = jest.spyOn(gate.codePipeline, 'overview');
  await look(65);

  expect(asked.mock.calls).toEqual([[STAGES]]);
});

test('a pipeline that cannot be read keeps the overview that it had, and fails nobody', async () => {
  gate.codePipeline.stages = STAGES;
  await look(5);
  gate.around = (call, when) => {
    if (call === 'pipeline.overview' && when === 'before') throw new Error('throttled');
  };

  expect(await look(65)).toBeUndefined();
  expect(await gate.ports.overviews.all()).toMatchObject([{ asOf: at(5) }]);
});

test('a look that comes too late is given up', async () => {
  gate.codePipeline.stages = STAGES;
  await look(601, 0);
  expect(await gate.ports.overviews.all()).toEqual([]);

  await look(600, 0);
  expect(await gate.ports.overviews.all()).toHaveLength(1);
});

test('a gate whose policy cannot be understood is left out', async () => {
  gate.policy = '{"v":1}';
  await look(5);

  expect(gate.sessions).toEqual([]);
});
