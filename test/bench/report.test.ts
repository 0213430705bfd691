import { missed, page, table, type Section } from '../../bench/report';
import { atMost, number } from '../../bench/row';

const plain = { green: (text: string) => text, red: (text: string) => text, bold: (text: string) => text };

const sections: readonly Section[] = [
  {
    bench: { name: 'bake', title: 'a bake', run: () => Promise.resolve([]) },
    rows: [
      { what: 'price', ours: '$0.24', beside: 'a | b', goal: atMost(0.11, 0.24, '$0.11') },
      { what: 'reads', ours: number(2999), beside: '', goal: atMost(3000, 3000, '3,000') },
      { what: 'calls', ours: '12', beside: '' },
    ],
  },
];

test('a goal is met up to its limit, and what has none is neither met nor missed', () => {
  expect(missed(sections)).toBe(1);
  const lines = table(sections, plain).split('\n');
  expect(lines.find((line) => line.startsWith('price'))).toMatch(/≤ \$0\.11 +not met$/);
  expect(lines.find((line) => line.startsWith('reads'))).toMatch(/2,999 .*≤ 3,000 +met$/);
  expect(lines.find((line) => line.startsWith('calls'))).toBe('calls  12');
});

test('the page says when and how it was measured, and its tables survive any text', () => {
  const text = page(sections, '2026-11-24', 7);
  expect(text).toContain('Measured on 2026-11-24: ');
  expect(text).toContain(`Node.js ${process.version}`);
  expect(text).toContain('7 pairs');
  expect(text).toContain('| price | $0.24 | a \\| b | ≤ $0.11 | not met |');
});
