/** What CodePipeline says while its structure changes under a request, and what no document settles. */
import { action, answer, approval, DAY, MINUTE, PIPELINE, SOURCE, stand, type Stand, stateOf, statusOf } from './stand';

const ROLE = 'arn:aws:iam::111111111111:role/pipeline';
const stages = [
  SOURCE,
  { Name: 'Prod', Actions: [approval('Approve'), { ...approval('Again'), RunOrder: 2 }] },
  { Name: 'After', Actions: [action('Clean', 'Build')] },
];

async function asking(more: object = {}): Promise<{ s: Stand; id: string; token: string }> {
  const s = stand(stages, { RoleArn: ROLE, ...more });
  const id = s.push();
  await s.clock.advanceBy(MINUTE);
  const { token } = await stateOf(s, 'Prod', 'Approve');
  return { s, id, token };
}

const actionsOf = async (s: Stand): Promise<any[]> =>
  (await s.call('ListActionExecutions', { pipelineName: PIPELINE })).actionExecutionDetails;

describe('a change of structure under an approval that waits', () => {
  test.each([
    ['its stage has another name', { rename: { Prod: 'Production' } }, 'StageNotFoundException'],
    ['its stage is gone', { remove: ['Prod'] }, 'StageNotFoundException'],
    ['its action has another name', { rename: { 'Prod/Approve': 'Confirm' } }, 'ActionNotFoundException'],
    ['its action is gone', { remove: ['Prod/Approve'] }, 'ActionNotFoundException'],
  ])('when %s, an answer is refused by that name, and the run is cancelled', async (_what, change, code) => {
    const { s, id, token } = await asking();

    s.pipelines.find(PIPELINE)!.update(change);
    await s.clock.settle();

    await expect(s.call('PutApprovalResult', answer(token))).rejects.toMatchObject({ code });
    expect(await statusOf(s, id)).toBe('Cancelled');
    expect((await actionsOf(s)).find((detail) => detail.actionName === 'Approve')).toMatchObject({
      status: 'Abandoned',
      input: { actionTypeId: { category: 'Approval', provider: 'Manual' } },
    });
    expect(s.events.filter(({ detail }) => detail.state === 'CANCELED').map(({ detail }) => detail.action)).toEqual([
      'Approve',
    ]);
    const state = await s.call('GetPipelineState', { name: PIPELINE });
    expect(JSON.stringify(state)).not.toContain(token);
    await s.clock.advanceBy(8 * DAY);
    expect(await statusOf(s, id)).toBe('Cancelled');
  });

  test('it may as well wait on until it expires', async () => {
    const { s, id, token } = await asking();

    s.pipelines.find(PIPELINE)!.update({ rename: { Prod: 'Production' } }, true);

    expect(await statusOf(s, id)).toBe('InProgress');
    await expect(s.call('PutApprovalResult', answer(token))).rejects.toMatchObject({ code: 'StageNotFoundException' });
    const renamed = answer(token, 'Approved', 'fine', 'Production');
    await expect(s.call('PutApprovalResult', renamed)).rejects.toMatchObject({ code: 'InvalidApprovalTokenException' });
    await s.clock.advanceBy(8 * DAY);
    expect(await statusOf(s, id)).toBe('Failed');
  });

  test('of other stages leaves it alone, and the run goes on by the new structure', async () => {
    const { s, id, token } = await asking();

    s.pipelines.find(PIPELINE)!.update({ rename: { After: 'Later' } });
    await s.call('PutApprovalResult', answer(token));
    await s.clock.settle();
    const again = (await stateOf(s, 'Prod', 'Again')).token as string;
    await s.call('PutApprovalResult', answer(again, 'Approved', 'fine', 'Prod', 'Again'));
    await s.clock.advanceBy(10 * MINUTE);

    expect(await statusOf(s, id)).toBe('Succeeded');
    expect((await actionsOf(s))[0]).toMatchObject({ stageName: 'Later', actionName: 'Clean', status: 'Succeeded' });
  });

  test('frees the stages of the next run', async () => {
    const { s } = await asking();
    s.pipelines.find(PIPELINE)!.update({ rename: { 'Prod/Approve': 'Confirm' } });

    s.push();
    await s.clock.advanceBy(MINUTE);

    expect(await stateOf(s, 'Prod', 'Confirm')).toMatchObject({ status: 'InProgress' });
  });

  test('a pipeline that was deleted is not found, by nobody', async () => {
    const { s, id, token } = await asking();

    s.pipelines.delete(PIPELINE);

    for (const [operation, input] of [
      ['PutApprovalResult', answer(token)],
      ['GetPipelineState', { name: PIPELINE }],
      ['ListActionExecutions', { pipelineName: PIPELINE }],
      ['GetPipelineExecution', { pipelineName: PIPELINE, pipelineExecutionId: id }],
    ] as const) {
      await expect(s.call(operation, input)).rejects.toMatchObject({ code: 'PipelineNotFoundException' });
    }
    await s.clock.advanceBy(8 * DAY);
    expect(s.pipelines.everHad(PIPELINE)!.execution(id)!.status).toBe('Cancelled');
  });
});

