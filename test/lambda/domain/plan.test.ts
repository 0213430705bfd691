import type { Person, RuleKind } from '../../../contract/policy';
import type { ActionState } from '../../../lambda/domain/console-answer';
import { countVotes } from '../../../lambda/domain/count-votes';
import type { Evaluation } from '../../../lambda/domain/evaluate';
import { OPEN } from '../../../lambda/domain/opening';
import type { Effect } from '../../../lambda/domain/effect';
import type { DecidedFacts, WaitingFacts } from '../../../lambda/domain/facts';
import { plan } from '../../../lambda/domain/plan';
import type { Decided, Waiting } from '../../../lambda/domain/request';
import type { Judged } from '../../../lambda/domain/ruling';
import type { Invitation, Vote } from '../../../lambda/domain/vote';
import {
  ANA,
  ANSWER_ROLE,
  at,
  BO,
  BY_ANA,
  checkState,
  checksRule,
  CY,
  days,
  decidedRequest,
  EVE,
  GATE,
  hours,
  minutes,
  OURS,
  outcomeOf,
  peopleRule,
  policyOf,
  runOf,
  shownOf,
  START,
  voteOf,
  waitingRequest,
} from '../samples';

const PEOPLE = [ANA, BO, CY];

function health(verdict: Evaluation['verdict'], next?: string): Evaluation {
  return {
    verdict,
    reasons: [`alarm shop-5xx is ${verdict}`],
    checks: [],
    due: [],
    ...(next === undefined ? {} : { next }),
  };
}

function judged(
  kind: RuleKind,
  votes: readonly Vote[] = [],
  evaluation = health('PASS'),
  people = peopleRule(),
): Judged {
  const count = countVotes(
    PEOPLE.map((person) => ({ person })),
    votes,
    at(days(1)),
  );
  const checks = checksRule({ bakeMinutes: 5 });
  switch (kind) {
    case 'MANUAL':
      return { kind, rule: { kind, people }, votes: count };
    case 'AUTOMATED':
      return { kind, rule: { kind, checks, onInconclusive: 'REJECT' }, evaluation };
    case 'GUARDED':
      return { kind, rule: { kind, people, checks }, votes: count, evaluation };
    case 'AUTOMATED_ELSE_PEOPLE':
      return { kind, rule: { kind, people, checks }, votes: count, evaluation };
  }
}

function invitation(who: { id: string; mail: string }, more: Partial<Invitation> = {}): Invitation {
  return { approver: who.id, mail: who.mail, shared: false, keys: ['k'], sentAt: START, mailbox: 'confirmed', ...more };
}

function waiting(more: Partial<WaitingFacts> = {}, request: Partial<Waiting> = {}): WaitingFacts {
  return {
    request: waitingRequest(request),
    action: { status: 'WAITING' },
    answers: 'BY_LINK',
    judged: judged('MANUAL'),
    people: PEOPLE,
    invitations: PEOPLE.map((who) => invitation(who)),
    votes: [],
    opening: OPEN,
    ...more,
  };
}

function decided(more: Partial<DecidedFacts> = {}, request: Decided = decidedRequest()): DecidedFacts {
  return {
    request,
    action: { status: 'WAITING' },
    judged: judged('MANUAL'),
    health: undefined,
    answerRoles: [ANSWER_ROLE],
    people: PEOPLE,
    opening: OPEN,
    ...more,
  };
}

const ASKING = { asking: { since: START } };
const kinds = (effects: readonly Effect[]) => effects.map(({ kind }) => kind);

