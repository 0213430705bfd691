import { answerTo, asSent, isCustom, patienceOf } from '../../deploy/custom-resource';

const request = {
  RequestType: 'Create',
  RequestId: 'r1',
  ResponseURL: 'https://example.com/',
  StackId: 's1',
  ResourceType: 'Custom::Answer',
  LogicalResourceId: 'Answer',
  ResourceProperties: {},
} as const;
const same = { StackId: 's1', RequestId: 'r1', LogicalResourceId: 'Answer', PhysicalResourceId: 'id' };
const said = (answer: object) => answerTo(request, JSON.stringify({ ...same, ...answer }));

test('a success has an id and attributes', () => {
  expect(said({ Status: 'SUCCESS', Data: { A: 1 } })).toEqual({ physicalId: 'id', data: { A: 1 } });
  expect(said({ Status: 'SUCCESS' })).toEqual({ physicalId: 'id', data: {} });
});

test('a failure has a reason', () => {
  expect(said({ Status: 'FAILED', Reason: 'no room' })).toEqual({
    physicalId: 'id',
    failure: 'Received response status [FAILED] from custom resource. Message returned: no room',
  });
});

test.each([
  [{ StackId: 's2' }, 'StackId is not that of the request'],
  [{ RequestId: 'r2' }, 'RequestId is not that of the request'],
  [{ LogicalResourceId: 'Other' }, 'LogicalResourceId is not that of the request'],
  [{ PhysicalResourceId: undefined }, 'Invalid PhysicalResourceId'],
  [{ PhysicalResourceId: '' }, 'Invalid PhysicalResourceId'],
  [{ PhysicalResourceId: 'x'.repeat(1025) }, 'Invalid PhysicalResourceId'],
  [{ Status: 'DONE' }, 'Status is "DONE"'],
  [{ Data: { text: 'x'.repeat(4096) } }, 'Response object is too long'],
])('an answer with %j is none', (wrong, failure) => {
  expect(said({ Status: 'SUCCESS', ...wrong })).toEqual({ failure: expect.stringContaining(failure) });
});

test.each(['', 'yes', 'null'])('%j is no answer', (body) => {
  expect(answerTo(request, body)).toEqual({ failure: expect.stringContaining('Invalid Response object') });
});

test('an id of 1,024 bytes and an answer of 4,096 bytes are taken', () => {
  expect(said({ Status: 'SUCCESS', PhysicalResourceId: 'x'.repeat(1024) })).toMatchObject({ data: {} });
  const empty = JSON.stringify({ ...same, Status: 'SUCCESS', Data: { text: '' } }).length;
  expect(said({ Status: 'SUCCESS', Data: { text: 'x'.repeat(4096 - empty) } })).toHaveProperty('data');
  expect(said({ Status: 'SUCCESS', Data: { text: 'x'.repeat(4097 - empty) } })).toHaveProperty('failure');
});

test('numbers and booleans are sent as texts', () => {
  expect(asSent({ a: 1, b: [true, { c: 0.5 }], d: 'e' })).toEqual({ a: '1', b: ['true', { c: '0.5' }], d: 'e' });
});

test('CloudFormation waits an hour, or as long as the template says', () => {
  expect(patienceOf({})).toBe(3600);
  expect(patienceOf({ ServiceTimeout: '300' })).toBe(300);
});

test.each([
  ['Custom::Answer', true],
  ['AWS::CloudFormation::CustomResource', true],
  ['AWS::CloudFormation::Stack', false],
])('%s: custom is %s', (type, custom) => {
  expect(isCustom(type)).toBe(custom);
});
