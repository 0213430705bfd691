import { parseNotification } from '../../../lambda/domain/parse-notification';
import { EXECUTION, GATE, TOKEN } from '../samples';

const envelope = (approval: object = {}, outer: object = {}) => ({
  Timestamp: '2026-11-23T08:00:00.000Z',
  Message: JSON.stringify({
    approval: {
      pipelineName: 'shop',
      stageName: 'Prod',
      actionName: 'Approve',
      token: TOKEN,
      expires: '2026-11-30T20:22Z',
      customData: `Please look\nPipeline run: ${EXECUTION}`,
      ...approval,
    },
  }),
  ...outer,
});

test('of a notification it is believed which action asks, with which token, and until when', () => {
  expect(parseNotification(envelope())).toStrictEqual({
    ok: true,
    value: {
      ...GATE,
      token: TOKEN,
      requestedAt: '2026-11-23T08:00:00.000Z',
      expires: '2026-11-30T20:22:00.000Z',
      executionHint: EXECUTION,
    },
  });
});

test.each([
  ['2026-11-30T20:22Z', '2026-11-30T20:22:00.000Z'],
  ['2026-11-30T20:22:07Z', '2026-11-30T20:22:07.000Z'],
  ['2026-11-30T20:22:07.5Z', '2026-11-30T20:22:07.500Z'],
  ['2026-11-30T20:22:07.123Z', '2026-11-30T20:22:07.123Z'],
])('the expiry %s is read', (expires, time) => {
  expect(parseNotification(envelope({ expires }))).toMatchObject({ value: { expires: time } });
});

test.each([
  undefined,
  null,
  7,
  '',
  'soon',
  '2026-11-30',
  'x2026-11-30T20:22Z',
  '2026-11-30T20:22Zx',
  '2026-13-45T20:22Z',
  '2026-11-30T20:22',
  ' 2026-11-30T20:22Z',
])('the expiry %j is none, and the notification is one all the same', (expires) => {
  const read = parseNotification(envelope({ expires }));

  expect(read.ok).toBe(true);
  expect(JSON.stringify(read)).not.toContain('expires');
});

test.each([undefined, null, 7, 'Please look'])('the text %j names no run', (customData) => {
  const read = parseNotification(envelope({ customData }));

  expect(read.ok).toBe(true);
  expect(JSON.stringify(read)).not.toContain('executionHint');
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a list', []],
  ['no time', envelope({}, { Timestamp: undefined })],
  ['no message', envelope({}, { Message: undefined })],
  ['a message that is not JSON', envelope({}, { Message: '{secret' })],
  ['a message without approval', envelope({}, { Message: '{}' })],
  ['a pipeline that cannot be one', envelope({ pipelineName: '../secret' })],
  ['a stage that cannot be one', envelope({ stageName: '../secret' })],
  ['an action that cannot be one', envelope({ actionName: '../secret' })],
  ['no token', envelope({ token: undefined })],
  ['a token that is an object', envelope({ token: { secret: 1 } })],
  ['a token that is too long', envelope({ token: 'a'.repeat(65) })],
])('%s is refused without being repeated', (_, input) => {
  const read = parseNotification(input);

  expect(read.ok).toBe(false);
  expect(JSON.stringify(read)).not.toContain('secret');
});
