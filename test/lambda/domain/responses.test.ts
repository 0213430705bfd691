import type { HandedOver } from '../../../lambda/domain/delegation';
import type { Response } from '../../../lambda/domain/request';
import { awayOf, groupsNow, placesTaken, responsesOf } from '../../../lambda/domain/responses';
import { ANA, at, BO, CY, days, person, voteOf } from '../samples';

const DI = person('di@example.com', { name: 'Di' });
const OPENER = person('opener@example.com');
const NO = person('no@example.com');
const SILENT = person('silent@example.com');

describe('where each voter stands', () => {
  const voters = [
    { person: ANA },
    { person: BO, excluded: 'wrote this change' },
    { person: CY },
    { person: SILENT },
    { person: NO },
    { person: OPENER },
  ];
  const votes = [
    voteOf(ANA, 'APPROVE', 1),
    voteOf(BO, 'APPROVE', 1),
    voteOf(CY, 'APPROVE', 1, { current: false }),
    voteOf(NO, 'REJECT', 1, { current: false }),
    voteOf(OPENER, 'BREAK_GLASS', 1),
  ];

  test('is what their newest vote means, or that they have none; whoever is silent is not among them', () => {
    expect(responsesOf(voters, votes)).toEqual([
      { approver: ANA.id, kind: 'APPROVED' },
      { approver: BO.id, kind: 'EXCLUDED' },
      { approver: CY.id, kind: 'OUTDATED' },
      { approver: NO.id, kind: 'REJECTED' },
      { approver: OPENER.id, kind: 'OPENED' },
    ]);
  });

  test('is away, whatever they have answered, for those whose places are not theirs', () => {
    const away: readonly Response[] = [{ approver: ANA.id, kind: 'AWAY', delegate: CY.id }];

    expect(responsesOf(voters.slice(0, 3), votes, away)).toEqual([
      { approver: ANA.id, kind: 'AWAY', delegate: CY.id },
      { approver: BO.id, kind: 'EXCLUDED' },
      { approver: CY.id, kind: 'OUTDATED' },
    ]);
  });
});

describe('who is away', () => {
  const handed: HandedOver = { person: CY.id, delegate: DI.id, until: at(days(1)), isVacant: false };

  test('is said with name, delegate and end', () => {
    expect(awayOf([handed], [ANA, CY, DI])).toStrictEqual([
      { approver: CY.id, kind: 'AWAY', name: 'Cy', delegate: DI.id, until: at(days(1)) },
    ]);
  });

  test('is said without what is not known: a name, an end, a delegate in a place that nobody takes', () => {
    const { until: _, ...over } = handed;

    expect(awayOf([over], [ANA, DI])).toStrictEqual([{ approver: CY.id, kind: 'AWAY', delegate: DI.id }]);
    expect(awayOf([{ ...handed, isVacant: true }], [CY])).toStrictEqual([
      { approver: CY.id, kind: 'AWAY', name: 'Cy', until: at(days(1)) },
    ]);
  });
});

describe('the places that a delegate has', () => {
  const responses: readonly Response[] = [
    { approver: ANA.id, kind: 'AWAY', name: 'Ana', delegate: DI.id, until: at(days(1)) },
    { approver: BO.id, kind: 'AWAY', delegate: DI.id },
    { approver: CY.id, kind: 'AWAY', name: 'Cy', delegate: BO.id },
    { approver: NO.id, kind: 'AWAY', name: 'No' },
    { approver: SILENT.id, kind: 'APPROVED', delegate: DI.id },
  ];

  test('are those of everybody who left theirs to this very delegate', () => {
    expect(placesTaken(responses, DI.id)).toStrictEqual([{ name: 'Ana', until: at(days(1)) }, { name: 'somebody' }]);
    expect(placesTaken(responses, BO.id)).toStrictEqual([{ name: 'Cy' }]);
  });

  test('are none of somebody who is no delegate, or not known, and none where nobody is away', () => {
    expect(placesTaken(responses, ANA.id)).toEqual([]);
    expect(placesTaken(responses, undefined)).toEqual([]);
    expect(placesTaken(undefined, DI.id)).toEqual([]);
  });
});

describe('the groups as they are now', () => {
  const group = (...who: readonly { readonly id: string }[]) => ({
    name: 'Ops',
    quorum: 1,
    ids: who.map(({ id }) => id),
  });

  test('are the same where nobody is away', () => {
    expect(groupsNow([group(ANA, BO)])).toEqual([group(ANA, BO)]);
    expect(groupsNow([group(ANA, BO)], [{ approver: ANA.id, kind: 'APPROVED', delegate: CY.id }])).toEqual([
      group(ANA, BO),
    ]);
  });

  test('have delegates in the places that they took, each once, and nobody in those that nobody took', () => {
    const responses: readonly Response[] = [
      { approver: ANA.id, kind: 'AWAY', delegate: DI.id },
      { approver: BO.id, kind: 'AWAY', delegate: DI.id },
      { approver: NO.id, kind: 'AWAY' },
    ];

    expect(groupsNow([group(ANA, BO, CY, NO), group(NO), group(CY)], responses)).toEqual([
      group(DI, CY),
      group(),
      group(CY),
    ]);
  });
});
