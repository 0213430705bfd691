import fc from 'fast-check';
import {
  APPROVER_ID,
  decisionText,
  EVIDENCE,
  invitationOf,
  isVerdict,
  REQUEST_ID,
  SEED,
} from '../../../lambda/domain/vote';
import { newSeed } from '../../../lambda/signing/link-key';
import { ANA, at, CY, EVIDENCE as HASH, person, REQUEST } from '../samples';

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

test('it says the details, too, and without any it is the same as ever', () => {
  expect(decisionText({ ...DECISION, details: '{"notBefore":"x"}' })).toBe(
    `["cdk-approval-gates/decision/v1","${REQUEST}","${ANA.id}","APPROVE","","${HASH}",1,"{\\"notBefore\\":\\"x\\"}"]`,
  );
});

test('no two decisions sign the same text, whatever their comments and details hold', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('","', '"]', '\\', '","APPROVE","'));
  const said = fc.record({ comment: text, evidence: text, details: text }, { requiredKeys: ['comment', 'evidence'] });
  fc.assert(
    fc.property(said, said, (one, other) => {
      const same = one.comment === other.comment && one.evidence === other.evidence && one.details === other.details;
      expect(decisionText({ ...DECISION, ...one }) === decisionText({ ...DECISION, ...other })).toBe(same);
    }),
  );
});

test.each(['APPROVE', 'REJECT', 'BREAK_GLASS'])('%s decides about a request', (verdict) => {
  expect(isVerdict(verdict)).toBe(true);
});

test.each(['REVIEWED', 'WRONG_NUMBER', 'REVOKE', 'approve', '', undefined])('%s decides nothing', (submission) => {
  expect(isVerdict(submission)).toBe(false);
});

test('a first invitation is to a person, with neither key nor mail', () => {
  const guest = person('di@customer.example', { name: 'Di', until: at(60), shared: true });

  expect(invitationOf(ANA)).toStrictEqual({ approver: ANA.id, mail: ANA.mail, shared: false, keys: [] });
  expect(invitationOf(CY)).toStrictEqual({ approver: CY.id, mail: CY.mail, shared: false, keys: [], name: 'Cy' });
  expect(invitationOf(guest)).toStrictEqual({
    approver: guest.id,
    mail: 'di@customer.example',
    shared: true,
    keys: [],
    name: 'Di',
    until: at(60),
  });
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