describe('a request that waits', () => {
  test('is decided by what the ruling says', () => {
    const votes = [voteOf(ANA, 'APPROVE', 60)];

    expect(plan(waiting({ judged: judged('MANUAL', votes), votes }), at(60))).toEqual({
      effects: [{ kind: 'decide', outcome: outcomeOf() }],
    });
  });

  test('is over when the action is, whatever the votes say', () => {
    const votes = [voteOf(ANA, 'APPROVE', 60)];
    const action: ActionState = { status: 'FAILED', answer: { by: EVE, at: at(50) } };

    expect(plan(waiting({ judged: judged('MANUAL', votes), votes, action }), at(60))).toMatchObject({
      effects: [{ kind: 'acknowledge', outcome: { kind: 'REJECTED', by: 'BYPASS', at: at(50) } }],
    });
  });

  test('waits half a minute at a time for CodePipeline to name who answered', () => {
    const action: ActionState = { status: 'SUCCEEDED', answer: { at: at(50) } };

    expect(plan(waiting({ action }), at(60))).toEqual({ effects: [], next: at(90) });
  });

  test('knows an approver who answered in the console, and only people with a vote', () => {
    const action: ActionState = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(50) } };
    const outcomeFor = (run: Partial<Waiting['run']>) =>
      plan(waiting({ action }, { run: runOf(run) }), at(60)).effects[0];

    expect(outcomeFor({})).toMatchObject({ outcome: { by: 'CONSOLE' } });
    expect(outcomeFor({ invited: [BO.id] })).toMatchObject({ outcome: { by: 'BYPASS' } });
  });

  test('takes an approval in the console for a bypass where neither the new rule nor the former names anybody', () => {
    const action: ActionState = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(50) } };
    const proposed = { policy: policyOf(), hash: 'f'.repeat(64), after: 1, weakens: ['the checks are gone'] };
    const outcomeWhere = (nobody: object) =>
      plan(waiting({ action }, { shown: shownOf({ proposed: { ...proposed, ...nobody } }) }), at(60)).effects[0];

    expect(outcomeWhere({})).toMatchObject({ outcome: { by: 'CONSOLE' } });
    expect(outcomeWhere({ nobody: true })).toMatchObject({ outcome: { by: 'BYPASS' } });
  });

  describe('of which nothing can be read', () => {
    test('waits half a minute at a time, in silence', () => {
      expect(plan(waiting({ judged: undefined }), at(60))).toEqual({ effects: [], next: at(90) });
    });

    test('is left to the console once that was long enough; it is said once, and looked for less and less often', () => {
      const problem = { reason: 'this gate has no policy', since: at(0) };
      const facts = waiting({ judged: undefined, problem });

      expect(plan(facts, at(hours(1)))).toEqual({
        effects: [{ kind: 'consoleOnly', reason: 'this gate has no policy' }],
        next: at(hours(1.5)),
      });
      expect(plan({ ...facts, request: { ...facts.request, consoleOnly: problem.reason } }, at(hours(1)))).toEqual({
        effects: [],
        next: at(hours(1.5)),
      });
    });

    test('is over when the action is', () => {
      const action: ActionState = { status: 'ABANDONED', answer: { at: at(50) } };

      expect(plan(waiting({ judged: undefined, action }), at(60))).toMatchObject({
        effects: [{ kind: 'acknowledge', outcome: { kind: 'STOPPED' } }],
      });
    });
  });

  describe('looks again, while it only waits for people,', () => {
    const nextWith = (more: Parameters<typeof peopleRule>[0], run: Partial<Waiting['run']> = {}) =>
      plan(
        waiting({ judged: judged('MANUAL', [], undefined, peopleRule(more)) }, { ...ASKING, run: runOf(run) }),
        at(60),
      ).next;
    const rollback = { kind: { type: 'ROLLBACK', target: 'r-1' } } as Partial<Waiting['run']>;

    test('every six hours', () => {
      expect(nextWith({})).toBe(at(60 + hours(6)));
    });

    test('every quarter of an hour where approvers stand in a list that a team edits', () => {
      const list = { quorum: 1, ids: [ANA.id, BO.id, CY.id], list: '/shop/approvers' };

      expect(nextWith({ groups: [list] })).toBe(at(60 + minutes(15)));
    });

    test('every five minutes where approvers may hand over their answers', () => {
      expect(nextWith({ delegates: { [ANA.id]: [BO.id] } })).toBe(at(60 + minutes(5)));
    });

    test('every five minutes where it makes way for a newer run; a rollback does not', () => {
      expect(nextWith({ newerRun: 'REPLACES' })).toBe(at(60 + minutes(5)));
      expect(nextWith({ newerRun: 'REPLACES' }, rollback)).toBe(at(60 + hours(6)));
    });
  });

  describe('after its deadline', () => {
    test('is given up a day later where the notification named the deadline', () => {
      expect(plan(waiting(), at(days(2))).effects).toEqual([]);
      expect(plan(waiting(), at(days(2) + 0.001))).toEqual({
        effects: [
          {
            kind: 'acknowledge',
            outcome: {
              kind: 'EXPIRED',
              by: 'CODEPIPELINE',
              at: at(days(2) + 0.001),
              summary: 'The time is over and CodePipeline never said how it ended',
            },
          },
        ],
      });
    });

    test('is not given up as long as an approval may wait where only the policy knows a time', () => {
      const request = { asked: { ...GATE, at: START, by: 'EVENT' } } as const;

      expect(plan(waiting({}, request), at(days(61))).effects).toEqual([]);
      expect(kinds(plan(waiting({}, request), at(days(61) + 0.001)).effects)).toEqual(['acknowledge']);
    });

    test('asks and reminds nobody any more, and looks every five minutes', () => {
      const facts = waiting({ invitations: [] }, ASKING);

      expect(plan(facts, at(days(1)))).toEqual({ effects: [], next: at(days(1) + 60) });
      expect(plan(facts, at(days(1) + 60))).toEqual({ effects: [], next: at(days(1) + 60 + minutes(5)) });
    });
  });
});

