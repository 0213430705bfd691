/** The test kit as its users see it. */
import '../../kit/jest';
import { matchers, rehearse, type RehearsedApp } from '../../index';
import { appWith, HOLES, people } from './apps';
import { Approver, Approvers } from 'cdk-approval-gates';

const native = HOLES['the gate comes after the deployment'].repaired;
let world: RehearsedApp;

afterEach(() => world.close());

test('a native gate is answered in the console, and the change goes on', async () => {
  world = await rehearse(native().synth());
  await world.push({ message: 'Sell tea' });
  await world.untilWaitingAt('Prod/Approve');

  expect(world).toBeWaitingAt('Prod/Approve');
  expect(world).not.toHaveDeployed('Prod/Deploy');
  expect(world).toHaveMailed('ana@example.com', { subject: 'APPROVAL NEEDED', text: /shop/ });
  expect(world).not.toHaveMailed('bo@example.com');

  await world.approve('Prod/Approve', { as: 'arn:aws:iam::111111111111:user/ana', comment: 'fine' });
  await world.untilEnded();

  expect(world).not.toBeWaitingAt('Prod/Approve');
  expect(world).toHaveDeployed('Prod/Deploy');
  expect(world).toHaveDeployed('Prod');
  expect(world).toHaveEnded('Succeeded');
  expect(world).toHaveItsPermissions();
});

test('a gate with links is answered by them, and takes no answer that does not count', async () => {
  world = await rehearse(
    appWith((parts) =>
      people(parts, Approvers.anyOf(Approver.person('ana@example.com'), Approver.person('bo@example.com'))),
    ),
  );
  await world.push();
  await world.until('mail for bo', () => world.inbox.some(({ to }) => to === 'bo@example.com'));

  await expect(world.approve('Prod/Approve', { as: 'cy@example.com' })).rejects.toThrow('cy@example.com has no mail');
  await world.reject('Prod/Approve', { as: 'bo@example.com', comment: 'not today' });
  await world.untilEnded('1h');

  expect(world).toHaveEnded('Failed');
  expect(world).not.toHaveDeployed('Prod/Deploy');
  expect(world.journal.join('\n')).toContain('Rejected by bo@example.com. not today');
  await expect(world.approve('Prod/Approve', { as: 'ana@example.com' })).rejects.toThrow('ended');
}, 60_000);

test('time, alarms and steps of scenarios', async () => {
  world = await rehearse(HOLES['the canary is watched by another alarm than its own'].repaired(), {
    start: '2030-06-01T00:00:00Z',
  });
  await world.push();
  await world.untilWaitingAt('Canary/Healthy');
  await world.skip('2m');
  await world.alarm('shop-5xx', 'ALARM', { for: '5m' });
  await world.step({ expect: { alarm: { 'shop-5xx': 'ALARM' } } });
  await world.skip(3_600_000);

  await world.step({ expect: { alarm: { 'shop-5xx': 'OK' } } });
  expect(world).toHaveEnded('Failed');
  expect(world.journal[0]).toMatch(/^2030-06-01T00:0/);
}, 60_000);

test('an app synthesizes without CloudFormation’s rules, and afterwards the environment is as it was', async () => {
  const before = process.env.CDK_VALIDATION;
  delete process.env.CDK_VALIDATION;
  try {
    const app = native();
    const seen: unknown[] = [];
    world = await rehearse({
      synth: () => {
        seen.push(process.env.CDK_VALIDATION);
        return app.synth();
      },
    });

    expect(seen).toEqual(['false']);
    expect(process.env).not.toHaveProperty('CDK_VALIDATION');
  } finally {
    process.env.CDK_VALIDATION = before;
  }
});

describe('what goes wrong', () => {
  beforeEach(async () => {
    world = await rehearse(native(), { pipeline: 'shop' });
  });

  test('is told: nothing within a time', async () => {
    await world.push();
    await world.untilWaitingAt('Prod/Approve');

    await expect(world.untilEnded('1h')).rejects.toThrow('the run ends: not within 1h');
  });

  test.each<[string, () => Promise<unknown>, string]>([
    [
      'no gate',
      () => world.approve('Prod/Aprove', { as: 'ana@example.com' }),
      'the pipeline has no action Prod/Aprove',
    ],
    ['no alarm', () => world.alarm('shop-4xx', 'ALARM'), 'the app has no alarm shop-4xx'],
    ['no time', () => world.skip('soon'), 'must be a time such as 90s, 15m, 2h, 7d or 1h 30m'],
    ['no pipeline', () => rehearse(native(), { pipeline: 'tea' }), 'the app has no pipeline tea; it has shop'],
    ['no app', () => rehearse('/nowhere'), '/nowhere is no app'],
  ])('is told: %s', async (_what, act, message) => {
    await world.push();
    await expect(act()).rejects.toThrow(message);
  });

  test('is told by a matcher with what happened lately', async () => {
    await world.push();
    const { pass, message } = matchers.toHaveDeployed(world, 'Prod');

    expect(pass).toBe(false);
    expect(message()).toMatch(
      /^expected Prod to have succeeded\n\nlately:\n {2}2030-01-07T09:00.* pipeline: shop: run 1 started/,
    );
    expect(matchers.toHaveEnded(world, 'InProgress').message()).toContain('expected not the run to be InProgress');
  });
});
