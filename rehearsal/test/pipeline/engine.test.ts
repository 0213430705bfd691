import { action, answer, approval, DAY, MINUTE, PIPELINE, prod, SOURCE, stand, stateOf, statusOf } from './stand';

const build = { Name: 'Build', Actions: [action('Build', 'Build')] };

describe('a run', () => {
  test('goes through its stages, and by run order within one', async () => {
    const s = stand([
      SOURCE,
      {
        Name: 'Test',
        Actions: [action('Last', 'Build', { RunOrder: 3 }), action('A', 'Test'), action('B', 'Test')],
      },
    ]);

    const id = s.push();
    await s.clock.advanceBy(DAY);

    expect(await statusOf(s, id)).toBe('Succeeded');
    const { actionExecutionDetails } = await s.call('ListActionExecutions', { pipelineName: PIPELINE });
    const starts = new Map(actionExecutionDetails.map((d: any) => [d.actionName, d.startTime.getTime()]));
    expect(starts.get('A')).toBe(starts.get('B'));
    expect(starts.get('Last')).toBe((starts.get('A') as number) + MINUTE);
  });

  test('tells every change of state, with the category by which approvals are matched', async () => {
    const s = stand([SOURCE, prod()]);

    const id = s.push();
    await s.clock.advanceBy(MINUTE);

    expect(
      s.events.map((event) => `${event.detail.action ?? event.detail.stage ?? 'run'} ${event.detail.state}`),
    ).toEqual([
      'run STARTED',
      'Source STARTED',
      'Source STARTED',
      'Source SUCCEEDED',
      'Source SUCCEEDED',
      'Prod STARTED',
      'Approve STARTED',
    ]);
    expect(s.events.at(-1)).toMatchObject({
      source: 'aws.codepipeline',
      'detail-type': 'CodePipeline Action Execution State Change',
      detail: {
        pipeline: PIPELINE,
        'execution-id': id,
        stage: 'Prod',
        action: 'Approve',
        type: { owner: 'AWS', category: 'Approval', provider: 'Manual', version: '1' },
      },
    });
  });
});

describe('two runs', () => {
  test('SUPERSEDED: the newest waits in front of a busy stage, the one before it is dropped', async () => {
    const s = stand([SOURCE, build, prod()]);
    const first = s.push();
    await s.clock.advanceBy(10 * MINUTE);
    const second = s.push();
    await s.clock.advanceBy(10 * MINUTE);
    const third = s.push();
    await s.clock.advanceBy(10 * MINUTE);

    expect(await Promise.all([first, second, third].map((id) => statusOf(s, id)))).toEqual([
      'InProgress',
      'Superseded',
      'InProgress',
    ]);
    const state = await s.call('GetPipelineState', { name: PIPELINE });
    expect(state.stageStates[2].inboundExecution).toMatchObject({ pipelineExecutionId: third });

    const { token } = await stateOf(s, 'Prod', 'Approve');
    await s.call('PutApprovalResult', answer(token, 'Rejected'));
    await s.clock.settle();

    expect((await s.call('GetPipelineState', { name: PIPELINE })).stageStates[2]).toMatchObject({
      latestExecution: { pipelineExecutionId: third },
      inboundExecutions: [],
    });
  });

  test('QUEUED: all wait, in their order', async () => {
    const s = stand([SOURCE, prod()], { ExecutionMode: 'QUEUED' });
    const ids = [s.push(), s.push(), s.push()];
    await s.clock.advanceBy(10 * MINUTE);

    const entered: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const state = await s.call('GetPipelineState', { name: PIPELINE });
      entered.push(state.stageStates[1].latestExecution.pipelineExecutionId);
      await s.call('PutApprovalResult', answer(state.stageStates[1].actionStates[0].latestExecution.token));
      await s.clock.settle();
    }

    expect(entered).toEqual(ids);
  });

  test('PARALLEL: both wait at once, and only the list of actions has their tokens', async () => {
    const s = stand([SOURCE, prod()], { ExecutionMode: 'PARALLEL' });
    const ids = [s.push(), s.push()];
    await s.clock.advanceBy(MINUTE);

    expect(await stateOf(s, 'Prod', 'Approve')).toMatchObject({ status: 'InProgress', token: undefined });
    for (const id of ids) {
      const { actionExecutionDetails } = await s.call('ListActionExecutions', {
        pipelineName: PIPELINE,
        filter: { pipelineExecutionId: id },
      });
      const found = actionExecutionDetails.find((detail: any) => detail.actionName === 'Approve');
      await s.call('PutApprovalResult', answer(found.output.executionResult.externalExecutionId));
    }
    await s.clock.settle();

    expect(await Promise.all(ids.map((id) => statusOf(s, id)))).toEqual(['Succeeded', 'Succeeded']);
  });
});

