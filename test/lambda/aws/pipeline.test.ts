import {
  ActionNotFoundException,
  ApprovalAlreadyCompletedException,
  CodePipelineClient,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  InvalidApprovalTokenException,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  PipelineExecutionNotFoundException,
  PipelineNotFoundException,
  PutApprovalResultCommand,
  StageNotFoundException,
  type ActionExecutionDetail,
  type GetPipelineStateOutput,
} from '@aws-sdk/client-codepipeline';
import { mockClient } from 'aws-sdk-client-mock';
import { PipelineView, TokenNotShown } from '../../../lambda/aws/pipeline';
import { at, EVE, GATE, REQUEST, TOKEN } from '../samples';

const OTHER_TOKEN = '9a2b3c4d-573f-4ea7-a67e-0123456789ab';

const mock = mockClient(CodePipelineClient);
const view = new PipelineView(new CodePipelineClient({ region: 'eu-west-1' }), GATE);

beforeEach(() => {
  mock.reset();
  mock.on(GetPipelineStateCommand).resolves(state());
  mock.on(ListActionExecutionsCommand).resolves({ actionExecutionDetails: [] });
});

function state(token?: string, more: object = {}): GetPipelineStateOutput {
  const latestExecution = token === undefined ? undefined : { actionExecutionId: 'a-1', status: 'InProgress', token };
  return {
    pipelineVersion: 3,
    stageStates: [
      { stageName: 'Dev', actionStates: [{ actionName: 'Approve', latestExecution: { token: OTHER_TOKEN } }] },
      {
        stageName: 'Prod',
        latestExecution: { pipelineExecutionId: 'run-1', status: 'InProgress' },
        actionStates: [{ actionName: 'Approve', latestExecution }, { actionName: 'Deploy' }],
        ...more,
      },
    ],
  } as GetPipelineStateOutput;
}

function detail(more: Partial<ActionExecutionDetail> = {}): ActionExecutionDetail {
  return {
    pipelineExecutionId: 'run-1',
    actionExecutionId: 'a-1',
    stageName: 'Prod',
    actionName: 'Approve',
    status: 'InProgress',
    startTime: new Date('2026-11-23T08:00:00Z'),
    input: { resolvedConfiguration: { ExternalEntityLink: 'https://example.com', CustomData: 'look' } },
    ...more,
  };
}

function listed(...actionExecutionDetails: readonly ActionExecutionDetail[]): void {
  mock.on(ListActionExecutionsCommand).resolves({ actionExecutionDetails: [...actionExecutionDetails] });
}

const external = (externalExecutionId: string) => ({ output: { executionResult: { externalExecutionId } } });
const metadata = { $metadata: {}, message: 'x' };
const listings = () => mock.commandCalls(ListActionExecutionsCommand).map(({ args }) => args[0].input);

