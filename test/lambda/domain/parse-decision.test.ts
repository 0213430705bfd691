import fc from 'fast-check';
import { parseDecision } from '../../../lambda/domain/parse-decision';
import { sha256, signText, newSeed } from '../../../lambda/signing/link-key';
import { ANA, EVIDENCE, REQUEST } from '../samples';

const SIG = signText(newSeed(), 'text');
const ROW = {
  pk: REQUEST,
  sk: `${ANA.id}#${sha256(SIG)}`,
  verdict: 'APPROVE',
  comment: '',
  evidence: EVIDENCE,
  seq: 1,
  at: 'what the row says itself',
  sig: SIG,
  ttl: 1,
};

test('a row of the right form is a decision; the time that it names itself is not believed', () => {
  expect(parseDecision(ROW)).toEqual({
    ok: true,
    value: {
      request: REQUEST,
      approver: ANA.id,
      sigHash: sha256(SIG),
      verdict: 'APPROVE',
      comment: '',
      evidence: EVIDENCE,
      seq: 1,
      sig: SIG,
    },
  });
});

test.each(['APPROVE', 'REJECT', 'WRONG_NUMBER', 'REVOKE'])('%s can be submitted', (verdict) => {
  expect(parseDecision({ ...ROW, verdict }).ok).toBe(true);
});

test.each(['BREAK_GLASS', 'REVIEWED'])('%s needs a word about why', (verdict) => {
  const refused = { ok: false, problem: expect.stringContaining('`comment` is empty') as string };

  expect(parseDecision({ ...ROW, verdict })).toEqual(refused);
  expect(parseDecision({ ...ROW, verdict, comment: ' \n' })).toEqual(refused);
  expect(parseDecision({ ...ROW, verdict, comment: 'Checkout is down' })).toMatchObject({
    ok: true,
    value: { verdict },
  });
});

test.each<[string, object]>([
  ['pk', { pk: 'x' }],
  ['pk', { pk: REQUEST.toUpperCase() }],
  ['sk', { sk: ANA.id }],
  ['sk', { sk: `${ANA.id}#${'0'.repeat(63)}` }],
  ['sk', { sk: `${ANA.id}#${sha256(SIG)}#0` }],
  ['sk', { sk: `${ANA.id}#${sha256(SIG)}0` }],
  ['sk', { sk: `x${ANA.id}#${sha256(SIG)}` }],
  ['sk', { sk: `${ANA.id.slice(1)}#${sha256(SIG)}` }],
  ['sk', { sk: `secret#${sha256(SIG)}` }],
  ['verdict', { verdict: 'SURE' }],
  ['comment', { comment: undefined }],
  ['comment', { comment: 'x'.repeat(401) }],
  ['evidence', { evidence: 'short' }],
  ['details', { details: null }],
  ['details', { details: '{}' }],
  ['details', { details: '{"notBefore":"2026-11-23T22:00:00.000Z","more":1}' }],
  ['details', { details: '{"notBefore":"2026-11-23T22:00:00.000Z"}', verdict: 'REJECT' }],
  ['seq', { seq: -1 }],
  ['seq', { seq: 1.5 }],
  ['seq', { seq: '1' }],
  ['sig', { sig: SIG.slice(1) }],
  ['sig', { sig: `${SIG}=` }],
  ['sig', { sig: `A${SIG}` }],
])('with a wrong `%s` it is junk', (name, change) => {
  expect(parseDecision({ ...ROW, ...change })).toEqual({
    ok: false,
    problem: expect.stringContaining(`\`${name}\``) as string,
  });
});

test('its details are kept as they were signed', () => {
  const details = '{"notBefore":"2026-11-23T22:00:00.000Z"}';
  const read = parseDecision({ ...ROW, details });
  expect(read).toMatchObject({ ok: true, value: { details } });
});

test('a reason may be as long as the page allows', () => {
  expect(parseDecision({ ...ROW, comment: 'x'.repeat(400) }).ok).toBe(true);
});

test('of the sixteen spellings of a signature one is taken', () => {
  const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
  const bytes = (text: string) => Buffer.from(text, 'base64url').toString('hex');
  const spellings = alphabet.map((last) => `${SIG.slice(0, -1)}${last}`).filter((sig) => bytes(sig) === bytes(SIG));

  expect(spellings).toHaveLength(16);
  expect(spellings.filter((sig) => parseDecision({ ...ROW, sig }).ok)).toEqual([SIG]);
});

test('every signature that we make has the spelling that is taken', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseDecision({ ...ROW, sig: signText(newSeed(), text) }).ok).toBe(true);
    }),
    { numRuns: 50 },
  );
});