describe('what an action tells of itself', () => {
  test('its type, its configuration as written and as resolved, and what a source gives out', async () => {
    const { s } = await asking();

    const [approve, source] = await actionsOf(s);
    expect(approve).toMatchObject({
      pipelineVersion: 1,
      input: {
        actionTypeId: { owner: 'AWS', category: 'Approval', provider: 'Manual', version: '1' },
        configuration: { ExternalEntityLink: 'https://reviews.example.com/r/#{Src.CommitId}' },
        resolvedConfiguration: { ExternalEntityLink: `https://reviews.example.com/r/${'1'.repeat(40)}` },
      },
    });
    expect(source).toMatchObject({
      input: { actionTypeId: { category: 'Source', provider: 'CodeStarSourceConnection' } },
      output: { outputArtifacts: [{ name: 'Code' }], outputVariables: { CommitId: '1'.repeat(40) } },
    });
  });

  test.each([
    ['nobody', undefined],
    ['pipeline-role', ROLE],
  ] as const)('%s is named where CodePipeline closed an approval by itself', async (closedBy, updatedBy) => {
    const { s, id } = await asking();
    s.pipelines.assumed = { ...s.pipelines.assumed, closedBy };
    await s.clock.advanceBy(8 * DAY);
    expect((await actionsOf(s))[0]).toMatchObject({ status: 'Failed', updatedBy });
    expect(await statusOf(s, id)).toBe('Failed');

    const next = s.push();
    await s.clock.advanceBy(MINUTE);
    await s.call('StopPipelineExecution', { pipelineName: PIPELINE, pipelineExecutionId: next, abandon: true });
    expect((await actionsOf(s))[0]).toMatchObject({ status: 'Abandoned', updatedBy });
  });

  test('the list has any order that is assumed', async () => {
    const { s } = await asking();
    for (let turn = 0; turn < 7; turn += 1) {
      s.push();
      await s.clock.advanceBy(MINUTE);
    }
    const ids = async (actionOrder: 'newest-first' | 'oldest-first' | 'shuffled'): Promise<string[]> => {
      s.pipelines.assumed = { ...s.pipelines.assumed, actionOrder };
      return (await actionsOf(s)).map((detail) => detail.actionExecutionId as string);
    };

    const newest = await ids('newest-first');
    expect(await ids('oldest-first')).toEqual([...newest].reverse());
    const shuffled = await ids('shuffled');
    expect([...shuffled].sort()).toEqual([...newest].sort());
    expect([newest.join(), [...newest].reverse().join()]).not.toContain(shuffled.join());
  });
});

describe('a rollback', () => {
  test('that fails does not roll back again', async () => {
    const s = stand([SOURCE, { Name: 'Prod', Actions: [approval('Approve')], OnFailure: { Result: 'ROLLBACK' } }]);
    for (const verdict of ['Approved', 'Rejected', 'Rejected']) {
      if (verdict !== 'Rejected' || s.pipelines.find(PIPELINE)!.executions.length < 2) s.push();
      await s.clock.advanceBy(MINUTE);
      await s.call('PutApprovalResult', answer((await stateOf(s, 'Prod', 'Approve')).token, verdict));
      await s.clock.settle();
    }

    const { executions } = s.pipelines.find(PIPELINE)!;
    expect(executions.map(({ status, rollbackTarget }) => [status, rollbackTarget === undefined])).toEqual([
      ['Succeeded', true],
      ['Failed', true],
      ['Failed', false],
    ]);
  });

  test('by hand does not go to a rollback, nor to a run that did not finish the stage', async () => {
    const s = stand([SOURCE, { Name: 'Prod', Actions: [approval('Approve')] }]);
    const ids: string[] = [];
    for (const verdict of ['Approved', 'Rejected']) {
      ids.push(s.push());
      await s.clock.advanceBy(MINUTE);
      await s.call('PutApprovalResult', answer((await stateOf(s, 'Prod', 'Approve')).token, verdict));
      await s.clock.settle();
    }
    const back = (targetPipelineExecutionId?: string) =>
      s.call('RollbackStage', { pipelineName: PIPELINE, stageName: 'Prod', targetPipelineExecutionId });
    await expect(back(ids[1])).rejects.toMatchObject({ code: 'UnableToRollbackStageException' });

    const { pipelineExecutionId } = await back(ids[0]);
    await s.clock.settle();
    await s.call('PutApprovalResult', answer((await stateOf(s, 'Prod', 'Approve')).token));
    await s.clock.settle();
    expect(await statusOf(s, pipelineExecutionId)).toBe('Succeeded');
    await expect(back(pipelineExecutionId)).rejects.toMatchObject({ code: 'UnableToRollbackStageException' });
  });
});