describe('the run of a request', () => {
  test('is found by the token that the state shows', async () => {
    mock.on(GetPipelineStateCommand).resolves(state(TOKEN));
    listed(detail({ actionExecutionId: 'a-0' }), detail());

    expect(await view.find(REQUEST)).toEqual({
      executionId: 'run-1',
      actionExecutionId: 'a-1',
      startedAt: '2026-11-23T08:00:00.000Z',
      link: 'https://example.com',
      text: 'look',
    });
    expect(listings()).toEqual([{ pipelineName: 'shop', maxResults: 100, filter: { pipelineExecutionId: 'run-1' } }]);
  });

  test('is not the one that waits with another token, though the state shows its action', async () => {
    mock.on(GetPipelineStateCommand).resolves(state(OTHER_TOKEN));
    listed(detail());

    expect(await view.find(REQUEST)).toBeUndefined();
  });

  test('is found by the external id alone, as in parallel mode, also behind a wrong hint', async () => {
    listed(detail(), detail({ actionExecutionId: 'a-2', ...external(TOKEN) }));
    mock
      .on(ListActionExecutionsCommand, { filter: { pipelineExecutionId: 'run-9' } })
      .resolves({ actionExecutionDetails: [detail({ pipelineExecutionId: 'run-9' })] });

    expect(await view.find(REQUEST, 'run-9')).toMatchObject({ executionId: 'run-1', actionExecutionId: 'a-2' });
  });

  test('is looked for where the hint says, and a hint that leads nowhere is no reason to fail', async () => {
    mock
      .on(ListActionExecutionsCommand, { filter: { pipelineExecutionId: 'run-9' } })
      .rejects(new PipelineExecutionNotFoundException(metadata));

    expect(await view.find(REQUEST, 'run-9')).toBeUndefined();

    expect(listings().map(({ filter }) => filter)).toEqual([{ pipelineExecutionId: 'run-9' }, undefined]);
  });

  test.each([
    ['another token', detail(external(OTHER_TOKEN))],
    ['another stage', detail({ stageName: 'Dev', ...external(TOKEN) })],
    ['another action', detail({ actionName: 'Other', ...external(TOKEN) })],
  ])('is not one with %s', async (_, action) => {
    listed(action);

    expect(await view.find(REQUEST)).toBeUndefined();
  });

  test('tells its link and text as they were written where they were not resolved', async () => {
    listed(detail({ ...external(TOKEN), input: { configuration: { CustomData: 'as written' } } }));

    expect(await view.find(REQUEST)).toEqual({
      executionId: 'run-1',
      actionExecutionId: 'a-1',
      startedAt: '2026-11-23T08:00:00.000Z',
      text: 'as written',
    });
  });

  test('is not found in a pipeline that was deleted', async () => {
    mock.on(GetPipelineStateCommand).rejects(new PipelineNotFoundException(metadata));

    expect(await view.find(REQUEST)).toBeUndefined();
  });

  test('is a failure when CodePipeline cannot be reached', async () => {
    mock.on(ListActionExecutionsCommand).rejects(new Error('unreachable'));

    await expect(view.find(REQUEST)).rejects.toThrow('unreachable');
  });

  test('is looked for on five pages at most where no run is known', async () => {
    mock.on(ListActionExecutionsCommand).resolves({ nextToken: 'more', actionExecutionDetails: [] });

    await view.find(REQUEST);

    expect(listings()).toHaveLength(5);
  });
});

describe('approvals that wait in a run', () => {
  test('are known by the token of the state or of the run', async () => {
    mock.on(GetPipelineStateCommand).resolves(state(TOKEN));
    listed(detail(), detail({ actionExecutionId: 'a-2', ...external(OTHER_TOKEN) }), detail({ status: 'Failed' }));

    const [first, second, ...others] = await view.waitingIn('run-1');

    expect(first).toEqual({ requestId: REQUEST });
    expect(second?.requestId).toMatch(/^[0-9a-f]{32}$/);
    expect(second).not.toEqual(first);
    expect(others).toEqual([]);
  });

  test('have no id while CodePipeline shows no token of theirs', async () => {
    mock.on(GetPipelineStateCommand).resolves(state(TOKEN));
    listed(detail({ actionExecutionId: 'a-2' }));

    expect(await view.waitingIn('run-1')).toEqual([{}]);
  });

  test('are none in a pipeline that was deleted, and the state is not asked for where nothing waits', async () => {
    listed(detail({ status: 'Succeeded' }));
    expect(await view.waitingIn('run-1')).toEqual([]);
    expect(mock.commandCalls(GetPipelineStateCommand)).toEqual([]);

    mock.on(ListActionExecutionsCommand).rejects(new PipelineNotFoundException(metadata));
    expect(await view.waitingIn('run-1')).toEqual([]);
  });
});

