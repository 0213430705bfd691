/** In which state a request is that is not closed yet, in a few words. */
import type { PeopleRule } from '../../../../contract/policy';
import type { PipelineOverview, StageOverview } from '../../../../lambda/domain/overview';
import type { Held, Outcome, Request, Response, Waiting } from '../../../../lambda/domain/request';
import { waitingSection } from '../../../../lambda/review/dashboard/waiting-section';
import { ANA, BO, CLOSED, CY, DECIDED, DELIVERED, RULES, RUN, WAITING, waiting } from '../fixture';
import { later, linesOf, viewOf } from './seen';

const HELD: Held = { summary: 'Approved by Ana', why: 'its deployment window is closed', since: later(-60_000) };
const consoleOnly = 'its policy cannot be read';

const linesFor = (request: Request, overviews: readonly PipelineOverview[] = []) =>
  linesOf(waitingSection(viewOf({ waiting: { requests: [request], isPart: false }, overviews })));
const stateOf = async (request: Request) => (await linesFor(request))[2];

test.each<[string, Request]>([
  ['[finding its run]', { phase: 'OPENED', id: WAITING.id, asked: WAITING.asked }],
  ['[bad: needs the console]', { phase: 'OPENED', id: WAITING.id, asked: WAITING.asked, consoleOnly }],
  ['[bad: needs the console]', { ...WAITING, consoleOnly }],
  ['[wait: 0 of 2 approvals]', WAITING],
  ['[wait: approved, held back]', { ...WAITING, held: HELD }],
  ['[wait: 0 of 2 approvals]', { ...WAITING, held: { ...HELD, opensAt: later(0) } }],
  ['[wait: approved, held back]', { ...DECIDED, held: HELD }],
  ['[wait: Approved, being delivered]', DECIDED],
  ['[wait: Approved, held back]', { ...DECIDED, consoleOnly }],
  ['[wait: Rejected, being delivered]', { ...DECIDED, outcome: { ...DECIDED.outcome, kind: 'REJECTED' } }],
  ['[good: Approved, sending emails]', DELIVERED],
  ['[good: Time ran out, sending emails]', { ...DELIVERED, outcome: { ...DELIVERED.outcome, kind: 'EXPIRED' } }],
  ['[good: Approved, sending emails]', { ...DELIVERED, held: HELD }],
  ['[good: Approved, sending emails]', { ...CLOSED, held: HELD }],
  ['[bad: follow-up open]', { ...DELIVERED, followUp: { since: DELIVERED.deliveredAt, openedBy: [ANA] } }],
  ['[bad: follow-up open]', { ...DELIVERED, consoleOnly, followUp: { since: DELIVERED.deliveredAt, openedBy: [ANA] } }],
])('%s', async (state, request) => {
  expect(await stateOf(request)).toBe(state);
});

test('what really happened is told, and not what could not be delivered', async () => {
  const overtakenBy: Outcome = { kind: 'REJECTED', by: 'BYPASS', at: DELIVERED.deliveredAt, summary: 'by eve' };

  expect(await stateOf({ ...DELIVERED, overtakenBy })).toBe('[good: Rejected, sending emails]');
});

describe('for whom a request waits', () => {
  const under = (people: Partial<PeopleRule>, responses?: readonly Response[]): Waiting => ({
    ...waiting({ rule: { kind: 'MANUAL', people: { ...RULES.MANUAL.people, ...people } } }),
    ...(responses === undefined ? {} : { responses }),
  });
  const said = (...answers: readonly [string, Response['kind']][]): readonly Response[] =>
    answers.map(([approver, kind]) => ({ approver, kind }));
  const one = [{ quorum: 1, ids: [ANA, BO] }];
  const named = [
    { name: 'Security', quorum: 1, ids: [ANA] },
    { name: 'Operations', quorum: 1, ids: [BO] },
  ];

  test.each<[string, string, Waiting]>([
    ['one approval', '[wait: waiting for one approval]', under({ groups: one })],
    ['two approvals', '[wait: 0 of 2 approvals]', under({})],
    ['the second of two', '[wait: 1 of 2 approvals]', under({}, said([ANA, 'APPROVED'], [CY, 'REJECTED']))],
    ['no vote of anybody outside', '[wait: 0 of 2 approvals]', under({}, said(['ffffffffffff', 'APPROVED']))],
    ['approvals of today’s view', '[wait: 0 of 2 approvals]', under({}, said([ANA, 'OUTDATED']))],
    ['two groups', '[wait: waiting for Security, Operations]', under({ groups: named })],
    ['the other group', '[wait: waiting for Operations]', under({ groups: named }, said([ANA, 'APPROVED']))],
    [
      'nobody any more',
      '[wait: 2 of 2 approvals]',
      under({ groups: named }, said([ANA, 'APPROVED'], [BO, 'APPROVED'])),
    ],
    [
      'the group of whoever is away, until the delegate approves',
      '[wait: 2 of 2 approvals]',
      under({ groups: named }, [
        { approver: ANA, kind: 'AWAY', delegate: CY },
        ...said([CY, 'APPROVED'], [BO, 'APPROVED']),
      ]),
    ],
  ])('%s', async (_what, state, request) => {
    expect(await stateOf(request)).toBe(state);
  });

  test('nobody while its checks are watched first, and where nobody is asked at all', async () => {
    const { asking: _, ...watched } = WAITING;

    expect(await stateOf(watched)).toBe('[watching checks]');
    expect(await stateOf(waiting({ rule: RULES.AUTOMATED }))).toBe('[watching checks]');
  });
});

describe('that a newer run waits', () => {
  const NEWER = '[wait: newer run waiting]';
  const plain = waiting({ shown: { checks: [] } });
  const behind = { executionId: 'run-9', revisions: [] };
  const overview = (stage: Partial<StageOverview>, pipeline = 'shop-release'): readonly PipelineOverview[] => [
    {
      pipeline,
      asOf: later(0),
      stages: [
        { stage: 'Dev' },
        {
          stage: 'Prod',
          latest: { executionId: RUN.executionId, status: 'IN_PROGRESS', isRollback: false },
          behind,
          ...stage,
        },
      ],
    },
  ];
  const isTold = async (overviews: readonly PipelineOverview[], request: Request = plain) =>
    (await linesFor(request, overviews)).includes(NEWER);

  test('is told as the request saw it last, alone or before its checks', async () => {
    const shown = { newerRunWaiting: true };
    const lines = await linesFor(waiting({ shown }));

    expect(await isTold([], waiting({ shown: { ...shown, checks: [] } }))).toBe(true);
    expect(lines.indexOf(NEWER)).toBe(lines.indexOf('alarm shop-staging-5xx') - 1);
  });

  test('is told as CodePipeline said it since then', async () => {
    expect(await isTold(overview({}))).toBe(true);
    expect(await isTold(overview({}), WAITING)).toBe(true);
  });

  test('is not told of another stage or pipeline, nor while the stage holds another run, nor once it is free', async () => {
    const latest = { executionId: 'run-8', status: 'IN_PROGRESS', isRollback: false } as const;
    const nothingBehind = overview({}).map((one) => ({
      ...one,
      stages: one.stages.map(({ behind: _, ...others }) => others),
    }));

    expect(await isTold([])).toBe(false);
    expect(await isTold(overview({ stage: 'Test' }))).toBe(false);
    expect(await isTold(overview({}, 'other'))).toBe(false);
    expect(await isTold(overview({ latest }))).toBe(false);
    expect(await isTold(nothingBehind)).toBe(false);
  });
});
