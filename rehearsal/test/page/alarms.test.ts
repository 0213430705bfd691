import { join } from 'node:path';
import { sharedAssembly } from '../support/shared-assembly';
import { snapshot } from '../../page/snapshot';
import { Rehearsal } from '../../scenario/rehearsal';
import { World } from '../../world';

const EXAMPLE = join(__dirname, '../../../examples/accounts-and-regions.ts');

test('alarms of what is released come first, those of other accounts and Regions among them', async () => {
  const rehearsal = new Rehearsal(await World.create(await sharedAssembly(EXAMPLE)));
  try {
    const names = snapshot(rehearsal).alarms.map(({ name }) => name);

    expect(names.slice(0, 4)).toEqual([
      '222222222222/orders-errors',
      '333333333333/orders-errors',
      '333333333333/us-east-1/orders-errors',
      '333333333333/ap-southeast-2/orders-errors',
    ]);
    expect(names.slice(4, -4).every((name) => name.includes('-Service-Rollout'))).toBe(true);
    expect(names.slice(-4).every((name) => name.startsWith('approval-gates-'))).toBe(true);
  } finally {
    await rehearsal.close();
  }
}, 60_000);
