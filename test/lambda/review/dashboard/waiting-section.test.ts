/** What waits: how a request is told, and what of it is where. */
import type { Course } from '../../../../contract/check-course';
import type { CheckState, Held, Request, Response, Waiting } from '../../../../lambda/domain/request';
import { waitingSection } from '../../../../lambda/review/dashboard/waiting-section';
import { ANA, BO, CY, DECIDED, DELIVERED, REQUEST, rollback, RULES, RUN, SHOWN, WAITING, waiting } from '../fixture';
import { later, linesOf, pageOf, viewOf } from './seen';

const { asked } = WAITING;
const GATE = 'shop-release › Prod › Approve';
const TITLE = 'Round basket totals once, at the end';
const IN_BRIEF = '9b1deb4d3b7d · Cyrus Wong · asked 30 minutes ago · 1 day 23 hours left';
const REVIEW = `{Review ↗ → ${RUN.reviewUrl}}`;
const LINK = ['POST /dashboard/link?', `request=${REQUEST}`];
const NO_ANSWERS = ['[Ana Lopez: no answer yet]', '[You: no answer yet]', '[cy@example.com: no answer yet]'];

const section = (requests: readonly Request[], more: Parameters<typeof viewOf>[0] = {}) =>
  waitingSection(viewOf({ waiting: { requests, isPart: false }, ...more }));
const linesFor = async (request: Request, more: Parameters<typeof viewOf>[0] = {}) =>
  (await linesOf(section([request], more))).slice(1);

/** Asks people, and has no checks. */
const plain = (more: Parameters<typeof waiting>[0] = {}, facts: Partial<Waiting> = {}): Waiting => ({
  ...waiting({ rule: RULES.MANUAL, ...more, shown: { checks: [], ...more.shown } }),
  ...facts,
});

const CHECKS = [
  'alarm shop-staging-5xx',
  '[good: healthy]',
  'GET https://staging.shop.example.com/health',
  '[good: healthy]',
  'alarm shop-staging-p99',
  '[wait: cannot tell]',
  'not enough data: 3 of 30 datapoints',
];

test('a request tells its change, its checks, who was asked, and where to answer', async () => {
  const responses: readonly Response[] = [
    { approver: ANA, kind: 'APPROVED' },
    { approver: CY, kind: 'EXCLUDED' },
  ];

  expect(await linesOf(section([{ ...WAITING, responses }]))).toEqual([
    'Waiting 1',
    GATE,
    '[wait: 1 of 2 approvals]',
    'Round basket totals once, at the end',
    IN_BRIEF,
    REVIEW,
    ...CHECKS,
    'Both of them have to approve.',
    '[good: Ana Lopez: approved]',
    '[You: no answer yet]',
    '[cy@example.com: no vote]',
    ...LINK,
    '(Email me my link to answer)',
  ]);
});

test('a request whose run is not known yet tells since when it asks', async () => {
  expect(await linesFor({ phase: 'OPENED', id: REQUEST, asked })).toEqual([
    GATE,
    '[finding its run]',
    'Asked 30 minutes ago',
  ]);
});

test('a request that ended before its run was found tells how', async () => {
  const outcome = { ...DELIVERED.outcome, kind: 'STOPPED', by: 'CODEPIPELINE' } as const;
  const { run: _run, shown: _shown, asking: _asking, ...others } = DELIVERED;

  expect(await linesFor({ ...others, outcome })).toEqual([
    GATE,
    '[good: The run was stopped, sending emails]',
    'Asked 30 minutes ago',
  ]);
});

test('where nothing waits, the page says so, and whether that is for the filter', async () => {
  expect(await linesOf(section([]))).toEqual(['Waiting 0', 'Nothing is waiting.']);
  expect(await linesOf(section([], { filter: { text: 'x' } }))).toEqual(['Waiting 0', 'No waiting request matches.']);
});

test('where more waits than one read brings, the page says so, and else it does not', async () => {
  const last = async (isPart: boolean) => (await linesOf(section([], { waiting: { requests: [], isPart } }))).at(-1);

  expect(await last(true)).toBe('More requests are waiting than this page can show.');
  expect(await last(false)).toBe('Nothing is waiting.');
});

test('what the reader may answer stands first, and then what is due soonest', async () => {
  const request = (id: string, invited: readonly string[], hours: number): Waiting => ({
    ...plain({ run: { invited, deadline: later(hours * 3_600_000) } }),
    id,
  });
  const opened: Request = { phase: 'OPENED', id: 'opened', asked };
  const requests = [
    request('late', [ANA], 3),
    opened,
    request('mine-late', [BO], 5),
    request('soon', [ANA], 2),
    request('mine-soon', [BO], 4),
  ];
  const page = await pageOf(section(requests));

  expect([...page.matchAll(/id="r-([^"]+)"/g)].map(([, id]) => id)).toEqual([
    'mine-soon',
    'mine-late',
    'opened',
    'soon',
    'late',
  ]);
  expect(requests[0]?.id).toBe('late');
});

