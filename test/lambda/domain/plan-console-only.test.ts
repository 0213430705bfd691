/** When only CodePipeline’s console can answer a gate, and how that is said. */
import type { Person } from '../../../contract/policy';
import type { WaitingFacts } from '../../../lambda/domain/facts';
import { plan } from '../../../lambda/domain/plan';
import type { Invitation } from '../../../lambda/domain/vote';
import { ANA, at, BO, CY, peopleRule, voteOf } from '../samples';
import { ASKING, health, invitation, judged, PEOPLE, waiting } from './plan-fixture';

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

test('a gate that asks nobody yet needs nobody to be reached', () => {
  const facts = waiting({ judged: judged('AUTOMATED_ELSE_PEOPLE', [], health('RUNNING')), people: [] });

  expect(plan(facts, at(60)).effects).toEqual([]);
});

test('exactly as many as needed are enough', () => {
  const three = judged('MANUAL', [], health('PASS'), peopleRule({ quorum: 3 }));

  expect(plan(waiting({ judged: three }, ASKING), at(60)).effects).toEqual([]);
});
