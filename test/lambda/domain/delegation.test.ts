/** Who has whose place, whatever anybody answered and whoever is away. */
import fc from 'fast-check';
import { areFilled, fillGroups, membersOf } from '../../../contract/groups';
import type { PeopleRule } from '../../../contract/policy';
import { isAway, type Absence } from '../../../lambda/domain/absence';
import { countVotes } from '../../../lambda/domain/count-votes';
import { placesOf, untilNow, withDelegates, type PlaceFacts } from '../../../lambda/domain/delegation';
import { eligibility } from '../../../lambda/domain/eligibility';
import type { Vote } from '../../../lambda/domain/vote';
import { ANA, at, away, BO, CY, days, hours, peopleRule, person, runOf, voteOf } from '../samples';

const DI = person('di@example.com');
const EVERYBODY = [ANA, BO, CY, DI];
const NOW = at(hours(2));

const rule = (more: Parameters<typeof peopleRule>[0] = {}) =>
  peopleRule({ ids: [ANA.id, CY.id], delegates: { [ANA.id]: [BO.id, DI.id] }, ...more });
const places = (of: PeopleRule, more: Partial<PlaceFacts> = {}, now = NOW) =>
  placesOf(of, { run: runOf(), people: EVERYBODY, votes: [], standIns: [], absences: [away()], ...more }, now);
const members = (of: PeopleRule, more: Partial<PlaceFacts> = {}, now = NOW) =>
  places(of, more, now).people.groups.map(({ ids }) => ids);
const ASKED = [{ person: ANA.id, delegate: BO.id, until: at(days(1)), setAt: at(0) }];

describe('a place during an absence', () => {
  test('is the delegate’s, who is among those who may vote then', () => {
    expect(members(rule())).toEqual([[BO.id, CY.id]]);
    const { handedOver } = places(rule());
    expect(handedOver).toEqual([{ person: ANA.id, delegate: BO.id, until: at(days(1)), isVacant: false }]);
    expect(withDelegates(runOf({ invited: [ANA.id, CY.id] }), handedOver).invited).toEqual([ANA.id, CY.id, BO.id]);
  });

  test.each([
    ['before it begins', away({ from: at(hours(3)) })],
    ['at its end', away({ until: NOW })],
    ['once it was ended', away({ endedAt: at(hours(1)) })],
    ['when it names somebody whom the rule does not', away({ delegate: CY.id })],
    ['when it is somebody else’s', away({ person: CY.id, delegate: BO.id })],
  ])('is the approver’s %s', (_, absence) => {
    expect(members(rule(), { absences: [absence] })).toEqual([[ANA.id, CY.id]]);
  });

  test('stays with an approver who has answered before', () => {
    const votes = [voteOf(ANA, 'APPROVE', hours(1))];
    expect(members(rule(), { votes })).toEqual([[ANA.id, CY.id]]);
  });

  test('goes to the delegate when what the approver approved is another thing by now', () => {
    const votes = [voteOf(ANA, 'APPROVE', hours(1), { current: false })];
    expect(members(rule(), { votes })).toEqual([[BO.id, CY.id]]);
  });

  test('of somebody who wrote the change goes to nobody', () => {
    const run = runOf({ authors: ['ana-gh'] });
    expect(members(rule({ excludeAuthor: true }), { run })).toEqual([[ANA.id, CY.id]]);
    const of = rule({ excludeAuthor: true });
    const voters = eligibility({ ...run, invited: [BO.id, ANA.id] }, places(of, { run }).people, EVERYBODY, NOW);
    expect(voters.filter(({ excluded }) => excluded === undefined)).toEqual([]);
  });

  test('of a delegate who is away, too, is not handed on', () => {
    const of = rule({ delegates: { [ANA.id]: [BO.id], [BO.id]: [DI.id] } });
    const absences = [away(), away({ person: BO.id, delegate: DI.id })];
    expect(members(of, { absences })).toEqual([[BO.id, CY.id]]);
  });

  test('of two people is one vote when both have named the same delegate', () => {
    const of = rule({ quorum: 2, delegates: { [ANA.id]: [BO.id], [CY.id]: [BO.id] } });
    const absences = [away(), away({ person: CY.id })];
    const [group] = places(of, { absences }).people.groups;
    expect(group?.ids).toEqual([BO.id]);
    expect(areFilled(fillGroups([group!], [BO.id]))).toBe(false);
  });

  test('is nobody’s where the delegate has a place in the same group', () => {
    const of = rule({ ids: [ANA.id, BO.id, CY.id] });
    expect(members(of)).toEqual([[BO.id, CY.id]]);
    expect(places(of).handedOver).toMatchObject([{ person: ANA.id, isVacant: true }]);
  });
});