describe('an answer', () => {
  beforeEach(() => {
    mock.on(GetPipelineStateCommand).resolves(state(TOKEN));
    mock.on(PutApprovalResultCommand).resolves({ approvedAt: new Date() });
  });

  const answer = (approved = true) => view.answer(REQUEST, 'run-1', approved, 'Approved by ana');
  const given = () => mock.commandCalls(PutApprovalResultCommand).map(({ args }) => args[0].input);

  test.each([
    [true, 'Approved'],
    [false, 'Rejected'],
  ] as const)('goes to exactly this approval, with the token found again (%s)', async (approved, status) => {
    expect(await answer(approved)).toBe('TAKEN');

    expect(given()).toEqual([
      {
        pipelineName: 'shop',
        stageName: 'Prod',
        actionName: 'Approve',
        token: TOKEN,
        result: { status, summary: 'Approved by ana' },
      },
    ]);
  });

  test('is never given with the token of another run', async () => {
    mock.on(GetPipelineStateCommand).resolves(state(OTHER_TOKEN));

    await expect(answer()).rejects.toBeInstanceOf(TokenNotShown);

    expect(given()).toEqual([]);
  });

  test('is given with its own token where a run asked twice', async () => {
    mock.on(GetPipelineStateCommand).resolves(state(OTHER_TOKEN));
    const earlier = detail({ actionExecutionId: 'a-0', status: 'Failed', ...external(OTHER_TOKEN) });
    listed(earlier, detail(external(TOKEN)));

    expect(await answer()).toBe('TAKEN');

    expect(given()).toMatchObject([{ token: TOKEN }]);
  });

  test.each([
    ['somebody answered already', new ApprovalAlreadyCompletedException(metadata), 'OVER'],
    ['the token is no longer valid', new InvalidApprovalTokenException(metadata), 'OVER'],
    ['the stage was removed', new StageNotFoundException(metadata), 'GONE'],
    ['the action was renamed', new ActionNotFoundException(metadata), 'GONE'],
    ['the pipeline was deleted', new PipelineNotFoundException(metadata), 'GONE'],
  ] as const)('is %s: no error', async (_, error, delivery) => {
    mock.on(PutApprovalResultCommand).rejects(error);

    expect(await answer()).toBe(delivery);
  });

  test('has nowhere to go when the pipeline was deleted before the token was found', async () => {
    mock.on(GetPipelineStateCommand).rejects(new PipelineNotFoundException(metadata));

    expect(await answer()).toBe('GONE');
  });

  test('that CodePipeline did not hear is a failure', async () => {
    mock.on(PutApprovalResultCommand).rejects(new Error('unavailable'));

    await expect(answer()).rejects.toThrow('unavailable');
  });
});

test.each<[string, ActionExecutionDetail[], number | undefined]>([
  [
    'its last attempt was a yes, in whatever order they are listed',
    [
      detail({ status: 'Succeeded', lastUpdateTime: new Date(at(9)) }),
      detail({ status: 'Failed', lastUpdateTime: new Date(at(5)) }),
    ],
    Date.parse(at(9)),
  ],
  [
    'not if its last attempt was a no',
    [
      detail({ status: 'Succeeded', lastUpdateTime: new Date(at(5)) }),
      detail({ status: 'Failed', lastUpdateTime: new Date(at(9)) }),
    ],
    undefined,
  ],
  ['not if it never came there', [], undefined],
  ['not by another action', [detail({ status: 'Succeeded', actionName: 'Deploy' })], undefined],
  [
    'by the start of its attempts where their end is not known',
    [
      detail({ status: 'Failed', startTime: new Date(at(5)) }),
      detail({ status: 'Succeeded', startTime: new Date(at(9)) }),
    ],
    Date.parse(at(9)),
  ],
])('when a run passed this gate: %s', async (_, details, expected) => {
  listed(...details);

  expect(await view.passedAt('run-0')).toBe(expected);
});

test('the last run to pass this gate is another one', async () => {
  listed(
    detail({ pipelineExecutionId: 'run-0', status: 'Succeeded', lastUpdateTime: new Date(at(5)) }),
    detail({ pipelineExecutionId: 'run-1', status: 'Succeeded', lastUpdateTime: new Date(at(9)) }),
  );

  expect(await view.lastPassed('run-1')).toBe('run-0');
  expect(await view.lastPassed('run-0')).toBe('run-1');
});

