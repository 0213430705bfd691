import { parseEvent } from '../../../lambda/domain/parse-event';
import { EXECUTION, GATE } from '../samples';

const ACTION = {
  id: 'e-1',
  'detail-type': 'CodePipeline Action Execution State Change',
  time: '2026-11-23T08:00:00Z',
  detail: { ...GATE, 'execution-id': EXECUTION, state: 'STARTED' },
};
const RUN = {
  id: 'e-2',
  'detail-type': 'CodePipeline Pipeline Execution State Change',
  time: '2026-11-23T08:00:00Z',
  detail: { pipeline: 'shop', 'execution-id': EXECUTION, state: 'STARTED' },
};

const withTrigger = (trigger: unknown) =>
  parseEvent({ ...RUN, detail: { ...RUN.detail, 'execution-trigger': trigger } });

test('of an action it is told which one, of which run, when, and whether it began', () => {
  const event = {
    kind: 'ACTION',
    id: 'e-1',
    at: '2026-11-23T08:00:00.000Z',
    gate: GATE,
    executionId: EXECUTION,
    started: true,
  };
  expect(parseEvent(ACTION)).toEqual({ ok: true, value: event });

  expect(parseEvent({ ...ACTION, detail: { ...ACTION.detail, state: 'FAILED' } })).toEqual({
    ok: true,
    value: { ...event, started: false },
  });
});

test('of a run it is told who made its change, by every name that the trigger has', () => {
  const trigger = {
    'author-id': 'ana-gh',
    'author-email': 'ana@example.com',
    'author-display-name': 'Ana',
    'commit-message': '{"author-id":"eve"}',
  };

  expect(withTrigger(trigger)).toEqual({
    ok: true,
    value: {
      kind: 'TRIGGER',
      at: '2026-11-23T08:00:00.000Z',
      pipeline: 'shop',
      executionId: EXECUTION,
      authors: ['Ana', 'ana@example.com', 'ana-gh'],
    },
  });
});

test.each<[string, unknown]>([
  ['no trigger', undefined],
  ['null', null],
  ['a text', 'author-id'],
  ['empty names', { 'author-id': ' ', 'author-email': '' }],
  ['names that are no texts', { 'author-id': 7, 'author-email': ['ana'] }],
  ['a person who started it by hand', { 'trigger-type': 'StartPipelineExecution', 'trigger-detail': 'arn' }],
])('%s names nobody', (_, trigger) => {
  expect(withTrigger(trigger)).toMatchObject({ ok: true, value: { authors: [] } });
});

test('a name is as long as an address at most', () => {
  expect(withTrigger({ 'author-id': 'a'.repeat(5000) })).toMatchObject({ value: { authors: ['a'.repeat(320)] } });
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['no detail', { ...ACTION, detail: undefined }],
  ['no time', { ...ACTION, time: 'now' }],
  ['a run that cannot be one', { ...ACTION, detail: { ...ACTION.detail, 'execution-id': '../secret' } }],
  ['a stage that cannot be one', { ...ACTION, detail: { ...ACTION.detail, stage: '../secret' } }],
  ['no id', { ...ACTION, id: undefined }],
  ['an id with something before it', { ...ACTION, id: '/e-1' }],
  ['an id with something behind it', { ...ACTION, id: 'e-1/' }],
  ['a run with something behind it', { ...ACTION, detail: { ...ACTION.detail, 'execution-id': `${EXECUTION}/` } }],
  ['no state', { ...ACTION, detail: { ...ACTION.detail, state: undefined } }],
  ['no pipeline', { ...RUN, detail: { ...RUN.detail, pipeline: undefined } }],
])('%s is no event', (_, event) => {
  const read = parseEvent(event);

  expect(read.ok).toBe(false);
  expect(JSON.stringify(read)).not.toContain('secret');
});