describe('a place after an absence', () => {
  const over = [away({ endedAt: at(hours(1)) })];

  test('is the approver’s again when the delegate has not answered', () => {
    expect(members(rule(), { absences: over, standIns: ASKED })).toEqual([[ANA.id, CY.id]]);
  });

  test('stays with a delegate who has answered, even when another absence names another one', () => {
    const votes = [voteOf(BO, 'APPROVE', 1800)];
    expect(members(rule(), { absences: over, standIns: ASKED, votes })).toEqual([[BO.id, CY.id]]);
    expect(members(rule(), { absences: [away({ delegate: DI.id })], standIns: ASKED, votes })).toEqual([
      [BO.id, CY.id],
    ]);
  });

  test('is the approver’s when both have answered, whoever was first', () => {
    for (const seconds of [1, hours(1)]) {
      const votes = [voteOf(BO, 'APPROVE', 1800), voteOf(ANA, 'APPROVE', seconds)];
      expect(members(rule(), { absences: over, standIns: ASKED, votes })).toEqual([[ANA.id, CY.id]]);
    }
  });

  test('is that of the one who said no, if one of them did', () => {
    const votes = [voteOf(BO, 'REJECT', 1800), voteOf(ANA, 'APPROVE', 3000)];
    expect(members(rule(), { absences: over, standIns: ASKED, votes })).toEqual([[BO.id, CY.id]]);
  });

  test('is the approver’s when the delegate answers after its end, however early that was', () => {
    const votes = [voteOf(BO, 'APPROVE', hours(1))];
    expect(members(rule(), { absences: over, standIns: ASKED, votes })).toEqual([[ANA.id, CY.id]]);
    expect(members(rule(), { absences: over, standIns: ASKED, votes: [voteOf(BO, 'REJECT', hours(1))] })).toEqual([
      [ANA.id, CY.id],
    ]);
    const later = [away({ delegate: DI.id, setAt: at(hours(1)), from: at(hours(1)) })];
    expect(members(rule(), { absences: later, standIns: ASKED, votes })).toEqual([[DI.id, CY.id]]);
  });

  test('is the approver’s when the delegate’s answer fills a place of their own', () => {
    const of = rule({
      groups: [
        { name: 'Lead', quorum: 1, ids: [ANA.id] },
        { name: 'Security', quorum: 1, ids: [BO.id] },
      ],
    });
    const votes = [voteOf(BO, 'APPROVE', 1800)];
    expect(members(of, { standIns: ASKED, votes })).toEqual([[BO.id], [BO.id]]);
    expect(members(of, { absences: over, standIns: ASKED, votes })).toEqual([[ANA.id], [BO.id]]);
  });

  test('is the approver’s when the delegate has answered and is declared no more', () => {
    const votes = [voteOf(BO, 'APPROVE', 1800)];
    const of = rule({ delegates: { [ANA.id]: [DI.id] } });
    expect(members(of, { absences: over, standIns: ASKED, votes })).toEqual([[ANA.id, CY.id]]);
  });
});