describe('what is observed', () => {
  test('is who answered what, when', async () => {
    listed(
      detail({ actionExecutionId: 'a-0', status: 'Succeeded' }),
      detail({
        status: 'Failed',
        updatedBy: EVE,
        lastUpdateTime: new Date('2026-11-23T09:00:00Z'),
        output: { executionResult: { externalExecutionSummary: 'no' } },
      }),
    );

    expect(await view.observe('run-1', 'a-1')).toEqual({
      status: 'FAILED',
      answer: { by: EVE, at: '2026-11-23T09:00:00.000Z', comment: 'no' },
    });
  });

  test.each([
    ['Succeeded', { status: 'SUCCEEDED', answer: {} }],
    ['Abandoned', { status: 'ABANDONED', answer: {} }],
    ['InProgress', { status: 'WAITING' }],
    ['SomethingNew', { status: 'WAITING' }],
  ])('in the status %s leaves out what CodePipeline does not say', async (status, expected) => {
    listed(detail({ status: status as never }));

    expect(await view.observe('run-1', 'a-1')).toEqual(expected);
  });

  test('waits while the action is not listed yet', async () => {
    listed(detail({ actionExecutionId: 'a-0', status: 'Failed' }));

    expect(await view.observe('run-1', 'a-1')).toEqual({ status: 'WAITING' });
  });

  test('of a pipeline that was deleted is that the approval is gone; any other failure is one', async () => {
    mock.on(ListActionExecutionsCommand).rejects(new PipelineNotFoundException(metadata));
    expect(await view.observe('run-1', 'a-1')).toEqual({ status: 'GONE', answer: {} });

    mock.on(ListActionExecutionsCommand).rejects(new Error('unreachable'));
    await expect(view.observe('run-1', 'a-1')).rejects.toThrow('unreachable');
  });
});

test.each<[string, object, boolean]>([
  ['waits to enter the stage', { inboundExecutions: [{ pipelineExecutionId: 'run-2', status: 'InProgress' }] }, true],
  ['is told the old way', { inboundExecution: { pipelineExecutionId: 'run-2', status: 'InProgress' } }, true],
  ['is none', {}, false],
  ['is this run itself', { inboundExecutions: [{ pipelineExecutionId: 'run-1', status: 'InProgress' }] }, false],
])('a newer run %s', async (_, more, expected) => {
  mock.on(GetPipelineStateCommand).resolves(state(TOKEN, more));

  expect(await view.newerRunWaits('run-1')).toBe(expected);
});

describe('a run', () => {
  const source = (provider: string, artifact: string, run = 'run-1'): ActionExecutionDetail => ({
    pipelineExecutionId: run,
    stageName: 'Source',
    actionName: artifact,
    input: { actionTypeId: { category: 'Source', provider, owner: 'AWS', version: '1' } },
    output: { outputArtifacts: [{ name: artifact }] },
  });
  const summary = JSON.stringify({ ProviderType: 'GitHub', CommitMessage: 'fix', AuthorEmail: 'bo@example.com' });

  test('is described with its revisions; only a connection keeps its message in JSON', async () => {
    listed(source('CodeStarSourceConnection', 'app'), source('CodeCommit', 'config'));
    mock.on(GetPipelineExecutionCommand).resolves({
      pipelineExecution: {
        executionType: 'STANDARD',
        trigger: { triggerType: 'StartPipelineExecution', triggerDetail: 'arn:aws:sts::1:assumed-role/Release/ana' },
        artifactRevisions: [
          {
            name: 'app',
            revisionId: 'abc',
            revisionSummary: summary,
            revisionUrl: 'https://github.com/x',
            created: new Date('2026-11-23T07:00:00Z'),
          },
          { name: 'config', revisionId: 'v1', revisionSummary: summary },
        ],
      },
    });

    expect(await view.describe('run-1')).toEqual({
      isRollback: false,
      trigger: 'StartPipelineExecution',
      startedBy: 'arn:aws:sts::1:assumed-role/Release/ana',
      authors: ['bo@example.com'],
      revisions: [
        {
          name: 'app',
          id: 'abc',
          message: 'fix',
          author: 'bo@example.com',
          url: 'https://github.com/x',
          createdAt: '2026-11-23T07:00:00.000Z',
        },
        { name: 'config', id: 'v1', message: summary },
      ],
    });
    expect(mock.commandCalls(GetPipelineExecutionCommand)[0]?.args[0].input).toEqual({
      pipelineName: 'shop',
      pipelineExecutionId: 'run-1',
    });
  });

  test('that rolls back has the sources of the run that it goes back to', async () => {
    mock
      .on(ListActionExecutionsCommand, { filter: { pipelineExecutionId: 'run-0' } })
      .resolves({ actionExecutionDetails: [source('CodeStarSourceConnection', 'app', 'run-0')] });
    mock.on(GetPipelineExecutionCommand).resolves({
      pipelineExecution: {
        executionType: 'ROLLBACK',
        rollbackMetadata: { rollbackTargetPipelineExecutionId: 'run-0' },
        artifactRevisions: [{ name: 'app', revisionId: 'abc', revisionSummary: summary }],
      },
    });

    expect(await view.describe('run-1')).toMatchObject({
      isRollback: true,
      target: 'run-0',
      revisions: [{ id: 'abc', message: 'fix' }],
    });
  });

  test('of which CodePipeline says nothing has nothing', async () => {
    mock.on(GetPipelineExecutionCommand).resolves({});

    expect(await view.describe('run-1')).toEqual({ revisions: [], authors: [], isRollback: false });
  });
});

