import fc from 'fast-check';
import { parseSbom } from '../../../lambda/domain/sbom';

const read = (document: unknown) => parseSbom(JSON.stringify(document));
const cycloneDx = (...components: unknown[]) => read({ bomFormat: 'CycloneDX', specVersion: '1.6', components });
const spdx = (packages: unknown, more: object = {}) => read({ spdxVersion: 'SPDX-2.3', packages, ...more });

describe('CycloneDX', () => {
  test('says ids, names and expressions', () => {
    const licenses = [{ license: { id: 'MIT' } }, { license: { name: 'Own' } }, { expression: 'MIT OR ISC' }];

    expect(cycloneDx({ type: 'library', name: 'a', version: '1', licenses })).toEqual({
      ok: true,
      value: [
        { name: 'a', version: '1', licenses: [{ text: 'MIT' }, { text: 'Own', isName: true }, { text: 'MIT OR ISC' }] },
      ],
    });
  });

  test('may have an empty group and version, and blanks around a name', () => {
    expect(cycloneDx({ group: '', name: ' a ', version: '' }, { name: 'b', version: 2 })).toEqual({
      ok: true,
      value: [
        { name: 'a', licenses: [] },
        { name: 'b', licenses: [] },
      ],
    });
  });

  test('puts the group before the name, and components into each other', () => {
    expect(
      cycloneDx({
        type: 'application',
        name: 'app',
        components: [
          { type: 'file', name: 'x', components: [{ type: 'library', group: '@shop', name: 'b' }] },
          { type: 'operating-system', name: 'linux' },
          { type: 'file', name: 'jquery.js', licenses: [{ license: { id: 'MIT' } }] },
        ],
      }),
    ).toEqual({
      ok: true,
      value: [
        { name: 'app', licenses: [] },
        { name: '@shop/b', licenses: [] },
        { name: 'jquery.js', licenses: [{ text: 'MIT' }] },
      ],
    });
  });

  test('may list nothing', () => {
    expect(read({ bomFormat: 'CycloneDX' })).toEqual({ ok: true, value: [] });
  });
});

describe('SPDX 2', () => {
  test.each(['SPDX-2.0', 'SPDX-2.3', 'SPDX-2.10'])('is read as %s', (spdxVersion) => {
    expect(read({ spdxVersion, packages: [] }).ok).toBe(true);
  });

  test.each(['SPDX-3.0', 'SPDX-2.3-draft', 'X-SPDX-2.3', 'SPDX-2.'])('is not what calls itself %s', (spdxVersion) => {
    expect(read({ spdxVersion, packages: [] }).ok).toBe(false);
  });

  test('says what was concluded, else what is declared, and nothing by its words for nothing', () => {
    const of = (concluded?: string, declared?: string) => ({
      name: 'a',
      versionInfo: '2',
      licenseConcluded: concluded,
      licenseDeclared: declared,
    });

    expect(
      spdx([of('MIT', 'ISC'), of('NOASSERTION', 'ISC'), of(undefined, 'MIT'), of('NONE', 'NOASSERTION'), of()]),
    ).toMatchObject({
      ok: true,
      value: [
        { name: 'a', version: '2', licenses: [{ text: 'MIT' }] },
        { licenses: [{ text: 'ISC' }] },
        { licenses: [{ text: 'MIT' }] },
        { licenses: [] },
        { licenses: [] },
      ],
    });
  });

  test.each([
    { documentDescribes: ['SPDXRef-shop'] },
    {
      relationships: [
        { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: 'SPDXRef-shop' },
        { spdxElementId: 'SPDXRef-shop', relationshipType: 'DEPENDS_ON', relatedSpdxElement: 'SPDXRef-a' },
        { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'AMENDS', relatedSpdxElement: 'SPDXRef-a' },
        { spdxElementId: 'SPDXRef-shop', relationshipType: 'DESCRIBES', relatedSpdxElement: 'SPDXRef-a' },
      ],
    },
  ])('is about a product, which is no package of its own: %j', (more) => {
    const packages = [
      { SPDXID: 'SPDXRef-shop', name: 'shop' },
      { SPDXID: 'SPDXRef-a', name: 'a' },
    ];

    expect(spdx(packages, more)).toMatchObject({ ok: true, value: [{ name: 'a' }] });
  });
});

test.each([
  { documentDescribes: ['SPDXRef-a', 'SPDXRef-b'] },
  {
    documentDescribes: ['SPDXRef-a'],
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: 'SPDXRef-b' },
    ],
  },
])('of several packages that a document describes each one counts: %j', (more) => {
  const packages = [
    { SPDXID: 'SPDXRef-a', name: 'a' },
    { SPDXID: 'SPDXRef-b', name: 'b' },
  ];

  expect(spdx(packages, more)).toMatchObject({ ok: true, value: [{ name: 'a' }, { name: 'b' }] });
});

