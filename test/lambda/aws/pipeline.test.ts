import {
  ApprovalAlreadyCompletedException,
  CodePipelineClient,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  InvalidApprovalTokenException,
  ListActionExecutionsCommand,
  PipelineNotFoundException,
  PutApprovalResultCommand,
  type ActionExecutionDetail,
  type GetPipelineStateOutput,
} from '@aws-sdk/client-codepipeline';
import { mockClient } from 'aws-sdk-client-mock';
import { PipelineView } from '../../../lambda/aws/pipeline';
import { requestIdOf } from '../../../lambda/signing/link-key';

const GATE = { pipeline: 'shop', stage: 'Prod', action: 'Approve' };
const TOKEN = '1a2b3c4d-573f-4ea7-a67e-0123456789ab';
const ID = requestIdOf('shop', 'Prod', 'Approve', TOKEN);

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
    stageStates: [
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

const external = (externalExecutionId: string) => ({ output: { executionResult: { externalExecutionId } } });

describe('the run of a request', () => {
  test('is found by the token that the state shows', async () => {
    mock.on(GetPipelineStateCommand).resolves(state(TOKEN));
    mock.on(ListActionExecutionsCommand).resolves({ actionExecutionDetails: [detail()] });

    expect(await view.find(ID)).toEqual({
      executionId: 'run-1',
      actionExecutionId: 'a-1',
      startedAt: '2026-11-23T08:00:00.000Z',
      link: 'https://example.com',
      text: 'look',
    });
    expect(mock.commandCalls(ListActionExecutionsCommand)[0]?.args[0].input).toMatchObject({
      filter: { pipelineExecutionId: 'run-1' },
    });
  });

  test('is found by the external id alone, as in parallel mode, also behind a wrong hint', async () => {
    mock
      .on(ListActionExecutionsCommand)
      .resolves({ actionExecutionDetails: [detail(), detail({ actionExecutionId: 'a-2', ...external(TOKEN) })] });
    mock
      .on(ListActionExecutionsCommand, { filter: { pipelineExecutionId: 'run-9' } })
      .resolves({ actionExecutionDetails: [detail({ pipelineExecutionId: 'run-9' })] });

    expect(await view.find(ID, 'run-9')).toMatchObject({ executionId: 'run-1', actionExecutionId: 'a-2' });
  });

  test.each([
    ['another token', detail(external('9a2b3c4d-573f-4ea7-a67e-0123456789ab'))],
    ['another stage', detail({ stageName: 'Dev', ...external(TOKEN) })],
    ['another action', detail({ actionName: 'Other', ...external(TOKEN) })],
  ])('is not one with %s', async (_, action) => {
    mock.on(ListActionExecutionsCommand).resolves({ actionExecutionDetails: [action] });

    expect(await view.find(ID)).toBeUndefined();
  });
});

describe('an answer', () => {
  test('goes to exactly this approval, with the token found again', async () => {
    mock.on(GetPipelineStateCommand).resolves(state(TOKEN));
    mock.on(PutApprovalResultCommand).resolves({ approvedAt: new Date() });

    expect(await view.answer(ID, { executionId: 'run-1' }, true, 'Approved by ana')).toBe(true);

    expect(mock.commandCalls(PutApprovalResultCommand).map(({ args }) => args[0].input)).toEqual([
      {
        pipelineName: 'shop',
        stageName: 'Prod',
        actionName: 'Approve',
        token: TOKEN,
        result: { status: 'Approved', summary: 'Approved by ana' },
      },
    ]);
  });

  test('is never given with the token of another run', async () => {
    mock.on(GetPipelineStateCommand).resolves(state('9a2b3c4d-573f-4ea7-a67e-0123456789ab'));

    await expect(view.answer(ID, { executionId: 'run-1' }, true, 'x')).rejects.toThrow();

    expect(mock.commandCalls(PutApprovalResultCommand)).toEqual([]);
  });

  test('is given with its own token where a run asked twice', async () => {
    const earlier = detail({
      actionExecutionId: 'a-0',
      status: 'Failed',
      ...external('9a2b3c4d-573f-4ea7-a67e-000000000000'),
    });
    mock.on(ListActionExecutionsCommand).resolves({ actionExecutionDetails: [earlier, detail(external(TOKEN))] });

    expect(await view.answer(ID, { executionId: 'run-1' }, true, 'x')).toBe(true);

    expect(mock.commandCalls(PutApprovalResultCommand)[0]!.args[0].input).toMatchObject({ token: TOKEN });
  });

  test.each([
    new ApprovalAlreadyCompletedException({ $metadata: {}, message: 'x' }),
    new InvalidApprovalTokenException({ $metadata: {}, message: 'x' }),
  ])('that comes too late is no error: $name', async (error) => {
    mock.on(GetPipelineStateCommand).resolves(state(TOKEN));
    mock.on(PutApprovalResultCommand).rejects(error);

    expect(await view.answer(ID, { executionId: 'run-1' }, false, 'x')).toBe(false);
  });
});

test('a run passed the gate if its last word there was yes', async () => {
  const yes = detail({ status: 'Succeeded' });
  const no = detail({ status: 'Failed' });
  const passedBy = (actionExecutionDetails: ActionExecutionDetail[]) => {
    mock.on(ListActionExecutionsCommand).resolves({ actionExecutionDetails });
    return view.passed('run-0');
  };

  expect(await passedBy([yes, no])).toBe(true);
  expect(await passedBy([no, yes])).toBe(false);
  expect(await passedBy([])).toBe(false);
  expect(await passedBy([detail({ status: 'Succeeded', actionName: 'Deploy' })])).toBe(false);
});

describe('an observation', () => {
  test('tells who answered, and whether a newer run waits', async () => {
    mock
      .on(GetPipelineStateCommand)
      .resolves(state(TOKEN, { inboundExecutions: [{ pipelineExecutionId: 'run-2', status: 'InProgress' }] }));
    mock.on(ListActionExecutionsCommand).resolves({
      actionExecutionDetails: [
        detail({
          status: 'Failed',
          updatedBy: 'arn:aws:iam::1:user/eve',
          lastUpdateTime: new Date('2026-11-23T09:00:00Z'),
          output: { executionResult: { externalExecutionSummary: 'no' } },
        }),
      ],
    });

    expect(await view.observe('run-1', 'a-1')).toEqual({
      newerRunWaiting: true,
      action: {
        status: 'FAILED',
        updatedBy: 'arn:aws:iam::1:user/eve',
        updatedAt: '2026-11-23T09:00:00.000Z',
        comment: 'no',
      },
    });
  });

  test('of a pipeline that was deleted says that the approval is gone', async () => {
    mock.on(ListActionExecutionsCommand).rejects(new PipelineNotFoundException({ $metadata: {}, message: 'x' }));

    expect((await view.observe('run-1', 'a-1')).action).toEqual({ status: 'GONE' });
  });
});

test('the last good run finished every action of the stage at its last attempt', async () => {
  const run = (pipelineExecutionId: string, actionName: string, status: 'Succeeded' | 'Failed') =>
    detail({ pipelineExecutionId, actionName, status });
  mock.on(ListActionExecutionsCommand).resolvesOnce({
    nextToken: 'more',
    actionExecutionDetails: [
      run('run-5', 'Approve', 'Succeeded'),
      run('run-4', 'Approve', 'Succeeded'),
      run('run-3', 'Deploy', 'Failed'),
      run('run-3', 'Approve', 'Succeeded'),
    ],
  });
  mock.on(ListActionExecutionsCommand, { nextToken: 'more' }).resolves({
    actionExecutionDetails: [
      run('run-2', 'Deploy', 'Succeeded'),
      run('run-2', 'Deploy', 'Failed'),
      run('run-2', 'Approve', 'Succeeded'),
    ],
  });

  expect(await view.lastGoodRun('run-5')).toBe('run-2');
});

test('a run is described with its revisions; a connection keeps its message in JSON', async () => {
  mock.on(GetPipelineExecutionCommand).resolves({
    pipelineExecution: {
      executionType: 'STANDARD',
      trigger: { triggerType: 'StartPipelineExecution', triggerDetail: 'arn:aws:sts::1:assumed-role/Release/ana' },
      artifactRevisions: [
        {
          name: 'app',
          revisionId: 'abc',
          revisionSummary: JSON.stringify({
            ProviderType: 'GitHub',
            CommitMessage: 'fix',
            AuthorEmail: 'bo@example.com',
          }),
          revisionUrl: 'https://github.com/x',
          created: new Date('2026-11-23T07:00:00Z'),
        },
        { name: 'config', revisionId: 'v1', revisionSummary: '{not json' },
      ],
    },
  });

  expect(await view.describe('run-1')).toEqual({
    executionType: 'STANDARD',
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
      { name: 'config', id: 'v1', message: '{not json' },
    ],
  });
});