describe('asking people', () => {
  test('invites those who may answer and have no mail yet', () => {
    const invitations = [invitation(BO), invitation(CY, { sentAt: undefined as never })];

    expect(plan(waiting({ invitations }), at(60)).effects).toEqual([{ kind: 'invite', approvers: [ANA.id, CY.id] }]);
  });

  test('begins, though everybody has their mail or nobody may answer', () => {
    expect(plan(waiting(), at(60)).effects).toEqual([{ kind: 'invite', approvers: [] }]);
    expect(plan(waiting({ people: [] }), at(60)).effects).toEqual([
      { kind: 'invite', approvers: [] },
      { kind: 'consoleOnly', reason: 'only 0 of 1 approvers needed may answer this change' },
    ]);
    expect(plan(waiting({}, ASKING), at(60)).effects).toEqual([]);
  });

  test('is not what a gate does whose checks are watched', () => {
    for (const kind of ['AUTOMATED', 'AUTOMATED_ELSE_PEOPLE'] as const) {
      const facts = waiting({ judged: judged(kind, [], health('RUNNING')), invitations: [] });
      expect(plan(facts, at(60)).effects).toEqual([]);
    }
  });

  test('reminds those who are silent at half of the time, once', () => {
    const votes = [voteOf(ANA, 'APPROVE', 60)];
    const invitations = [invitation(ANA), invitation(BO), invitation(CY, { remindedAt: at(hours(12)) })];
    const facts = waiting(
      { judged: judged('MANUAL', [], health('PASS'), peopleRule({ quorum: 2 })), votes, invitations },
      ASKING,
    );

    expect(plan(facts, at(hours(12) - 1)).effects).toEqual([]);
    expect(plan(facts, at(hours(12))).effects).toEqual([{ kind: 'remind', approvers: [BO.id], due: at(hours(12)) }]);
  });

  describe('reminds at the shares of the time that the policy names', () => {
    const chosen = (...reminders: number[]) =>
      judged('MANUAL', [], health('PASS'), peopleRule({ quorum: 2, reminders }));
    const reminding = (now: number, ...invitations: Invitation[]) =>
      plan(waiting({ judged: chosen(0.25, 0.5, 0.75), invitations }, ASKING), at(now)).effects;
    const due = (hour: number) => [{ kind: 'remind', approvers: [BO.id], due: at(hours(hour)) }];

    test('each of them once', () => {
      expect(reminding(hours(6) - 1, invitation(BO))).toEqual(inviting(ANA, CY));
      expect(reminding(hours(6), invitation(BO))).toEqual([...inviting(ANA, CY), ...due(6)]);
      expect(reminding(hours(12) - 1, invitation(BO, { remindedAt: at(hours(6)) }))).toEqual(inviting(ANA, CY));
      expect(reminding(hours(12), invitation(BO, { remindedAt: at(hours(6)) }))).toEqual([
        ...inviting(ANA, CY),
        ...due(12),
      ]);
    });

    test('and only the latest one by a look that comes late', () => {
      expect(reminding(hours(19), invitation(BO))).toEqual([...inviting(ANA, CY), ...due(18)]);
      expect(reminding(hours(19), invitation(BO, { remindedAt: at(hours(18)) }))).toEqual(inviting(ANA, CY));
    });

    test('nobody who was invited after it: that mail is no older', () => {
      expect(reminding(hours(13), invitation(BO, { sentAt: at(hours(12)) }))).toEqual(inviting(ANA, CY));
      expect(reminding(hours(13), invitation(BO, { sentAt: at(hours(12) - 1) }))).toEqual([
        ...inviting(ANA, CY),
        ...due(12),
      ]);
    });

    test('never where it names none', () => {
      expect(plan(waiting({ judged: chosen() }, ASKING), at(hours(23))).effects).toEqual([]);
    });

    test('counted from when people were asked', () => {
      const request = { asking: { since: at(hours(12)) } };
      const facts = waiting({ judged: chosen(0.5), invitations: PEOPLE.map((who) => invitation(who)) }, request);

      expect(plan(facts, at(hours(18) - 1)).effects).toEqual([]);
      expect(kinds(plan(facts, at(hours(18))).effects)).toEqual(['remind']);
    });

    const inviting = (...who: readonly { readonly id: string }[]) => [
      { kind: 'invite', approvers: who.map(({ id }) => id) },
    ];
  });

  test('reminds nobody who has no mail yet, and nobody who has no vote', () => {
    const invitations = [invitation(ANA), invitation(BO, { sentAt: undefined as never }), invitation(CY)];
    const facts = waiting({ invitations, people: [ANA, BO] }, ASKING);

    expect(plan(facts, at(hours(12))).effects).toEqual([
      { kind: 'invite', approvers: [BO.id] },
      { kind: 'remind', approvers: [ANA.id], due: at(hours(12)) },
    ]);
  });

  test.each([
    [minutes(59) - 1, false],
    [minutes(59), true],
  ])('reminds where the approval had about an hour at least: %d seconds, %s', (length, expected) => {
    const request = { ...ASKING, run: runOf({ deadline: at(length) }) };

    expect(kinds(plan(waiting({}, request), at(length - 1)).effects).includes('remind')).toBe(expected);
  });
});

describe('asking further people', () => {
  const run = runOf({ invited: [ANA.id, BO.id], escalation: { afterMinutes: 120, ids: [CY.id] } });
  const invitations = [invitation(ANA), invitation(BO)];
  const two = judged('MANUAL', [], health('PASS'), peopleRule({ quorum: 2 }));
  const before = (more: Partial<WaitingFacts> = {}) =>
    waiting({ judged: two, invitations, ...more }, { ...ASKING, run });
  const escalated = {
    asking: { since: START, escalatedAt: at(hours(2)) },
    run: { ...run, invited: [ANA.id, BO.id, CY.id] },
  };

  test('is due after its time, and the next look is then', () => {
    expect(plan(before(), at(0)).next).toBe(at(hours(2)));
    expect(plan(before(), at(hours(2) - 1)).effects).toEqual([]);
    expect(plan(before(), at(hours(2)))).toEqual({ effects: [{ kind: 'escalate', approvers: [CY.id] }] });
  });

  test('is not due where a guarded gate has its yeses, and waits for its checks', () => {
    const votes = [voteOf(ANA, 'APPROVE', 5), voteOf(BO, 'APPROVE', 5)];
    const guarded = (given: readonly Vote[]) => judged('GUARDED', given, health('RUNNING'), peopleRule({ quorum: 2 }));

    expect(kinds(plan(before({ judged: guarded(votes), votes }), at(hours(3))).effects)).toEqual([]);
    expect(kinds(plan(before({ judged: guarded(votes.slice(1)), votes }), at(hours(3))).effects)).toEqual(['escalate']);
  });

  test('is followed by their invitations, and by telling those who were asked first and have a vote', () => {
    const facts = waiting({ judged: two, invitations }, escalated);

    expect(plan(facts, at(hours(2))).effects).toEqual([
      { kind: 'invite', approvers: [CY.id] },
      { kind: 'tellEscalation', approvers: [ANA.id, BO.id], further: [CY.id] },
    ]);
    const told = [
      invitation(ANA, { toldEscalationAt: at(hours(2)) }),
      invitation(BO, { sentAt: undefined as never }),
      invitation(CY),
    ];
    expect(kinds(plan({ ...facts, invitations: told }, at(hours(2))).effects)).toEqual(['invite']);
  });

  test('counts them among those who may answer while that is still ahead', () => {
    const escalation = { afterMinutes: 120, ids: [CY.id] };
    const people = peopleRule({ quorum: 2, ids: [ANA.id, BO.id], excludeAuthor: true, escalation });
    const rule = judged('MANUAL', [], health('PASS'), people);
    const reasons = (authors: readonly string[], change: Partial<Waiting> = {}, given = people) =>
      plan(
        waiting(
          { judged: given === people ? rule : judged('MANUAL', [], health('PASS'), given), invitations },
          { ...ASKING, run: { ...run, authors }, ...change },
        ),
        at(60),
      ).effects.flatMap((effect) => (effect.kind === 'consoleOnly' ? [effect.reason] : []));
    const tooFew = ['only 1 of 2 approvers needed may answer this change'];

    expect(reasons([ANA.mail])).toEqual([]);
    expect(reasons([ANA.mail], { asking: undefined as never })).toEqual([]);
    // Nobody who has no vote then, or was taken from the policy, and not where the time is over before.
    expect(reasons([ANA.mail, CY.mail])).toEqual(tooFew);
    expect(reasons([ANA.mail], {}, { ...people, escalation: undefined as never })).toEqual(tooFew);
    const short = { ...run, authors: [ANA.mail], deadline: at(hours(1)) };
    expect(reasons([], { run: short })).toEqual(tooFew);
  });

  test('is told to nobody where none of them has a vote', () => {
    expect(plan(waiting({ judged: two, invitations, people: [ANA, BO] }, escalated), at(hours(2))).effects).toEqual([]);
  });
});