describe('a stage that fails', () => {
  test('goes back to its last success when it says ROLLBACK', async () => {
    const s = stand([SOURCE, prod({ OnFailure: { Result: 'ROLLBACK' } })]);
    const good = s.push();
    await s.clock.advanceBy(MINUTE);
    await s.call('PutApprovalResult', answer((await stateOf(s, 'Prod', 'Approve')).token));
    await s.clock.settle();
    const bad = s.push();
    await s.clock.advanceBy(MINUTE);

    await s.call('PutApprovalResult', answer((await stateOf(s, 'Prod', 'Approve')).token, 'Rejected'));
    await s.clock.settle();

    expect(await statusOf(s, bad)).toBe('Failed');
    const { pipelineExecutionSummaries } = await s.call('ListPipelineExecutions', { pipelineName: PIPELINE });
    expect(pipelineExecutionSummaries[0]).toMatchObject({
      executionType: 'ROLLBACK',
      rollbackMetadata: { rollbackTargetPipelineExecutionId: good },
      trigger: { triggerType: 'AutomatedRollback' },
      status: 'InProgress',
    });
    expect(await stateOf(s, 'Prod', 'Approve')).toMatchObject({ status: 'InProgress' });
  });

  test('is retried with its failed actions only', async () => {
    const s = stand([
      SOURCE,
      { Name: 'Prod', Actions: [action('Deploy', 'Deploy'), { ...approval('Approve'), RunOrder: 2 }] },
    ]);
    const id = s.push();
    await s.clock.advanceBy(10 * MINUTE);
    await s.call('PutApprovalResult', answer((await stateOf(s, 'Prod', 'Approve')).token, 'Rejected'));
    await s.clock.settle();

    await s.call('RetryStageExecution', {
      pipelineName: PIPELINE,
      stageName: 'Prod',
      pipelineExecutionId: id,
      retryMode: 'FAILED_ACTIONS',
    });
    await s.clock.settle();

    const { actionExecutionDetails } = await s.call('ListActionExecutions', { pipelineName: PIPELINE });
    expect(actionExecutionDetails.map((detail: any) => `${detail.actionName} ${detail.status}`)).toEqual([
      'Approve InProgress',
      'Approve Failed',
      'Deploy Succeeded',
      'Source Succeeded',
    ]);
  });

  test('fails an action whose variable nobody sets', async () => {
    const s = stand([
      SOURCE,
      prod({ Actions: [approval('Approve', { Configuration: { CustomData: '#{Nobody.Knows}' } })] }),
    ]);
    const id = s.push();
    await s.clock.advanceBy(MINUTE);

    expect(await statusOf(s, id)).toBe('Failed');
    expect((await stateOf(s, 'Prod', 'Approve')).errorDetails.message).toContain('#{Nobody.Knows}');
  });
});

