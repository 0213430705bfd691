import fc from 'fast-check';
import type { Measurement } from '../../../contract/messages';
import { STEP_VERDICTS, type Course } from '../../../contract/check-course';
import { MOST_STEPS, withStep } from '../../../lambda/domain/check-course';

const START = '2026-11-23T08:00:00.000Z';
const at = (seconds: number): string => new Date(Date.parse(START) + seconds * 1000).toISOString();

type Verdict = Measurement['verdict'];

function measured(verdict: Verdict, seconds: number, drawn?: Measurement['drawn']): Measurement {
  return { checkId: 'a', at: at(seconds), verdict, reason: 'x', ...(drawn === undefined ? {} : { drawn }) };
}

function courseOf(measurements: readonly Measurement[]): Course {
  return measurements.reduce<Course | undefined>((course, one) => withStep(course, one), undefined)!;
}

test('each measurement is a step that ends with it', () => {
  expect(
    courseOf([
      measured('PASS', 0, { value: 1.5, limit: 5 }),
      measured('IN_PROGRESS', 60),
      measured('FAIL', 120.4, { value: 6, limit: 5, baseline: 1 }),
    ]),
  ).toEqual({
    from: START,
    steps: [
      [0, 'PASS', 1.5, 1.5],
      [60, 'WORKING'],
      [120, 'FAIL', 6, 6, 1],
    ],
    limit: 5,
  });
});

test('the limit is the newest that was said', () => {
  expect(
    courseOf([measured('PASS', 0, { value: 1, limit: 5 }), measured('PASS', 60, { value: 1, limit: 7 })]).limit,
  ).toBe(7);
  expect(courseOf([measured('PASS', 0, { value: 1, limit: 5 }), measured('ERROR', 60)]).limit).toBe(5);
  expect(courseOf([measured('PASS', 0)])).not.toHaveProperty('limit');
});

test('numbers have four digits, and what is no number is not drawn', () => {
  expect(courseOf([measured('PASS', 0, { value: 1.23456, baseline: 12345.6, limit: 0.000123456 })])).toMatchObject({
    steps: [[0, 'PASS', 1.235, 1.235, 12350]],
    limit: 0.0001235,
  });
  expect(courseOf([measured('ERROR', 0, { value: NaN, limit: Infinity })])).toEqual({
    from: START,
    steps: [[0, 'ERROR']],
  });
});

describe('a course that gets too long', () => {
  const long = (verdicts: (index: number) => Verdict, count = MOST_STEPS + 1): Course =>
    courseOf(
      Array.from({ length: count }, (_, index) =>
        measured(verdicts(index), index * 60, { value: index, baseline: -index }),
      ),
    );

  test('has the two neighbours that took least time in one step, with the lowest, the highest and the worse of both', () => {
    const { steps } = long((index) => (index === 0 ? 'FAIL' : 'PASS'));

    expect(steps).toHaveLength(MOST_STEPS);
    expect(steps.slice(0, 3)).toEqual([
      [60, 'FAIL', 0, 1, -1],
      [120, 'PASS', 2, 2, -2],
      [180, 'PASS', 3, 3, -3],
    ]);
    expect(steps.at(-1)).toEqual([48 * 60, 'PASS', 48, 48, -48]);
  });

  test('has steps that are about as long as each other', () => {
    const ends = long(() => 'PASS', 1440).steps.map(([end]) => end);
    const lengths = ends.map((end, index) => end - (ends[index - 1] ?? 0)).slice(0, -2);

    expect(Math.max(...lengths)).toBeLessThanOrEqual(4 * Math.min(...lengths));
  });

  test.each<[Verdict, Verdict, string]>([
    ['FAIL', 'ERROR', 'FAIL'],
    ['INCONCLUSIVE', 'ERROR', 'ERROR'],
    ['INCONCLUSIVE', 'IN_PROGRESS', 'INCONCLUSIVE'],
    ['PASS', 'IN_PROGRESS', 'WORKING'],
  ])('keeps of %s and %s the worse: %s', (one, other, worse) => {
    expect(long((index) => (index % 2 === 0 ? one : other)).steps[0]![1]).toBe(worse);
    expect(long((index) => (index % 2 === 0 ? other : one)).steps[0]![1]).toBe(worse);
  });

  test('keeps no value where neither has one, and the later baseline of two', () => {
    const first = (one: Measurement['drawn'], other: Measurement['drawn']) =>
      courseOf(
        Array.from({ length: MOST_STEPS + 1 }, (_, index) => measured('PASS', index, index % 2 === 0 ? one : other)),
      ).steps[0];

    expect(first(undefined, undefined)).toEqual([1, 'PASS']);
    expect(first(undefined, { value: 3, baseline: 2 })).toEqual([1, 'PASS', 3, 3, 2]);
    expect(first({ value: 3, baseline: 2 }, undefined)).toEqual([1, 'PASS', 3, 3, 2]);
    expect(first({ value: 3, baseline: 2 }, { value: 9, baseline: 4 })).toEqual([1, 'PASS', 3, 9, 4]);
    expect(first({ value: 9 }, { value: 3 })).toEqual([1, 'PASS', 3, 9]);
  });

  test('joins the first two that took least time', () => {
    const ends = courseOf(Array.from({ length: MOST_STEPS + 1 }, (_, index) => measured('PASS', index * 60))).steps.map(
      ([end]) => end,
    );

    expect(ends.slice(0, 3)).toEqual([60, 120, 180]);
    expect(ends.at(-1)).toBe(MOST_STEPS * 60);
  });

  test('keeps a value whose neighbour has none', () => {
    const { steps } = courseOf(
      Array.from({ length: MOST_STEPS + 1 }, (_, index) =>
        measured('PASS', index, index % 2 === 0 ? { value: 7 } : undefined),
      ),
    );

    expect(steps[0]).toEqual([1, 'PASS', 7, 7]);
  });
});

test('however many measurements there are, the course stays short, in order, and hides nothing bad', () => {
  const verdicts = fc.constantFrom<Verdict>('PASS', 'FAIL', 'INCONCLUSIVE', 'ERROR', 'IN_PROGRESS');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(verdicts, fc.integer({ min: 1, max: 9999 }), fc.option(fc.double(), { nil: undefined })), {
        minLength: 1,
        maxLength: 400,
      }),
      (given) => {
        let seconds = 0;
        const all = given.map(([verdict, pause, value]) => {
          seconds += pause;
          return measured(verdict, seconds, value === undefined ? undefined : { value });
        });
        const { from, steps } = courseOf(all);
        const ends = steps.map(([end]) => end);

        expect(steps.length).toBeLessThanOrEqual(MOST_STEPS);
        expect(from).toBe(all[0]!.at);
        expect([...ends].sort((a, b) => a - b)).toEqual(ends);
        const worst = STEP_VERDICTS.find((one) =>
          all.some(({ verdict }) => verdict === one || (verdict === 'IN_PROGRESS' && one === 'WORKING')),
        );
        expect(STEP_VERDICTS.find((one) => steps.some(([, verdict]) => verdict === one))).toBe(worst);
        expect(JSON.stringify(steps).length).toBeLessThan(3000);
        expect(JSON.stringify(steps)).not.toMatch(/null|undefined/);
      },
    ),
  );
});
