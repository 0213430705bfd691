import { APIGatewayClient, GetStageCommand, NotFoundException } from '@aws-sdk/client-api-gateway';
import { mockClient } from 'aws-sdk-client-mock';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ResourceRequest } from '../../../lambda/live-deployment/handler';

process.env.AWS_REGION = 'eu-west-1';

const apigateway = mockClient(APIGatewayClient);
let handler: typeof import('../../../lambda/live-deployment/handler').handler;
let server: Server;
let status: number;
let answers: { method?: string; body: any }[];
let lines: string[];

beforeAll(async () => {
  ({ handler } = await import('../../../lambda/live-deployment/handler'));
  server = createServer((request, response) => {
    void text(request).then((body) => {
      answers.push({ method: request.method, body: JSON.parse(body) });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  status = 200;
  answers = [];
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  apigateway.reset();
  apigateway.on(GetStageCommand).rejects(new NotFoundException({ message: 'no', $metadata: {} }));
});
afterEach(() => {
  jest.restoreAllMocks();
});

const serves = (stageName: string, deploymentId: string) =>
  apigateway.on(GetStageCommand, { restApiId: 'a1b2c3', stageName }).resolves({ deploymentId });

const PLACE = { RestApiId: 'a1b2c3', StageName: 'prod', FirstDeploymentId: 'first' };

function asked(request: Partial<ResourceRequest> = {}): Promise<void> {
  return handler({
    RequestType: 'Update',
    ResponseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/s3?signature=s3cret`,
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Live',
    PhysicalResourceId: 'live-deployment',
    ResourceProperties: PLACE,
    OldResourceProperties: PLACE,
    ...request,
  });
}

const told = {
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'Live',
  PhysicalResourceId: 'live-deployment',
};

test('a stage that is not there yet begins with the first deployment', async () => {
  await asked({ RequestType: 'Create', PhysicalResourceId: undefined, OldResourceProperties: undefined });

  expect(answers).toEqual([{ method: 'PUT', body: { ...told, Status: 'SUCCESS', Data: { DeploymentId: 'first' } } }]);
});

test('a stage keeps what it serves, and not what the template began with', async () => {
  serves('prod', 'd7');
  await asked();

  expect(answers[0]!.body).toEqual({ ...told, Status: 'SUCCESS', Data: { DeploymentId: 'd7' } });
});

test('a stage with another name begins with what the one before serves', async () => {
  serves('prod', 'd7');
  await asked({ ResourceProperties: { ...PLACE, StageName: 'v2' } });

  expect(answers[0]!.body.Data).toEqual({ DeploymentId: 'd7' });
});

test('a stage of another API begins with the first deployment of that', async () => {
  apigateway.on(GetStageCommand, { restApiId: 'd4e5f6', stageName: 'prod' }).resolves({ deploymentId: 'd8' });
  await asked({ ResourceProperties: { ...PLACE, RestApiId: 'd4e5f6', StageName: 'v2' } });

  expect(answers[0]!.body.Data).toEqual({ DeploymentId: 'first' });
});

test('a stage that cannot be read fails the update: it must not fall back to its first version', async () => {
  apigateway.on(GetStageCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
  await asked();

  expect(answers[0]!.body).toEqual({
    ...told,
    Status: 'FAILED',
    Reason: 'The stage cannot be read (AccessDeniedException)',
  });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { level: 'ERROR', message: 'the stage cannot be read', error: 'AccessDeniedException' },
  ]);
});

test('a stage that is new asks for no stage without a name', async () => {
  await asked({ RequestType: 'Update', OldResourceProperties: { RestApiId: 'a1b2c3' } });

  expect(answers[0]!.body.Data).toEqual({ DeploymentId: 'first' });
  expect(apigateway.commandCalls(GetStageCommand)).toHaveLength(1);
});

test('nothing is asked when it goes', async () => {
  await asked({ RequestType: 'Delete' });

  expect(answers[0]!.body).toEqual({ ...told, Status: 'SUCCESS' });
  expect(apigateway.calls()).toEqual([]);
});

test('an answer that CloudFormation does not take is given again, and its address is in no log', async () => {
  status = 500;

  await expect(asked()).rejects.toThrow('CloudFormation could not be answered');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { level: 'ERROR', message: 'CloudFormation could not be answered, Lambda tries again', error: 'Error' },
  ]);
  expect(lines.join('')).not.toContain('s3cret');
});