describe('the console is all that is left', () => {
  const two = judged('MANUAL', [], health('PASS'), peopleRule({ quorum: 2 }));
  const reasons = (facts: WaitingFacts) =>
    plan(facts, at(60)).effects.flatMap((effect) => (effect.kind === 'consoleOnly' ? [effect.reason] : []));

  test('when too few may answer', () => {
    expect(reasons(waiting({ judged: two, people: [ANA] }, ASKING))).toEqual([
      'only 1 of 2 approvers needed may answer this change',
    ]);
  });

  test.each<[string, Partial<Invitation>]>([
    ['is not confirmed', { mailbox: 'pending' }],
    ['is missing', { mailbox: 'missing' }],
    ['has no link that is alive', { keys: [] }],
  ])('when mail reaches too few, because the mailbox of one %s', (_, change) => {
    const invitations = [invitation(ANA), invitation(BO, change), invitation(CY, change)];

    expect(reasons(waiting({ judged: two, invitations }, ASKING))).toEqual([
      'only 1 of 2 approvers needed can be reached by mail',
    ]);
  });

  test('not because of somebody who said yes before the link was revoked', () => {
    const votes = [voteOf(ANA, 'APPROVE', 30)];
    const invitations = [invitation(ANA, { keys: [] }), invitation(BO), invitation(CY, { mailbox: 'pending' })];
    const withVote = judged('MANUAL', votes, health('PASS'), peopleRule({ quorum: 2 }));

    expect(reasons(waiting({ judged: withVote, votes, invitations }, ASKING))).toEqual([]);
    const mute = [invitation(ANA, { mailbox: 'missing' }), invitation(BO), invitation(CY)];
    expect(reasons(waiting({ judged: withVote, votes, invitations: mute }, ASKING))).toEqual([]);
  });

  describe('where people answer in the console alone', () => {
    const one = judged('MANUAL', [], health('PASS'), peopleRule({ quorum: 1 }));
    const told = PEOPLE.map((who) => invitation(who, { keys: [] }));
    const inConsole = (more: Partial<WaitingFacts>) => {
      const facts = { answers: 'IN_CONSOLE', judged: one, invitations: told, ...more } as const;
      return reasons(waiting(facts, ASKING));
    };

    test('not because nobody has a link', () => {
      expect(inConsole({})).toEqual([]);
    });

    test('when mail reaches nobody', () => {
      const mute = PEOPLE.map((who) => invitation(who, { mailbox: 'missing' }));
      expect(inConsole({ invitations: mute })).toEqual(['only 0 of 1 approvers needed can be reached by mail']);
    });

    test('when it takes more than one answer', () => {
      expect(inConsole({ judged: two })).toEqual([
        "it takes 2 approvers, and an answer in the console is one person's",
      ]);
    });

    test.each<[string, Partial<Person>]>([
      ['an alias of AWS', { alsoKnownAs: ['bo-gh'] }],
      ['a person', { alsoKnownAs: ['*/assumed-role/Ops/bo'], shared: true }],
    ])('when no approver is %s that the console knows', (_, more) => {
      expect(inConsole({ people: [{ ...BO, ...more }] })).toEqual([
        'no approver is known in the console by a role or user',
      ]);
    });
  });

  test('when a group lacks people, and says which and how many', () => {
    const groups = [
      { name: 'Security', quorum: 1, ids: [ANA.id, BO.id] },
      { name: 'Operations', quorum: 1, ids: [ANA.id, CY.id] },
    ];
    const both = judged('MANUAL', [], health('PASS'), peopleRule({ groups }));
    const mute = [invitation(ANA, { mailbox: 'missing' }), invitation(BO, { mailbox: 'pending' }), invitation(CY)];

    expect(reasons(waiting({ judged: both }, ASKING))).toEqual([]);
    expect(reasons(waiting({ judged: both, people: [CY] }, ASKING))).toEqual([
      'group Security: only 0 of 1 approvers needed may answer this change',
    ]);
    // Ana is in both, and counts once.
    expect(reasons(waiting({ judged: both, people: [ANA] }, ASKING))).toEqual([
      'group Operations: only 0 of 1 approvers needed may answer this change',
    ]);
    expect(reasons(waiting({ judged: both, people: [] }, ASKING))).toEqual([
      'group Security: only 0 of 1 approvers needed may answer this change; ' +
        'group Operations: only 0 of 1 approvers needed may answer this change',
    ]);
    expect(reasons(waiting({ judged: both, invitations: mute }, ASKING))).toEqual([
      'group Security: only 0 of 1 approvers needed can be reached by mail',
    ]);
  });

  test('not because of links that were not sent yet', () => {
    const invitations = PEOPLE.map((who) => invitation(who, { keys: [], sentAt: undefined as never }));

    expect(reasons(waiting({ judged: two, invitations }, ASKING))).toEqual([]);
  });

  test('when checks cannot be read, also where nobody is asked', () => {
    const unreadable = judged('AUTOMATED', [], health('UNREADABLE'));

    expect(reasons(waiting({ judged: unreadable }))).toEqual([
      'its checks cannot be read: alarm shop-5xx is UNREADABLE',
    ]);
  });

  test('is said once for each reason, and taken back when it is over', () => {
    const consoleOnly = 'only 1 of 2 approvers needed may answer this change';

    expect(plan(waiting({ judged: two, people: [ANA] }, { ...ASKING, consoleOnly }), at(60)).effects).toEqual([]);
    expect(plan(waiting({ judged: two }, { ...ASKING, consoleOnly }), at(60)).effects).toEqual([{ kind: 'reachable' }]);
  });
});

