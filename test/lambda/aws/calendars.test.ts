import { GetCalendarStateCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { Calendars } from '../../../lambda/aws/calendars';

const ssm = mockClient(SSMClient);
const calendars = new Calendars(new SSMClient({ region: 'eu-west-1' }));
const NOW = '2026-11-30T08:00:00.123Z';

beforeEach(() => {
  ssm.reset();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(() => jest.restoreAllMocks());

const refused = (name: string, status: number) =>
  Object.assign(new Error('secret'), { name, $metadata: { httpStatusCode: status } });

test('a calendar is asked how it is at that time, in whole seconds', async () => {
  ssm.on(GetCalendarStateCommand).resolves({ State: 'OPEN', NextTransitionTime: '2026-12-20T00:00:00Z' });

  expect(await calendars.at('release-freeze', NOW)).toEqual({ kind: 'OPEN' });
  expect(ssm.commandCalls(GetCalendarStateCommand).map(({ args }) => args[0].input)).toEqual([
    { CalendarNames: ['release-freeze'], AtTime: '2026-11-30T08:00:00Z' },
  ]);
});

test.each<[string, string | undefined, object]>([
  ['says when it opens', '2026-12-27T01:00:00+01:00', { opensAt: '2026-12-27T00:00:00.000Z' }],
  ['stays closed', undefined, {}],
  ['names a time that is over', '2026-11-30T08:00:00Z', {}],
  ['names no time', 'soon', {}],
])('a calendar that is closed and %s', async (_, NextTransitionTime, more) => {
  ssm.on(GetCalendarStateCommand).resolves({ State: 'CLOSED', NextTransitionTime });

  expect(await calendars.at('release-freeze', NOW)).toEqual({ kind: 'CLOSED', ...more });
});

test.each<[string, () => void]>([
  ['it does not exist', () => ssm.on(GetCalendarStateCommand).rejects(refused('InvalidDocument', 400))],
  ['the role may not', () => ssm.on(GetCalendarStateCommand).rejects(refused('AccessDeniedException', 400))],
  ['the service is broken', () => ssm.on(GetCalendarStateCommand).rejects(refused('InternalServerError', 500))],
  ['it answers nothing', () => ssm.on(GetCalendarStateCommand).resolves({})],
  ['its state is a new one', () => ssm.on(GetCalendarStateCommand).resolves({ State: 'AJAR' as never })],
])('nobody knows that a calendar is open when %s', async (_, prepare) => {
  prepare();

  expect(await calendars.at('release-freeze', NOW)).toEqual({ kind: 'UNREADABLE' });
  expect(jest.mocked(process.stdout.write).mock.calls.join()).not.toContain('secret');
});

test('an error of our own is no state of a calendar', async () => {
  ssm.on(GetCalendarStateCommand).rejects(new TypeError('x is not a function'));

  await expect(calendars.at('release-freeze', NOW)).rejects.toThrow(TypeError);
});
