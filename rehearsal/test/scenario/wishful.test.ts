/** Negative controls: a scenario that asks for what must not be, fails, and says where. */
import { parseScenario } from '../../scenario/load';
import { rehearse } from '../support/scenarios';

const TO_THE_GATE = `
title: wishful
steps:
  - push: { message: Sell tea }
  - wait: { until: { mail: { to: ana@example.com, subject: Prod } }, within: 2h }
`;

test.each([
  [
    'an unanswered gate is open',
    '- expect: { gate: { Prod/Approve: approved }, action: { Prod/Deploy: Succeeded } }',
    'Prod/Deploy is NotStarted, not Succeeded; Prod/Approve is asks, not approved',
  ],
  [
    'a tampered link counts',
    '- approve: { gate: Prod/Approve, as: ana@example.com, forge: tampered }',
    'the answer of ana@example.com is dead (status 404), not recorded',
  ],
  [
    'a wrong number counts',
    '- approve: { gate: Prod/Approve, as: ana@example.com, number: wrong }',
    'the answer of ana@example.com is not-recorded',
  ],
  [
    'somebody who was not asked has a link',
    '- open: { gate: Prod/Approve, as: eve@example.com }',
    'eve@example.com has no mail with a link to Prod/Approve: it has asked ana@example.com, bo@example.com, cy@example.com',
  ],
  [
    'somebody answers before anybody is asked',
    '- approve: { gate: Staging/Healthy, as: ana@example.com }',
    'no mail with a link to Staging/Healthy: it has asked nobody yet; wait for it by `wait: { until: { gate: { Staging/Healthy: asks } }, within: 1d }`',
  ],
  ['a notification of nothing gets lost', '- lose: { gate: Prod/Yes }', 'the pipeline has no action Prod/Yes; it has'],
  [
    'a stage goes back to nothing',
    '- rollback: { stage: Prod }',
    'no two runs have passed Prod: there is nothing to go back to',
  ],
  [
    'a gate is there that is not',
    '- expect: { gate: { Prod/Yes: asks } }',
    'the pipeline has no action Prod/Yes; it has',
  ],
])(
  'fails when a scenario says that %s',
  async (_what, step, why) => {
    const result = await rehearse(parseScenario(`${TO_THE_GATE}  ${step}\n`, 'wishful.yaml'));

    expect(result).toMatchObject({ passed: false, failure: { step: 3, why: expect.stringContaining(why) } });
  },
  60_000,
);
