import fc from 'fast-check';
import { matchesAlias } from '../../../contract/alias';
import { eligibility, saidToYou, isPerson } from '../../../lambda/domain/eligibility';
import { ANA, at, BO, BY_ANA, peopleRule, runOf } from '../samples';

const RUN = runOf({ invited: [ANA.id, BO.id] });
const EXCLUDING = peopleRule({ excludeAuthor: true });

describe('an alias', () => {
  test.each([
    ['ana-gh', 'ANA-gh', true],
    [' ana-gh ', 'ana-gh', true],
    ['ana-gh', 'ana-ghost', false],
    ['*/assumed-role/Release/ana', BY_ANA, true],
    ['*/assumed-role/Release/ana', `${BY_ANA}bel`, false],
    ['arn:aws:iam::*:user/ana', 'arn:aws:iam::111111111111:user/ana', true],
    ['a.b', 'axb', false],
    ['*', 'anybody', true],
    ['a*a', 'a', false],
    ['a*ba', 'aba', true],
    ['*/Release/*/ana', 'x/Release/ana', false],
    ['', '', false],
  ])('%s against %s: %s', (alias, identity, expected) => {
    expect(matchesAlias(alias, identity)).toBe(expected);
  });

  test('matches what its pattern means, whatever stars it has', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    fc.assert(
      fc.property(word, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }), (alias, identity) => {
        const meant = alias !== '' && new RegExp(`^${alias.replace(/\*/g, '.*')}$`).test(identity);
        expect(matchesAlias(alias, identity)).toBe(meant);
      }),
    );
  });

  test('of many stars is answered in no time, whatever the author is called', () => {
    const begun = performance.now();

    expect(matchesAlias('*a'.repeat(120) + '*b', 'a'.repeat(320))).toBe(false);

    expect(performance.now() - begun).toBeLessThan(1000);
  });
});

describe('an identity', () => {
  test('is the person by address or by any alias', () => {
    expect(isPerson(ANA, 'Ana@Example.com')).toBe(true);
    expect(isPerson(ANA, 'ana-gh')).toBe(true);
    expect(isPerson(ANA, BY_ANA)).toBe(true);
    expect(isPerson(ANA, 'bo@example.com')).toBe(false);
  });

  test('is never a shared mailbox', () => {
    expect(isPerson({ ...ANA, shared: true }, ANA.mail)).toBe(false);
  });
});

