import {
  flag,
  json,
  list,
  Malformed,
  NAME,
  object,
  oneOf,
  optionalText,
  parsed,
  text,
  time,
  whole,
} from '../../../lambda/domain/parsed';

const problemOf = (parse: () => unknown): string | undefined => {
  const read = parsed('thing', parse);
  return read.ok ? undefined : read.problem;
};

test('a parser answers its value, or what is wrong', () => {
  expect(parsed('thing', () => 7)).toEqual({ ok: true, value: 7 });
  expect(
    parsed('thing', () => {
      throw new Malformed('broken');
    }),
  ).toEqual({ ok: false, problem: 'thing: broken' });
});

test('a mistake of ours is no malformed input', () => {
  expect(() =>
    parsed('thing', () => {
      throw new TypeError('ours');
    }),
  ).toThrow('ours');
});

test.each<[string, () => unknown, string | undefined]>([
  ['JSON', () => json('{"a":1}'), undefined],
  ['no text', () => json(7), 'thing: not a text'],
  ['no JSON', () => json('{secret'), 'thing: not JSON'],
  ['an object', () => object({}, 'x'), undefined],
  ['null', () => object(null, 'x'), 'thing: `x` is not an object'],
  ['a list as an object', () => object([], 'x'), 'thing: `x` is not an object'],
  ['a text as an object', () => object('secret', 'x'), 'thing: `x` is not an object'],
  ['a list', () => list([1], 'x'), undefined],
  ['an object as a list', () => list({ length: 1 }, 'x'), 'thing: `x` is not a list'],
  ['a text', () => text({ x: 'a\nb' }, 'x'), undefined],
  ['an empty text', () => text({ x: '' }, 'x'), 'thing: `x` is missing or not of the expected form'],
  ['an endless text', () => text({ x: 'a'.repeat(4097) }, 'x'), 'thing: `x` is missing or not of the expected form'],
  ['a missing text', () => text({}, 'x'), 'thing: `x` is missing or not of the expected form'],
  ['a number as a text', () => text({ x: 7 }, 'x'), 'thing: `x` is missing or not of the expected form'],
  ['a wrong text', () => text({ x: 'secret' }, 'x', /^\d$/), 'thing: `x` is missing or not of the expected form'],
  ['no optional text', () => optionalText({ x: null }, 'x'), undefined],
  ['a wrong optional text', () => optionalText({ x: 7 }, 'x'), 'thing: `x` is missing or not of the expected form'],
  ['the smallest number', () => whole({ x: 1 }, 'x', 1, 3), undefined],
  ['the largest number', () => whole({ x: 3 }, 'x', 1, 3), undefined],
  ['a smaller number', () => whole({ x: 0 }, 'x', 1, 3), 'thing: `x` is not a whole number from 1 to 3'],
  ['a larger number', () => whole({ x: 4 }, 'x', 1, 3), 'thing: `x` is not a whole number from 1 to 3'],
  ['a broken number', () => whole({ x: 1.5 }, 'x', 1, 3), 'thing: `x` is not a whole number from 1 to 3'],
  ['no number', () => whole({ x: '2' }, 'x', 1, 3), 'thing: `x` is not a whole number from 1 to 3'],
  ['false', () => flag({ x: false }, 'x'), undefined],
  ['no flag', () => flag({ x: 'false' }, 'x'), 'thing: `x` is neither true nor false'],
  ['one of several', () => oneOf({ x: 'b' }, 'x', ['a', 'b']), undefined],
  ['none of several', () => oneOf({ x: 'secret' }, 'x', ['a', 'b']), 'thing: `x` is none of a, b'],
  ['a time', () => time({ x: '2026-11-23T08:00:00Z' }, 'x'), undefined],
  ['a day', () => time({ x: '2026-11-23' }, 'x'), 'thing: `x` is missing or not of the expected form'],
  ['a time of no day', () => time({ x: '2026-13-45T08:00:00Z' }, 'x'), 'thing: `x` is not a time'],
])('%s', (_, parse, problem) => {
  expect(problemOf(parse)).toBe(problem);
});

test('what is read is what was there', () => {
  expect(json('[1]')).toEqual([1]);
  expect(optionalText({ x: 'a' }, 'x')).toBe('a');
  expect(flag({ x: true }, 'x')).toBe(true);
  expect(oneOf({ x: 'b' }, 'x', ['a', 'b'])).toBe('b');
  expect(time({ x: '2026-11-23T08:00:00Z' }, 'x')).toBe('2026-11-23T08:00:00.000Z');
});

test('names are those that CodePipeline takes', () => {
  expect('Shop.Main_1@x-2').toMatch(NAME);
  for (const name of ['', 'a/b', 'a b', 'a'.repeat(101)]) {
    expect(name).not.toMatch(NAME);
  }
});
