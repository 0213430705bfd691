import fc from 'fast-check';
import { decisionText, type Submission } from '../../../lambda/domain/vote';
import {
  approverIdOf,
  hasKey,
  newSeed,
  publicKeyOf,
  requestIdOf,
  runKeyOf,
  sameNumber,
  sessionIdOf,
  sha256,
  shownNumber,
  signText,
  verifyText,
} from '../../../lambda/signing/link-key';

const seed = newSeed();
const key = publicKeyOf(seed);

test('the id of an approver is of the address, however it is written', () => {
  expect(approverIdOf('Ana@Example.com')).toBe(sha256('ana@example.com').slice(0, 12));
});

test('the id of a session is a part of the hash of its key', () => {
  expect(sessionIdOf(key)).toBe(sha256(key).slice(0, 32));
});

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const decision = fc.record({
  request: hex(32),
  approver: hex(12),
  verdict: fc.constantFrom<Submission>('APPROVE', 'REJECT', 'WRONG_NUMBER', 'REVOKE'),
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

/** Every spelling of the same bytes: the last character of a base64url text carries bits that do not count. */
function spellings(text: string): readonly string[] {
  const bytes = Buffer.from(text, 'base64url');
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return [...letters]
    .map((letter) => `${text.slice(0, -1)}${letter}`)
    .filter((other) => Buffer.from(other, 'base64url').equals(bytes));
}

describe('one signature has one spelling', () => {
  const sig = signText(seed, 'text');
  const standard = (text: string) => text.replace(/-/g, '+').replace(/_/g, '/');

  test('of the sixteen spellings of a signature, and the four of a key, the one that we write is good', () => {
    expect(spellings(sig)).toHaveLength(16);
    expect(spellings(sig).filter((other) => verifyText(key, 'text', other))).toEqual([sig]);
    expect(spellings(key)).toHaveLength(4);
    expect(spellings(key).filter((other) => verifyText(other, 'text', sig))).toEqual([key]);
  });

  test.each([
    ['padding', (text: string) => `${text}==`],
    ['a space', (text: string) => `${text} `],
    ['a line break within', (text: string) => `${text.slice(0, 40)}\n${text.slice(40)}`],
    ['a byte more', (text: string) => `${text}AAAA`],
    ['a byte less', (text: string) => text.slice(0, -2)],
  ])('with %s it is refused', (_, respelled) => {
    expect(verifyText(key, 'text', respelled(sig))).toBe(false);
    expect(verifyText(respelled(key), 'text', sig)).toBe(false);
  });

  test('in the other alphabet of base64 it is refused', () => {
    const odd = Array.from({ length: 50 }, (_, n) => signText(seed, `${n}`)).findIndex((text) => /[-_]/.test(text));

    expect(verifyText(key, `${odd}`, signText(seed, `${odd}`))).toBe(true);
    expect(verifyText(key, `${odd}`, standard(signText(seed, `${odd}`)))).toBe(false);
  });

  test('decisions are written in the spelling that their reader takes', () => {
    fc.assert(fc.property(fc.string(), (text) => /^[A-Za-z0-9_-]{85}[AQgw]$/.test(signText(newSeed(), text))));
  });
});

test('a public key is the same only when all of it is', () => {
  const bytes = Buffer.from(key, 'base64url');
  const differingAt = (index: number) => {
    const other = Buffer.from(bytes);
    other[index] = (other[index] ?? 0) ^ 1;
    return other.toString('base64url');
  };

  expect(hasKey([key], key)).toBe(true);
  expect(hasKey([], key)).toBe(false);
  for (let index = 0; index < 32; index += 1) {
    expect(hasKey([differingAt(index)], key)).toBe(false);
  }
  expect(hasKey([key.slice(0, 11), `${key}A`, ''], key)).toBe(false);
  expect(hasKey([key, differingAt(31)], key)).toBe(true);
  expect(hasKey([differingAt(31), key], key)).toBe(true);
});

test('a seed is 32 random bytes, in the form that links take', () => {
  const seeds = Array.from({ length: 20 }, newSeed);

  expect(new Set(seeds).size).toBe(20);
  expect(seeds.every((text) => /^[A-Za-z0-9_-]{43}$/.test(text))).toBe(true);
});

test('keys and signatures are those of RFC 8032', () => {
  // https://www.rfc-editor.org/rfc/rfc8032#section-7.1, test 1
  const secret = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex').toString(
    'base64url',
  );

  expect(Buffer.from(publicKeyOf(secret), 'base64url').toString('hex')).toBe(
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  );
  expect(Buffer.from(signText(secret, ''), 'base64url').toString('hex')).toBe(
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
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

test('a shown number has the digits that were asked for, with zeros in front', () => {
  const numbers = Array.from({ length: 200 }, (_, n) => shownNumber(seed, `${n}`, 4));

  expect(numbers.every((number) => /^\d{4}$/.test(number))).toBe(true);
  expect(numbers.some((number) => number.startsWith('0'))).toBe(true);
  expect(new Set(numbers).size).toBeGreaterThan(180);
});

test('a shown number is another one for another length, and for a secret that is not ours to know', () => {
  const fixed = Buffer.alloc(32, 7).toString('base64url');

  expect([4, 6, 8].map((digits) => shownNumber(fixed, 'evidence', digits))).toEqual(['6610', '952925', '01921444']);
});

test('a typed number is compared whole', () => {
  expect(sameNumber('1234', '1234')).toBe(true);
  expect(sameNumber('1234', '1235')).toBe(false);
  expect(sameNumber('123', '1234')).toBe(false);
});

test('hashes are of the text in UTF-8', () => {
  expect(sha256('é')).toBe('4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c');
});

test('the key of a run depends on every part, and is no request id', () => {
  const all = [
    runKeyOf('a', 'b', 'c', 'e'),
    runKeyOf('x', 'b', 'c', 'e'),
    runKeyOf('a', 'x', 'c', 'e'),
    runKeyOf('a', 'b', 'x', 'e'),
    runKeyOf('a', 'b', 'c', 'x'),
  ];

  expect(new Set(all).size).toBe(5);
  expect(all.every((text) => /^run#[0-9a-f]{32}$/.test(text))).toBe(true);
});

test('a request id depends on every part, whatever separators the names hold', () => {
  expect(requestIdOf('a', 'b', 'c', 't')).toMatch(/^[0-9a-f]{32}$/);
  expect(requestIdOf('a', 'b', 'c', 't')).not.toBe(requestIdOf('a', 'b', 'c', 'u'));
  expect(requestIdOf('a-b', 'c', 'd', 't')).not.toBe(requestIdOf('a', 'b-c', 'd', 't'));
});
