/** Who is asked, and who is reminded. */
import type { WaitingFacts } from '../../../lambda/domain/facts';
import { plan } from '../../../lambda/domain/plan';
import type { Waiting } from '../../../lambda/domain/request';
import type { Invitation, Vote } from '../../../lambda/domain/vote';
import { ANA, at, BO, CY, hours, minutes, peopleRule, runOf, START, voteOf } from '../samples';
import { ASKING, health, invitation, judged, kinds, PEOPLE, waiting } from './plan-fixture';

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
