import type { GroupRule, Person, RuleKind } from '../../../contract/policy';
import type { Evaluation } from '../../../lambda/domain/evaluate';
import type { RunKind } from '../../../lambda/domain/request';
import { rulingOf, type Judged, type Ruling, type Standing } from '../../../lambda/domain/ruling';
import type { Vote } from '../../../lambda/domain/vote';
import { ANA, at, BO, checksRule, checkState, CY, minutes, peopleRule, voteOf } from '../samples';

type Verdict = Evaluation['verdict'];

const yes = (who: Person, comment = '') => ({ person: who, vote: voteOf(who, 'APPROVE', 30, { comment }) });
const no = (who: Person, comment = '') => ({ person: who, vote: voteOf(who, 'REJECT', 30, { comment }) });

function health(verdict: Verdict, watched = true): Evaluation {
  const reasons = [`alarm shop-5xx is ${verdict}`];
  return {
    verdict,
    reasons,
    checks: watched ? [checkState('PASS')] : [checkState('PASS', { observeOnly: true })],
    due: [],
  };
}

interface Case {
  readonly quorum?: number;
  readonly groups?: readonly GroupRule[];
  readonly votes?: readonly { readonly person: Person; readonly vote: Vote }[];
  readonly verdict?: Verdict;
  readonly bakeMinutes?: number;
  readonly onInconclusive?: 'REJECT' | 'APPROVE_WITH_WARNING';
  readonly onFail?: 'ASK_APPROVERS';
  readonly watched?: boolean;
}

function judged(
  kind: RuleKind,
  { quorum = 1, groups, votes = [], verdict = 'PASS', bakeMinutes = 5, ...more }: Case = {},
): Judged {
  const people = groups === undefined ? peopleRule({ quorum }) : peopleRule({ groups });
  const checks = checksRule({ bakeMinutes });
  const evaluation = health(verdict, more.watched);
  const count = {
    approvals: votes.filter(({ vote }) => vote.verdict === 'APPROVE'),
    rejections: votes.filter(({ vote }) => vote.verdict === 'REJECT'),
    emergencies: votes.filter(({ vote }) => vote.verdict === 'BREAK_GLASS'),
  };
  switch (kind) {
    case 'MANUAL':
      return { kind, rule: { kind, people }, votes: count };
    case 'AUTOMATED':
      return { kind, rule: { kind, checks, onInconclusive: more.onInconclusive ?? 'REJECT' }, evaluation };
    case 'GUARDED':
      return { kind, rule: { kind, people, checks }, votes: count, evaluation };
    case 'AUTOMATED_ELSE_PEOPLE': {
      const onFail = more.onFail === undefined ? {} : { onFail: more.onFail };
      return { kind, rule: { kind, people, checks, ...onFail }, votes: count, evaluation };
    }
  }
}

const STANDING: Standing = {
  run: { type: 'STANDARD' },
  watchedSince: at(0),
  baked: false,
  deadline: at(3600),
  asked: false,
  newerRunWaiting: false,
  goesBack: false,
  held: false,
};
const NOW = at(600);
const PROVEN: RunKind = { type: 'ROLLBACK', automatic: true, proven: true, target: 'run-0' };

const ruling = (kind: RuleKind, some: Case = {}, standing: Partial<Standing> = {}, now = NOW): Ruling =>
  rulingOf(judged(kind, some), { ...STANDING, ...standing }, now);
const end = (kind: 'APPROVED' | 'REJECTED', by: string, summary: string, more: object = {}) => ({
  kind: 'END',
  outcome: { kind, by, at: NOW, summary, ...more },
});
const ASK = { kind: 'WAIT', askPeople: true };
const WATCH = { kind: 'WAIT', askPeople: false };
const UNCERTAIN = { ...ASK, stuck: 'its bake is over, and its checks cannot tell whether it was healthy' };
const ROLLED_BACK = 'Automatic rollback to run run-0, which passed this gate';

