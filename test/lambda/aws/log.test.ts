import { count, errorName, log, type LogKeys } from '../../../lambda/aws/log';

let written: jest.SpiedFunction<typeof process.stdout.write>;

beforeEach(() => {
  written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(() => jest.restoreAllMocks());

const more = { requestId: 'r', token: 'secret', key: 'secret', event: { body: 'secret' }, mail: 'secret' } as LogKeys;

test('a line holds the keys that are listed and no others, whatever it is given', () => {
  log('INFO', 'said', more);
  count('Metric', 'shop', '2026-11-23T08:00:00.000Z', more);

  const lines = written.mock.calls.map(([line]) => String(line));
  expect(JSON.parse(lines[0]!)).toEqual({ level: 'INFO', message: 'said', requestId: 'r' });
  expect(lines.join('')).not.toContain('secret');
  expect(lines.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1)).toBe(true);
});

test('of an error its name is told, never its message', () => {
  expect(errorName(Object.assign(new Error('secret'), { name: 'AccessDenied' }))).toBe('AccessDenied');
  expect(errorName('secret')).toBe('Unknown');
});
