import {
  hasDeployed,
  lastToPass,
  rollbackCandidates,
  servingRun,
  type ActionRecord,
} from '../../../lambda/domain/stage-history';

const record = (executionId: string, action: string, at: number, more: Partial<ActionRecord> = {}): ActionRecord => ({
  executionId,
  stage: 'Prod',
  action,
  category: action === 'Approve' ? 'Approval' : 'Deploy',
  status: 'Succeeded',
  at,
  pipelineVersion: 3,
  ...more,
});

describe('the last run to pass a gate', () => {
  test.each<[string, readonly ActionRecord[], string | undefined]>([
    ['is the newest other one', [record('run-1', 'Approve', 1), record('run-2', 'Approve', 2)], 'run-2'],
    ['is never the present one', [record('run-1', 'Approve', 1), record('run-3', 'Approve', 3)], 'run-1'],
    [
      'is not one that was rejected, or still waits',
      [
        record('run-0', 'Approve', 1),
        record('run-1', 'Approve', 2, { status: 'Failed' }),
        record('run-2', 'Approve', 3, { status: 'InProgress' }),
      ],
      'run-0',
    ],
    [
      'is not one whose last attempt was a no',
      [
        record('run-1', 'Approve', 1),
        record('run-2', 'Approve', 2),
        record('run-2', 'Approve', 3, { status: 'Failed' }),
      ],
      'run-1',
    ],
    [
      'is none of another action or stage',
      [record('run-1', 'Deploy', 1), record('run-2', 'Approve', 2, { stage: 'Dev' })],
      undefined,
    ],
    ['is none at first', [], undefined],
  ])('%s', (_, records, expected) => {
    expect(lastToPass(records, 'Prod', 'Approve', 'run-3')).toBe(expected);
    expect(lastToPass([...records].reverse(), 'Prod', 'Approve', 'run-3')).toBe(expected);
  });
});

describe('what serves in a stage', () => {
  test.each<[string, readonly ActionRecord[], string | undefined]>([
    ['is nothing before anything was deployed', [record('run-1', 'Approve', 1)], undefined],
    ['is the last run that deployed there', [record('run-1', 'Deploy', 1), record('run-2', 'Deploy', 2)], 'run-2'],
    ['in whatever order they are listed', [record('run-2', 'Deploy', 2), record('run-1', 'Deploy', 1)], 'run-2'],
    [
      'is this run at a gate behind its deployment, though the stage is not finished',
      [
        record('run-1', 'Deploy', 1),
        record('run-2', 'Deploy', 2),
        record('run-2', 'Healthy', 3, { category: 'Approval', status: 'InProgress' }),
      ],
      'run-2',
    ],
    [
      'is a run that was rejected after its deployment: a no undoes nothing',
      [record('run-2', 'Deploy', 2), record('run-2', 'Healthy', 3, { category: 'Approval', status: 'Failed' })],
      'run-2',
    ],
    [
      'is a rollback that deployed the old version again',
      [record('run-1', 'Deploy', 1), record('run-2', 'Deploy', 2), record('rollback', 'Deploy', 3)],
      'rollback',
    ],
    [
      'is not a run whose deployment failed or is under way',
      [
        record('run-1', 'Deploy', 1),
        record('run-2', 'Deploy', 2, { status: 'Failed' }),
        record('run-3', 'Deploy', 3, { status: 'InProgress' }),
      ],
      'run-1',
    ],
    ['is nothing that was deployed in another stage', [record('run-2', 'Deploy', 2, { stage: 'Dev' })], undefined],
    [
      'is not a run that only made a change set, or deleted a stack',
      [
        record('run-1', 'Deploy', 1, { mode: 'CREATE_UPDATE' }),
        record('run-2', 'Prepare', 2, { mode: 'CHANGE_SET_REPLACE' }),
        record('run-3', 'Clean', 3, { mode: 'DELETE_ONLY' }),
      ],
      'run-1',
    ],
    ['is a run that executed its change set', [record('run-1', 'Deploy', 1, { mode: 'CHANGE_SET_EXECUTE' })], 'run-1'],
    [
      'is deployed by builds where nothing else deploys',
      [record('run-1', 'Build', 1, { category: 'Build' }), record('run-2', 'Approve', 2)],
      'run-1',
    ],
    [
      'is not deployed by builds where something else does',
      [record('run-1', 'Deploy', 1), record('run-2', 'Test', 2, { category: 'Build' })],
      'run-1',
    ],
  ])('%s', (_, records, expected) => {
    expect(servingRun(records, 'Prod')).toBe(expected);
  });
});