test('a package without an id is never taken for the product', () => {
  const more = { documentDescribes: [undefined, null], relationships: [] };
  const relationships = [{ spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES' }];

  expect(spdx([{ name: 'a' }], more)).toMatchObject({ value: [{ name: 'a' }] });
  expect(spdx([{ name: 'a' }], { relationships })).toMatchObject({ value: [{ name: 'a' }] });
});

type Unreadable = [what: string, text: string, problem: RegExp];

const cycloneDxs = (...rows: Unreadable[]) =>
  rows.map(([what, components, problem]): Unreadable => [
    what,
    `{"bomFormat":"CycloneDX","components":${components}}`,
    problem,
  ]);
const spdxs = (...rows: Unreadable[]) =>
  rows.map(([what, more, problem]): Unreadable => [what, `{"spdxVersion":"SPDX-2.3"${more}}`, problem]);

test.each<[string, unknown, RegExp]>([
  ['nothing', undefined, /not a text/],
  ['a text that is no JSON', '<bom/>', /not JSON/],
  ['a list', '[]', /^The software bill of materials cannot be read: `document` is not an object$/],
  ['another format', '{"spdxVersion":"SPDX-3.0"}', /neither CycloneDX nor SPDX 2/],
  ...cycloneDxs(
    ['components that are no list', '{}', /`components` is not a list/],
    ['a component that is none', '[1]', /`component` is not an object/],
    ['a component without a name', '[{}]', /the name of a component is no text/],
    ['a component with an empty name', '[{"name":" "}]', /the name of a component is no text/],
    ['licenses that are no list', '[{"name":"a","licenses":{}}]', /`licenses` is not a list/],
    ['licenses of a file that are no list', '[{"type":"file","name":"a","licenses":{}}]', /`licenses` is not a list/],
    ['a license that is none', '[{"name":"a","licenses":["MIT"]}]', /`license` is not an object/],
    ['a license that is a text', '[{"name":"a","licenses":[{"license":"MIT"}]}]', /`license` is not an object/],
    ['a license that is empty', '[{"name":"a","licenses":[{"license":{}}]}]', /the name of a license is no text/],
    ['an id that is a number', '[{"name":"a","licenses":[{"license":{"id":1}}]}]', /the id is no text/],
    ['an expression that is empty', '[{"name":"a","licenses":[{"expression":""}]}]', /the expression is no text/],
  ),
  ...spdxs(
    ['no packages', '', /`packages` is not a list/],
    ['a package that is none', ',"packages":[1]', /`package` is not an object/],
    ['a package without a name', ',"packages":[{}]', /the name of a package is no text/],
    ['a license that is a number', ',"packages":[{"name":"a","licenseDeclared":1}]', /the license is no text/],
    ['relationships that are no list', ',"packages":[],"relationships":{}', /`relationships` is not a list/],
    ['a relationship that is none', ',"packages":[],"relationships":[1]', /`relationship` is not an object/],
    ['a product that is no list', ',"packages":[],"documentDescribes":"a"', /`documentDescribes` is not a list/],
  ),
  [
    'components deep within each other',
    `{"bomFormat":"CycloneDX","components":${'[{"name":"a","components":'.repeat(30)}[]${'}]'.repeat(30)}}`,
    /within each other/,
  ],
])('%s cannot be read, and the problem says why', (_, text, problem) => {
  expect(parseSbom(text as string)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
});

test('components stand twenty deep within each other', () => {
  const nested = (deep: number) => `${'[{"name":"a","components":'.repeat(deep)}[]${'}]'.repeat(deep)}`;
  const isRead = (deep: number) => parseSbom(`{"bomFormat":"CycloneDX","components":${nested(deep)}}`).ok;

  expect(isRead(20)).toBe(true);
  expect(isRead(21)).toBe(false);
});

test('a document has at most twenty thousand packages', () => {
  const packages = (count: number) => spdx(Array.from({ length: count }, () => ({ name: 'a' })));

  expect(packages(20_000).ok).toBe(true);
  expect(packages(20_001)).toMatchObject({ ok: false, problem: expect.stringContaining('20000') });
});

test('whatever a document holds, reading it never throws', () => {
  fc.assert(
    fc.property(fc.json(), fc.jsonValue(), (text, value) => {
      expect(() => parseSbom(text)).not.toThrow();
      expect(() => cycloneDx(value)).not.toThrow();
      expect(() => spdx([value], { relationships: [value] })).not.toThrow();
    }),
  );
});
