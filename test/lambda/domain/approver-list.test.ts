import fc from 'fast-check';
import { peopleOf, type GroupRule, type Person } from '../../../contract/policy';
import {
  addedSince,
  asAsked,
  everybodyIn,
  listedIn,
  listsOf,
  parseApproverList,
  withGoneLists,
  withListed,
  withoutThoseAsked,
  type Directory,
} from '../../../lambda/domain/approver-list';
import { countVotes } from '../../../lambda/domain/count-votes';
import { eligibility } from '../../../lambda/domain/eligibility';
import { ANA, at, BO, CY, peopleRule, person, policyOf, ruleOf, runOf, voteOf } from '../samples';

const LIST = { parameter: '/shop/releasers', domains: ['example.com', 'partner.example'] };
const DI = person('di@example.com');
const read = (text: string) => parseApproverList(text, LIST);

describe('a list', () => {
  test('may name a hundred', () => {
    expect(read(Array.from({ length: 100 }, (_, n) => `p${n}@example.com`).join(',')).ok).toBe(true);
  });

  test.each([
    ['one a line', 'ana@example.com\nbo@example.com\n'],
    ['with the ends of lines of Windows', 'ana@example.com\r\nbo@example.com\r\n'],
    ['with commas', 'ana@example.com, bo@example.com'],
    ['as a StringList', 'ana@example.com,bo@example.com'],
    ['with commas at the ends of lines, and blank lines', '\n  ana@example.com,\n\n\tbo@example.com,\n'],
    ['in upper case', 'Ana@Example.COM bo@example.com'],
  ])('names people %s', (_, text) => {
    expect(read(text)).toEqual({ ok: true, value: ['ana@example.com', 'bo@example.com'] });
  });

  test.each<[string, string, string]>([
    ['nothing', '', 'it holds 0 addresses, and has to hold 1 to 100'],
    ['blanks', ' \n, ', 'it holds 0 addresses'],
    ['too many', Array.from({ length: 101 }, (_, n) => `p${n}@example.com`).join('\n'), 'it holds 101 addresses'],
    ['a name', 'ana@example.com\nBo <bo@example.com>', 'entry 2 is not an email address'],
    ['a semicolon', 'ana@example.com;bo@example.com', 'entry 1 is not an email address'],
    ['a star', 'ana@example.com *@example.com', 'entry 2 is not an email address'],
    ['JSON', '["ana@example.com"]', 'entry 1 is not an email address'],
    ['a comment', '# team\nana@example.com', 'entry 1 is not an email address'],
    ['a hidden character', 'ana@example.com\u200b', 'entry 1 is not an email address'],
    ['a letter that looks like another', 'аna@example.com', 'entry 1 is not an email address'],
    ['a foreign domain', 'ana@example.com\neve@attacker.example', 'entry 2 is not of an allowed domain'],
    ['a subdomain', 'ana@mail.example.com', 'entry 1 is not of an allowed domain'],
    ['a domain that ends alike', 'ana@notexample.com', 'entry 1 is not of an allowed domain'],
    ['somebody twice', 'ana@example.com\nbo@example.com\nAna@example.com', 'entry 3 stands there twice'],
  ])('with %s in it is refused as a whole', (_, text, problem) => {
    expect(read(text)).toEqual({
      ok: false,
      problem: expect.stringContaining(`list '/shop/releasers': ${problem}`) as string,
    });
  });

  test('never throws, and holds people of its domains alone, each once; its problem repeats nothing of it', () => {
    const word = fc.oneof(
      fc.constantFrom('ana@example.com', 'BO@partner.example', 'eve@attacker.example', ',', '\n', ';', 'secret'),
      fc.string(),
      fc.emailAddress(),
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const list = read(words.join(' '));
        if (list.ok) {
          expect(list.value.length).toBeGreaterThan(0);
          expect(new Set(list.value).size).toBe(list.value.length);
          expect(list.value.every((mail) => /^[^@\s]+@(example\.com|partner\.example)$/.test(mail))).toBe(true);
        } else {
          expect(list.problem).toMatch(
            /^list '\/shop\/releasers': (it holds \d+ addresses, and has to hold 1 to 100|entry \d+ (is not an email address|is not of an allowed domain|stands there twice))$/,
          );
        }
      }),
    );
  });
});

const group = (more: Partial<GroupRule> = {}): GroupRule => ({
  name: 'Release',
  quorum: 1,
  ids: [],
  list: LIST.parameter,
  ...more,
});
const policyWith = (groups: readonly GroupRule[], more: Parameters<typeof peopleRule>[0] = {}) =>
  policyOf({ rule: { kind: 'MANUAL', people: peopleRule({ groups, ...more }) } });