describe('whoever may vote', () => {
  const voters = (
    run: Parameters<typeof eligibility>[0],
    rule: Parameters<typeof eligibility>[1],
    people: Parameters<typeof eligibility>[2],
    time = at(60),
  ) => eligibility(run, rule, people, time);

  test('was invited, is still listed, and is described', () => {
    expect(voters(RUN, peopleRule(), [ANA, BO])).toEqual([{ person: ANA }, { person: BO }]);
    expect(voters(RUN, peopleRule(), [BO])).toEqual([{ person: BO }]);
    expect(voters(runOf({ invited: [BO.id] }), peopleRule(), [ANA, BO])).toEqual([{ person: BO }]);
  });

  test('has no vote once removed from the list', () => {
    const removed = 'no longer an approver of this gate';

    expect(voters(RUN, peopleRule({ ids: [BO.id] }), [ANA, BO])).toEqual([
      { person: ANA, excluded: removed },
      { person: BO },
    ]);
    expect(voters(RUN, undefined, [ANA])).toEqual([{ person: ANA, excluded: removed }]);
  });

  test.each([
    ['wrote this change', { authors: ['someone', 'Ana-GH'] }, ANA],
    ['wrote this change', { authors: [ANA.mail], startedBy: BY_ANA }, ANA],
    ['started this run', { startedBy: BY_ANA }, ANA],
    ['a shared mailbox cannot show that it is not the author', {}, { ...ANA, shared: true }],
  ])('has none after this, where authors are excluded: %s', (excluded, change, person) => {
    const run = runOf({ invited: [ANA.id], ...change });

    expect(voters(run, EXCLUDING, [person])).toEqual([{ person, excluded }]);
    expect(voters(run, peopleRule(), [person])).toEqual([{ person }]);
  });

  test('has one where nobody knows an author', () => {
    expect(voters(RUN, EXCLUDING, [ANA])).toEqual([{ person: ANA }]);
    expect(voters({ ...RUN, authors: ['eve'], startedBy: 'eve' }, EXCLUDING, [ANA])).toEqual([{ person: ANA }]);
  });

  test('is one voter, however often described, and none if either description excludes', () => {
    const plain = { ...ANA, alsoKnownAs: [] };
    const run = runOf({ invited: [ANA.id], authors: ['ana-gh'] });

    expect(voters(RUN, EXCLUDING, [ANA, plain])).toEqual([{ person: ANA }]);
    for (const people of [
      [ANA, plain],
      [plain, ANA],
    ]) {
      expect(voters(run, EXCLUDING, people)).toEqual([{ person: ANA, excluded: 'wrote this change' }]);
    }
  });

  test('has one as a guest before the end, and none at it or later', () => {
    const guest = { ...BO, until: at(3600) };
    const over = { person: guest, excluded: 'guest until Monday 23 November 2026, 09:00 UTC' };

    expect(voters(RUN, peopleRule(), [ANA, guest], at(3599))).toEqual([{ person: ANA }, { person: guest }]);
    expect(voters(RUN, peopleRule(), [ANA, guest], at(3600))).toEqual([{ person: ANA }, over]);
    expect(voters(RUN, peopleRule(), [guest, BO], at(3601))).toEqual([over]);
    expect(voters(RUN, peopleRule(), [guest], 'no time')).toMatchObject([{ excluded: over.excluded }]);
  });

  test('is a guest that was removed, whatever the end', () => {
    const removed = voters(RUN, peopleRule({ ids: [ANA.id] }), [{ ...BO, until: at(30) }]);

    expect(removed).toMatchObject([{ excluded: 'no longer an approver of this gate' }]);
  });
});

describe('whoever wrote an earlier change that comes along', () => {
  const range = { changes: [], total: 2, others: 2, isCut: false, authors: ['someone', 'ana-gh'] } as const;
  const excluded = (kind: 'ALONG' | 'BACK', rule = EXCLUDING) =>
    eligibility({ ...RUN, range: { ...range, kind } }, rule, [ANA, BO], at(0)).map((voter) => voter.excluded);

  test('has no vote', () => {
    expect(excluded('ALONG')).toEqual(['wrote an earlier change that goes live with this one', undefined]);
  });

  test('has one where the run goes back over it, and where authors may vote', () => {
    expect(excluded('BACK')).toEqual([undefined, undefined]);
    expect(excluded('ALONG', peopleRule({ excludeAuthor: false }))).toEqual([undefined, undefined]);
  });

  test('has one where nobody knows what comes along', () => {
    const voters = eligibility({ ...RUN, range: { kind: 'UNKNOWN', reason: 'PARALLEL' } }, EXCLUDING, [ANA, BO], at(0));
    expect(voters.map((voter) => voter.excluded)).toEqual([undefined, undefined]);
  });
});

test.each([
  ['wrote this change', 'you wrote this change'],
  ['started this run', 'you started this run'],
  ['no longer an approver of this gate', 'you are no longer an approver of this gate'],
  ['not among the approvers of this gate', 'you are not among the approvers of this gate'],
  ['guest until Monday', 'you were a guest until Monday'],
  ['away until Monday, and Di answers in this place', 'you are away until Monday, and Di answers in your place'],
  ['Di has answered in this place', 'Di has answered in your place'],
  ['a shared mailbox cannot show that it is not the author', 'a shared mailbox cannot show that it is not the author'],
])('that somebody %s is said to themselves as: %s', (excluded, said) => {
  expect(saidToYou(excluded)).toBe(said);
});
