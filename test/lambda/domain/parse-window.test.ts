import { parsePolicy } from '../../../lambda/domain/parse-policy';
import { GATE, policyOf } from '../samples';

const RANGE = { days: [1, 5], from: 540, to: 960 };
const read = (window: unknown) => parsePolicy(JSON.stringify({ ...policyOf(), window }), GATE);

test('a window is read as it was written', () => {
  const window = { timeZone: 'Europe/Berlin', ranges: [RANGE, { ...RANGE, from: 1320, to: 240 }] };
  expect(read(window)).toMatchObject({ ok: true, value: { window } });
});

test.each<[string, unknown]>([
  ['no object', 'always'],
  ['nothing', null],
  ['no time zone', { ranges: [RANGE] }],
  ['a time zone that this machine does not know', { timeZone: 'Mars/Olympus', ranges: [RANGE] }],
  ['no ranges', { timeZone: 'UTC', ranges: [] }],
  ['too many ranges', { timeZone: 'UTC', ranges: Array.from({ length: 21 }, () => RANGE) }],
  ['a range without days', { timeZone: 'UTC', ranges: [{ ...RANGE, days: [] }] }],
  ['days that are not in order', { timeZone: 'UTC', ranges: [{ ...RANGE, days: [5, 1] }] }],
  ['a day twice', { timeZone: 'UTC', ranges: [{ ...RANGE, days: [1, 1] }] }],
  ['a day 0', { timeZone: 'UTC', ranges: [{ ...RANGE, days: [0] }] }],
  ['a day 8', { timeZone: 'UTC', ranges: [{ ...RANGE, days: [8] }] }],
  ['half a minute', { timeZone: 'UTC', ranges: [{ ...RANGE, from: 0.5 }] }],
  ['a beginning after the day', { timeZone: 'UTC', ranges: [{ ...RANGE, from: 1440 }] }],
  ['an end at the start of the day', { timeZone: 'UTC', ranges: [{ ...RANGE, to: 0 }] }],
  ['an end after the day', { timeZone: 'UTC', ranges: [{ ...RANGE, to: 1441 }] }],
])('a policy whose window is %s opens nothing', (_, window) => {
  expect(read(window).ok).toBe(false);
});

describe('the change calendars of a policy', () => {
  const freezes = (value: unknown) => parsePolicy(JSON.stringify({ ...policyOf(), freezes: value }), GATE);
  const ARN = 'arn:aws:ssm:eu-west-1:222222222222:document/xmas';

  test('are read as they were written', () => {
    expect(freezes(['xmas', ARN])).toMatchObject({ ok: true, value: { freezes: ['xmas', ARN] } });
  });

  test.each<[string, unknown]>([
    ['no list', 'xmas'],
    ['empty', []],
    ['too many', ['aaa', 'bbb', 'ccc', 'ddd', 'eee', 'fff']],
    ['twice the same', ['xmas', 'xmas']],
    ['no texts', [5]],
    ['something else than documents', ['arn:aws:ssm:eu-west-1:222222222222:parameter/xmas']],
  ])('open nothing where they are %s', (_, value) => {
    expect(freezes(value).ok).toBe(false);
  });
});
