import { whyUnreachable, type Reach } from '../../../lambda/domain/reachability';
import { invitationOf } from '../../../lambda/domain/vote';
import { ANA, at, BO, peopleRule, voteOf } from '../samples';

test('whoever revoked a link is out of reach, unless that very person has approved', () => {
  const reach: Reach = {
    answers: 'BY_LINK',
    people: [ANA, BO],
    able: [ANA.id, BO.id],
    byApprover: new Map([
      [ANA.id, { ...invitationOf(ANA), sentAt: at(0), keys: ['key'] }],
      [BO.id, { ...invitationOf(BO), sentAt: at(0) }],
    ]),
  };
  const why = (who: typeof ANA) =>
    whyUnreachable(
      {
        kind: 'MANUAL',
        rule: { kind: 'MANUAL', people: peopleRule({ quorum: 2, ids: [ANA.id, BO.id] }) },
        votes: { approvals: [{ person: who, vote: voteOf(who, 'APPROVE', 30) }], rejections: [], emergencies: [] },
      },
      reach,
    );

  expect(why(ANA)).toBe('only 1 of 2 approvers needed can be reached by mail');
  expect(why(BO)).toBeUndefined();
});