describe('a gate of people', () => {
  test('asks until there is an answer', () => {
    expect(ruling('MANUAL')).toEqual(ASK);
    expect(ruling('MANUAL', { quorum: 2, votes: [yes(ANA)] })).toEqual(ASK);
  });

  test('opens by enough yeses, and says who gave them', () => {
    expect(ruling('MANUAL', { votes: [yes(ANA)] })).toEqual(end('APPROVED', 'PEOPLE', 'Approved by ana@example.com'));
    expect(ruling('MANUAL', { quorum: 2, votes: [yes(ANA, 'good'), yes(CY, ' '), yes(BO, 'fine.')] })).toEqual(
      end(
        'APPROVED',
        'PEOPLE',
        'Approved by ana@example.com, Cy, bo@example.com (3 of 2 needed). ana@example.com: good. bo@example.com: fine',
      ),
    );
  });

  test('says for which time it was approved, the latest of all', () => {
    const later = (who: Person, hour: number) => {
      const { person, vote } = yes(who, 'quiet then');
      return { person, vote: { ...vote, details: JSON.stringify({ notBefore: `2026-11-23T${hour}:00:00.000Z` }) } };
    };
    expect(ruling('MANUAL', { quorum: 2, votes: [later(ANA, 22), later(CY, 23)] })).toEqual(
      end(
        'APPROVED',
        'PEOPLE',
        'Approved by ana@example.com, Cy (2 of 2 needed). ' +
          'To start no earlier than Monday 23 November 2026, 23:00 UTC, as Cy asked. ana@example.com: quiet then. Cy: quiet then',
      ),
    );
  });

  test('is ended by the first no, whatever the yeses', () => {
    expect(ruling('MANUAL', { votes: [yes(ANA), no(CY, 'not today'), no(BO)] })).toEqual(
      end('REJECTED', 'PEOPLE', 'Rejected by Cy. not today'),
    );
  });

  test('never opens for a quorum of nobody', () => {
    expect(ruling('MANUAL', { quorum: 0 })).toEqual(ASK);
  });
});

describe('a gate of several groups', () => {
  const security = { name: 'Security', quorum: 1, ids: [ANA.id, BO.id] };
  const operations = { name: 'Operations', quorum: 1, ids: [ANA.id, CY.id] };
  const groups = [security, operations];

  test.each<[string, readonly ReturnType<typeof yes>[]]>([
    ['nobody said yes', []],
    ['one of them is filled', [yes(BO)]],
    ['somebody in both said yes, who has one vote', [yes(ANA)]],
  ])('waits while %s', (_, votes) => {
    for (const kind of ['MANUAL', 'GUARDED'] as const) {
      expect(ruling(kind, { groups, votes })).toEqual(ASK);
    }
    expect(ruling('AUTOMATED_ELSE_PEOPLE', { groups, votes, verdict: 'INCONCLUSIVE' }, { asked: true })).toEqual(ASK);
  });

  test('opens when each is filled, and says who stands for which', () => {
    const opened = (votes: readonly ReturnType<typeof yes>[]) => ruling('MANUAL', { groups, votes });

    expect(opened([yes(BO), yes(CY)])).toEqual(
      end('APPROVED', 'PEOPLE', 'Approved by bo@example.com for Security, Cy for Operations'),
    );
    expect(opened([yes(ANA), yes(BO, 'read it')])).toEqual(
      end(
        'APPROVED',
        'PEOPLE',
        'Approved by bo@example.com for Security, ana@example.com for Operations. bo@example.com: read it',
      ),
    );
    expect(opened([yes(BO), yes(CY), yes(ANA)])).toMatchObject({
      outcome: {
        summary: 'Approved by bo@example.com for Security, Cy for Operations, also by ana@example.com',
      },
    });
  });

  test('names everybody in a group that needs several', () => {
    const all = [{ ...operations, quorum: 3, ids: [ANA.id, BO.id, CY.id] }];

    expect(ruling('MANUAL', { groups: all, votes: [yes(ANA), yes(BO), yes(CY)] })).toMatchObject({
      outcome: { summary: 'Approved by ana@example.com, bo@example.com and Cy for Operations' },
    });
  });

  test('is ended by the first no, also of a group that has enough', () => {
    expect(ruling('MANUAL', { groups, votes: [yes(BO), yes(CY), no(ANA)] })).toMatchObject({
      outcome: { kind: 'REJECTED', summary: 'Rejected by ana@example.com' },
    });
  });

  test('says no more than CodePipeline takes', () => {
    const many = Array.from({ length: 10 }, (_, n) => ({ name: `${n}`.repeat(64), quorum: 1, ids: [ANA.id, `${n}`] }));
    const votes = many.map((_, n) => yes({ ...BO, id: `${n}`, name: 'n'.repeat(64) }, 'c'.repeat(400)));

    const opened = ruling('MANUAL', { groups: many, votes });

    expect(opened).toMatchObject({ kind: 'END', outcome: { kind: 'APPROVED' } });
    expect(opened.kind === 'END' && opened.outcome.summary.length).toBe(512);
  });
});

