import { Lazy } from 'aws-cdk-lib';
import { Approver, ApproverGroup, Approvers, Mail } from '../../../lib/approval';

const token = Lazy.string({ produce: () => 'ana@example.com' });

describe('addresses', () => {
  test.each([
    'ana@example.com',
    "o'hara+gates@mail.example.co.uk",
    `${'a'.repeat(64)}@example.com`,
    'a@xn--bcher-kva.example',
  ])('takes %s', (mail) => {
    expect(Approver.person(mail).mail).toBe(mail);
  });

  test.each([
    '',
    'ana',
    '@example.com',
    'ana@',
    'ana@localhost',
    'ana@example..com',
    '.ana@example.com',
    'ana.@example.com',
    'a..na@example.com',
    'ana bo@example.com',
    'Ana <ana@example.com>',
    'ana@example.com,bo@example.com',
    'ana@exam ple.com',
    'ana@example.com\n',
    'änä@example.com',
    '*@example.com',
    'ana*@example.com',
    'ana@-example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}.${'e'.repeat(63)}.com`,
  ])('fails for %j', (mail) => {
    expect(() => Approver.person(mail)).toThrow(
      /`mail` is '.*', but must be an email address that can be asked: give one like/s,
    );
  });

  test('fails for a token, which nothing could be made of at synth', () => {
    expect(() => Approver.person(token)).toThrow(/`mail` is a token.*give a literal text/);
    expect(() => Approver.sharedMailbox(token, { name: 'On call' })).toThrow(/`mail` is a token/);
    expect(() => Approvers.emails('bo@example.com', token)).toThrow(/`mail` is a token/);
  });

  test('gives one address one id, whatever its case', () => {
    expect(Approver.person('Ana@Example.com').approverId).toBe(Approver.person('ana@example.com').approverId);
    expect(Approver.person('ana@example.com').approverId).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe('guests', () => {
  const guest = (until: string) => Approver.guest('ana@customer.example', { name: 'Ana', until });

  test.each([
    ['2026-12-24', '2026-12-25T00:00:00.000Z'],
    ['2028-02-29', '2028-03-01T00:00:00.000Z'],
    ['2026-12-24T18:00Z', '2026-12-24T18:00:00.000Z'],
    ['2026-12-24T18:00:30+01:00', '2026-12-24T17:00:30.000Z'],
  ])('have a vote until %s, which is %s', (until, expected) => {
    expect(guest(until)).toMatchObject({ until: expected, name: 'Ana', shared: false });
    expect(Approver.person('ana@customer.example').until).toBeUndefined();
  });

  test.each([
    '',
    'tomorrow',
    '24.12.2026',
    '2026-02-30',
    '2026-13-01',
    '2026-12-24T18:00',
    '2026-12-24T25:00Z',
    '2026',
  ])('fail for the end %j', (until) => {
    expect(() => guest(until)).toThrow(/`until` is '.*', but must be a day or a time with its offset: write it like/);
  });

  test('fail for a token', () => {
    expect(() => guest(token)).toThrow(/`until` is a token/);
  });

  test('may have further names', () => {
    const ana = Approver.guest('ana@customer.example', { until: '2026-12-24', alsoKnownAs: ['ana-gh'] });

    expect(ana.alsoKnownAs).toEqual(['ana-gh']);
  });
});

describe('names and aliases', () => {
  test.each(['A', 'x'.repeat(64)])('takes the name %j', (name) => {
    expect(Approver.person('ana@example.com', { name }).name).toBe(name);
  });

  test.each(['', '   ', 'x'.repeat(65), 'Ana\nBcc: all', 'Ana\u202e', token])('fails for the name %j', (name) => {
    expect(() => Approver.person('ana@example.com', { name })).toThrow(/`name` is/);
  });

  test.each(['abc', '*abc*', '*/assumed-role/Release/ana', 'x'.repeat(256)])('takes the alias %j', (alias) => {
    expect(Approver.person('ana@example.com', { alsoKnownAs: [alias] }).alsoKnownAs).toEqual([alias]);
  });

  test.each([
    '',
    'ab',
    '*',
    '***',
    '**a*b',
    'x'.repeat(257),
    'ana\tgh',
    'arn:*',
    'arn:aws:sts::*:assumed-role/*',
    '*/assumed-role/*',
    token,
  ])('fails for the alias %j', (alias) => {
    expect(() => Approver.person('ana@example.com', { alsoKnownAs: [alias] })).toThrow(/`alsoKnownAs`/);
  });

  test('takes twenty aliases and not one more', () => {
    const aliases = Array.from({ length: 21 }, (_, n) => `alias-${n}`);
    expect(Approver.person('ana@example.com', { alsoKnownAs: aliases.slice(1) }).alsoKnownAs).toHaveLength(20);
    expect(() => Approver.person('ana@example.com', { alsoKnownAs: aliases })).toThrow(/at most 20/);
  });

  test('keeps its aliases to itself', () => {
    const ana = Approver.person('ana@example.com', { alsoKnownAs: ['ana-gh'] });
    ana.alsoKnownAs.push('*everybody*');
    expect(ana.alsoKnownAs).toEqual(['ana-gh']);
  });
});

describe('quorums', () => {
  const [ana, bo, cy] = ['ana', 'bo', 'cy'].map((name) => Approver.person(`${name}@example.com`));
  const [ops, web] = ['ops', 'web'].map((name) => Approver.sharedMailbox(`${name}@example.com`, { name }));

  test.each([1, 2, 3])('takes %d of three', (count) => {
    expect(Approvers.atLeast(count, ana!, bo!, cy!).quorum).toBe(count);
  });

  test.each([0, -1, 4, 1.5, NaN, Infinity])('fails for %d of three', (count) => {
    expect(() => Approvers.atLeast(count, ana!, bo!, cy!)).toThrow(/`count` is .* from 1 to 3/);
  });

  test('fails for a quorum that is a token', () => {
    expect(() => Approvers.atLeast(Lazy.number({ produce: () => 2 }), ana!, bo!)).toThrow(/`count` is a token/);
  });

  test('fails without anybody, and with too many', () => {
    const many = Array.from({ length: 101 }, (_, n) => `a${n}@example.com`);
    expect(() => Approvers.emails()).toThrow(/`approvers` is empty/);
    expect(() => Approvers.anyOf()).toThrow(/`approvers` is empty/);
    expect(Approvers.emails(...many.slice(1)).members).toHaveLength(100);
    expect(() => Approvers.emails(...many)).toThrow(/at most 100/);
  });

  test('fails for the same address twice: it has one vote', () => {
    expect(() => Approvers.emails('ana@example.com', 'ANA@example.com')).toThrow(/names 'ANA@example.com' twice/);
    expect(() => Approvers.atLeast(2, ana!, ana!)).toThrow(/twice/);
  });

  test('fails for a quorum that one reader of two shared mailboxes could be', () => {
    expect(() => Approvers.atLeast(2, ops!, web!)).toThrow(
      /'ops@example.com' and 'web@example.com' are shared mailboxes/,
    );
    expect(() => Approvers.atLeast(2, ops!, web!, ana!)).toThrow(/shared mailboxes/);
    expect(Approvers.atLeast(2, ops!, ana!).quorum).toBe(2);
    expect(Approvers.anyOf(ops!, web!).quorum).toBe(1);
  });

  test('fails for a quorum that one person could be under two addresses', () => {
    const two = (options: object) => () =>
      Approvers.atLeast(2, Approver.person('ana@example.com', options), Approver.person('Ana.Lyst@corp.example'), bo!);

    expect(two({ alsoKnownAs: ['ana-gh'] })().quorum).toBe(2);
    expect(two({ alsoKnownAs: ['ana.lyst@corp.example'] })).toThrow(/are one person by `alsoKnownAs`/);
    expect(two({ alsoKnownAs: ['*@corp.example'] })).toThrow(/are one person by `alsoKnownAs`/);
    const tagged = Approver.person('ANA+shop@example.com');
    expect(() => Approvers.atLeast(2, bo!, ana!, tagged)).toThrow(
      /'ana@example.com' and 'ANA\+shop@example.com' are one mailbox/,
    );
    expect(Approvers.anyOf(ana!, tagged).quorum).toBe(1);
  });

  test.each([
    [['ana-gh'], ['bo-gh', 'Ana-GH']],
    [['*/assumed-role/Release/*'], ['arn:aws:sts::111111111111:assumed-role/Release/bo']],
    [['*/assumed-role/Release/*'], ['*/assumed-role/Release/*']],
  ])('fails for a quorum of two who share a name: %j and %j', (one, other) => {
    const two = () =>
      Approvers.atLeast(
        2,
        Approver.person('ana@example.com', { alsoKnownAs: one }),
        Approver.person('bo@example.com', { alsoKnownAs: other }),
      );
    expect(two).toThrow(/'ana@example.com' and 'bo@example.com' are one person by `alsoKnownAs`/);
  });

  test('allOf takes everybody, by the rules of a quorum', () => {
    const all = Approvers.allOf(ana!, bo!, cy!);
    expect([all.quorum, all.members]).toEqual([3, [ana, bo, cy]]);
    expect(Approvers.allOf(ana!).quorum).toBe(1);
    expect(() => Approvers.allOf()).toThrow(/`approvers` is empty/);
    expect(() => Approvers.allOf(ana!, ana!)).toThrow(/twice/);
    expect(() => Approvers.allOf(ops!, web!)).toThrow(/shared mailboxes/);
  });

  test('emails and anyOf take any one', () => {
    expect(Approvers.emails('ana@example.com', 'bo@example.com').quorum).toBe(1);
    expect(Approvers.anyOf(ana!, bo!).members).toEqual([ana, bo]);
  });
});

describe('groups', () => {
  const [ana, bo, cy, di] = ['ana', 'bo', 'cy', 'di'].map((name) => Approver.person(`${name}@example.com`)) as [
    Approver,
    Approver,
    Approver,
    Approver,
  ];
  const security = ApproverGroup.anyOf('Security', ana, bo);

  test('take as many people as all of them together, and name everybody once', () => {
    const both = Approvers.allGroups(security, ApproverGroup.atLeast('Operations', 2, bo, cy, di));

    expect(both.quorum).toBe(3);
    expect(both.members).toEqual([ana, bo, cy, di]);
  });

  test('take some, one or all of their members', () => {
    const all = [security, ApproverGroup.atLeast('Operations', 2, ana, bo, cy), ApproverGroup.allOf('Board', cy, di)];

    expect(all.map(({ name, quorum, members }) => [name, quorum, members.length])).toEqual([
      ['Security', 1, 2],
      ['Operations', 2, 3],
      ['Board', 2, 2],
    ]);
    security.members.push(di);
    expect(security.members).toEqual([ana, bo]);
  });

  test.each<[string, () => unknown, RegExp]>([
    ['nobody', () => ApproverGroup.anyOf('Security'), /group 'Security' is empty: name at least one/],
    ['the same address twice', () => ApproverGroup.anyOf('A', ana, ana), /group 'A' names 'ana@example.com' twice/],
    ['more than its members', () => ApproverGroup.atLeast('A', 3, ana, bo), /`count` is 3, but .* from 1 to 2/],
    ['less than one', () => ApproverGroup.atLeast('A', 0, ana, bo), /`count` is 0/],
    ['a quorum that is a token', () => ApproverGroup.atLeast('A', Lazy.number({ produce: () => 1 }), ana), /a token/],
    ['a name that is a token', () => ApproverGroup.anyOf(token, ana), /`name` is a token, but the name of a group/],
    ['no name', () => ApproverGroup.anyOf(' ', ana), /`name` is ' ', but must be 1 to 64 characters/],
    ['a long name', () => ApproverGroup.anyOf('x'.repeat(65), ana), /1 to 64 characters/],
    ['a name of two lines', () => ApproverGroup.anyOf('A\nB', ana), /without control characters/],
  ])('fail for %s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test.each<[string, () => unknown, RegExp]>([
    ['no group', () => Approvers.allGroups(), /has 0 groups, but takes 1 to 10/],
    [
      'too many groups',
      () => Approvers.allGroups(...Array.from({ length: 11 }, (_, n) => ApproverGroup.anyOf(`Group ${n}`, ana))),
      /has 11 groups, but takes 1 to 10/,
    ],
    [
      'two groups of one name',
      () => Approvers.allGroups(security, ApproverGroup.anyOf(' SECURITY', cy)),
      /two groups are called ' SECURITY', and nobody could tell them apart/,
    ],
    [
      'two groups that only one person could fill',
      () => Approvers.allGroups(ApproverGroup.anyOf('A', ana), ApproverGroup.anyOf('B', ana)),
      /group 'B' needs 1, but only 0 of its members do not count for another group, and each person counts once/,
    ],
    [
      'three groups that two people would have to fill',
      () =>
        Approvers.allGroups(
          ApproverGroup.anyOf('A', ana, bo),
          ApproverGroup.anyOf('B', bo, ana),
          ApproverGroup.anyOf('C', ana, bo),
        ),
      /group 'C' needs 1/,
    ],
    [
      'more people than mail, pages and summaries hold',
      () => {
        const many = Array.from({ length: 101 }, (_, n) => Approver.person(`a${n}@example.com`));
        return Approvers.allGroups(
          ApproverGroup.anyOf('A', ...many.slice(0, 51)),
          ApproverGroup.anyOf('B', ...many.slice(51)),
        );
      },
      /has 101 members, but a gate asks at most 100/,
    ],
    [
      'two shared mailboxes, which one reader could answer for',
      () => {
        const [ops, web] = ['ops', 'web'].map((name) => Approver.sharedMailbox(`${name}@example.com`, { name }));
        return Approvers.allGroups(ApproverGroup.anyOf('A', ops!), ApproverGroup.anyOf('B', web!));
      },
      /'ops@example.com' and 'web@example.com' are shared mailboxes/,
    ],
    [
      'one person under two addresses',
      () =>
        Approvers.allGroups(security, ApproverGroup.anyOf('Operations', Approver.person('ana+ops@example.com'), cy)),
      /'ana@example.com' and 'ana\+ops@example.com' are one mailbox/,
    ],
  ])('fail together for %s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test('may share people, as long as enough are left for each', () => {
    const [a, b, c] = ['A', 'B', 'C'].map(
      (name) =>
        (...of: Approver[]) =>
          ApproverGroup.anyOf(name, ...of),
    );

    expect(Approvers.allGroups(a!(ana, bo), b!(ana, cy), c!(ana)).quorum).toBe(3);
  });
});

describe('mail', () => {
  test.each(['', 'releases', 'Releases <releases@example.com>', 'a@b', token])('fails for the sender %j', (from) => {
    expect(() => Mail.ses({ from })).toThrow(/`from` is/);
  });
});

describe('callers without a type checker', () => {
  type Loose = Record<string, (...given: unknown[]) => unknown>;
  const loose = (of: unknown) => of as Loose;
  const [approver, approvers, group, mail] = [loose(Approver), loose(Approvers), loose(ApproverGroup), loose(Mail)];

  test.each<[string, () => unknown, RegExp]>([
    ['Mail.ses()', () => mail.ses!(), /`Mail.ses` has nothing for its options/],
    ["Mail.ses('x')", () => mail.ses!('x@example.com'), /`Mail.ses` has "x@example.com" for its options/],
    ['Mail.ses({})', () => mail.ses!({}), /`from` is nothing/],
    [
      "sharedMailbox('x')",
      () => approver.sharedMailbox!('x@example.com'),
      /`Approver.sharedMailbox` has nothing for its options/,
    ],
    ['sharedMailbox without a name', () => approver.sharedMailbox!('x@example.com', {}), /`name` is nothing/],
    ['guest without options', () => approver.guest!('x@example.com'), /`Approver.guest` has nothing for its options/],
    ['guest without an end', () => approver.guest!('x@example.com', {}), /`until` is nothing/],
    ['person()', () => approver.person!(), /`mail` is nothing/],
    ['person(1)', () => approver.person!(1), /`mail` is 1/],
    [
      'an alias that is no list',
      () => approver.person!('x@example.com', { alsoKnownAs: 'x-gh' }),
      /`alsoKnownAs` is "x-gh"/,
    ],
    ['an alias that is no text', () => approver.person!('x@example.com', { alsoKnownAs: [7] }), /`alsoKnownAs` is 7/],
    ['anyOf(address)', () => approvers.anyOf!('x@example.com'), /`approvers` holds "x@example.com".*Approvers.emails/],
    [
      'allGroups(approver)',
      () => approvers.allGroups!(Approver.person('x@example.com')),
      /but takes groups: make them/,
    ],
    ['a group of addresses', () => group.anyOf!('A', 'x@example.com'), /group 'A' holds "x@example.com"/],
    ['a group without a name', () => group.anyOf!(undefined), /`name` is nothing/],
    ['emails(undefined)', () => approvers.emails!(undefined), /`mail` is nothing/],
  ])('are told what is wrong: %s', (_, call, message) => {
    expect(call).toThrow(message);
    expect(call).toThrow(expect.objectContaining({ code: 'WrongType' }));
  });
});