describe('a card', () => {
  const isMarked = async (responses: readonly Response[], invited = [ANA, BO]) =>
    (await pageOf(section([plain({ run: { invited } }, { responses })]))).includes('<li class="card request mine"');

  test('is marked as the reader’s own until they have answered', async () => {
    expect(await isMarked([])).toBe(true);
    expect(await isMarked([{ approver: ANA, kind: 'APPROVED' }])).toBe(true);
    expect(await isMarked([{ approver: BO, kind: 'APPROVED' }])).toBe(false);
    expect(await isMarked([], [ANA])).toBe(false);
  });

  test('of nobody’s own is a plain one', async () => {
    const page = await pageOf(section([plain({ run: { invited: [ANA] } })]));

    expect(page).toContain(`<li class="card request" id="r-${REQUEST}">`);
  });
});

describe('what is said of the change', () => {
  const about = async (more: Parameters<typeof waiting>[0]) => (await linesFor(plain(more))).slice(2, -7);

  test('is its title, the change in brief, and where it is reviewed', async () => {
    expect(await about({})).toEqual([TITLE, IN_BRIEF, REVIEW]);
  });

  test('is no address of its review where there is none', async () => {
    expect(await about({ run: { reviewUrl: 'javascript:alert(1)' } })).toEqual([TITLE, IN_BRIEF]);
  });

  test.each([
    [true, 'This is a rollback, started by CodePipeline.'],
    [false, 'This is a rollback.'],
  ])('is that it is a rollback, and whether CodePipeline started it: %s', async (automatic, sentence) => {
    expect((await about({ run: rollback({ automatic }) }))[2]).toBe(sentence);
  });

  test('is what the gate would lose', async () => {
    const proposed = { policy: SHOWN.policy, hash: 'a'.repeat(64), after: 1, weakens: ['one approval less'] };

    expect((await about({ shown: { proposed } }))[2]).toBe('This gate is being weakened: one approval less');
  });
});

test('why only the console opens a gate stands on its card', async () => {
  const lines = await linesFor({ ...plain(), consoleOnly: 'its policy cannot be read' });

  expect(lines.slice(1, 5)).toEqual(['[bad: needs the console]', TITLE, IN_BRIEF, REVIEW]);
  expect(lines[5]).toBe('its policy cannot be read');
});

describe('what is approved and held back', () => {
  const held: Held = { summary: 'Approved by Ana', why: 'its deployment window is closed', since: later(-60_000) };
  const opening = { ...held, opensAt: '2026-11-24T08:00:00.000Z' };
  const said = async (request: Request, timeZone = 'UTC') =>
    (await linesFor(request, { timeZone })).filter((line) => line.startsWith('Approved by Ana.'));

  test('says why, and when it goes ahead', async () => {
    expect(await said(plain({}, { held }))).toEqual([
      'Approved by Ana. It is held back: its deployment window is closed.',
    ]);
    expect(await said(plain({}, { held: opening }))).toEqual([
      'Approved by Ana. It goes ahead on Tuesday 24 November 2026, 08:00 UTC.',
    ]);
  });

  test('says the time in the time zone of its window, else in that of the workflow', async () => {
    const window = { timeZone: 'Asia/Tokyo', ranges: [{ days: [2], from: 1020, to: 1080 }] };
    const request = plain({}, { held: opening });
    const { shown } = request;

    expect(await said(request, 'Europe/Berlin')).toEqual([
      'Approved by Ana. It goes ahead on Tuesday 24 November 2026, 09:00 in Europe/Berlin (08:00 UTC).',
    ]);
    expect(
      await said({ ...request, shown: { ...shown, policy: { ...shown.policy, window } } }, 'Europe/Berlin'),
    ).toEqual(['Approved by Ana. It goes ahead on Tuesday 24 November 2026, 17:00 in Asia/Tokyo (08:00 UTC).']);
  });

  test('is held back no more once it opens, or once CodePipeline has the answer', async () => {
    expect(await said(plain({}, { held: { ...held, opensAt: later(0) } }))).toEqual([]);
    expect(await said({ ...DELIVERED, held })).toEqual([]);
    expect(await said({ ...DELIVERED, phase: 'CLOSED', closedAt: later(0), held })).toEqual([]);
    expect(await said({ ...DECIDED, held })).toHaveLength(1);
  });
});

