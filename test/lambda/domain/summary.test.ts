import fc from 'fast-check';
import { summaryOf } from '../../../lambda/domain/summary';

test('a summary joins what there is to say', () => {
  expect(summaryOf('Approved by Ana.', undefined, ' ', 'looks\ngood.')).toBe('Approved by Ana. looks good');
  expect(summaryOf()).toBe('No reason given');
  expect(summaryOf('', undefined)).toBe('No reason given');
});

test('a summary is one line of at most 512 units, without characters that hide or reorder', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 700 }), { maxLength: 3 }), (parts) => {
      const text = summaryOf(...parts);
      expect(text.length).toBeGreaterThan(0);
      expect(text.length).toBeLessThanOrEqual(512);
      expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b]/);
      expect(Buffer.from(text).toString()).toBe(text);
    }),
  );
});