describe('an automated gate', () => {
  test.each<[Verdict, Ruling | object]>([
    ['RUNNING', WATCH],
    ['PASS', end('APPROVED', 'CHECKS', 'Approved by the checks. alarm shop-5xx is PASS', { whileHealthy: true })],
    ['FAIL', end('REJECTED', 'CHECKS', 'Rejected by the checks. alarm shop-5xx is FAIL')],
    [
      'INCONCLUSIVE',
      end('REJECTED', 'CHECKS', 'The checks cannot tell. Rejected by the checks. alarm shop-5xx is INCONCLUSIVE'),
    ],
    ['UNREADABLE', { ...WATCH, stuck: 'its checks cannot be read: alarm shop-5xx is UNREADABLE' }],
  ])('is answered by its checks: %s', (verdict, expected) => {
    expect(ruling('AUTOMATED', { verdict })).toEqual(expected);
    expect(ruling('AUTOMATED', { verdict }, { run: PROVEN, newerRunWaiting: true, asked: true })).toEqual(expected);
  });

  test('does not open at the deadline or after it', () => {
    expect(ruling('AUTOMATED', {}, { deadline: NOW })).toEqual(WATCH);
    expect(ruling('AUTOMATED', {}, { deadline: at(601) })).toMatchObject({ kind: 'END' });
  });

  describe('that opens with a warning when its checks cannot tell', () => {
    const warned = (standing: Partial<Standing> = {}, more: Case = {}, now = NOW) =>
      ruling('AUTOMATED', { verdict: 'INCONCLUSIVE', onInconclusive: 'APPROVE_WITH_WARNING', ...more }, standing, now);

    test('says so, and does not expect its checks to be healthy at delivery', () => {
      expect(warned()).toEqual(
        end(
          'APPROVED',
          'CHECKS',
          'Warning: the checks cannot tell. Approved by the checks. alarm shop-5xx is INCONCLUSIVE',
        ),
      );
    });

    test('does so when the bake is over, and not before: the checks may recover, and then see what is wrong', () => {
      expect(warned({}, {}, at(minutes(5) - 1))).toEqual(WATCH);
      expect(warned({}, {}, at(minutes(5)))).toMatchObject({ kind: 'END' });
      expect(warned({ watchedSince: at(60) }, {}, at(minutes(6) - 1))).toEqual(WATCH);
      expect(warned({ watchedSince: at(60) }, {}, at(minutes(6)))).toMatchObject({ kind: 'END' });
    });

    test('never after the deadline', () => {
      expect(warned({ deadline: NOW })).toEqual(WATCH);
    });

    test('never when nothing was watched', () => {
      expect(warned({}, { watched: false })).toMatchObject({
        kind: 'END',
        outcome: { kind: 'REJECTED', by: 'CHECKS' },
      });
    });

    test('also when some of its checks only observe', () => {
      const some = judged('AUTOMATED', { verdict: 'INCONCLUSIVE', onInconclusive: 'APPROVE_WITH_WARNING' });
      const checks = [checkState('PASS', { observeOnly: true }), checkState('INCONCLUSIVE')];
      const mixed = { ...some, evaluation: { ...health('INCONCLUSIVE'), checks } } as Judged;

      expect(rulingOf(mixed, STANDING, NOW)).toMatchObject({ outcome: { kind: 'APPROVED' } });
    });

    test('and is rejected all the same by checks that fail', () => {
      expect(warned({}, { verdict: 'FAIL' })).toMatchObject({ outcome: { kind: 'REJECTED' } });
    });
  });
});

