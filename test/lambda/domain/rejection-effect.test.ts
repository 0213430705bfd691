import { rejectionEffect } from '../../../lambda/domain/rejection-effect';
import type { RunKind } from '../../../lambda/domain/request';

const TARGET = [{ name: 'app', id: 'aaa' }];
const STANDARD: RunKind = { type: 'STANDARD' };
const ROLLBACK: RunKind = { type: 'ROLLBACK', automatic: true, proven: true, target: 'run-0' };

test.each([
  ['a stage that stops stays', 'STOP', STANDARD, TARGET, { kind: 'STAYS' }],
  [
    'a stage that rolls back goes back to the last run that finished it',
    'ROLLBACK',
    STANDARD,
    TARGET,
    { kind: 'GOES_BACK', to: TARGET },
  ],
  [
    'without such a run it has nothing to go back to',
    'ROLLBACK',
    STANDARD,
    undefined,
    { kind: 'NOTHING_TO_GO_BACK_TO' },
  ],
  ['a run without revisions is one all the same', 'ROLLBACK', STANDARD, [], { kind: 'GOES_BACK', to: [] }],
  ['a rollback that is rejected rolls nothing back', 'ROLLBACK', ROLLBACK, TARGET, { kind: 'STAYS' }],
] as const)('after a no, %s', (_, onReject, kind, target, effect) => {
  expect(rejectionEffect({ onReject }, kind, target)).toEqual(effect);
});
