import fc from 'fast-check';
import { decisionText, type Verdict } from '../../../lambda/domain/records';
import {
  hasKey,
  newSeed,
  publicKeyOf,
  requestIdOf,
  sameNumber,
  shownNumber,
  signText,
  verifyText,
} from '../../../lambda/signing/link-key';

const seed = newSeed();
const key = publicKeyOf(seed);

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const decision = fc.record({
  request: hex(32),
  approver: hex(12),
  verdict: fc.constantFrom<Verdict>('APPROVE', 'REJECT', 'WRONG_NUMBER', 'REVOKE'),
  comment: fc.string({ unit: 'binary' }),
  evidence: hex(64),
  seq: fc.nat(),
});

test('a signature is good for the decision it was made for, and for no other', () => {
  fc.assert(
    fc.property(decision, decision, (signed, other) => {
      const sig = signText(seed, decisionText(signed));
      expect(verifyText(key, decisionText(signed), sig)).toBe(true);
      for (const field of Object.keys(signed) as (keyof typeof signed)[]) {
        if (signed[field] !== other[field]) {
          expect(verifyText(key, decisionText({ ...signed, [field]: other[field] }), sig)).toBe(false);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('no text of one decision is that of another', () => {
  fc.assert(
    fc.property(decision, decision, (a, b) => {
      expect(decisionText(a) === decisionText(b)).toBe(
        JSON.stringify(Object.values(a)) === JSON.stringify(Object.values(b)),
      );
    }),
  );
});

test('junk is refused and throws nothing', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (publicKey, text, sig) => {
      expect(verifyText(publicKey, text, sig)).toBe(false);
      expect(verifyText(key, text, sig)).toBe(false);
    }),
  );
});

test('another seed signs nothing for this link', () => {
  expect(verifyText(key, 'text', signText(newSeed(), 'text'))).toBe(false);
  expect(hasKey([publicKeyOf(newSeed()), key], key)).toBe(true);
  expect(hasKey([publicKeyOf(newSeed())], key)).toBe(false);
});

test('the shown number belongs to link, evidence and length', () => {
  const number = shownNumber(seed, 'e', 8);

  expect(number).toMatch(/^\d{8}$/);
  expect(shownNumber(seed, 'e', 8)).toBe(number);
  expect(shownNumber(seed, 'f', 8)).not.toBe(number);
  expect(shownNumber(newSeed(), 'e', 8)).not.toBe(number);
  expect(sameNumber(number, number)).toBe(true);
  expect(sameNumber('', number)).toBe(false);
});

test('a request id depends on every part, whatever separators the names hold', () => {
  expect(requestIdOf('a', 'b', 'c', 't')).toMatch(/^[0-9a-f]{32}$/);
  expect(requestIdOf('a', 'b', 'c', 't')).not.toBe(requestIdOf('a', 'b', 'c', 'u'));
  expect(requestIdOf('a-b', 'c', 'd', 't')).not.toBe(requestIdOf('a', 'b-c', 'd', 't'));
});
