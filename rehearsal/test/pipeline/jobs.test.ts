/** Lambda actions: a job for a function, and how it ends. */
import type { Stand } from './stand';
import { action, MINUTE, SOURCE, stand, stateOf, statusOf } from './stand';

const invoke = (name: string, more: object = {}): object => ({
  ...(action(name, 'Invoke') as { ActionTypeId: object }),
  ActionTypeId: { Category: 'Invoke', Owner: 'AWS', Provider: 'Lambda', Version: '1' },
  Configuration: { FunctionName: 'reader', UserParameters: '{"run":"#{codepipeline.PipelineExecutionId}"}' },
  RoleArn: 'arn:aws:iam::111111111111:role/action',
  ...more,
});
const reads = action('Build', 'Build', { RunOrder: 2, Configuration: { Ticket: '#{Read.ticket}' } });

/** A pipeline whose function does with its job what it is told. */
function jobs(does: (s: Stand, job: any) => unknown, name = 'reader') {
  const invoked: { readonly input: any; readonly caller: string }[] = [];
  const s: Stand = stand(
    [SOURCE, { Name: 'Prod', Actions: [invoke('Read', { Namespace: 'Read' }), reads] }],
    {},
    {
      functions: [name],
      call: async (_service, operation, input: any, caller) => {
        expect(operation).toBe('Invoke');
        invoked.push({ input, caller: caller?.arn ?? '' });
        await does(s, input.Payload['CodePipeline.job']);
      },
    },
  );
  const run = s.push();
  return { s, run, invoked };
}

const succeed = (s: Stand, { id: jobId }: any, outputVariables: object = { ticket: 'CHG-1' }) =>
  s.call('PutJobSuccessResult', { jobId, outputVariables });

test('the function is invoked by the role of the action, and later actions read its variables', async () => {
  const { s, run, invoked } = jobs(succeed);
  await s.clock.advanceBy(10 * MINUTE);

  expect(invoked).toEqual([
    {
      caller: 'arn:aws:iam::111111111111:role/action',
      input: {
        FunctionName: 'reader',
        InvocationType: 'Event',
        Payload: {
          'CodePipeline.job': expect.objectContaining({
            data: expect.objectContaining({
              actionConfiguration: { configuration: { FunctionName: 'reader', UserParameters: `{"run":"${run}"}` } },
            }) as object,
          }) as object,
        },
      },
    },
  ]);
  const { actionExecutionDetails } = await s.call('ListActionExecutions', { pipelineName: 'shop-release' });
  const build = actionExecutionDetails.find(({ actionName }: any) => actionName === 'Build');
  expect(build.input.resolvedConfiguration).toEqual({ Ticket: 'CHG-1' });
  expect(await statusOf(s, run)).toBe('Succeeded');
});

test('an answer that comes later is taken, too', async () => {
  let job: any;
  const { s, run } = jobs((_s, given) => (job = given));
  await s.clock.advanceBy(19 * MINUTE);
  await succeed(s, job);
  await s.clock.advanceBy(10 * MINUTE);

  expect(await statusOf(s, run)).toBe('Succeeded');
});

test('a failure ends the action with what the function says', async () => {
  const { s, run } = jobs((s, { id: jobId }) =>
    s.call('PutJobFailureResult', { jobId, failureDetails: { type: 'JobFailed', message: 'nobody approved' } }),
  );
  await s.clock.advanceBy(10 * MINUTE);

  expect(await stateOf(s, 'Prod', 'Read')).toMatchObject({
    status: 'Failed',
    errorDetails: { code: 'JobFailed', message: 'nobody approved' },
  });
  expect(await statusOf(s, run)).toBe('Failed');
});

test('without an answer the action fails after 20 minutes', async () => {
  const { s } = jobs(() => undefined);
  await s.clock.advanceBy(19 * MINUTE);
  expect(await stateOf(s, 'Prod', 'Read')).toMatchObject({ status: 'InProgress' });

  await s.clock.advanceBy(2 * MINUTE);
  expect(await stateOf(s, 'Prod', 'Read')).toMatchObject({ status: 'Failed' });
});

test('a function that goes on is invoked again with its token', async () => {
  const tokens: unknown[] = [];
  const { s, run } = jobs((s, job) => {
    tokens.push(job.data.continuationToken);
    return job.data.continuationToken === undefined
      ? s.call('PutJobSuccessResult', { jobId: job.id, continuationToken: 'half' })
      : succeed(s, job);
  });
  await s.clock.advanceBy(20 * MINUTE);

  expect(tokens).toEqual([undefined, 'half']);
  expect(await statusOf(s, run)).toBe('Succeeded');
});

test('a function that is not here succeeds, like every action that nobody knows', async () => {
  const { s, invoked } = jobs(succeed, 'another');
  await s.clock.advanceBy(1 * MINUTE);

  expect(invoked).toEqual([]);
  expect(await stateOf(s, 'Prod', 'Read')).toMatchObject({ status: 'Succeeded' });
});

test('a job is answered once', async () => {
  let job: any;
  const { s } = jobs((s, given) => succeed(s, (job = given)));
  await s.clock.advanceBy(1 * MINUTE);

  await expect(succeed(s, job)).rejects.toMatchObject({ code: 'InvalidJobStateException' });
  await expect(succeed(s, { id: 'none' })).rejects.toMatchObject({ code: 'JobNotFoundException' });
});

test.each<[string, string, object, string]>([
  ['a name with a blank', 'PutJobSuccessResult', { outputVariables: { 'the ticket': 'x' } }, 'ValidationException'],
  ['a value that is no text', 'PutJobSuccessResult', { outputVariables: { ticket: 1 } }, 'ValidationException'],
  [
    'variables of a job that goes on',
    'PutJobSuccessResult',
    { continuationToken: 'half', outputVariables: { ticket: 'x' } },
    'ValidationException',
  ],
  [
    'too much',
    'PutJobSuccessResult',
    { outputVariables: { ticket: 'x'.repeat(122_880) } },
    'OutputVariablesSizeExceededException',
  ],
  [
    'a failure without a message',
    'PutJobFailureResult',
    { failureDetails: { type: 'JobFailed' } },
    'ValidationException',
  ],
])('%s is refused', async (_, operation, input, code) => {
  let job: any;
  const { s } = jobs((_s, given) => (job = given));
  await s.clock.advanceBy(1 * MINUTE);

  await expect(s.call(operation, { jobId: job.id, ...input })).rejects.toMatchObject({ code });
});
