import type { Rehearsal } from '../../scenario/rehearsal';
import { knownAddress, knownBreakable } from '../../scenario/names';
import type { World } from '../../world';

test('the text of the app is put together once for each deployment, however often a wait asks for a name in it', () => {
  let made = 0;
  const deployed = () => [{ properties: { toJSON: () => ((made += 1), { mail: 'ana@example.com' }) } }];
  let resources = deployed();
  const world = {
    resources: (type?: string) => (type === undefined ? resources : []),
    alarms: { names: [] },
  } as unknown as World;

  for (let turn = 0; turn < 100; turn += 1) knownAddress(world, 'ana@example.com');
  expect(made).toBe(1);

  resources = deployed();
  expect(() => knownAddress(world, 'na@example.com')).toThrow('the app has no mail address na@example.com');
  expect(made).toBe(2);
});

test('an address is known that stands on a line of its own, or that a scenario has written into a parameter', () => {
  let value = 'ana@example.com\nbo@example.com';
  const parameters = [{ physicalId: '/shop/releasers', properties: { Value: value } }];
  const world = { resources: () => parameters, faults: { valueOf: () => value } } as unknown as World;

  knownAddress(world, 'bo@example.com');
  expect(() => knownAddress(world, 'di@example.com')).toThrow('the app has no mail address di@example.com');

  value = 'di@example.com';
  knownAddress(world, 'di@example.com');
});

test('the tasks of a service of ECS can be broken by errors, and by nothing else', () => {
  const rehearsal = {
    servers: { fleet: { named: () => [] } },
    world: { resources: () => [] },
    revisions: () => new Map([['web', 1]]),
  };
  const broken = (how: string) => () => knownBreakable(rehearsal as unknown as Rehearsal, 'web', how);

  expect(broken('errors')).not.toThrow();
  expect(broken('unhealthy')).toThrow('the tasks of web can be broken by errors only, not unhealthy');
});