describe('the next look', () => {
  const next = (facts: WaitingFacts, seconds: number) => plan(facts, at(seconds)).next;
  const long = { ...ASKING, run: runOf({ deadline: at(days(7)) }) };

  test('is in six hours at the latest', () => {
    expect(next(waiting({}, long), 10)).toBe(at(10 + hours(6)));
  });

  test('is when a check is due', () => {
    const facts = waiting({ judged: judged('AUTOMATED', [], health('RUNNING', at(70))) });

    expect(next(facts, 10)).toBe(at(70));
    expect(next(waiting({ judged: judged('GUARDED', [], health('RUNNING', at(70))) }, long), 10)).toBe(at(70));
  });

  test('is never sooner than five seconds', () => {
    const facts = waiting({ judged: judged('AUTOMATED', [], health('RUNNING', at(3))) });

    expect(next(facts, 10)).toBe(at(15));
  });

  test('is at the next reminder', () => {
    const facts = waiting(
      { judged: judged('MANUAL', [], health('PASS'), peopleRule({ reminders: [0.1, 0.2] })) },
      ASKING,
    );

    expect(next(facts, 0)).toBe(at(hours(2.4)));
    expect(next(facts, hours(2.4))).toBe(at(hours(4.8)));
    expect(next(facts, hours(4.8))).toBe(at(hours(10.8)));
  });

  test('is at half of the time, to remind', () => {
    expect(next(waiting({}, ASKING), hours(11))).toBe(at(hours(12)));
    expect(next(waiting({}, ASKING), hours(12))).toBe(at(hours(18)));
  });

  test('is a minute after the deadline', () => {
    expect(next(waiting({}, ASKING), hours(23))).toBe(at(days(1) + 60));
  });

  test('is soon for a mailbox that is not confirmed, then less and less soon', () => {
    const invitations = [invitation(ANA, { sentAt: undefined as never, mailbox: 'pending' })];

    expect(next(waiting({ invitations }), 0)).toBe(at(minutes(15)));
    expect(next(waiting({ invitations }, long), minutes(30))).toBe(at(minutes(45)));
    expect(next(waiting({ invitations }, long), hours(4))).toBe(at(hours(6)));
    expect(next(waiting({ invitations }, long), hours(20))).toBe(at(hours(26)));
  });

  describe('of a rollback about which people are asked', () => {
    const rollback = runOf({ deadline: at(days(7)), kind: { type: 'ROLLBACK', automatic: false, proven: false } });
    const elsePeople = judged('AUTOMATED_ELSE_PEOPLE', [], health('INCONCLUSIVE'));

    test('is in five minutes, to see a newer run waiting', () => {
      expect(next(waiting({ judged: elsePeople }, { ...ASKING, run: rollback }), 10)).toBe(at(310));
    });

    test.each<[string, Partial<WaitingFacts>, Partial<Waiting>]>([
      ['a gate of people', { judged: judged('MANUAL') }, { run: rollback }],
      ['a guarded gate', { judged: judged('GUARDED', [], health('INCONCLUSIVE')) }, { run: rollback }],
      [
        'a gate where a no goes back',
        { judged: elsePeople },
        { run: { ...rollback, onReject: { kind: 'GOES_BACK', to: [] } } },
      ],
      ['a standard run', { judged: elsePeople }, { run: { ...rollback, kind: { type: 'STANDARD' } } }],
    ])('is as ever for %s, which steps aside for nobody', (_, facts, request) => {
      expect(next(waiting(facts, { ...ASKING, ...request }), 10)).toBe(at(10 + hours(6)));
    });
  });
});