describe('a guarded gate', () => {
  const votes = [yes(ANA)];

  test.each<[Verdict, Ruling | object]>([
    ['PASS', end('APPROVED', 'PEOPLE', 'Approved by ana@example.com', { whileHealthy: true })],
    ['RUNNING', ASK],
    ['INCONCLUSIVE', UNCERTAIN],
    ['UNREADABLE', { ...ASK, stuck: 'its checks cannot be read: alarm shop-5xx is UNREADABLE' }],
    ['FAIL', end('REJECTED', 'CHECKS', 'Rejected by the checks. alarm shop-5xx is FAIL')],
  ])('with enough yeses depends on its checks: %s', (verdict, expected) => {
    expect(ruling('GUARDED', { votes, verdict })).toEqual(expected);
  });

  test('asks people, whatever its checks say, and opens by no health alone', () => {
    for (const verdict of ['PASS', 'RUNNING'] as const) {
      expect(ruling('GUARDED', { verdict })).toEqual(ASK);
      expect(ruling('GUARDED', { quorum: 2, votes, verdict })).toEqual(ASK);
    }
  });

  test('whose bake is over and cannot tell is left to the console, which is said; before, after a bake or without one it may still tell', () => {
    const verdict = 'INCONCLUSIVE';
    expect(ruling('GUARDED', { verdict }, { watchedSince: at(0) }, at(299))).toEqual(ASK);
    expect(ruling('GUARDED', { verdict }, { watchedSince: at(0) }, at(300))).toEqual(UNCERTAIN);
    expect(ruling('GUARDED', { verdict }, { baked: true })).toEqual(ASK);
    expect(ruling('GUARDED', { verdict, bakeMinutes: 0 })).toEqual(ASK);
  });

  test('may be rejected by a person, whatever its checks say', () => {
    for (const verdict of ['PASS', 'RUNNING', 'INCONCLUSIVE', 'FAIL', 'UNREADABLE'] as const) {
      expect(ruling('GUARDED', { votes: [yes(ANA), no(BO)], verdict })).toEqual(
        end('REJECTED', 'PEOPLE', 'Rejected by bo@example.com'),
      );
    }
  });

  test('is locked, and not rejected, by what fails without a bake or after it', () => {
    expect(ruling('GUARDED', { votes, verdict: 'FAIL', bakeMinutes: 0 })).toEqual(ASK);
    expect(ruling('GUARDED', { votes, verdict: 'FAIL' }, { baked: true })).toEqual(ASK);
  });
});

