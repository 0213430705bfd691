import { servedByNew } from '../../deploy/server-deploys';
import { Stand } from './server-stand';

test('one server after another gets a version', async () => {
  const s = new Stand();
  const begun = s.deploy('v1');
  await s.minutes(4);
  expect(s.on()).toBe('v1 (v1) none none');
  expect(servedByNew(s.deploys.deployments[0]!)).toBe(33);

  await s.minutes(9);
  expect(begun.result).toMatchObject({ status: 'Succeeded' });
  expect(s.on()).toBe('v1 v1 v1 v1');
});

test('half of the servers at a time', async () => {
  const s = new Stand({ servers: 5, group: { DeploymentConfigName: 'CodeDeployDefault.HalfAtATime' } });
  s.deploy('v1');
  await s.minutes(1);

  expect(s.on()).toBe('(v1) (v1) none none none');
});

test('when a server fails, the others keep the version before, and CodeDeploy goes back by itself', async () => {
  const s = new Stand();
  s.deploy('v1');
  await s.minutes(13);
  const bad = s.deploy('v2', { 'fleet/2': 'unhealthy' });
  await s.minutes(7);

  expect(bad.result).toMatchObject({
    status: 'Failed',
    summary: expect.stringContaining('fleet/2 failed; still on the version before: 2'),
  });
  expect(s.on()).toBe('(v1) (v2) v1 v1');
  await s.minutes(13);
  expect(s.on()).toBe('v1 v1 v1 v1');
  expect(s.deploys.deployments.map(({ isRollback, status }) => `${isRollback} ${status}`)).toEqual([
    'false Succeeded',
    'false Failed',
    'true Succeeded',
  ]);
});

// As AWS describes it for OneAtATime.
test('a failure of the last server does not count', async () => {
  const s = new Stand();
  const begun = s.deploy('v1', { 'fleet/4': 'unhealthy' });
  await s.minutes(13);

  expect(begun.result).toMatchObject({ status: 'Succeeded' });
  expect(s.on()).toBe('v1 v1 v1 (v1)');
});

test('a failure of every server does, also when all of them may be out of service', async () => {
  const s = new Stand({ group: { DeploymentConfigName: 'CodeDeployDefault.AllAtOnce' } });
  const begun = s.deploy('v1', { fleet: 'unhealthy' });
  await s.minutes(10);

  expect(begun.result).toMatchObject({ status: 'Failed', summary: 'the version failed on every server' });
  expect(s.journal.at(-1)).toBe('fleet: there is no version to go back to');
});

test('a script that does not end fails after an hour', async () => {
  const s = new Stand();
  const begun = s.deploy('v1', { 'fleet/1': 'undecided' });
  await s.minutes(59);
  expect(begun.result).toBeUndefined();

  await s.minutes(2);
  expect(begun.result).toMatchObject({ status: 'Failed' });
});

test('an alarm stops a deployment; going back does not ask it', async () => {
  const s = new Stand();
  s.deploy('v1');
  await s.minutes(13);
  const begun = s.deploy('v2', { 'fleet/1': 'errors' });
  await s.minutes(6);
  expect(begun.result).toMatchObject({ status: 'Failed', summary: expect.stringContaining('alarm errors went red') });
  expect(s.alarm()).toBe('ALARM');

  await s.minutes(13);
  expect(s.on()).toBe('v1 v1 v1 v1');
  expect(s.alarm()).toBe('OK');
});

test('somebody stops a deployment, and it goes back', async () => {
  const s = new Stand();
  s.deploy('v1');
  await s.minutes(13);
  const begun = s.deploy('v2');
  await s.minutes(4);
  expect(s.deploys.stop('elsewhere', 'stopped on request')).toBe(false);
  expect(s.deploys.stop('fleet', 'stopped on request')).toBe(true);
  await s.minutes(14);

  expect(begun.result).toMatchObject({ status: 'Failed', summary: 'stopped on request' });
  expect(s.on()).toBe('v1 v1 v1 v1');
  expect(s.deploys.stop('fleet', 'stopped on request')).toBe(false);
});

test('nothing is deployed while an alarm is red, unless the group ignores its alarms', async () => {
  const watching = new Stand();
  watching.setAlarm('errors', 'ALARM');
  const refused = watching.deploy('v1');
  await watching.minutes(10);
  expect(refused.result).toMatchObject({
    status: 'Failed',
    summary: expect.stringContaining('alarm errors is red already'),
  });
  expect(watching.on()).toBe('none none none none');
  // Nothing was begun, so nothing is taken back.
  expect(watching.deploys.deployments).toHaveLength(1);

  const ignoring = new Stand({ group: { AlarmConfiguration: { Enabled: false, Alarms: [{ Name: 'errors' }] } } });
  ignoring.setAlarm('errors', 'ALARM');
  const done = ignoring.deploy('v1');
  await ignoring.minutes(13);
  expect(done.result).toMatchObject({ status: 'Succeeded' });
});

test('a group takes one deployment at a time', async () => {
  const s = new Stand();
  s.deploy('v1');
  await s.minutes(1);
  const second = s.deploy('v2');
  await s.minutes(1);

  expect(second.result).toMatchObject({
    status: 'Failed',
    summary: 'deployment group group already has an active deployment',
  });
});

test('servers with a tag are three until somebody says otherwise; new ones have no version yet', async () => {
  const Ec2TagSet = { Ec2TagSetList: [{ Ec2TagGroup: [{ Key: 'Service', Value: 'shop' }] }] };
  const s = new Stand({ group: { AutoScalingGroups: undefined, Ec2TagSet } });
  s.deploy('v1');
  await s.minutes(10);
  s.deploys.fleet.resize('Service=shop', 4);

  const versions = s.deploys.fleet.named('Service=shop').map(({ revision }) => revision?.id);
  expect(versions).toEqual(['v1', 'v1', 'v1', undefined]);
  expect(s.deploys.fleet.named('Service=shop/4')).toHaveLength(1);
  expect(s.deploys.fleet.named('Service=shop/5')).toEqual([]);
});

test('a configuration that leaves no room fails at once', async () => {
  const s = new Stand({ servers: 0 });
  const begun = s.deploy('v1');
  await s.minutes(1);

  expect(begun.result).toMatchObject({ status: 'Failed', summary: expect.stringContaining('nothing is deployed') });
});