describe('an outcome that is fixed', () => {
  test('is delivered', () => {
    expect(plan(decided(), at(61))).toEqual({ effects: [{ kind: 'deliver', outcome: outcomeOf() }] });
    expect(plan(decided({ health: health('PASS') }), at(61))).toEqual({
      effects: [{ kind: 'deliver', outcome: outcomeOf() }],
    });
  });

  test('is held back by checks that are named, whatever they find: another finding of theirs is not told again', () => {
    const state = (title: string, verdict: 'PASS' | 'FAIL' | 'ERROR', observeOnly = false) => ({
      id: title,
      title,
      verdict,
      reason: 'red since 09:00',
      observeOnly,
    });
    const checks = [state('a', 'FAIL'), state('b', 'PASS'), state('c', 'ERROR'), state('d', 'FAIL', true)];

    expect(plan(decided({ health: { ...health('FAIL'), checks } }), at(61)).effects).toEqual([
      { kind: 'consoleOnly', reason: 'its approval is held back until the checks are healthy: a, c' },
    ]);
  });

  test.each(['FAIL', 'INCONCLUSIVE', 'UNREADABLE'] as const)(
    'is held back while checks say %s, which is said once',
    (verdict) => {
      const reason = `its approval is held back until the checks are healthy: alarm shop-5xx is ${verdict}`;
      const facts = decided({ health: health(verdict, at(120)) });

      expect(plan(facts, at(61))).toEqual({ effects: [{ kind: 'consoleOnly', reason }], next: at(120) });
      expect(plan({ ...facts, request: { ...facts.request, consoleOnly: reason } }, at(61))).toEqual({
        effects: [],
        next: at(120),
      });
    },
  );

  test('is held back in silence while checks are still measured, and looked at no sooner than in five seconds', () => {
    expect(plan(decided({ health: health('RUNNING', at(62)) }), at(61))).toEqual({ effects: [], next: at(66) });
  });

  test('is held back with a look in six hours where no check is due', () => {
    const facts = decided({ health: { ...health('INCONCLUSIVE'), reasons: [] } });

    expect(plan(facts, at(61))).toEqual({
      effects: [
        {
          kind: 'consoleOnly',
          reason: 'its approval is held back until the checks are healthy: nothing was measured',
        },
      ],
      next: at(61 + hours(6)),
    });
  });

  test.each<[string, Decided, ActionState]>([
    ['yes', decidedRequest(), { status: 'SUCCEEDED', answer: { by: OURS, at: at(61) } }],
    ['no', decidedRequest({ kind: 'REJECTED' }), { status: 'FAILED', answer: { by: OURS, at: at(61) } }],
  ])('is delivered when CodePipeline has our %s', (_, request, action) => {
    expect(plan(decided({ action }, request), at(62))).toEqual({ effects: [{ kind: 'delivered' }] });
  });

  test.each<[string, Decided, ActionState, object]>([
    [
      'somebody else said no',
      decidedRequest(),
      { status: 'FAILED', answer: { by: EVE, at: at(61) } },
      { kind: 'REJECTED', by: 'BYPASS' },
    ],
    [
      'somebody else said yes too',
      decidedRequest(),
      { status: 'SUCCEEDED', answer: { by: EVE, at: at(61) } },
      { kind: 'APPROVED', by: 'BYPASS' },
    ],
    [
      'an approver said no',
      decidedRequest(),
      { status: 'FAILED', answer: { by: BY_ANA, at: at(61) } },
      { kind: 'REJECTED', by: 'CONSOLE' },
    ],
    [
      'it says the opposite in our name',
      decidedRequest({ kind: 'REJECTED' }),
      { status: 'SUCCEEDED', answer: { by: OURS, at: at(61) } },
      { kind: 'APPROVED', by: 'BYPASS' },
    ],
    ['the time was over', decidedRequest(), { status: 'FAILED', answer: { at: at(days(1)) } }, { kind: 'EXPIRED' }],
    ['the run was stopped', decidedRequest(), { status: 'ABANDONED', answer: { at: at(61) } }, { kind: 'STOPPED' }],
    ['the pipeline is gone', decidedRequest(), { status: 'GONE', answer: {} }, { kind: 'STOPPED' }],
  ])('is overtaken where %s', (_, request, action, overtakenBy) => {
    expect(plan(decided({ action }, request), at(days(1) + 300))).toMatchObject({
      effects: [{ kind: 'delivered', overtakenBy }],
    });
  });

  test('is not taken for ours where our roles are others', () => {
    const action: ActionState = { status: 'SUCCEEDED', answer: { by: OURS, at: at(61) } };

    expect(plan(decided({ action, answerRoles: ['arn:aws:iam::111111111111:role/other'] }), at(62))).toMatchObject({
      effects: [{ kind: 'delivered', overtakenBy: { by: 'BYPASS' } }],
    });
  });

  test('waits for CodePipeline to name who answered', () => {
    const action: ActionState = { status: 'SUCCEEDED', answer: { at: at(61) } };

    expect(plan(decided({ action }), at(62))).toEqual({ effects: [], next: at(92) });
  });

  test('of which CodePipeline never says what became is given up a day after the deadline, healthy or not', () => {
    expect(kinds(plan(decided(), at(days(2))).effects)).toEqual(['deliver']);
    for (const some of [undefined, health('FAIL')]) {
      expect(plan(decided({ health: some }), at(days(2) + 1))).toMatchObject({
        effects: [{ kind: 'delivered', overtakenBy: { kind: 'EXPIRED', by: 'CODEPIPELINE', at: at(days(2) + 1) } }],
      });
    }
  });

  test('is told as what really happened', () => {
    const request = { ...decidedRequest(), phase: 'DELIVERED', deliveredAt: at(61) } as const;
    const overtakenBy = outcomeOf({ kind: 'EXPIRED', by: 'CODEPIPELINE' });

    expect(plan({ request }, at(62))).toEqual({ effects: [{ kind: 'tell', outcome: outcomeOf() }] });
    expect(plan({ request: { ...request, overtakenBy } }, at(62))).toEqual({
      effects: [{ kind: 'tell', outcome: overtakenBy }],
    });
  });
});

