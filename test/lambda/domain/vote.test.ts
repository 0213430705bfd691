import fc from 'fast-check';
import { APPROVER_ID, decisionText, EVIDENCE, REQUEST_ID, SEED } from '../../../lambda/domain/vote';
import { newSeed } from '../../../lambda/signing/link-key';
import { ANA, EVIDENCE as HASH, REQUEST } from '../samples';

const DECISION = {
  request: REQUEST,
  approver: ANA.id,
  verdict: 'APPROVE',
  comment: '',
  evidence: HASH,
  seq: 1,
} as const;

test('what a decision signs is one text, and says what it is for', () => {
  expect(decisionText(DECISION)).toBe(
    `["cdk-approval-gates/decision/v1","${REQUEST}","${ANA.id}","APPROVE","","${HASH}",1]`,
  );
});

test('no two decisions sign the same text, whatever their comments hold', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('","', '"]', '\\', '","APPROVE","'));
  fc.assert(
    fc.property(text, text, text, text, (comment, evidence, otherComment, otherEvidence) => {
      const same = comment === otherComment && evidence === otherEvidence;
      expect(
        decisionText({ ...DECISION, comment, evidence }) ===
          decisionText({ ...DECISION, comment: otherComment, evidence: otherEvidence }),
      ).toBe(same);
    }),
  );
});

test('ids and secrets have one form each', () => {
  expect(REQUEST).toMatch(REQUEST_ID);
  expect(ANA.id).toMatch(APPROVER_ID);
  expect(newSeed()).toMatch(SEED);
  expect(HASH).toMatch(EVIDENCE);
  for (const [form, value] of [
    [REQUEST_ID, `${REQUEST}0`],
    [REQUEST_ID, `x${REQUEST}`],
    [APPROVER_ID, ANA.id.toUpperCase().replace(/\d/g, 'A')],
    [SEED, `${newSeed()}=`],
    [EVIDENCE, HASH.slice(1)],
  ] as const) {
    expect(value).not.toMatch(form);
  }
});