const knowing = (listed: readonly Person[], people: readonly Person[] = []): Directory => ({
  people,
  lists: new Map([[LIST.parameter, { ok: true, value: listed }]]),
});
const OPERATIONS: GroupRule = { name: 'Operations', quorum: 1, ids: [CY.id] };

describe('a policy that names a list', () => {
  test('is filled with its people; who is declared is one person with who is listed', () => {
    const listed = { ...CY, name: undefined, alsoKnownAs: [] } as unknown as Person;
    const filled = withListed(policyWith([group(), OPERATIONS]), knowing([ANA, listed], [CY, BO]));

    expect(filled).toMatchObject({
      ok: true,
      value: { policy: { rule: { people: { groups: [{ ids: [ANA.id, CY.id] }, { ids: [CY.id] }] } } } },
    });
    expect(filled.ok && filled.value.people).toEqual([CY, BO, ANA]);
    expect(listsOf(policyWith([group(), OPERATIONS, group({ name: 'Two' })]).rule)).toEqual([LIST.parameter]);
    expect(listsOf(ruleOf('AUTOMATED'))).toEqual([]);
  });

  test('has nobody in a list that the workflow no longer declares', () => {
    const { people, lists } = withGoneLists(knowing([ANA], [BO]), [LIST.parameter, '/gone']);

    expect(people).toEqual([BO]);
    expect([...lists]).toEqual([
      [LIST.parameter, { ok: true, value: [ANA] }],
      ['/gone', { ok: true, value: [] }],
    ]);
  });

  test.each<[string, Directory, string]>([
    ['is not declared', { people: [], lists: new Map() }, 'the workflow does not declare it'],
    [
      'cannot be read',
      { people: [ANA], lists: new Map([[LIST.parameter, { ok: false, problem: 'what was wrong' }]]) },
      'what was wrong',
    ],
    ['names a shared mailbox', knowing([BO, ANA], [{ ...ANA, shared: true }]), 'entry 2 is a shared mailbox'],
    ['begins with a shared mailbox', knowing([ANA, BO], [{ ...ANA, shared: true }]), 'entry 1 is a shared mailbox'],
  ])('cannot be read when it %s', (_, directory, problem) => {
    expect(withListed(policyWith([group(), OPERATIONS]), directory)).toEqual({
      ok: false,
      problem: expect.stringContaining(problem) as string,
    });
  });

  test.each<[string, readonly Person[], readonly Person[]]>([
    ['two addresses of one mailbox', [ANA, person('ana+shop@example.com')], [CY]],
    ['the other address of somebody who is declared', [person('cy+1@example.com')], [CY]],
    ['an alias of somebody who is declared', [person('cy.wong@example.com')], [{ ...CY, alsoKnownAs: ['cy.wong@*'] }]],
  ])('cannot be read when %s would be a quorum alone', (_, listed, people) => {
    const problem = 'lists: a list names somebody who is asked under another address already';
    expect(withListed(policyWith([group(), OPERATIONS]), knowing(listed, people))).toEqual({ ok: false, problem });
  });

  test('cannot be read when it names a delegate under another address, who would answer for two', () => {
    const policy = policyWith([group(), OPERATIONS]);
    const { people } = policy.rule as Extract<typeof policy.rule, { readonly kind: 'MANUAL' }>;
    const delegating = {
      ...policy,
      rule: { kind: 'MANUAL', people: { ...people, delegates: { [CY.id]: [DI.id] } } },
    } as const;
    const known = knowing([ANA, person('di+1@example.com')], [CY, DI]);

    expect(withListed(policy, known).ok).toBe(true);
    expect(withListed(delegating, known)).toEqual({
      ok: false,
      problem: 'lists: a list names somebody who is asked under another address already',
    });
    expect(withListed(delegating, knowing([ANA, DI], [CY, DI])).ok).toBe(true);
  });

  test('cannot be read when an alias is the address of somebody who has other aliases', () => {
    const known = [
      { ...CY, alsoKnownAs: ['di@example.com'] },
      { ...DI, alsoKnownAs: ['di-gh'] },
    ];
    expect(withListed(policyWith([group(), OPERATIONS]), knowing([DI], known)).ok).toBe(false);
  });

  test('asks nothing of people who are not asked, and leaves people who are named to the synth', () => {
    const twins = [ANA, person('ana+shop@example.com')];
    const named = { ...OPERATIONS, ids: twins.map(({ id }) => id) };
    expect(withListed(policyWith([group(), OPERATIONS]), knowing([ANA], [...twins, CY])).ok).toBe(true);
    expect(withListed(policyWith([group(), named]), knowing([BO], twins)).ok).toBe(true);
  });

  test('is that of a guest for as long as the guest has a vote', () => {
    const guest = { ...ANA, until: at(60) };
    const filled = withListed(policyWith([group()]), knowing([{ ...ANA, alsoKnownAs: [] }], [guest]));
    expect(filled.ok && filled.value.people).toEqual([guest]);
  });

  test('may hold two addresses of one person where one yes is enough', () => {
    expect(withListed(policyWith([group()]), knowing([ANA, person('ana+shop@example.com')])).ok).toBe(true);
  });

  test('cannot be read when it would ask more than a hundred people', () => {
    const many = Array.from({ length: 100 }, (_, n) => person(`p${n}@example.com`));
    expect(withListed(policyWith([group()]), knowing(many)).ok).toBe(true);
    expect(withListed(policyWith([group(), OPERATIONS]), knowing(many, [CY]))).toMatchObject({
      ok: false,
      problem: expect.stringContaining('101 people would be asked') as string,
    });
  });

  test('asks nobody later who is asked at first', () => {
    const escalation = (ids: readonly string[]) => ({ afterMinutes: 5, ids });
    const filledWith = (ids: readonly string[]) => {
      const filled = withListed(policyWith([group()], { escalation: escalation(ids) }), knowing([ANA, BO], [CY]));
      return filled.ok ? peopleOf(withoutThoseAsked(filled.value.policy).rule)?.escalation : 0;
    };

    expect(filledWith([BO.id, CY.id])).toEqual(escalation([CY.id]));
    expect(filledWith([BO.id])).toBeUndefined();
  });

  test('means nothing to a gate that asks nobody', () => {
    const policy = policyOf({ rule: ruleOf('AUTOMATED') });
    expect(withListed(policy, knowing([ANA]))).toMatchObject({ ok: true, value: { policy } });
    expect(asAsked(policy, runOf())).toBe(policy);
    expect(withoutThoseAsked(policy)).toBe(policy);
  });
});

