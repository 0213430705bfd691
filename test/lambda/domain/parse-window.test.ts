import { parsePolicy } from '../../../lambda/domain/parse-policy';
import { GATE, policyOf } from '../samples';

const RANGE = { days: [1, 5], from: 540, to: 960 };
const read = (window: unknown) => parsePolicy(JSON.stringify({ ...policyOf(), window }), GATE);

test('a window is read as it was written', () => {
  const window = { timeZone: 'Europe/Berlin', ranges: [RANGE, { ...RANGE, from: 1320, to: 240 }] };
  expect(read(window)).toMatchObject({ ok: true, value: { window } });
});

test('a window may have twenty ranges', () => {
  const window = { timeZone: 'Etc/GMT+5', ranges: Array.from({ length: 20 }, () => RANGE) };
  expect(read(window)).toMatchObject({ ok: true, value: { window } });
});

test.each<[string, unknown, string]>([
  ['no object', 'always', '`window` is not an object'],
  ['nothing', null, '`window` is not an object'],
  ['no time zone', { ranges: [RANGE] }, '`timeZone` is missing or not of the expected form'],
  [
    'a time zone that this machine does not know',
    { timeZone: 'Mars/Olympus', ranges: [RANGE] },
    '`timeZone` is none that is known here',
  ],
  ['no ranges', { timeZone: 'UTC', ranges: [] }, '`ranges` is empty or too long'],
  [
    'too many ranges',
    { timeZone: 'UTC', ranges: Array.from({ length: 21 }, () => RANGE) },
    '`ranges` is empty or too long',
  ],
  ['a range without days', { timeZone: 'UTC', ranges: [{ ...RANGE, days: [] }] }, '`days` is empty or not ascending'],
  [
    'days that are not in order',
    { timeZone: 'UTC', ranges: [{ ...RANGE, days: [5, 1] }] },
    '`days` is empty or not ascending',
  ],
  ['a day twice', { timeZone: 'UTC', ranges: [{ ...RANGE, days: [1, 1] }] }, '`days` is empty or not ascending'],
  ['a day 0', { timeZone: 'UTC', ranges: [{ ...RANGE, days: [0] }] }, '`day`'],
  ['a day 8', { timeZone: 'UTC', ranges: [{ ...RANGE, days: [8] }] }, '`day`'],
  ['half a minute', { timeZone: 'UTC', ranges: [{ ...RANGE, from: 0.5 }] }, '`from`'],
  ['a beginning after the day', { timeZone: 'UTC', ranges: [{ ...RANGE, from: 1440 }] }, '`from`'],
  ['an end at the start of the day', { timeZone: 'UTC', ranges: [{ ...RANGE, to: 0 }] }, '`to`'],
  ['an end after the day', { timeZone: 'UTC', ranges: [{ ...RANGE, to: 1441 }] }, '`to`'],
  [
    'a time zone with more around it',
    { timeZone: ' UTC', ranges: [RANGE] },
    '`timeZone` is missing or not of the expected form',
  ],
  [
    'a time zone that goes on',
    { timeZone: 'UTC ', ranges: [RANGE] },
    '`timeZone` is missing or not of the expected form',
  ],
  ['no list of ranges', { timeZone: 'UTC', ranges: RANGE }, '`ranges` is not a list'],
  ['a range that is a text', { timeZone: 'UTC', ranges: ['always'] }, '`range` is not an object'],
  ['a range whose days are no list', { timeZone: 'UTC', ranges: [{ ...RANGE, days: 1 }] }, '`days` is not a list'],
  [
    'more than it may say',
    { timeZone: 'UTC', ranges: [RANGE], unless: 'urgent' },
    '`window` has a field that is not known here',
  ],
  [
    'a range that says more',
    { timeZone: 'UTC', ranges: [{ ...RANGE, unless: 'urgent' }] },
    '`range` has a field that is not known here',
  ],
])('a policy whose window is %s opens nothing', (_, window, problem) => {
  expect(read(window)).toEqual({ ok: false, problem: expect.stringContaining(problem) as string });
});

describe('the change calendars of a policy', () => {
  const freezes = (value: unknown) => parsePolicy(JSON.stringify({ ...policyOf(), freezes: value }), GATE);
  const ARN = 'arn:aws:ssm:eu-west-1:222222222222:document/xmas';

  test('are read as they were written', () => {
    expect(freezes(['xmas', ARN])).toMatchObject({ ok: true, value: { freezes: ['xmas', ARN] } });
  });

  test('may be five', () => {
    expect(freezes(['aaa', 'bbb', 'ccc', 'ddd', 'eee']).ok).toBe(true);
  });

  test.each<[string, unknown, string]>([
    ['no list', 'xmas', '`freezes` is not a list'],
    ['empty', [], '`freezes` is empty, too long, or names a calendar twice'],
    ['too many', ['aaa', 'bbb', 'ccc', 'ddd', 'eee', 'fff'], '`freezes` is empty, too long, or names a calendar twice'],
    ['twice the same', ['xmas', 'xmas'], '`freezes` is empty, too long, or names a calendar twice'],
    ['no texts', [5], '`name` is missing or not of the expected form'],
    [
      'something else than documents',
      ['arn:aws:ssm:eu-west-1:222222222222:parameter/xmas'],
      '`name` is missing or not of the expected form',
    ],
  ])('open nothing where they are %s', (_, value, problem) => {
    expect(freezes(value)).toEqual({ ok: false, problem: expect.stringContaining(problem) as string });
  });
});
