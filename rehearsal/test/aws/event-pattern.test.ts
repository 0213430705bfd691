import { matchesPattern } from '../../aws/event-pattern';

const EVENT = {
  source: 'aws.codepipeline',
  'detail-type': 'CodePipeline Action Execution State Change',
  resources: ['arn:a', 'arn:b'],
  detail: { state: 'STARTED', version: 3, type: { category: 'Approval' }, flag: true, none: null },
};

describe('an event pattern', () => {
  test.each<[object, boolean]>([
    [{ source: ['aws.codepipeline'] }, true],
    [{ source: ['aws.ecs', 'aws.codepipeline'], detail: { type: { category: ['Approval'] } } }, true],
    [{ detail: { type: { category: ['Deploy'] } } }, false],
    [{ resources: ['arn:b'] }, true],
    [{ source: [{ prefix: 'aws.' }] }, true],
    [{ source: [{ prefix: 'my.' }] }, false],
    [{ source: [{ suffix: 'pipeline' }] }, true],
    [{ source: [{ 'equals-ignore-case': 'AWS.CodePipeline' }] }, true],
    [{ source: [{ wildcard: 'aws.*line' }] }, true],
    [{ detail: { state: [{ 'anything-but': ['STARTED'] }] } }, false],
    [{ detail: { state: [{ 'anything-but': 'FAILED' }] } }, true],
    [{ detail: { state: [{ 'anything-but': { prefix: 'STA' } }] } }, false],
    [{ detail: { missing: [{ 'anything-but': 'x' }] } }, false],
    [{ detail: { missing: [{ exists: false }] } }, true],
    [{ detail: { missing: [{ exists: true }] } }, false],
    [{ detail: { state: [{ exists: true }] } }, true],
    [{ detail: { none: [null] } }, true],
    [{ detail: { flag: [true] } }, true],
    [{ detail: { version: [{ numeric: ['>', 2, '<=', 3] }] } }, true],
    [{ detail: { version: [{ numeric: ['>', 3] }] } }, false],
    [{ detail: { $or: [{ version: [9] }, { state: ['STARTED'] }] } }, true],
    [{ detail: { $or: [{ version: [9] }, { state: ['FAILED'] }] } }, false],
  ])('%j matches: %s', (pattern, expected) => {
    expect(matchesPattern(pattern, EVENT)).toBe(expected);
  });

  test('names what it does not know', () => {
    expect(() => matchesPattern({ source: [{ cidr: '10.0.0.0/8' }] }, EVENT)).toThrow('does not know cidr');
  });
});
