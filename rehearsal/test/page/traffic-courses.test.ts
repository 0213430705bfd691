/** The page draws which version had how much of the traffic, and when, whatever the platform. */
import { page } from '../../page/render';
import { snapshot, type CourseView } from '../../page/snapshot';
import type { Scenario, Step } from '../../scenario/schema';
import { rehearse } from '../support/scenarios';

const ends = (run: 'Succeeded' | 'Failed'): Step => ({ wait: { until: { run }, within: 10_800_000 } });
const green = (name: string): Step => ({ alarm: { name, state: 'OK' } });
const push = (breaks?: Record<string, 'errors'>): Step => ({ push: { message: 'Sell tea', breaks } });
const answers: readonly Step[] = ['test', 'web'].map((host) => ({
  web: { address: `${host}.example.com/health`, status: 200 },
}));

/** Rehearses, and answers the courses of traffic, oldest first, and the page. */
async function shown({ title = '', ...scenario }: Omit<Scenario, 'title'> & { title?: string }) {
  let courses: readonly CourseView[] = [];
  let html = '';
  const result = await rehearse({ ...scenario, title }, async (rehearsal) => {
    const view = snapshot(rehearsal);
    courses = view.courses.toReversed();
    html = String(await page(view));
  });
  expect(result.failure).toBeUndefined();
  return { courses, html };
}

/** Minutes since the new version got its first share, and its share from then on. */
function stairs({ points }: CourseView): readonly (readonly number[])[] {
  return points.slice(1).map(({ at, percent }) => [Math.round((at - (points[1]?.at ?? 0)) / 60_000), percent]);
}

const ECS = 'rehearsal/test/fixtures/ecs-task-sets.ts';
const QUARTERS = [
  [0, 25],
  [5, 50],
  [10, 75],
  [15, 100],
];

test.each<[string, Omit<Scenario, 'title'>, readonly [from: string, to: string], readonly (readonly number[])[]]>([
  [
    'shop:live',
    { app: 'rehearsal/test/fixtures/linear.ts', steps: [green('shop-errors'), push(), ends('Succeeded')] },
    ['version 1', 'version 2'],
    QUARTERS,
  ],
  [
    'web',
    { app: ECS, steps: [green('web-5xx'), ...answers, push(), ends('Succeeded')] },
    ['task set 1', 'task set 2'],
    QUARTERS,
  ],
  [
    'web',
    { app: ECS, context: { by: 'native' }, steps: [green('web-5xx'), ...answers, push(), ends('Succeeded')] },
    ['revision 1', 'revision 2'],
    QUARTERS,
  ],
  [
    'shop/prod',
    {
      app: 'examples/stage-rollout.ts',
      steps: [{ apiRequests: { stage: 'shop/prod', perMinute: 500, canary: 0 } }, push(), ends('Succeeded')],
    },
    ['deployment ', 'deployment '],
    [
      [0, 10],
      [20, 100],
    ],
  ],
])(
  'of %s, up to its last step (%#)',
  async (of, scenario, [from, to], expected) => {
    const { courses, html } = await shown(scenario);

    expect(courses).toMatchObject([
      { of, from: expect.stringContaining(from), to: expect.stringContaining(to), status: 'Succeeded' },
    ]);
    const [course] = courses as [CourseView];
    expect(course.from).not.toBe(course.to);
    // The checks of an API may end some minutes after its bake.
    expect(stairs(course).map(([minute = 0, percent]) => [minute - (minute % 5), percent])).toEqual(expected);
    expect(html).toContain(`<span class="key">▆</span> ${course.to}, above it ${course.from}`);
    expect(html).toMatch(/<polygon class="new" points="0,60 /);
    expect(html).toMatch(new RegExp(`${course.to}: ${expected[0]?.[1]} % at \\d\\d:\\d\\d:\\d\\d, .*100 % at`));
  },
  120_000,
);

test('of servers, one after the other, and of the way back', async () => {
  const steps = [green('tea-errors'), push(), ends('Succeeded'), push({ tea: 'errors' }), ends('Failed')];
  const back: Step = { wait: { until: { servers: { tea: 'old' } }, within: 7_200_000 } };
  const { courses, html } = await shown({ app: 'rehearsal/test/fixtures/zonal-servers.ts', steps: [...steps, back] });

  expect(courses.map(({ of, status }) => [of, status])).toEqual([
    ['tea', 'Succeeded'],
    ['tea', 'Failed'],
    ['tea', expect.stringMatching(/^(InProgress|Succeeded)$/)],
  ]);
  const [first, failed, back2] = courses as [CourseView, CourseView, CourseView];
  expect(first.points[0]?.percent).toBe(0);
  expect(first.points.at(-1)?.percent).toBe(100);
  expect(first.points.length).toBeGreaterThan(3);
  expect(failed.points.at(-1)?.percent).toBeLessThan(100);
  expect(failed.why).toContain('tea-errors went red');
  expect([back2.from, back2.to]).toEqual([failed.from, failed.from]);
  expect(html).toContain('went red');
}, 120_000);

test('what goes back falls to nothing at once, and says why', async () => {
  const app = 'rehearsal/test/fixtures/linear.ts';
  const { courses, html } = await shown({
    app,
    steps: [green('shop-errors'), push({ shop: 'errors' }), ends('Failed')],
  });

  expect(courses).toMatchObject([{ status: 'Failed', why: expect.stringContaining('returns errors') }]);
  expect(stairs(courses[0]!)).toEqual([
    [0, 25],
    [expect.any(Number), 0],
  ]);
  expect(html).toMatch(/<figure class="t-bad">/);
}, 120_000);

test('a canary of an API that is removed, and a rollback that moves all requests at once', async () => {
  const requests = (canary: number): Step => ({ apiRequests: { stage: 'shop/prod', perMinute: 500, canary } });
  const { courses, html } = await shown({
    app: 'examples/stage-rollout.ts',
    steps: [
      ...[requests(0), push(), ends('Succeeded'), push(), ends('Succeeded')],
      ...[requests(0.03), push({ shop: 'errors' }), ends('Failed'), requests(0), push(), ends('Succeeded')],
      { rollback: { stage: 'Prod' } },
      { wait: { until: { rollback: 'Succeeded' }, within: 600_000 } },
    ],
  });

  expect(courses.map(({ status, points }) => [status, ...points.map(({ percent }) => percent)])).toEqual([
    ['Succeeded', 0, 10, 100],
    ['Succeeded', 0, 10, 100],
    ['Failed', 0, 10, 0],
    ['Succeeded', 0, 10, 100],
    ['Succeeded', 0, 100],
  ]);
  // There is nothing to draw of what took no time.
  expect(html.match(/<polygon/g)).toHaveLength(4);
  expect(html).toMatch(new RegExp(`From ${courses[4]?.from} to ${courses[4]?.to} at once, at \\d\\d:\\d\\d:\\d\\d`));
  expect(courses[1]?.from).toBe(courses[0]?.to);
  expect(courses[3]?.from).toBe(courses[1]?.to);
}, 120_000);