describe('whatever happens', () => {
  const ids = EVERYBODY.map(({ id }) => id);
  const someIds = fc.subarray(ids, { minLength: 1 });
  const scene = fc.record({
    groups: fc.uniqueArray(fc.record({ quorum: fc.constant(1), ids: someIds, name: fc.constantFrom('A', 'B', 'C') }), {
      minLength: 1,
      selector: ({ name }) => name,
    }),
    delegates: fc
      .dictionary(fc.constantFrom(...ids), someIds)
      .map(
        (all) =>
          Object.fromEntries(Object.entries(all).map(([id, some]) => [id, some.filter((one) => one !== id)])) as Record<
            string,
            readonly string[]
          >,
      ),
    absences: fc.uniqueArray(
      fc
        .record({ person: fc.constantFrom(...ids), delegate: fc.constantFrom(...ids), over: fc.boolean() })
        .map(({ over, ...one }) => away({ ...one, ...(over ? { endedAt: at(hours(1)) } : {}) })),
      { selector: (one) => one.person },
    ),
    standIns: fc.array(
      fc.record({
        person: fc.constantFrom(...ids),
        delegate: fc.constantFrom(...ids),
        until: fc.constantFrom(at(900), at(days(1))),
        setAt: fc.constantFrom(at(-60), at(0)),
      }),
    ),
    votes: fc.uniqueArray(
      fc
        .record({
          who: fc.constantFrom(...EVERYBODY),
          verdict: fc.constantFrom<Vote['verdict']>('APPROVE', 'REJECT'),
          current: fc.boolean(),
        })
        .map(({ who, verdict, current }) => voteOf(who, verdict, 1800, { current })),
      { selector: ({ approver }) => approver },
    ),
    author: fc.option(fc.constantFrom(...EVERYBODY), { nil: undefined }),
  });

  /** The scene as it is judged. */
  function judged({ groups, delegates, absences, standIns, votes, author }: Parameters<typeof judge>[0]) {
    return judge({ groups, delegates, absences, standIns, votes, author });
  }

  function judge(of: {
    readonly groups: PeopleRule['groups'];
    readonly delegates: Readonly<Record<string, readonly string[]>>;
    readonly absences: readonly Absence[];
    readonly standIns: PlaceFacts['standIns'];
    readonly votes: readonly Vote[];
    readonly author: { readonly mail: string } | undefined;
  }) {
    const before = peopleRule({ groups: of.groups, delegates: of.delegates, excludeAuthor: true });
    const run = runOf({
      invited: membersOf(of.groups),
      authors: of.author === undefined ? [] : [of.author.mail],
    });
    const { absences, standIns, votes } = of;
    const placed = placesOf(before, { run, people: EVERYBODY, votes, standIns, absences }, NOW);
    const voters = eligibility(withDelegates(run, placed.handedOver), placed.people, EVERYBODY, NOW);
    return { before, placed, voters, counted: countVotes(voters, votes, run.deadline) };
  }

  test('nobody counts who is neither an approver nor a declared delegate of one', () => {
    fc.assert(
      fc.property(scene, (of) => {
        const { before, counted } = judged(of);
        const approvers = membersOf(before.groups);
        const allowed = new Set([...approvers, ...approvers.flatMap((id) => of.delegates[id] ?? [])]);
        expect([...counted.approvals, ...counted.rejections].every(({ person: { id } }) => allowed.has(id))).toBe(true);
      }),
    );
  });

  test('each group has at most as many places as before, and each place one holder', () => {
    fc.assert(
      fc.property(scene, (of) => {
        const { before, placed } = judged(of);
        placed.people.groups.forEach(({ ids: held }, index) => {
          const members = before.groups[index]!.ids;
          expect(held.length).toBeLessThanOrEqual(members.length);
          expect(new Set(held).size).toBe(held.length);
          // Whoever is not a member holds the place of one who is, and that one is not there.
          for (const holder of held.filter((id) => !members.includes(id))) {
            const left = members.filter((id) => !held.includes(id) && of.delegates[id]?.includes(holder));
            expect(left.length).toBeGreaterThanOrEqual(1);
          }
        });
      }),
    );
  });

  test('whoever wrote the change has no vote, in their own place or in another one, and nobody votes for them', () => {
    fc.assert(
      fc.property(scene, (of) => {
        const { counted, before } = judged(of);
        const { author } = of;
        fc.pre(author !== undefined);
        const id = EVERYBODY.find(({ mail }) => mail === author?.mail)?.id;
        const all = [...counted.approvals, ...counted.rejections];
        expect(all.some(({ person }) => person.id === id)).toBe(false);
        // A group that the author alone is in stays empty.
        before.groups
          .filter(({ ids: alone }) => alone.length === 1 && alone[0] === id)
          .forEach(({ name }) => {
            const group = judged(of).placed.people.groups.find((one) => one.name === name);
            expect(group?.ids).toEqual([id]);
          });
      }),
    );
  });

  test('an absence takes no yes and no no from an approver who has given it', () => {
    fc.assert(
      fc.property(scene, (of) => {
        const { before, counted } = judged(of);
        const own = countVotes(
          eligibility(
            runOf({ invited: membersOf(of.groups), authors: of.author === undefined ? [] : [of.author.mail] }),
            before,
            EVERYBODY,
            NOW,
          ),
          of.votes,
          runOf().deadline,
        );
        const now = new Set([...counted.approvals, ...counted.rejections].map(({ person: { id } }) => id));
        // A no may come from a delegate instead: it ends the request all the same.
        const isRejected = counted.rejections.length > 0;
        expect(isRejected || own.approvals.every(({ person: { id } }) => now.has(id))).toBe(true);
        expect(own.rejections.length === 0 || isRejected).toBe(true);
      }),
    );
  });

  test('what opened the gate is found again without knowing who was away at what time', () => {
    fc.assert(
      fc.property(scene, (of) => {
        // A look keeps whom it asks, before they can answer.
        const asked = judged({ ...of, votes: [] }).placed.handedOver.flatMap(({ person: who, delegate }) => {
          const absence = of.absences.find((one) => one.person === who && isAway(one, NOW));
          return absence === undefined ? [] : [{ person: who, delegate, until: absence.until, setAt: absence.setAt }];
        });
        const standIns = [...of.standIns.map((one) => ({ ...one, until: untilNow(one, of.absences) })), ...asked];
        const during = judged({ ...of, standIns });
        const later = judged({ ...of, standIns, absences: [] });
        const fills = ({ placed, counted }: typeof during) =>
          counted.rejections.length === 0 &&
          areFilled(
            fillGroups(
              placed.people.groups,
              counted.approvals.map(({ person: { id } }) => id),
            ),
          );
        expect(!fills(during) || fills(later)).toBe(true);
      }),
    );
  });
});