describe('a gate that asks people when its checks cannot tell', () => {
  const kind = 'AUTOMATED_ELSE_PEOPLE';

  test.each<[Verdict, Ruling | object]>([
    ['RUNNING', WATCH],
    ['PASS', end('APPROVED', 'CHECKS', 'Approved by the checks. alarm shop-5xx is PASS', { whileHealthy: true })],
    ['FAIL', end('REJECTED', 'CHECKS', 'Rejected by the checks. alarm shop-5xx is FAIL')],
    ['INCONCLUSIVE', ASK],
    ['UNREADABLE', { ...WATCH, stuck: 'its checks cannot be read: alarm shop-5xx is UNREADABLE' }],
  ])('is answered by its checks before that: %s', (verdict, expected) => {
    expect(ruling(kind, { verdict })).toEqual(expected);
  });

  test('is answered by people alone from then on: nothing that the checks say later changes anything', () => {
    for (const verdict of ['PASS', 'FAIL', 'RUNNING', 'INCONCLUSIVE', 'UNREADABLE'] as const) {
      const asked = { asked: true };
      expect(ruling(kind, { verdict }, asked)).toEqual(ASK);
      const overruled = verdict === 'FAIL' ? '. This overrules a check: alarm shop-5xx is FAIL' : '';
      expect(ruling(kind, { verdict, votes: [yes(ANA)] }, asked)).toEqual(
        end('APPROVED', 'PEOPLE', `Approved by ana@example.com${overruled}`),
      );
      expect(ruling(kind, { verdict, votes: [no(ANA)] }, asked)).toEqual(
        end('REJECTED', 'PEOPLE', 'Rejected by ana@example.com'),
      );
    }
  });
});

describe('a gate that asks people when a check fails', () => {
  const kind = 'AUTOMATED_ELSE_PEOPLE';
  const onFail = 'ASK_APPROVERS';
  const failed = 'This overrules a check: alarm shop-5xx is FAIL';

  test.each<[Verdict, Ruling | object]>([
    ['RUNNING', WATCH],
    ['PASS', end('APPROVED', 'CHECKS', 'Approved by the checks. alarm shop-5xx is PASS', { whileHealthy: true })],
    ['FAIL', ASK],
    ['INCONCLUSIVE', ASK],
    ['UNREADABLE', { ...WATCH, stuck: 'its checks cannot be read: alarm shop-5xx is UNREADABLE' }],
  ])('is answered by its checks as before, unless one fails: %s', (verdict, expected) => {
    expect(ruling(kind, { verdict, onFail })).toEqual(expected);
  });

  test('opens by enough approvals, and then its summary says which check failed', () => {
    const votes = [yes(ANA), yes(BO, 'A new table is meant')];

    expect(ruling(kind, { verdict: 'FAIL', onFail, quorum: 2, votes: votes.slice(1) }, { asked: true })).toEqual(ASK);
    expect(ruling(kind, { verdict: 'FAIL', onFail, quorum: 2, votes }, { asked: true })).toEqual(
      end(
        'APPROVED',
        'PEOPLE',
        `Approved by ana@example.com, bo@example.com (2 of 2 needed). bo@example.com: A new table is meant. ${failed}`,
      ),
    );
  });

  test('is ended by the first rejection', () => {
    expect(ruling(kind, { verdict: 'FAIL', onFail, votes: [no(ANA)] }, { asked: true })).toEqual(
      end('REJECTED', 'PEOPLE', 'Rejected by ana@example.com'),
    );
  });

  test('is answered by people alone from then on, whatever the checks say later', () => {
    for (const verdict of ['PASS', 'FAIL', 'RUNNING', 'INCONCLUSIVE', 'UNREADABLE'] as const) {
      expect(ruling(kind, { verdict, onFail }, { asked: true })).toEqual(ASK);
    }
  });

  test('asks people, too, when a check fails while its approval is held back', () => {
    expect(ruling(kind, { verdict: 'FAIL' }, { held: true })).toEqual(WATCH);
    expect(ruling(kind, { verdict: 'FAIL', onFail }, { held: true })).toEqual(ASK);
  });

  test('lets a rollback step aside for a newer run, and says that a check failed', () => {
    const behind = { run: PROVEN, newerRunWaiting: true };
    const summary =
      'A newer run waits behind this rollback, which steps aside for it: what it deployed stays. A check failed. alarm shop-5xx is FAIL';

    expect(ruling(kind, { verdict: 'FAIL', onFail }, behind)).toEqual(end('REJECTED', 'ROLLBACK', summary));
    expect(ruling(kind, { verdict: 'FAIL', onFail }, { ...behind, newerRunWaiting: false })).toEqual(ASK);
  });
});