describe('how the request stands is part of the ruling', () => {
  const red = judged('GUARDED', [], health('FAIL'));
  const unsure = judged('AUTOMATED_ELSE_PEOPLE', [], health('INCONCLUSIVE'));
  const rollback = runOf({ kind: { type: 'ROLLBACK', automatic: true, proven: false } });
  const behind = { run: rollback, shown: shownOf({ newerRunWaiting: true }) };

  test('whether the bake is over', () => {
    expect(kinds(plan(waiting({ judged: red }, ASKING), at(600)).effects)).toEqual(['decide']);
    const shown = shownOf({ bakedAt: at(300) });
    expect(plan(waiting({ judged: red }, { ...ASKING, shown }), at(600)).effects).toEqual([]);
  });

  test('whether people are asked already', () => {
    const green = judged('AUTOMATED_ELSE_PEOPLE', [], health('PASS'));

    expect(kinds(plan(waiting({ judged: green }), at(600)).effects)).toEqual(['decide']);
    expect(plan(waiting({ judged: green }, ASKING), at(600)).effects).toEqual([]);
  });

  test('whether people were asked, when somebody answers in the console', () => {
    const action: ActionState = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(50) } };

    expect(plan(waiting({ judged: unsure, action }), at(60)).effects[0]).toMatchObject({ outcome: { by: 'BYPASS' } });
    expect(plan(waiting({ judged: unsure, action }, ASKING), at(60)).effects[0]).toMatchObject({
      outcome: { by: 'CONSOLE' },
    });
  });

  test('whether a newer run waits behind a rollback, and a no would go back', () => {
    expect(plan(waiting({ judged: unsure }, behind), at(60)).effects[0]).toMatchObject({
      kind: 'decide',
      outcome: { kind: 'REJECTED', by: 'ROLLBACK' },
    });
    const run = { ...rollback, onReject: { kind: 'GOES_BACK', to: [] } } as const;
    expect(kinds(plan(waiting({ judged: unsure }, { ...behind, run }), at(60)).effects)).toEqual(['invite']);
    const nothing = { ...rollback, onReject: { kind: 'NOTHING_TO_GO_BACK_TO' } } as const;
    expect(kinds(plan(waiting({ judged: unsure }, { ...behind, run: nothing }), at(60)).effects)).toEqual(['decide']);
  });

  test('when the checks began to be watched', () => {
    const warning = {
      kind: 'AUTOMATED',
      rule: { kind: 'AUTOMATED', checks: checksRule({ bakeMinutes: 5 }), onInconclusive: 'APPROVE_WITH_WARNING' },
      evaluation: { ...health('INCONCLUSIVE'), checks: [checkState('INCONCLUSIVE')] },
    } as const;

    expect(kinds(plan(waiting({ judged: warning }), at(300)).effects)).toEqual(['decide']);
    expect(plan(waiting({ judged: warning }, { watchedSince: at(1) }), at(300)).effects).toEqual([]);
  });
});

describe('a guest', () => {
  const guest = { ...BO, until: at(hours(2)) };
  const people = [ANA, guest, CY];

  test('is invited and looked after until the end, when there is a look', () => {
    const facts = waiting({ people, invitations: [] }, ASKING);

    expect(plan(facts, at(60)).effects).toEqual([{ kind: 'invite', approvers: [ANA.id, BO.id, CY.id] }]);
    expect(plan(waiting({ people }, ASKING), at(60)).next).toBe(at(hours(2)));
  });

  test('is neither invited nor reminded from then on, and not waited for', () => {
    const facts = waiting({ people, invitations: [] }, ASKING);

    expect(plan(facts, at(hours(2))).effects).toEqual([{ kind: 'invite', approvers: [ANA.id, CY.id] }]);
    const asked = plan(waiting({ people }, ASKING), at(hours(12)));
    expect(asked.effects).toMatchObject([{ kind: 'remind', approvers: [ANA.id, CY.id] }]);
    expect(asked.next).toBe(at(hours(18)));
  });

  test('who is needed leaves the console alone, at once', () => {
    const three = judged('MANUAL', [], health('PASS'), peopleRule({ quorum: 3 }));

    expect(plan(waiting({ judged: three, people }, ASKING), at(hours(2))).effects).toEqual([
      { kind: 'consoleOnly', reason: 'only 2 of 3 approvers needed may answer this change' },
    ]);
  });

  test.each([
    [hours(2) - 1, 'CONSOLE'],
    [hours(2), 'BYPASS'],
  ])('answers in the console as somebody known until the end, whenever that is heard: %d s', (seconds, by) => {
    const answer = { by: BO.mail, at: at(seconds) };
    const facts = waiting({ people, action: { status: 'SUCCEEDED', answer } }, ASKING);

    expect(plan(facts, at(hours(3))).effects).toMatchObject([{ kind: 'acknowledge', outcome: { by } }]);
  });
});

describe('somebody who has no vote', () => {
  const run = runOf({ authors: [ANA.mail] });
  const people = peopleRule({ quorum: 2, excludeAuthor: true });
  const excluding = { ...judged('MANUAL', [], health('PASS'), people) };

  test('is neither invited nor reminded', () => {
    const none = waiting({ judged: excluding, invitations: [] }, { run });
    expect(plan(none, at(60)).effects).toEqual([{ kind: 'invite', approvers: [BO.id, CY.id] }]);

    const asked = waiting({ judged: excluding }, { ...ASKING, run });
    expect(plan(asked, at(hours(12))).effects).toEqual([
      { kind: 'remind', approvers: [BO.id, CY.id], due: at(hours(12)) },
    ]);
  });

  test('is none of those who are needed', () => {
    const three = judged('MANUAL', [], health('PASS'), peopleRule({ quorum: 3, excludeAuthor: true }));

    expect(plan(waiting({ judged: three }, { ...ASKING, run }), at(60)).effects).toEqual([
      { kind: 'consoleOnly', reason: 'only 2 of 3 approvers needed may answer this change' },
    ]);
  });
});

test('nobody is reminded when everybody has answered, but those whose approval is outdated', () => {
  const answered = [voteOf(ANA, 'APPROVE', 5), voteOf(BO, 'APPROVE', 5)];
  const reminders = (votes: readonly Vote[]) =>
    plan(
      waiting({ judged: judged('MANUAL', votes, health('PASS'), peopleRule({ quorum: 4 })), votes }, ASKING),
      at(hours(12)),
    ).effects.filter(({ kind }) => kind === 'remind');

  expect(reminders([...answered, voteOf(CY, 'REJECT', 5, { current: false })])).toEqual([]);
  expect(reminders([...answered, voteOf(CY, 'APPROVE', 5)])).toEqual([]);
  expect(reminders([...answered, voteOf(CY, 'APPROVE', 5, { current: false })])).toEqual([
    { kind: 'remind', approvers: [CY.id], due: at(hours(12)) },
  ]);
});