describe('stopping a run', () => {
  test('abandons what is under way, and frees the stage', async () => {
    const s = stand([SOURCE, prod()]);
    const id = s.push();
    const next = s.push();
    await s.clock.advanceBy(MINUTE);
    const { token } = await stateOf(s, 'Prod', 'Approve');

    await s.call('StopPipelineExecution', { pipelineName: PIPELINE, pipelineExecutionId: id, abandon: true });
    await s.clock.settle();

    expect(await statusOf(s, id)).toBe('Stopped');
    expect(s.events.some((event) => event.detail.state === 'ABANDONED')).toBe(true);
    await expect(s.call('PutApprovalResult', answer(token))).rejects.toMatchObject({
      code: 'InvalidApprovalTokenException',
    });
    expect((await s.call('GetPipelineState', { name: PIPELINE })).stageStates[1].latestExecution).toMatchObject({
      pipelineExecutionId: next,
    });
  });

  test('waits for what is under way when told so', async () => {
    const s = stand([SOURCE, build, prod()]);
    const id = s.push();
    await s.clock.advanceBy(MINUTE);

    await s.call('StopPipelineExecution', { pipelineName: PIPELINE, pipelineExecutionId: id });
    expect(await statusOf(s, id)).toBe('Stopping');
    await s.clock.advanceBy(10 * MINUTE);

    expect(await statusOf(s, id)).toBe('Stopped');
    expect(s.published).toHaveLength(0);
  });
});

describe('a change of the pipeline itself', () => {
  const stages = [SOURCE, prod({ OnFailure: { Result: 'ROLLBACK' } })];

  async function answered(s: ReturnType<typeof stand>, status: string): Promise<string> {
    const id = s.push();
    await s.clock.advanceBy(MINUTE);
    await s.call('PutApprovalResult', answer((await stateOf(s, 'Prod', 'Approve')).token, status));
    await s.clock.settle();
    return id;
  }

  test('is a new version of its structure, which runs and events tell', async () => {
    const s = stand(stages);
    const before = await answered(s, 'Approved');
    s.pipelines.find(PIPELINE)!.update();
    const after = await answered(s, 'Approved');

    const { actionExecutionDetails } = await s.call('ListActionExecutions', { pipelineName: PIPELINE });
    for (const detail of actionExecutionDetails) {
      expect(detail.pipelineVersion).toBe(detail.pipelineExecutionId === before ? 1 : 2);
    }
    for (const [id, version] of [
      [before, 1],
      [after, 2],
    ] as const) {
      const { pipelineExecution } = await s.call('GetPipelineExecution', {
        pipelineName: PIPELINE,
        pipelineExecutionId: id,
      });
      expect(pipelineExecution.pipelineVersion).toBe(version);
      const told = s.events.filter(({ detail }) => detail['execution-id'] === id);
      expect(new Set(told.map(({ detail }) => detail.version))).toEqual(new Set([version]));
    }
    expect((await s.call('GetPipelineState', { name: PIPELINE })).pipelineVersion).toBe(2);
  });

  test('leaves no run to go back to, until one has passed since', async () => {
    const s = stand(stages);
    const before = await answered(s, 'Approved');
    s.pipelines.find(PIPELINE)!.update();
    await answered(s, 'Rejected');
    expect(s.notes.join()).toContain('no successful run to go back to');
    const back = { pipelineName: PIPELINE, stageName: 'Prod', targetPipelineExecutionId: before };
    await expect(s.call('RollbackStage', back)).rejects.toMatchObject({ code: 'UnableToRollbackStageException' });

    const since = await answered(s, 'Approved');
    const filter = { succeededInStage: { stageName: 'Prod' } };
    const { pipelineExecutionSummaries: runs } = await s.call('ListPipelineExecutions', {
      pipelineName: PIPELINE,
      filter,
    });
    expect(runs.map((run: any) => run.pipelineExecutionId)).toEqual([since]);
    await answered(s, 'Rejected');
    await s.clock.settle();
    expect(s.notes.join()).toContain('AutomatedRollback');
  });
});
