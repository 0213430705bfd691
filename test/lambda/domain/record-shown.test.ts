import fc from 'fast-check';
import type { ShownBeside } from '../../../contract/record';
import { recordedShown, shownUnder } from '../../../lambda/domain/record-shown';
import { ANA, voteOf } from '../samples';

const changeSet = fc.record({
  stack: fc.constantFrom('shop', 'cart'),
  name: fc.constant('release'),
  id: fc.constantFrom('arn:1', 'arn:2'),
  says: fc.constantFrom('1 added', '1 removed'),
});
const beside: fc.Arbitrary<ShownBeside> = fc.record(
  {
    newerRunWaiting: fc.boolean(),
    verdicts: fc.constantFrom([], [['errors', 'PASS'] as const]),
    changeSets: fc.array(changeSet, { maxLength: 4 }),
  },
  { requiredKeys: ['newerRunWaiting', 'verdicts'] },
);

const voteFor = (evidence: string, shown?: ShownBeside) =>
  voteOf(ANA, 'APPROVE', 60, { evidence, ...(shown === undefined ? {} : { shown }) });

test('everybody who answered finds what they were shown, and each change set is kept once', () => {
  fc.assert(
    fc.property(fc.array(beside, { maxLength: 8 }), (all) => {
      const evidence = (shown: ShownBeside) => JSON.stringify(shown);
      const recorded = recordedShown(all.map((shown) => voteFor(evidence(shown), shown)));

      for (const shown of all) {
        expect(shownUnder(evidence(shown), recorded)).toEqual(shown);
      }
      const different = new Set(all.flatMap(({ changeSets = [] }) => changeSets.map((one) => JSON.stringify(one))));
      expect(recorded.changeSets).toHaveLength(different.size);
    }),
  );
});

test('what was never shown is found by nobody, whatever its name', () => {
  const recorded = recordedShown([voteFor('a'), voteFor('b', { newerRunWaiting: false, verdicts: [] })]);

  expect(Object.keys(recorded.shown)).toEqual(['b']);
  for (const evidence of ['a', 'constructor', '__proto__']) {
    expect(shownUnder(evidence, recorded)).toBeUndefined();
  }
});
