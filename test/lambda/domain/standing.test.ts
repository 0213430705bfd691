import { awaitsOpening, standingOf } from '../../../lambda/domain/standing';
import type { Run, Waiting } from '../../../lambda/domain/request';
import type { Judged } from '../../../lambda/domain/ruling';
import type { Verdict } from '../../../lambda/domain/vote';
import {
  ANA,
  at,
  days,
  EXECUTION,
  peopleRule,
  policyOf,
  runOf,
  shownOf,
  START,
  voteOf,
  waitingRequest,
} from '../samples';

const PROVEN: Run['kind'] = { type: 'ROLLBACK', target: EXECUTION, automatic: true, proven: true };
const UNPROVEN: Run['kind'] = { ...PROVEN, proven: false };

describe('how a request stands beside its rule', () => {
  test('when it has just asked', () => {
    expect(standingOf(waitingRequest())).toStrictEqual({
      run: { type: 'STANDARD' },
      watchedSince: START,
      baked: false,
      deadline: at(days(1)),
      asked: false,
      newerRunWaiting: false,
      goesBack: false,
      held: false,
    });
  });

  test('when everything has happened to it', () => {
    const proposed = { policy: policyOf(), hash: 'f', after: 1 };
    const request = waitingRequest({
      run: runOf({ kind: PROVEN, deadline: at(90), onReject: { kind: 'GOES_BACK', to: [] } }),
      shown: shownOf({ bakedAt: at(10), newerRunWaiting: true, proposed }),
      asking: { since: at(5) },
      held: { summary: 'Approved', why: 'it is shut', since: at(20) },
      watchedSince: at(3),
    });

    expect(standingOf(request)).toStrictEqual({
      run: PROVEN,
      watchedSince: at(3),
      baked: true,
      deadline: at(90),
      asked: true,
      newerRunWaiting: true,
      goesBack: true,
      held: true,
      proposed,
    });
  });

  test.each(['STAYS', 'NOTHING_TO_GO_BACK_TO'] as const)('where a no does not roll the stage back: %s', (kind) => {
    expect(standingOf(waitingRequest({ run: runOf({ onReject: { kind } }) })).goesBack).toBe(false);
  });
});

describe('a request awaits nothing but an open gate', () => {
  const judged = (...verdicts: readonly Verdict[]): Judged => {
    const of = (verdict: Verdict) =>
      verdicts.filter((one) => one === verdict).map((one) => ({ person: ANA, vote: voteOf(ANA, one, 30) }));
    return {
      kind: 'MANUAL',
      rule: { kind: 'MANUAL', people: peopleRule({ ids: [ANA.id], breakGlass: 'APPROVERS' }) },
      votes: { approvals: of('APPROVE'), rejections: of('REJECT'), emergencies: of('BREAK_GLASS') },
    };
  };
  const request = (kind: Run['kind']): Waiting => waitingRequest({ run: runOf({ kind }) });
  const STANDARD: Run['kind'] = { type: 'STANDARD' };

  test.each<[string, Waiting, Judged, boolean]>([
    ['once enough people said yes', request(STANDARD), judged('APPROVE'), true],
    ['once they did of a rollback that needs their yes', request(UNPROVEN), judged('APPROVE'), true],
    ['and not before', request(STANDARD), judged(), false],
    ['and not once somebody said no', request(STANDARD), judged('REJECT'), false],
    ['and not in an emergency, which waits for nothing', request(STANDARD), judged('BREAK_GLASS'), false],
    ['and not where a rollback passes by itself', request(PROVEN), judged(), false],
  ])('%s', (_, of, votes, awaits) => {
    expect(awaitsOpening(of, votes, at(60))).toBe(awaits);
  });
});