describe('the stage of the gate', () => {
  const action = (run: string, name: string, category: string, seconds: number, more: object = {}) =>
    detail({
      pipelineExecutionId: run,
      actionName: name,
      status: 'Succeeded',
      lastUpdateTime: new Date(at(seconds)),
      pipelineVersion: 3,
      input: { actionTypeId: { category: category as never, owner: 'AWS', provider: 'x', version: '1' } },
      ...more,
    });

  function runs(described: Readonly<Record<string, 'STANDARD' | 'ROLLBACK'>>): void {
    for (const [id, executionType] of Object.entries(described)) {
      mock.on(GetPipelineExecutionCommand, { pipelineName: 'shop', pipelineExecutionId: id }).resolves({
        pipelineExecution: { executionType, artifactRevisions: [{ name: 'app', revisionId: `of ${id}` }] },
      });
    }
  }

  test('serves what was deployed last, and goes back to the last standard run that finished it', async () => {
    runs({ 'run-4': 'STANDARD', 'run-3': 'ROLLBACK', 'run-2': 'STANDARD', 'run-1': 'STANDARD' });
    listed(
      action('run-1', 'Approve', 'Approval', 10),
      action('run-1', 'Deploy', 'Deploy', 11),
      action('run-2', 'Approve', 'Approval', 20),
      action('run-2', 'Deploy', 'Deploy', 21),
      action('run-3', 'Approve', 'Approval', 30),
      action('run-3', 'Deploy', 'Deploy', 31),
      action('run-4', 'Deploy', 'Deploy', 41),
    );

    expect(await view.stageStatus('run-4')).toEqual({
      serving: [{ name: 'app', id: 'of run-4' }],
      servingRun: 'run-4',
      deployed: true,
      rollbackTarget: [{ name: 'app', id: 'of run-2' }],
    });
  });

  test('has nothing to go back to after a change of the pipeline', async () => {
    runs({ 'run-2': 'STANDARD' });
    listed(
      action('run-2', 'Approve', 'Approval', 20, { pipelineVersion: 2 }),
      action('run-2', 'Deploy', 'Deploy', 21, { pipelineVersion: 2 }),
    );

    expect(await view.stageStatus('run-4')).toEqual({
      serving: [{ name: 'app', id: 'of run-2' }],
      servingRun: 'run-2',
    });
  });

  test('is seen among all stages: what serves, what is under way, and what waits behind it', async () => {
    runs({ 'run-4': 'STANDARD', 'run-2': 'STANDARD', 'run-5': 'STANDARD' });
    mock.on(GetPipelineStateCommand).resolves({
      stageStates: [
        { stageName: 'Dev', latestExecution: { pipelineExecutionId: 'run-5', status: 'Succeeded', type: 'STANDARD' } },
        {
          stageName: 'Prod',
          latestExecution: { pipelineExecutionId: 'run-4', status: 'InProgress', type: 'ROLLBACK' },
          inboundExecution: { pipelineExecutionId: 'run-5', status: 'InProgress' },
        },
        { stageName: 'Later', latestExecution: { pipelineExecutionId: 'run-2', status: 'Unheard' as never } },
      ],
    });
    listed(
      action('run-2', 'Deploy', 'Deploy', 21),
      action('run-5', 'Deploy', 'Deploy', 51, { stageName: 'Dev' }),
      action('run-4', 'Deploy', 'Deploy', 41, { status: 'Failed' }),
    );
    const of = (id: string) => ({ executionId: id, revisions: [{ name: 'app', id: `of ${id}` }] });

    expect(await view.overview([])).toEqual([
      { stage: 'Dev', serving: of('run-5'), latest: { executionId: 'run-5', status: 'SUCCEEDED', isRollback: false } },
      {
        stage: 'Prod',
        serving: of('run-2'),
        latest: { executionId: 'run-4', status: 'IN_PROGRESS', isRollback: true },
        behind: of('run-5'),
      },
      { stage: 'Later' },
    ]);
    expect(mock.commandCalls(GetPipelineExecutionCommand)).toHaveLength(2);

    const again = await view.overview([]);
    mock.resetHistory();
    await view.overview(again);
    expect(mock.commandCalls(GetPipelineExecutionCommand)).toEqual([]);
  });

  test('serves what it served before when that is no longer among the newest executions', async () => {
    const serving = { executionId: 'run-1', revisions: [{ name: 'app', id: 'of run-1' }] };
    // Five full pages: there are more, and nobody reads them.
    listed(...Array.from({ length: 100 }, (_, n) => action(`run-${n}`, 'Approve', 'Approval', n)));
    mock.on(ListActionExecutionsCommand).resolves({
      actionExecutionDetails: Array.from({ length: 100 }, (_, n) => action(`run-${n}`, 'Approve', 'Approval', n)),
      nextToken: 'more',
    });

    expect(await view.overview([{ stage: 'Prod', serving }])).toMatchObject([
      { stage: 'Dev' },
      { stage: 'Prod', serving },
    ]);
    expect(mock.commandCalls(GetPipelineExecutionCommand)).toEqual([]);

    listed();
    mock.on(ListActionExecutionsCommand).resolves({ actionExecutionDetails: [] });
    expect(await view.overview([{ stage: 'Prod', serving }])).toEqual([
      { stage: 'Dev' },
      { stage: 'Prod', latest: { executionId: 'run-1', status: 'IN_PROGRESS', isRollback: false } },
    ]);
  });

  test('and all others are gone with their pipeline', async () => {
    mock.on(GetPipelineStateCommand).rejects(new PipelineNotFoundException({ message: '', $metadata: {} }));

    expect(await view.overview([])).toEqual([]);
  });

  test('in which nothing was deployed serves nothing', async () => {
    listed(action('run-4', 'Approve', 'Approval', 20), { status: 'Succeeded' });

    expect(await view.stageStatus('run-4')).toEqual({ serving: [] });
    expect(mock.commandCalls(GetPipelineExecutionCommand)).toEqual([]);
  });

  test('asks about five runs at most', async () => {
    const ids = Array.from({ length: 8 }, (_, index) => `run-${index}`);
    runs(Object.fromEntries(ids.map((id) => [id, 'ROLLBACK' as const])));
    listed(
      ...ids.flatMap((id, index) => [
        action(id, 'Approve', 'Approval', index * 10),
        action(id, 'Deploy', 'Deploy', index * 10 + 1),
      ]),
    );

    expect(await view.stageStatus('run-9')).toEqual({
      serving: [{ name: 'app', id: 'of run-7' }],
      servingRun: 'run-7',
    });

    expect(mock.commandCalls(GetPipelineExecutionCommand)).toHaveLength(5 + 1);
  });

  test('reads the mode of an action: a change set that is only made deploys nothing', async () => {
    runs({ 'run-1': 'STANDARD' });
    const prepared = {
      input: {
        actionTypeId: { category: 'Deploy', owner: 'AWS', provider: 'CloudFormation', version: '1' },
        configuration: { ActionMode: 'CHANGE_SET_REPLACE' },
      },
    };
    listed(action('run-2', 'Prepare', 'Deploy', 20, prepared), action('run-1', 'Deploy', 'Deploy', 11));

    expect((await view.stageStatus('run-2')).serving).toEqual([{ name: 'app', id: 'of run-1' }]);
  });
});