describe('a run has deployed to its stage', () => {
  const change = { mode: 'CHANGE_SET_REPLACE' };

  test.each<readonly [string, readonly ActionRecord[], boolean]>([
    ['once an action of category Deploy succeeded there', [record('run-2', 'Deploy', 2)], true],
    ['not while that is under way', [record('run-2', 'Deploy', 2, { status: 'InProgress' })], false],
    ['not by the deployment of another run', [record('run-1', 'Deploy', 1)], false],
    ['not by one in another stage', [record('run-2', 'Deploy', 2, { stage: 'Dev' })], false],
    ['not by a change set that is only made', [record('run-2', 'Prepare', 2, change)], false],
    ['not by a build, which may be a test', [record('run-2', 'Test', 2, { category: 'Build' })], false],
    ['not by an approval', [record('run-2', 'Approve', 2, { category: 'Approval' })], false],
  ])('%s', (_, records, expected) => {
    expect(hasDeployed(records, 'Prod', 'run-2')).toBe(expected);
  });
});

describe('CodePipeline goes back to', () => {
  const ACTIONS = ['Approve', 'Deploy'];
  const finished = (run: string, at: number, more: Partial<ActionRecord> = {}) => [
    record(run, 'Approve', at, more),
    record(run, 'Deploy', at + 1, more),
  ];
  const candidates = (records: readonly ActionRecord[], version: number | undefined = 3, actions = ACTIONS) =>
    rollbackCandidates(records, 'Prod', actions, version, 'run-9');

  test('runs that finished every action of the stage, the newest first, in whatever order they are listed', () => {
    expect(candidates([...finished('run-1', 10), ...finished('run-2', 20)])).toEqual(['run-2', 'run-1']);
    expect(candidates([...finished('run-2', 20), ...finished('run-1', 10)])).toEqual(['run-2', 'run-1']);
  });

  test.each<[string, readonly ActionRecord[]]>([
    ['never the run that asks', finished('run-9', 10)],
    ['no run that did not reach every action', [record('run-1', 'Approve', 10)]],
    [
      'no run with a failed action',
      [record('run-1', 'Approve', 10), record('run-1', 'Deploy', 11, { status: 'Failed' })],
    ],
    [
      'no run whose last attempt failed',
      [...finished('run-1', 10), record('run-1', 'Deploy', 20, { status: 'Failed' })],
    ],
    ['no run of an earlier structure of the pipeline', finished('run-1', 10, { pipelineVersion: 2 })],
    ['no run of an unknown structure', finished('run-1', 10).map(({ pipelineVersion: _, ...others }) => others)],
    ['no run of another stage', finished('run-1', 10, { stage: 'Dev' })],
  ])('%s', (_, records) => {
    expect(candidates(records)).toEqual([]);
  });

  test('a run that failed first and was tried again', () => {
    expect(candidates([...finished('run-1', 10), record('run-1', 'Deploy', 5, { status: 'Failed' })])).toEqual([
      'run-1',
    ]);
  });

  test('nothing where the structure of the pipeline is not known: only what will happen is promised', () => {
    const unknown = finished('run-1', 10).map(({ pipelineVersion: _, ...others }) => others);

    expect(rollbackCandidates(unknown, 'Prod', ACTIONS, undefined, 'run-9')).toEqual([]);
  });

  test('nothing where the stage has no action that is known', () => {
    expect(candidates(finished('run-1', 10), 3, [])).toEqual([]);
  });
});
