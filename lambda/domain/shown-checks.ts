/** What a request keeps of its checks beside their verdicts, for those who look at many requests at once. Nothing is decided by it. */
import type { CheckTally } from './check-tally';
import { courseInList } from './check-course';
import type { CheckState, SeenAt } from './request';

/** So many checks of a request have their course drawn in a list. */
export const MOST_COURSES = 12;

/** The checks with all that is known of them. */
export function checksWithCourse(states: readonly CheckState[], tallies: readonly CheckTally[]): readonly CheckState[] {
  return states.map((state) => {
    const tally = tallies.find(({ checkId }) => checkId === state.id);
    const seenAt = seenAtOf(state, tally);
    return {
      ...state,
      ...(tally?.course === undefined ? {} : { course: tally.course }),
      ...(seenAt === undefined ? {} : { seenAt }),
    };
  });
}

/** The checks as the request keeps them, where it kept these before. */
export function checksInList(states: readonly CheckState[], before: readonly CheckState[]): readonly CheckState[] {
  return states.map(({ course, ...state }, index) => {
    const earlier = before.find(({ id }) => id === state.id);
    const kept = earlier?.verdict === state.verdict ? earlier.course : undefined;
    return course === undefined || index >= MOST_COURSES ? state : { ...state, course: courseInList(course, kept) };
  });
}

function seenAtOf({ verdict }: CheckState, tally: CheckTally | undefined): SeenAt | undefined {
  const { link, account } = tally?.last ?? {};
  return link === undefined || verdict === 'PASS' || verdict === 'RUNNING'
    ? undefined
    : { link, ...(account === undefined ? {} : { account }) };
}