describe('the runs of a pipeline', () => {
  const run = (id: string, more: object = {}) => ({
    pipelineExecutionId: id,
    startTime: new Date('2026-11-23T08:00:00Z'),
    executionType: 'STANDARD' as const,
    executionMode: 'SUPERSEDED' as const,
    ...more,
  });
  const summary = JSON.stringify({ ProviderType: 'GitHub', CommitMessage: 'Sell tea', AuthorEmail: 'ana@example.com' });
  const revision = (actionName: string) => ({ actionName, revisionId: 'abc', revisionSummary: summary });

  test('are listed page by page; only summaries of connections are believed about authors', async () => {
    listed(detail({ actionName: 'Source', stageName: 'Source', input: { actionTypeId: CONNECTION_TYPE } }));
    mock
      .on(ListPipelineExecutionsCommand)
      .resolvesOnce({
        pipelineExecutionSummaries: [
          run('run-2', { sourceRevisions: [revision('Source'), revision('Config')] }),
          run('no start', { startTime: undefined }),
        ],
        nextToken: 'more',
      })
      .resolvesOnce({
        pipelineExecutionSummaries: [
          run('run-1', {
            executionType: 'ROLLBACK',
            executionMode: 'PARALLEL',
            rollbackMetadata: { rollbackTargetPipelineExecutionId: 'run-0' },
          }),
        ],
      });

    const { runs, isAll } = await view.runs('run-2');

    expect(isAll).toBe(true);
    expect(runs).toEqual([
      {
        executionId: 'run-2',
        startedAt: Date.parse('2026-11-23T08:00:00Z'),
        isParallel: false,
        isRollback: false,
        revisions: [
          { name: 'Source', id: 'abc', message: 'Sell tea', author: 'ana@example.com' },
          { name: 'Config', id: 'abc', message: summary },
        ],
        authors: ['ana@example.com'],
      },
      expect.objectContaining({
        executionId: 'run-1',
        isParallel: true,
        isRollback: true,
        target: 'run-0',
        revisions: [],
      }),
    ]);
  });

  test('are not followed without end', async () => {
    mock.on(ListPipelineExecutionsCommand).resolves({ pipelineExecutionSummaries: [run('run')], nextToken: 'more' });

    expect(await view.runs('run')).toMatchObject({ isAll: false, runs: [{}, {}, {}] });
  });
});

describe('the actions of a run', () => {
  test('are told with what carried them out, whatever stage they are in', async () => {
    const actionTypeId = { category: 'Test' as const, owner: 'AWS' as const, provider: 'CodeBuild', version: '1' };
    const build = detail({ stageName: 'Test', actionName: 'Unit', status: 'Succeeded', input: { actionTypeId } });
    listed({ ...build, ...external('shop:1') }, { ...build, status: 'InProgress' }, detail({ stageName: undefined }));

    expect(await view.actionsIn('run-1')).toEqual([
      {
        stage: 'Test',
        action: 'Unit',
        provider: 'CodeBuild',
        startedAt: '2026-11-23T08:00:00.000Z',
        isRunning: false,
        externalId: 'shop:1',
      },
      { stage: 'Test', action: 'Unit', provider: 'CodeBuild', startedAt: '2026-11-23T08:00:00.000Z', isRunning: true },
    ]);
    expect(listings()).toEqual([
      { pipelineName: GATE.pipeline, maxResults: 100, filter: { pipelineExecutionId: 'run-1' } },
    ]);
  });
});

const CONNECTION_TYPE = {
  category: 'Source' as const,
  owner: 'AWS' as const,
  provider: 'CodeStarSourceConnection',
  version: '1',
};
