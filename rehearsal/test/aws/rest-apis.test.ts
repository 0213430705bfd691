import { RestApis } from '../../aws/rest-apis';
import type { Surroundings } from '../../aws/surroundings';
import type { Caller } from '../../service';
import type { Resource } from '../../template/model';

const caller = {} as Caller;
const place = { restApiId: 'a1b2c3', stageName: 'prod' };

function resource(type: string, physicalId: string, properties: object): Resource {
  const base = {
    stack: 'Shop',
    account: '111111111111',
    region: 'eu-west-1',
    logicalId: physicalId,
    attributes: {},
    dependsOn: [],
  };
  return { ...base, type, physicalId, properties };
}

function stand() {
  const resources = [
    resource('AWS::ApiGateway::RestApi', 'a1b2c3', { Name: 'shop' }),
    resource('AWS::ApiGateway::Stage', 'prod', { RestApiId: 'a1b2c3', StageName: 'prod' }),
  ];
  const around = {
    region: 'eu-west-1',
    clock: { now: () => Date.UTC(2030, 0, 7) },
    resources: (type: string) => resources.filter((one) => one.type === type),
    tell: () => undefined,
  };
  const apis = new RestApis(around as unknown as Surroundings);
  apis.adopt();
  const declare = (properties: object): void => {
    resources[1] = resource('AWS::ApiGateway::Stage', 'prod', {
      RestApiId: 'a1b2c3',
      StageName: 'prod',
      ...properties,
    });
    apis.adopt();
  };
  const service = apis.service();
  const call = (operation: string, input: object = {}): object =>
    service.operations[operation]!({ ...place, ...input }, caller);
  const update = (...patchOperations: object[]): object => call('UpdateStage', { patchOperations });
  const snapshot = () => (call('CreateDeployment', { description: 'Release 1' }) as { readonly id: string }).id;
  const state = () => apis.all.get('shop/prod')!;
  return { apis, service, call, declare, update, snapshot, state, resources };
}

test('a stage serves the first snapshot, and keeps it when the API is defined anew and deployed again', () => {
  const { apis, state } = stand();
  const before = state();
  apis.define('a1b2c3', { revision: 'next', broken: true });
  apis.adopt();

  expect(state()).toBe(before);
  expect(before.production).toMatchObject({ revision: 'first', broken: false });
});

test('CloudFormation gives a stage the deployment of its template whenever that changes, and leaves its canary', () => {
  const { apis, declare, resources, update, snapshot, state } = stand();
  resources.push(resource('AWS::ApiGateway::Deployment', 'd1', { RestApiId: 'a1b2c3', Description: 'The first' }));
  const told: string[] = [];
  apis.onChange(({ production }) => told.push(production.id));
  declare({ DeploymentId: 'd1' });
  expect(state().production).toMatchObject({ id: 'd1', description: 'The first' });

  const id = snapshot();
  update(
    { op: 'replace', path: '/deploymentId', value: id },
    { op: 'replace', path: '/canarySettings/percentTraffic', value: '5' },
  );
  declare({ DeploymentId: 'd1' });
  expect(state().production.id).toBe(id);

  declare({ DeploymentId: 'd1', Variables: { a: 'b' } });
  expect(state()).toMatchObject({ production: { id: 'd1' }, canary: { percent: 5 } });
  expect(told).toEqual(['d1', id, 'd1']);
});

test('a stage keeps what it serves when its template has a deployment that nobody knows', () => {
  const { declare, state } = stand();
  const { production } = state();
  declare({ DeploymentId: 'made up' });

  expect(state().production).toBe(production);
});

test('a snapshot is the API as it is defined then', () => {
  const { apis, update, snapshot, state } = stand();
  apis.define('a1b2c3', { revision: 'next', broken: true });
  update({ op: 'replace', path: '/deploymentId', value: snapshot() });
  apis.define('a1b2c3', { revision: 'later', broken: false });

  expect(state().production).toMatchObject({ revision: 'next', broken: true, description: 'Release 1' });
});

