/** What serves in the stages of a pipeline, as a row and as CodePipeline says it. */
import { inBrief, latestRunOf, parseOverview } from '../../../lambda/domain/overview';
import { at, EXECUTION } from '../samples';

describe('an overview, as a row', () => {
  const stage = {
    stage: 'Prod',
    serving: { executionId: EXECUTION, revisions: [{ name: 'source', id: 'abc123' }] },
    latest: { executionId: EXECUTION, status: 'SUCCEEDED', isRollback: false },
  };
  const row = { pk: 'overview', sk: 'shop', asOf: at(0), stages: [{ stage: 'Source' }, stage], ttl: 9 };

  test('is understood, with its stages in their order', () => {
    expect(parseOverview(row)).toEqual({
      ok: true,
      value: { pipeline: 'shop', asOf: at(0), stages: [{ stage: 'Source' }, stage] },
    });
    expect(parseOverview({ ...row, stages: [] })).toMatchObject({ ok: true, value: { stages: [] } });
  });

  test.each([
    ['sk', '', '`sk` is missing or not of the expected form'],
    ['asOf', 'today', '`asOf` is missing or not of the expected form'],
    ['stages', undefined, '`stages` is not a list'],
    ['stages', {}, '`stages` is not a list'],
    ['stages', [stage, null], '`stage` is not an object'],
    ['stages', ['Prod'], '`stage` is not an object'],
    ['stages', [stage, { serving: stage.serving }], '`stage` is missing or not of the expected form'],
  ])('is refused with another %s: %j', (field, value, problem) => {
    expect(parseOverview({ ...row, [field]: value })).toEqual({ ok: false, problem: `overview: ${problem}` });
  });
});

describe('the newest run of a stage', () => {
  test.each([
    ['InProgress', 'IN_PROGRESS'],
    ['Succeeded', 'SUCCEEDED'],
    ['Failed', 'FAILED'],
    ['Stopping', 'STOPPED'],
    ['Stopped', 'STOPPED'],
    ['Cancelled', 'STOPPED'],
  ])('is %s to CodePipeline, and %s here', (status, here) => {
    expect(latestRunOf({ pipelineExecutionId: EXECUTION, status, type: 'STANDARD' })).toEqual({
      executionId: EXECUTION,
      status: here,
      isRollback: false,
    });
  });

  test('may be a rollback', () => {
    const run = { pipelineExecutionId: EXECUTION, status: 'Succeeded' };

    expect(latestRunOf({ ...run, type: 'ROLLBACK' })).toMatchObject({ isRollback: true });
    expect(latestRunOf(run)).toMatchObject({ isRollback: false });
  });

  test.each([
    ['no run has entered the stage', undefined],
    ['its status says nothing', { pipelineExecutionId: EXECUTION }],
    ['its status is not known here', { pipelineExecutionId: EXECUTION, status: 'Skipped' }],
    ['it has no id', { status: 'Succeeded' }],
  ])('is not known where %s', (_, latest) => {
    expect(latestRunOf(latest)).toBeUndefined();
  });
});

describe('a change in brief', () => {
  test.each([
    [undefined, undefined],
    ['fix the cart', 'fix the cart'],
    ['fix the cart\n\nIt was broken.', 'fix the cart'],
    ['\nfix', ''],
    ['x'.repeat(200), 'x'.repeat(200)],
    ['x'.repeat(201), 'x'.repeat(200)],
  ])('of the message %j has the message %j', (message, brief) => {
    const revision = { name: 'source', id: 'abc123', author: 'Cy' };

    expect(inBrief({ ...revision, ...(message === undefined ? {} : { message }) })).toStrictEqual({
      ...revision,
      ...(brief === undefined ? {} : { message: brief }),
    });
  });
});