test('lists that cannot be read hold nobody, and somebody in two lists is there once', () => {
  const lists = new Map([
    ['/a', { ok: true as const, value: [ANA, BO] }],
    ['/b', { ok: true as const, value: [BO, DI] }],
    ['/c', { ok: false as const, problem: 'wrong' }],
  ]);
  expect(everybodyIn({ people: [CY], lists })).toEqual([CY, ANA, BO, DI]);
});

describe('a request', () => {
  const fill = (listed: readonly Person[]) => {
    const filled = withListed(policyWith([group(), OPERATIONS]), knowing(listed, [CY]));
    return filled.ok ? filled.value.policy : policyOf();
  };
  const rule = (policy: ReturnType<typeof fill>) => (policy.rule.kind === 'MANUAL' ? policy.rule.people : peopleRule());
  const asked = (listed: readonly Person[]) => runOf({ listed: listedIn(rule(fill(listed))) ?? {}, invited: [] });

  test('does not mean who was put on its list since, nor who was removed', () => {
    const later = asAsked(fill([ANA, DI]), asked([ANA, BO]));

    expect(rule(later).groups.map(({ ids }) => ids)).toEqual([[ANA.id], [CY.id]]);
    expect(addedSince(fill([ANA, DI]), asked([ANA, BO]))).toBe(1);
    expect(addedSince(fill([ANA]), asked([ANA, BO]))).toBe(0);
  });

  test('does not let somebody fill a place of a list in which they did not stand, though they were asked for another group', () => {
    const later = asAsked(fill([ANA, CY]), { ...asked([ANA]), invited: [ANA.id, CY.id] });

    expect(rule(later).groups.map(({ ids }) => ids)).toEqual([[ANA.id], [CY.id]]);
  });

  test('that asked before there was a list means those of it whom it asked', () => {
    const later = asAsked(fill([ANA, DI]), runOf({ invited: [ANA.id, CY.id] }));

    expect(rule(later).groups[0]?.ids).toEqual([ANA.id]);
    expect(listedIn(peopleRule())).toBeUndefined();
    expect(addedSince(policyOf({ rule: ruleOf('AUTOMATED') }), runOf())).toBe(0);
  });

  test('whatever becomes of its list, counts those alone who stood there when it asked and still do', () => {
    const all = [ANA, BO, DI];
    const some = fc.subarray(all, { minLength: 1 });
    fc.assert(
      fc.property(some, some, (before, after) => {
        const run = { ...asked(before), invited: [...before, CY].map(({ id }) => id) };
        const policy = asAsked(fill(after), run);
        const votes = all.map((who) => voteOf(who, 'APPROVE', 1));
        const people = everybodyIn(knowing(after, [CY]));
        const { approvals } = countVotes(eligibility(run, rule(policy), people, at(1)), votes, run.deadline);

        const counted = approvals.map(({ person: { id } }) => id).sort();
        const right = all.filter((who) => before.includes(who) && after.includes(who)).map(({ id }) => id);
        expect(counted).toEqual(right.sort());
      }),
    );
  });
});
