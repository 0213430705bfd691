import type { Person } from '../../../contract/policy';
import { answeredOutside, type ActionTruth, type AnswerContext } from '../../../lambda/domain/console-answer';
import type { RequestMeta, Vote } from '../../../lambda/domain/records';
import { at, GATE, person, policyOf } from '../decide/stage';

const ANA = person('ana@example.com', { alsoKnownAs: ['*/assumed-role/Release/ana'] });
const BO = person('bo@example.com');
const BY_ANA = 'arn:aws:sts::111111111111:assumed-role/Release/ana';
const META: RequestMeta = { pk: '0'.repeat(32), sk: 'meta', ...GATE, requestedAt: at(0), deadline: at(3600) };

const said = (who: Person, verdict: Vote['verdict']) => ({
  person: who,
  vote: { approver: who.id, verdict, comment: '' } as Vote,
});

function answered(more: Partial<AnswerContext> = {}, truth: Partial<ActionTruth> = {}) {
  const context: AnswerContext = {
    meta: META,
    policy: policyOf({ approvers: { quorum: 1, ids: [ANA.id, BO.id] } }),
    voters: [{ person: ANA }, { person: BO }],
    votes: { approvals: [], rejections: [] },
    checksAllow: true,
    ...more,
  };
  return answeredOutside({ status: 'SUCCEEDED', updatedBy: BY_ANA, updatedAt: at(60), ...truth }, context, at(60)).by;
}

describe('a yes in the console is an approval', () => {
  const two = policyOf({ approvers: { quorum: 2, ids: [ANA.id, BO.id] } });

  test.each<[string, Partial<AnswerContext>]>([
    ['by an approver where one is enough', {}],
    ['by the second of two', { policy: two, votes: { approvals: [said(BO, 'APPROVE')], rejections: [] } }],
  ])('%s', (_, more) => {
    expect(answered(more)).toBe('CONSOLE');
  });

  test.each<[string, Partial<AnswerContext>]>([
    ['by an approver who has no vote', { voters: [{ person: ANA, excluded: 'wrote this change' }, { person: BO }] }],
    ['by one of two', { policy: two }],
    [
      'by one who said yes by link before',
      { policy: two, votes: { approvals: [said(ANA, 'APPROVE')], rejections: [] } },
    ],
    ['against the no of another', { votes: { approvals: [], rejections: [said(BO, 'REJECT')] } }],
    ['that the checks do not allow', { checksAllow: false }],
    ['of a gate without a policy', { policy: undefined }],
    ['of a gate that checks alone open', { policy: { ...two, approvers: undefined } as unknown as typeof two }],
  ])('and a bypass %s', (_, more) => {
    expect(answered(more as Partial<AnswerContext>)).toBe('BYPASS');
  });

  test('and a bypass by anybody else', () => {
    expect(answered({}, { updatedBy: 'arn:aws:sts::111111111111:assumed-role/Release/anabel' })).toBe('BYPASS');
    expect(answered({}, { updatedBy: undefined as unknown as string })).toBe('BYPASS');
  });
});