test('a canary gets its share, is promoted, and goes', () => {
  const { call, update, snapshot, state } = stand();
  const id = snapshot();
  const canary = { deploymentId: id, percentTraffic: 12.5, useStageCache: false };

  expect(
    update(
      { op: 'replace', path: '/canarySettings/deploymentId', value: id },
      { op: 'replace', path: '/canarySettings/percentTraffic', value: '12.5' },
    ),
  ).toMatchObject({ canarySettings: canary });
  expect(call('GetStage')).toMatchObject({ stageName: 'prod', canarySettings: canary });
  update({ op: 'copy', from: '/canarySettings/deploymentId', path: '/deploymentId' });
  expect(update({ op: 'remove', path: '/canarySettings' })).toEqual({ stageName: 'prod', deploymentId: id });
  expect(state().canary).toBeUndefined();
});

test('a canary that only gets a share has what production has', () => {
  const { update, state } = stand();
  update({ op: 'replace', path: '/canarySettings/percentTraffic', value: '5' });

  expect(state().canary).toEqual({ snapshot: state().production, percent: 5 });
});

test.each([
  [{ op: 'remove', path: '/canarySettings' }, 'BadRequestException'],
  [{ op: 'replace', path: '/canarySettings/percentTraffic', value: '101' }, 'BadRequestException'],
  [{ op: 'replace', path: '/canarySettings', value: 'x' }, 'BadRequestException'],
  [{ op: 'copy', from: '/variables', path: '/deploymentId' }, 'BadRequestException'],
  [{ op: 'replace', path: '/deploymentId', value: 'none' }, 'NotFoundException'],
])('%j is refused', (operation, code) => {
  const { update, state } = stand();
  const before = state();

  expect(() => update(operation)).toThrow(expect.objectContaining({ code }));
  expect(state()).toBe(before);
});

test.each(['GetStage', 'UpdateStage'])('%s of a stage that is not there is refused', (operation) => {
  const { call } = stand();

  expect(() => call(operation, { stageName: 'none' })).toThrow(expect.objectContaining({ status: 404 }));
});

test.each([
  [25, 12, 3],
  [0.5, 400, 2],
  [0, 10, 0],
])('of %d %% of %i requests, the canary answers %i', (percent, requests, wanted) => {
  const { apis, update, snapshot } = stand();
  const id = snapshot();
  update(
    { op: 'replace', path: '/canarySettings/deploymentId', value: id },
    { op: 'replace', path: '/canarySettings/percentTraffic', value: String(percent) },
  );
  const served = Array.from({ length: requests }, () => apis.serves('a1b2c3', 'prod')?.id);

  expect(served.filter((one) => one === id)).toHaveLength(wanted);
  expect(apis.serves('a1b2c3', 'none')).toBeUndefined();
});

test.each([
  ['GET', '/restapis/a1b2c3/stages/prod', '', 'GetStage', 'GET', 'stages/prod'],
  ['PATCH', '/restapis/a1b2c3/stages/prod', '{"patchOperations":[]}', 'UpdateStage', 'PATCH', 'stages/prod'],
  ['POST', '/restapis/a1b2c3/deployments', '{}', 'CreateDeployment', 'POST', 'deployments'],
  ['GET', '/restapis/a1b2c3/deployments/d1', '', 'GetDeployment', 'GET', 'deployments/d1'],
])('%s %s is %3$s, and needs a permission on just that', (method, path, body, operation, verb, part) => {
  const { service } = stand();
  const call = service.route!({ method, path, query: new URLSearchParams(), headers: {}, body: Buffer.from(body) })!;

  expect(call.operation).toBe(operation);
  expect(service.authorize![operation]!(call.input, caller)).toEqual({
    action: `apigateway:${verb}`,
    resources: [`arn:aws:apigateway:eu-west-1::/restapis/a1b2c3/${part}`],
  });
});

test('nothing else of API Gateway is known', () => {
  const { service } = stand();
  const request = { method: 'DELETE', path: '/restapis/a1b2c3/stages/prod', query: new URLSearchParams(), headers: {} };

  expect(service.route!({ ...request, body: Buffer.alloc(0) })).toBeUndefined();
});
