import { knownAddress } from '../../scenario/names';
import type { World } from '../../world';

test('the text of the app is put together once for each deployment, however often a wait asks for a name in it', () => {
  let made = 0;
  const deployed = () => [{ properties: { toJSON: () => ((made += 1), { mail: 'ana@example.com' }) } }];
  let resources = deployed();
  const world = { resources: () => resources, alarms: { names: [] } } as unknown as World;

  for (let turn = 0; turn < 100; turn += 1) knownAddress(world, 'ana@example.com');
  expect(made).toBe(1);

  resources = deployed();
  expect(() => knownAddress(world, 'na@example.com')).toThrow('the app has no mail address na@example.com');
  expect(made).toBe(2);
});
