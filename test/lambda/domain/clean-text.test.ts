import fc from 'fast-check';
import { cleanAscii, cleanLines, cleanText } from '../../../lambda/domain/clean-text';

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\u061c]/;

describe('one line', () => {
  test.each([
    ['line\r\nbreak', 'line break'],
    ['\u202eevil\u2066', 'evil'],
    ['a\u0000b\u001b[31mc', 'a b [31mc'],
    ['e\u0301\u0301\u0301\u0301\u0301\u0301x', 'e\u0301\u0301\u0301x'],
    ['half \ud800 pair', 'half pair'],
    ['👩‍💻 ok', '👩‍💻 ok'],
    ['  a \t  b  ', 'a b'],
    ['  ', ''],
  ])('%j becomes %j', (from, to) => {
    expect(cleanText(from, 100)).toBe(to);
  });

  test.each([
    [5, 'abcde', 'abcde'],
    [4, 'abcde', 'abc…'],
    [4, 'ab cde', 'ab…'],
    [1, 'abcde', '…'],
    [0, 'abcde', ''],
    [4, 'ab💥de', 'ab…'],
    [5, 'a💥💥b', 'a💥…'],
  ])('of %d characters: %j becomes %j', (max, from, to) => {
    expect(cleanText(from, max)).toBe(to);
  });

  test('of a text of any length is cut before it is cleaned', () => {
    // What is invisible uses up what is read: 8 times the limit, and 256.
    expect(cleanText(`${'\u200b'.repeat(10 * 8 + 255)}ab`, 10)).toBe('a');
    expect(cleanText(`${'\u200b'.repeat(10 * 8 + 256)}ab`, 10)).toBe('');
  });
});

describe('several lines', () => {
  test.each([
    ['a\r\nb\nc\rd\u2028e\u2029f', 'a\nb\nc\nd\ne\nf'],
    ['  a  b \n\t c\u0000d ', 'a b\nc d'],
    ['a\n\nb', 'a\n\nb'],
    ['a\n\n\n\nb', 'a\n\nb'],
    ['\n\n a', 'a'],
    ['a\n \n', 'a'],
    ['a\n\u202e\nb', 'a\n\nb'],
  ])('%j becomes %j', (from, to) => {
    expect(cleanLines(from, 100)).toBe(to);
  });

  test('are so many at most', () => {
    expect(cleanLines('a\nb\nc', 100, 2)).toBe('a\nb');
    expect(cleanLines('a\n'.repeat(30), 100).split('\n')).toHaveLength(20);
  });

  test('are so long at most, together', () => {
    expect(cleanLines('abc\ndef', 7)).toBe('abc\ndef');
    expect(cleanLines('abc\ndef', 6)).toBe('abc\nd…');
  });
});

describe('printable ASCII', () => {
  test.each([
    ['Größe', 'Groe'],
    ['café ﬁne', 'cafe fine'],
    ['a — b', 'a b'],
    [' 💥 a', 'a'],
    ['日本', ''],
  ])('%j becomes %j', (from, to) => {
    expect(cleanAscii(from, 100)).toBe(to);
  });

  test.each([
    [6, 'abcdef', 'abcdef'],
    [6, 'abcdefg', 'abc...'],
    [6, 'ab cdefg', 'ab...'],
    [3, 'abcdef', '...'],
    [2, 'abcdef', '..'],
  ])('of %d characters: %j becomes %j', (max, from, to) => {
    expect(cleanAscii(from, max)).toBe(to);
  });
});

test('whatever somebody writes is bounded, stays as it is once it is clean, and never ends in half a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.integer({ min: 1, max: 60 }), (text, max) => {
      const clean = cleanText(text, max);
      expect(clean.length).toBeLessThanOrEqual(max);
      expect(clean).not.toMatch(CONTROL);
      expect(clean).not.toMatch(/\n/);
      expect(cleanText(clean, max)).toBe(clean);
      expect(cleanAscii(text, max)).toMatch(new RegExp(`^[\\x20-\\x7e]{0,${max}}$`));
      expect(cleanLines(text, max).split('\n').length).toBeLessThanOrEqual(20);
    }),
  );
});
