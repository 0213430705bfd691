import { App } from 'aws-cdk-lib';
import { approvals, healthy, never, rehearse } from 'cdk-approval-gates-rehearsal';
import 'cdk-approval-gates-rehearsal/vitest';
import { expect, test } from 'vitest';
import { ShopStack } from '../lib/shop-stack';

function shop(): App {
  const app = new App();
  new ShopStack(app, 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
  return app;
}

test('a change goes to production once two have approved', async () => {
  const world = await rehearse(shop());
  await world.push({ message: 'Sell tea' });
  await world.untilWaitingAt('Prod/Approve');
  expect(world).toHaveDeployed('Canary');

  await world.skip('5m');
  expect(world).toHaveMailed('ana@example.com', { subject: /Sell tea/ });
  await world.approve('Prod/Approve', { as: 'ana@example.com' });
  expect(world).toBeWaitingAt('Prod/Approve');
  await world.approve('Prod/Approve', { as: 'bo@example.com' });
  await world.untilEnded();

  expect(world).toHaveDeployed('Prod');
  expect(world).toHaveItsPermissions();
  await world.close();
});

test('an alarm in the canary stops the change', async () => {
  const world = await rehearse(shop());
  await world.push();
  await world.untilWaitingAt('Canary/Healthy');
  await world.skip('10m');
  await world.alarm('shop-5xx', 'ALARM');
  await world.untilEnded();

  expect(world).toHaveEnded('Failed');
  expect(world).not.toHaveDeployed('Prod/Deploy');
  await world.close();
});

test('production cannot be reached without two approvals', async () => {
  const { complete } = await never(shop()).reaches('Prod/Deploy').without(approvals('Prod/Approve', 2));

  expect(complete).toBe(true);
});

test('nobody is asked about production while the canary is unhealthy', async () => {
  await never(shop()).reaches('Prod/Approve').without(healthy('shop-5xx'));
});