describe('the checks', () => {
  const check = (n: number): CheckState => ({ ...SHOWN.checks[0]!, title: `Check ${n}` });

  test('have their course, and lead to where people see more', async () => {
    const course: Course = {
      from: WAITING.asked.at,
      steps: [
        [0, 'PASS'],
        [60, 'FAIL'],
      ],
    };
    const seenAt = { link: 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home', account: '222222222222' };
    const page = await pageOf(section([waiting({ shown: { checks: [{ ...check(1), course, seenAt }] } })]));

    expect(page).toContain('<figure class="course">');
    expect(page).toContain('failed first by');
    expect(page).toContain(`href="${seenAt.link}"`);
    expect(page).toContain('in account 222222222222');
  });

  test('are a dozen at most', async () => {
    const checks = Array.from({ length: 13 }, (_, index) => check(index + 1));
    const lines = await linesFor(plain({ shown: { checks } }));

    expect(lines).toContain('Check 12');
    expect(lines).not.toContain('Check 13');
    expect(lines).toContain('and 1 more');
  });

  test('stand on the card once it is decided, too, and people do not', async () => {
    expect((await linesFor(DECIDED)).slice(5)).toEqual(CHECKS);
  });
});

describe('the people', () => {
  const people = async (request: Waiting) =>
    (await linesFor(request)).slice(5, -3).filter((line) => !line.endsWith(' to approve.'));
  const howMany = async (quorum: number, ids: readonly string[], facts: Partial<Waiting> = {}, name?: string) => {
    const groups = [{ quorum, ids, ...(name === undefined ? {} : { name }) }];
    const rule = { kind: 'MANUAL', people: { ...RULES.MANUAL.people, groups } } as const;
    const lines = await linesFor(plain({ rule, run: { invited: ids } }, facts));
    return lines.find((line) => line.endsWith(' to approve.'));
  };

  test('are told how many of them it takes', async () => {
    expect(await howMany(1, [ANA, BO, CY])).toBe('1 of these 3 has to approve.');
    expect(await howMany(2, [ANA, BO, CY])).toBe('2 of these 3 have to approve.');
    expect(await howMany(2, [ANA, BO])).toBe('Both of them have to approve.');
    expect(await howMany(3, [ANA, BO, CY])).toBe('All 3 of them have to approve.');
  });

  test('of whom nobody is counted who has no vote', async () => {
    expect(await howMany(1, [ANA, BO, CY], { responses: [{ approver: CY, kind: 'EXCLUDED' }] })).toBe(
      '1 of these 2 has to approve.',
    );
    expect(await howMany(1, [ANA, BO, 'f'.repeat(12)])).toBe('1 of these 2 has to approve.');
  });

  test('are not told it where one is asked, where too few are left, or where groups have names', async () => {
    expect(await howMany(1, [BO])).toBeUndefined();
    expect(await howMany(3, [ANA, BO, CY], { responses: [{ approver: CY, kind: 'EXCLUDED' }] })).toBeUndefined();
    expect(await howMany(1, [ANA, BO], {}, 'Security')).toBeUndefined();
  });

  test('are told with what each of them has said', async () => {
    const kinds: readonly [Response['kind'], string][] = [
      ['APPROVED', '[good: Ana Lopez: approved]'],
      ['REJECTED', '[bad: Ana Lopez: rejected]'],
      ['OPENED', '[wait: Ana Lopez: opened in an emergency]'],
      ['OUTDATED', '[wait: Ana Lopez: approved an older view]'],
      ['EXCLUDED', '[Ana Lopez: no vote]'],
      ['AWAY', '[Ana Lopez: away]'],
    ];
    for (const [kind, line] of kinds) {
      expect(await people(plain({}, { responses: [{ approver: ANA, kind }] }))).toEqual([line, ...NO_ANSWERS.slice(1)]);
    }
  });

  test('are thirty at most', async () => {
    const invited = [BO, ...Array.from({ length: 30 }, (_, index) => `${index}`.padStart(12, '0'))];

    expect(await people(plain({ run: { invited } }))).toEqual([
      '[You: no answer yet]',
      ...Array.from({ length: 29 }, () => '[someone who was removed: no answer yet]'),
    ]);
  });

  test('have a delegate among them once, and the group of whoever is away', async () => {
    const group = { name: 'Security', quorum: 1, ids: [ANA] };
    const rule = { kind: 'MANUAL', people: { ...RULES.MANUAL.people, groups: [group] } } as const;
    const responses: readonly Response[] = [{ approver: ANA, kind: 'AWAY', name: 'Ana Lopez', delegate: BO }];
    const lines = ['[Ana Lopez: away]', '[You (Security), in the place of Ana Lopez: no answer yet]'];

    expect(await people(plain({ rule, run: { invited: [ANA] } }, { responses }))).toEqual(lines);
    expect(await people(plain({ rule, run: { invited: [ANA, BO] } }, { responses }))).toEqual(lines);
  });

  test('are none where nobody is asked, yet or at all', async () => {
    const { asking: _, ...unasked } = plain();

    expect((await linesFor(unasked)).slice(1)).toEqual(['[watching checks]', TITLE, IN_BRIEF, REVIEW]);
    expect((await linesFor(waiting({ rule: RULES.AUTOMATED, shown: { checks: [] } }))).slice(1, 5)).toEqual([
      '[watching checks]',
      TITLE,
      IN_BRIEF,
      REVIEW,
    ]);
  });
});

describe('the reader is offered a link', () => {
  const offered = async (request: Request, more: Parameters<typeof viewOf>[0] = {}) => {
    const lines = await linesFor(request, more);
    const at = lines.findIndex((line) => line.startsWith('POST '));
    return at < 0 ? [] : lines.slice(at);
  };

  test('to answer, and again once they have answered', async () => {
    expect(await offered(plain())).toEqual([...LINK, '(Email me my link to answer)']);
    expect(await offered(plain({}, { responses: [{ approver: BO, kind: 'APPROVED' }] }))).toEqual([
      ...LINK,
      '(Email me my link again)',
    ]);
  });

  test('that leads back to what they were looking at', async () => {
    expect((await offered(plain(), { filter: { text: '', stage: 'Prod' } }))[0]).toBe(
      'POST /dashboard/link?stage=Prod',
    );
  });

  test('in the place of somebody who is away, unless they have no vote themselves', async () => {
    const away: Response = { approver: ANA, kind: 'AWAY', delegate: BO };
    const request = (responses: readonly Response[]) => plain({ run: { invited: [ANA] } }, { responses });

    expect(await offered(request([away]))).toEqual([...LINK, '(Email me my link to answer)']);
    expect(await offered(request([away, { approver: BO, kind: 'EXCLUDED' }]))).toEqual([]);
    expect(await offered(request([away, { approver: CY, kind: 'EXCLUDED' }]))).toHaveLength(3);
  });

  test('and none once it is decided, or while its run is not known', async () => {
    expect(await offered(DECIDED)).toEqual([]);
    expect(await offered({ phase: 'OPENED', id: REQUEST, asked })).toEqual([]);
  });

  describe('in an emergency', () => {
    const rule = { kind: 'MANUAL', people: { ...RULES.MANUAL.people, breakGlass: [BO] } } as const;
    const request = (run: Parameters<typeof waiting>[0] = {}) =>
      plain({ rule, ...run, run: { invited: [ANA], mayBreakGlass: [BO], ...run.run } });

    test('where they are named for it and were not asked', async () => {
      expect(await offered(request())).toEqual([...LINK, '(Email me a link for an emergency)']);
      expect((await offered(request({ run: { invited: [BO] } }))).at(-1)).toBe('(Email me my link to answer)');
    });

    test('and not where they were not named when it asked, nor once its time is up, nor once it is decided', async () => {
      expect(await offered(request({ run: { mayBreakGlass: [ANA] } }))).toEqual([]);
      expect(await offered(request({ run: { deadline: later(0) } }))).toEqual([]);
      expect(await offered({ ...DECIDED, ...request(), phase: 'DECIDED' })).toEqual([]);
    });
  });

  describe('to close a follow-up', () => {
    const summary = 'Opened in an emergency by Ana Lopez';
    const open = (openedBy: readonly string[]): Request => ({
      ...DELIVERED,
      ...plain(),
      phase: 'DELIVERED',
      outcome: { ...DELIVERED.outcome, by: 'BREAK_GLASS', summary },
      followUp: { since: '2026-11-23T09:20:05.000Z', openedBy },
    });
    const told = (who: string) =>
      `Follow-up open since Monday 23 November 2026, 09:20 UTC, by ${who}: a second person has to close it.`;

    test('which tells what was done, and by whom', async () => {
      expect(await linesFor(open([ANA]))).toEqual([
        GATE,
        '[bad: follow-up open]',
        TITLE,
        IN_BRIEF,
        REVIEW,
        summary,
        told('Ana Lopez'),
        ...LINK,
        '(Email me a link to close it)',
      ]);
    });

    test('and not whoever opened it', async () => {
      expect((await linesFor(open([ANA, BO]))).at(-1)).toBe(told('Ana Lopez, bo@example.com'));
    });
  });
});