test('a gate that asks nobody yet needs nobody to be reached', () => {
  const facts = waiting({ judged: judged('AUTOMATED_ELSE_PEOPLE', [], health('RUNNING')), people: [] });

  expect(plan(facts, at(60)).effects).toEqual([]);
});

test('exactly as many as needed are enough', () => {
  const three = judged('MANUAL', [], health('PASS'), peopleRule({ quorum: 3 }));

  expect(plan(waiting({ judged: three }, ASKING), at(60)).effects).toEqual([]);
});

test('what is shown does not decide: neither a policy of another time-out nor earlier checks', () => {
  const shown = shownOf({ policy: policyOf({ timeoutMinutes: 5 }), newerRunWaiting: true });

  expect(plan(waiting({}, { ...ASKING, shown }), at(10))).toEqual(plan(waiting({}, ASKING), at(10)));
});

describe('a gate that is closed', () => {
  const opens = at(hours(5));
  const opening = { kind: 'CLOSED', why: 'it is shut', opensAt: opens, next: opens } as const;
  const votes = [voteOf(ANA, 'APPROVE', 60)];
  const approved = { judged: judged('MANUAL', votes), votes, opening };
  const held = { summary: outcomeOf().summary, why: 'it is shut', since: at(60), opensAt: opens };

  test('holds what was approved until it opens, and invites and reminds nobody meanwhile', () => {
    const invitations = [invitation(ANA), invitation(BO, { sentAt: undefined as never })];
    expect(plan(waiting({ ...approved, invitations }, ASKING), at(60))).toEqual({
      effects: [
        { kind: 'hold', held },
        { kind: 'tellHeld', approvers: [ANA.id], held },
      ],
      next: opens,
    });
    const told = [invitation(ANA, { toldHeldAt: at(60) }), ...invitations.slice(1)];
    const half = plan(waiting({ ...approved, invitations: told }, { ...ASKING, held }), at(hours(4)));
    expect(half).toEqual({ effects: [], next: opens });
  });

  test('lets go of what is not approved any more', () => {
    const { effects } = plan(waiting({ opening }, { ...ASKING, held }), at(120));
    expect(effects).toEqual([{ kind: 'release' }]);
  });

  test('asks as ever before it is approved', () => {
    expect(kinds(plan(waiting({ opening }, {}), at(60)).effects)).toEqual(['invite']);
  });

  test('says at once that it opens too late, before anybody answered and after', () => {
    const late = { kind: 'CLOSED', why: 'it is shut' } as const;
    const reason = 'it is shut, and does not open before the deadline';
    expect(plan(waiting({ opening: late }, ASKING), at(60)).effects).toEqual([{ kind: 'consoleOnly', reason }]);
    expect(kinds(plan(waiting({ ...approved, opening: late }, ASKING), at(60)).effects)).toEqual([
      'hold',
      'consoleOnly',
    ]);
  });

  test('is not called reachable while it opens too late', () => {
    const consoleOnly = 'it is shut, and does not open before the deadline';
    const late = { kind: 'CLOSED', why: 'it is shut' } as const;
    expect(plan(waiting({ opening: late }, { ...ASKING, consoleOnly }), at(60)).effects).toEqual([]);
    expect(plan(waiting({ opening }, { ...ASKING, consoleOnly }), at(60)).effects).toEqual([{ kind: 'reachable' }]);
  });

  test('keeps an outcome that could not be delivered until it opens', () => {
    const { effects, next } = plan(decided({ opening, health: health('PASS') }), at(60));
    expect(kinds(effects)).toEqual(['hold']);
    expect(next).toBe(opens);
    const rejected = decided({ opening }, decidedRequest({ kind: 'REJECTED' }));
    expect(kinds(plan(rejected, at(60)).effects)).toEqual(['deliver']);
  });

  test('was bypassed by an approver who said yes in the console', () => {
    const action: ActionState = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(60) } };
    const by = (facts: WaitingFacts) =>
      plan(facts, at(70)).effects.map((effect) => (effect.kind === 'acknowledge' ? effect.outcome.by : effect.kind));
    expect(by(waiting({ action, opening }, ASKING))).toEqual(['BYPASS']);
    expect(by(waiting({ action }, ASKING))).toEqual(['CONSOLE']);
    const failed: ActionState = { ...action, status: 'FAILED' };
    expect(by(waiting({ action: failed, opening }, ASKING))).toEqual(['CONSOLE']);
  });
});

describe('checks that passed while the gate was closed', () => {
  const held = { summary: 'Approved by the checks', why: 'it is shut', since: at(60), opensAt: at(hours(5)) };
  const closed = { kind: 'CLOSED', why: 'it is shut', opensAt: at(hours(5)), next: at(hours(5)) } as const;

  test.each(['FAIL', 'INCONCLUSIVE'] as const)('and %s later keep it shut and reject nothing', (verdict) => {
    const facts = { judged: judged('AUTOMATED', [], health(verdict)) };
    expect(plan(waiting({ ...facts, opening: closed }, { held }), at(hours(4))).effects).toEqual([]);
    const { effects } = plan(waiting(facts, { held }), at(hours(6)));
    expect(effects).toEqual([
      {
        kind: 'consoleOnly',
        reason: `its approval is held back until the checks are healthy: alarm shop-5xx is ${verdict}`,
      },
    ]);
  });

  test('open it when they are healthy then', () => {
    expect(kinds(plan(waiting({ judged: judged('AUTOMATED') }, { held }), at(hours(6))).effects)).toEqual(['decide']);
  });
});
