import type { Course, Step } from '../../../contract/check-course';
import { courseChart } from '../../../lambda/review/course-chart';

const chart = (steps: readonly Step[], more: Partial<Course> = {}): string =>
  String(courseChart({ from: '2026-11-24T09:00:00.000Z', steps, ...more })).replace(/[^\S\u00a0]+/g, ' ');
const caption = (steps: readonly Step[], more: Partial<Course> = {}): string =>
  /<figcaption[^>]*>(.*)<\/figcaption>/
    .exec(chart(steps, more))![1]!
    .replace(/<[^>]*>/g, '')
    .trim();

test('there is none of nothing, or of a single measurement', () => {
  expect(String(courseChart(undefined))).toBe('');
  expect(chart([])).toBe('');
  expect(chart([[0, 'PASS', 1, 1]])).toBe('');
});

test('each step has its place in time, and stands as high as it is bad', () => {
  const bars = chart([
    [0, 'PASS'],
    [600, 'INCONCLUSIVE'],
    [1200, 'FAIL'],
  ]).match(/<rect[^>]*>/g);

  expect(bars).toEqual([
    '<rect class="PASS" x="0" y="9" width="1" height="5" />',
    '<rect class="INCONCLUSIVE" x="0" y="4" width="239" height="10" />',
    '<rect class="FAIL" x="240" y="0" width="239" height="14" />',
  ]);
});

test('says in words what it draws', () => {
  expect(
    caption(
      [
        [0, 'PASS', 0.2, 0.2, 0.1],
        [420, 'FAIL', 4.8, 4.8, 0.12],
      ],
      { limit: 1 },
    ),
  ).toBe(
    '2026-11-24 09:00 to 09:07 UTC · failed first by 09:07 · values from 0.2 to 4.8 · limit 1 (dashed) · stable version 0.12 (dotted)',
  );
  expect(
    caption([
      [0, 'PASS'],
      [86_400, 'PASS'],
    ]),
  ).toBe('2026-11-24 09:00 to 2026-11-25 09:00 UTC · passed every time');
  expect(
    caption([
      [0, 'ERROR', 3, 3],
      [60, 'WORKING', 3, 3],
    ]),
  ).toBe('2026-11-24 09:00 to 09:01 UTC · had an error first by 2026-11-24 09:00 · value 3');
  expect(
    caption([
      [0, 'WORKING'],
      [60, 'PASS'],
    ]),
  ).toBe('2026-11-24 09:00 to 09:01 UTC · nothing wrong');
});

test('draws values, limit and stable version only where there are any', () => {
  const steps: Step[] = [
    [0, 'PASS', 0, 0],
    [60, 'PASS', 2, 4],
  ];

  expect(
    chart([
      [0, 'PASS'],
      [60, 'PASS'],
    ]),
  ).not.toMatch(/poly|line/);
  expect(chart(steps)).toContain('<polygon class="band"');
  expect(chart(steps)).not.toMatch(/class="(baseline|limit)"/);
  expect(chart(steps, { limit: 8 })).toContain('<line class="limit" x1="0" x2="480" y1="1" y2="1" />');
  expect(
    chart([
      [0, 'PASS', 0, 0, 1],
      [60, 'PASS', 2, 4, 1],
    ]),
  ).toContain('<polyline class="baseline"');
});

test('values below zero are within the drawing', () => {
  expect(
    chart([
      [0, 'PASS', -4, -4],
      [60, 'PASS', -2, 0],
    ]),
  ).toContain('points="0,63 480,1"');
});

test('values that are all zero are drawn, too', () => {
  expect(
    chart([
      [0, 'PASS', 0, 0],
      [60, 'PASS', 0, 0],
    ]),
  ).toContain('points="0,63 480,63"');
});

test('a unit stays beside its number, in the words as at the scale', () => {
  const steps: Step[] = [
    [0, 'PASS', 0.25, 0.25],
    [60, 'PASS', 1.234, 1.234],
  ];

  expect(caption(steps, { limit: 1, unit: '%' })).toContain('values from 0.25\u00a0% to 1.234\u00a0%');
  expect(chart(steps, { limit: 1, unit: '%' })).toContain('<span>1.2\u00a0%</span><span>0\u00a0%</span>');
  expect(chart(steps, { unit: '<b>' })).not.toContain('<b>');
});

test('there is a scale only where there are values', () => {
  expect(
    chart([
      [0, 'PASS'],
      [60, 'PASS'],
    ]),
  ).not.toContain('scale');
});
