import { buildsAmong, type RunAction } from '../../../lambda/domain/run-actions';

const BUILD: RunAction = {
  stage: 'Test',
  action: 'Unit',
  provider: 'CodeBuild',
  startedAt: '2026-11-23T08:00:00.000Z',
  isRunning: false,
  externalId: 'shop:1',
};
const LATER = { ...BUILD, startedAt: '2026-11-23T09:00:00.000Z', externalId: 'shop:2' };
const idsAmong = (actions: readonly RunAction[]) => buildsAmong(actions).map(({ id }) => id);

test('builds are what CodeBuild carried out', () => {
  const lambda = { ...BUILD, action: 'Smoke', provider: 'Lambda', externalId: 'request-1' };

  expect(buildsAmong([lambda, BUILD])).toEqual([
    { id: 'shop:1', stage: 'Test', action: 'Unit', startedAt: BUILD.startedAt, isRunning: false },
  ]);
});

test.each([
  ['newest first', [LATER, BUILD]],
  ['oldest first', [BUILD, LATER]],
])('of an action that was tried again the latest build counts alone (%s)', (_, actions) => {
  expect(idsAmong(actions)).toEqual(['shop:2']);
});

test('a latest attempt that has no build yet does not bring an earlier one back', () => {
  const { externalId: _, ...starting } = LATER;

  expect(idsAmong([starting, BUILD])).toEqual([]);
});

test('each action has builds of its own', () => {
  const other = { ...LATER, stage: 'Test/Unit', action: 'Unit' };

  expect(idsAmong([BUILD, other, { ...BUILD, action: 'Browser', externalId: 'shop:3' }])).toEqual([
    'shop:1',
    'shop:2',
    'shop:3',
  ]);
});
