import { answer, approval, DAY, MINUTE, PIPELINE, prod, SOURCE, stand, stateOf, statusOf } from './stand';

describe('an approval', () => {
  test('asks as CodePipeline does: token and expiry, but neither run nor commit', async () => {
    const s = stand([SOURCE, prod()]);

    const id = s.push('c0ffee');
    await s.clock.advanceBy(MINUTE);

    expect(s.published).toHaveLength(1);
    expect(s.published[0]?.topic).toBe('arn:aws:sns:eu-west-1:111111111111:requests');
    expect(s.published[0]?.subject).toBe(`APPROVAL NEEDED: AWS CodePipeline ${PIPELINE} for action Approve`);
    expect(s.published[0]?.message).toEqual({
      region: 'eu-west-1',
      consoleLink: expect.stringContaining(PIPELINE),
      approval: {
        pipelineName: PIPELINE,
        stageName: 'Prod',
        actionName: 'Approve',
        token: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        expires: '2030-01-14T09:00Z',
        externalEntityLink: 'https://reviews.example.com/r/c0ffee',
        approvalReviewLink: expect.stringContaining('/Prod/Approve/approve/'),
        customData: id,
      },
    });
    const { approvalReviewLink } = s.published[0]!.message.approval;
    for (const line of [
      'The following Approval action is waiting for your response:',
      'Stage name: Prod',
      `Approve or reject: ${approvalReviewLink}`,
      'URL for review: https://reviews.example.com/r/c0ffee',
      `Additional information: ${id}`,
      'Deadline: This review request will expire on 2030-01-14T09:00Z',
    ]) {
      expect(s.published[0]?.email.split('\n')).toContain(line);
    }
  });

  test.each([
    ['Approved', 'Succeeded'],
    ['Rejected', 'Failed'],
  ])('that is answered %s has %s', async (verdict, status) => {
    const s = stand([SOURCE, prod()]);
    const id = s.push();
    await s.clock.advanceBy(MINUTE);
    const { token } = await stateOf(s, 'Prod', 'Approve');

    await s.call('PutApprovalResult', answer(token, verdict, 'because'), { arn: 'arn:aws:sts::1:assumed-role/a/b' });
    await s.clock.settle();

    expect(await statusOf(s, id)).toBe(status);
    expect(await stateOf(s, 'Prod', 'Approve')).toMatchObject({
      status,
      summary: 'because',
      lastUpdatedBy: 'arn:aws:sts::1:assumed-role/a/b',
      token: undefined,
    });
  });

  test('is answered once', async () => {
    const s = stand([SOURCE, prod()]);
    s.push();
    await s.clock.advanceBy(MINUTE);
    const { token } = await stateOf(s, 'Prod', 'Approve');
    await s.call('PutApprovalResult', answer(token));

    await expect(s.call('PutApprovalResult', answer(token, 'Rejected'))).rejects.toMatchObject({
      code: 'ApprovalAlreadyCompletedException',
    });
  });

  test.each([
    ['a token nobody has', { token: '00000000-0000-4000-8000-000000000000' }, 'InvalidApprovalTokenException'],
    ['a token in upper case', { token: 'A0000000-0000-4000-8000-000000000000' }, 'ValidationException'],
    ['another pipeline', { pipelineName: 'other' }, 'PipelineNotFoundException'],
    ['another stage', { stageName: 'Other' }, 'StageNotFoundException'],
    ['another action', { actionName: 'Other' }, 'ActionNotFoundException'],
    ['a long summary', { result: { status: 'Approved', summary: 'x'.repeat(513) } }, 'ValidationException'],
    ['no verdict', { result: { status: 'Yes', summary: '' } }, 'ValidationException'],
  ])('fails for %s', async (_what, change, code) => {
    const s = stand([SOURCE, prod()]);
    s.push();
    await s.clock.advanceBy(MINUTE);
    const { token } = await stateOf(s, 'Prod', 'Approve');

    await expect(s.call('PutApprovalResult', { ...answer(token), ...change })).rejects.toMatchObject({ code });
    expect(await stateOf(s, 'Prod', 'Approve')).toMatchObject({ status: 'InProgress' });
  });

  test.each([
    [undefined, 7 * DAY],
    [5, 5 * MINUTE],
  ])('with a time-out of %p minutes fails when nobody answers', async (TimeoutInMinutes, wait) => {
    const s = stand([SOURCE, prod({ Actions: [approval('Approve', { TimeoutInMinutes })] })]);
    const id = s.push();
    await s.clock.advanceBy(5_000);
    const { token } = await stateOf(s, 'Prod', 'Approve');

    await s.clock.advanceBy(wait - 1);
    expect(await statusOf(s, id)).toBe('InProgress');
    await s.clock.advanceBy(1);

    expect(await statusOf(s, id)).toBe('Failed');
    await expect(s.call('PutApprovalResult', answer(token))).rejects.toMatchObject({
      code: 'InvalidApprovalTokenException',
    });
  });
});
