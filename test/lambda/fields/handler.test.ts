import {
  CodePipelineClient,
  InvalidJobStateException,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { CodePipelineEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { at, EXECUTION } from '../samples';

process.env.AWS_REGION = 'eu-west-1';
process.env.GATES_REQUESTS_TABLE = 'requests';

const codepipeline = mockClient(CodePipelineClient);
const table = mockClient(DynamoDBDocumentClient);
let handler: typeof import('../../../lambda/fields/handler').handler;
let lines: string[];

beforeAll(async () => {
  ({ handler } = await import('../../../lambda/fields/handler'));
});
beforeEach(() => {
  codepipeline.reset();
  codepipeline.onAnyCommand().resolves({});
  table.reset();
  keep({ v: 2, at: at(1), values: { ticket: 'CHG-1' } });
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
});
afterEach(() => jest.restoreAllMocks());

const keep = (...rows: readonly object[]) =>
  table.on(QueryCommand).resolves({ Items: rows as Record<string, unknown>[] });
const QUESTION = { run: EXECUTION, stage: 'Prod', action: 'Approve', fields: ['ticket'] };

function event(UserParameters: unknown = JSON.stringify(QUESTION)): CodePipelineEvent {
  const artifactCredentials = { accessKeyId: 'AKIA', secretAccessKey: 's3cret', sessionToken: 't0ken' };
  const data = {
    actionConfiguration: { configuration: { FunctionName: 'fields', UserParameters: UserParameters as string } },
    inputArtifacts: [],
    outputArtifacts: [],
    artifactCredentials,
  };
  return { 'CodePipeline.job': { id: 'job-1', accountId: '111111111111', data } };
}

const failures = () =>
  codepipeline.commandCalls(PutJobFailureResultCommand).map(({ args }) => args[0].input.failureDetails?.message);

test('gives out what was filled in for this run, as variables', async () => {
  await handler(event());

  expect(table.commandCalls(QueryCommand)[0]?.args[0].input).toMatchObject({
    TableName: 'requests',
    ConsistentRead: true,
    ExpressionAttributeValues: { ':pk': `fields#${EXECUTION}`, ':sk': 'Prod/Approve' },
  });
  expect(codepipeline.commandCalls(PutJobSuccessResultCommand).map(({ args }) => args[0].input)).toEqual([
    { jobId: 'job-1', outputVariables: { ticket: 'CHG-1' } },
  ]);
  expect(failures()).toEqual([]);
});

test.each<[string, () => unknown, unknown, RegExp]>([
  ['nobody has filled in anything', () => keep(), undefined, /Nobody has filled in the fields of gate Prod\/Approve/],
  ['the row is of another version', () => keep({ v: 3 }), undefined, /cannot be read.*another version/],
  ['a field was not asked for', () => keep({ v: 2, at: at(1), values: {} }), undefined, /does not ask for ticket/],
  ['its parameters are no question', () => undefined, '{}', /not made by ApprovalFieldsAction/],
])('fails where %s', async (_, prepare, parameters, why) => {
  prepare();
  await handler(event(parameters));

  expect(failures()).toEqual([expect.stringMatching(why)]);
  expect(codepipeline.commandCalls(PutJobSuccessResultCommand)).toEqual([]);
});

test('is quiet where the action was answered already: Lambda may bring a job twice', async () => {
  codepipeline
    .on(PutJobSuccessResultCommand)
    .rejects(new InvalidJobStateException({ message: 'Succeeded', $metadata: {} }));

  await expect(handler(event())).resolves.toBeUndefined();
  expect(failures()).toEqual([]);
});

test.each(['the table', 'CodePipeline'])('lets Lambda try again when %s cannot be reached', async (what) => {
  const down = Object.assign(new Error('secret s3cret'), { name: 'InternalServerError' });
  if (what === 'the table') table.on(QueryCommand).rejects(down);
  else codepipeline.on(PutJobSuccessResultCommand).rejects(down);

  await expect(handler(event())).rejects.toThrow('the action could not be answered (InternalServerError)');
  expect(failures()).toEqual([]);
});

test('logs neither values nor credentials', async () => {
  await handler(event());
  keep();
  await handler(event());

  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join('')).not.toMatch(/CHG-1|s3cret|t0ken|AKIA/);
});

describe('an operator reads', () => {
  const keys = { executionId: EXECUTION, stage: 'Prod', action: 'Approve' };
  const newest = () => JSON.parse(lines.at(-1) ?? '{}') as unknown;

  test('which action got fields, and for which there are none', async () => {
    await handler(event());
    expect(newest()).toEqual({ level: 'INFO', message: 'an action gets fields', ...keys });

    keep();
    await handler(event());
    expect(newest()).toEqual({ level: 'INFO', message: 'there are no fields for an action', ...keys });
  });

  test('why fields cannot be read', async () => {
    keep({ v: 3 });
    await handler(event());

    const reason = expect.stringContaining('another version') as string;
    expect(newest()).toEqual({ level: 'ERROR', message: 'fields cannot be read', ...keys, reason });
  });

  test('what is wrong with an action that is not ours', async () => {
    await handler(event('{}'));

    const reason = expect.stringContaining('user parameters: ') as string;
    expect(newest()).toEqual({ level: 'ERROR', message: 'an action that nobody understands', reason });
  });

  test('that an action was answered already, or could not be', async () => {
    const answering = codepipeline.on(PutJobSuccessResultCommand);
    answering.rejects(new InvalidJobStateException({ message: 'Succeeded', $metadata: {} }));
    await handler(event());
    expect(newest()).toEqual({ level: 'INFO', message: 'the action was answered already, or has ended' });

    answering.rejects(Object.assign(new Error('down'), { name: 'InternalServerError' }));
    await expect(handler(event())).rejects.toThrow();
    const message = 'the action could not be answered, Lambda brings it again';
    expect(newest()).toEqual({ level: 'ERROR', message, error: 'InternalServerError' });
  });
});