describe('a rollback', () => {
  test('that CodePipeline started itself to a run that passed this gate needs nobody', () => {
    expect(ruling('MANUAL', {}, { run: PROVEN })).toEqual(end('APPROVED', 'ROLLBACK', ROLLED_BACK));
    expect(ruling('GUARDED', {}, { run: PROVEN })).toEqual(
      end('APPROVED', 'ROLLBACK', ROLLED_BACK, { whileHealthy: true }),
    );
  });

  test.each<[string, RunKind]>([
    ['not proven', { ...PROVEN, proven: false }],
    ['started by a person', { ...PROVEN, automatic: false }],
    ['no rollback', { type: 'STANDARD' }],
  ])('needs people when it is %s', (_, run) => {
    expect(ruling('MANUAL', {}, { run })).toEqual(ASK);
    expect(ruling('GUARDED', {}, { run })).toEqual(ASK);
  });

  test('still waits for the checks of a guarded gate', () => {
    expect(ruling('GUARDED', { verdict: 'RUNNING' }, { run: PROVEN })).toEqual(ASK);
    expect(ruling('GUARDED', { verdict: 'INCONCLUSIVE' }, { run: PROVEN })).toEqual(UNCERTAIN);
  });

  test('is ended by a no of those who were asked all the same', () => {
    for (const kind of ['MANUAL', 'GUARDED'] as const) {
      expect(ruling(kind, { votes: [no(ANA)] }, { run: PROVEN })).toMatchObject({
        outcome: { kind: 'REJECTED', by: 'PEOPLE' },
      });
    }
  });

  test('names the run that it goes back to as far as it is known', () => {
    const { target: _, ...unknown } = PROVEN as Extract<RunKind, { type: 'ROLLBACK' }>;
    expect(ruling('MANUAL', {}, { run: unknown })).toMatchObject({
      outcome: { summary: 'Automatic rollback to run before, which passed this gate' },
    });
  });

  describe('whose checks cannot tell', () => {
    const behind = (standing: Partial<Standing> = {}, more: Case = {}) =>
      ruling(
        'AUTOMATED_ELSE_PEOPLE',
        { verdict: 'INCONCLUSIVE', ...more },
        { run: PROVEN, newerRunWaiting: true, ...standing },
      );

    test('steps aside for a newer run that waits behind it', () => {
      const summary =
        'A newer run waits behind this rollback, which steps aside for it: what it deployed stays. The checks could not tell whether it is healthy. alarm shop-5xx is INCONCLUSIVE';
      expect(behind()).toEqual(end('REJECTED', 'ROLLBACK', summary));
      expect(behind({ asked: true })).toEqual(end('REJECTED', 'ROLLBACK', summary));
      expect(behind({ run: { ...PROVEN, automatic: false } as RunKind })).toEqual(end('REJECTED', 'ROLLBACK', summary));
    });

    test.each<[string, Partial<Standing>]>([
      ['nothing waits behind it', { newerRunWaiting: false }],
      ['it is no rollback', { run: { type: 'STANDARD' } }],
      ['a no would go back', { goesBack: true }],
    ])('asks people when %s, however often its target passed', (_, standing) => {
      expect(behind(standing)).toEqual(ASK);
    });

    test('is answered by people who did so before the newer run came', () => {
      expect(behind({ asked: true }, { votes: [yes(ANA)] })).toMatchObject({
        outcome: { kind: 'APPROVED', by: 'PEOPLE' },
      });
      expect(behind({ asked: true }, { votes: [no(ANA)] })).toMatchObject({
        outcome: { kind: 'REJECTED', by: 'PEOPLE' },
      });
    });

    test('does not step aside while its checks are watched', () => {
      expect(behind({}, { verdict: 'RUNNING' })).toEqual(WATCH);
    });
  });
});
