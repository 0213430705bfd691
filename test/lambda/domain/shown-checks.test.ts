import * as fc from 'fast-check';
import { STEP_VERDICTS, type Course } from '../../../contract/check-course';
import { MOST_STEPS_IN_LIST, withStep } from '../../../lambda/domain/check-course';
import type { CheckTally } from '../../../lambda/domain/check-tally';
import type { CheckState } from '../../../lambda/domain/request';
import { checksInList, checksWithCourse, MOST_COURSES } from '../../../lambda/domain/shown-checks';
import { at } from '../samples';

const LINK = 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home';
const state = (more: Partial<CheckState> = {}): CheckState => ({
  id: 'a',
  title: 'alarm a',
  verdict: 'RUNNING',
  reason: 'fine',
  observeOnly: false,
  ...more,
});

/** A measurement each minute, with these verdicts. */
function courseOf(verdicts: readonly (typeof STEP_VERDICTS)[number][], drawn = 1): Course {
  return verdicts.reduce<Course | undefined>(
    (before, verdict, minute) =>
      withStep(before, {
        checkId: 'a',
        at: at(60 * (minute + 1)),
        verdict: verdict === 'WORKING' ? 'IN_PROGRESS' : verdict,
        reason: 'x',
        drawn: { value: drawn, unit: '%' },
      }),
    undefined,
  )!;
}
const good = (count: number): Course => courseOf(Array(count).fill('PASS'));
const listed = (course: Course, before?: Course, more: Partial<CheckState> = {}): Course | undefined =>
  checksInList([state({ ...more, course })], before === undefined ? [] : [state({ course: before })])[0]!.course;

describe('the course in a list', () => {
  test('is no longer than can be seen there, from the first to the last measurement, and as bad as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STEP_VERDICTS), { minLength: 1, maxLength: 200 }), (verdicts) => {
        const course = courseOf(verdicts);
        const short = listed(course)!;

        expect(short.steps.length).toBeLessThanOrEqual(MOST_STEPS_IN_LIST);
        expect(short).toMatchObject({ from: course.from, unit: '%' });
        expect(short.steps.at(-1)![0]).toBe(course.steps.at(-1)![0]);
        const worst = STEP_VERDICTS.find((verdict) => verdicts.includes(verdict));
        expect(STEP_VERDICTS.find((verdict) => short.steps.some((step) => step[1] === verdict))).toBe(worst);
      }),
    );
  });

  test('stays while nothing could be seen of the difference, so that a day of measurements makes few changes', () => {
    const DAY = 24 * 60;
    let before: Course | undefined;
    let changes = 0;
    let course: Course | undefined;
    for (let minute = 1; minute <= DAY; minute++) {
      const measured = { checkId: 'a', at: at(60 * minute), verdict: 'PASS', reason: 'x' } as const;
      course = withStep(course, measured);
      const next = listed(course, before);
      changes += next === before ? 0 : 1;
      before = next;
    }

    expect(changes).toBeLessThan(150);
    expect(before!.steps.at(-1)![0]).toBeGreaterThan(DAY * 60 * 0.95);
  });

  test('changes at once where a verdict does, of a measurement or of the check', () => {
    const before = listed(good(100))!;
    const failed = courseOf([...Array<'PASS'>(100).fill('PASS'), 'FAIL']);

    expect(listed(good(101), before)).toBe(before);
    expect(listed(failed, before)!.steps.at(-1)![1]).toBe('FAIL');
    expect(listed(good(101), before, { verdict: 'PASS' })).not.toBe(before);
  });

  test('begins anew with a new watch', () => {
    const before = { ...listed(good(100))!, from: at(-600) };

    expect(listed(good(100), before)!.from).toBe(good(100).from);
  });

  test('is kept of a dozen checks', () => {
    const states = Array.from({ length: 20 }, (_, n) => state({ id: `c${n}`, course: good(2) }));

    expect(checksInList(states, []).filter(({ course }) => course !== undefined)).toHaveLength(MOST_COURSES);
    expect(checksInList(states, [])).toHaveLength(20);
  });
});

describe('where people see more', () => {
  const tally = { checkId: 'a', last: { link: LINK, account: '222222222222' } } as CheckTally;
  const seenAt = (verdict: CheckState['verdict']) => checksWithCourse([state({ verdict })], [tally])[0]!.seenAt;

  test.each(['FAIL', 'INCONCLUSIVE', 'ERROR'] as const)('is kept of a check whose verdict is %s', (verdict) => {
    expect(seenAt(verdict)).toEqual({ link: LINK, account: '222222222222' });
  });

  test.each(['PASS', 'RUNNING'] as const)('is not kept of one whose verdict is %s', (verdict) => {
    expect(seenAt(verdict)).toBeUndefined();
  });

  test('is of this check alone', () => {
    expect(checksWithCourse([state({ id: 'b', verdict: 'FAIL' })], [tally])).toEqual([
      state({ id: 'b', verdict: 'FAIL' }),
    ]);
  });
});
