import { responsesOf } from '../../../lambda/domain/responses';
import { ANA, BO, CY, voteOf } from '../samples';

test('says of each voter what their newest vote means, and who has none; whoever is silent is not among them', () => {
  const voters = [
    { person: ANA },
    { person: BO, excluded: 'wrote this change' },
    { person: CY },
    { person: { ...ANA, id: 'silent' } },
    { person: { ...ANA, id: 'no' } },
  ];
  const votes = [
    voteOf(ANA, 'APPROVE', 1),
    voteOf(BO, 'APPROVE', 1),
    voteOf(CY, 'APPROVE', 1, { current: false }),
    voteOf({ ...ANA, id: 'no' }, 'REJECT', 1, { current: false }),
  ];

  expect(responsesOf(voters, votes)).toEqual([
    { approver: ANA.id, kind: 'APPROVED' },
    { approver: BO.id, kind: 'EXCLUDED' },
    { approver: CY.id, kind: 'OUTDATED' },
    { approver: 'no', kind: 'REJECTED' },
  ]);
});
