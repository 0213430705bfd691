/** A name that the app does not have must not pass in silence: every kind of it fails, with the names that are known. */
import { sharedAssembly } from '../support/shared-assembly';
import { parseScenario } from '../../scenario/load';
import { Rehearsal } from '../../scenario/rehearsal';
import { runScenario } from '../../scenario/run';
import { World } from '../../world';

let rehearsal: Rehearsal;

beforeAll(async () => {
  rehearsal = new Rehearsal(await World.create(await sharedAssembly()));
}, 60_000);

afterAll(() => rehearsal.close());

const run = (step: string) =>
  runScenario(
    rehearsal,
    parseScenario(`title: names\nsteps:\n  - push: { message: Sell tea }\n  ${step}`, 'names.yaml'),
  );

test.each([
  [
    'an alarm is red that nobody has',
    '- alarm: { name: shop-tea, state: ALARM }',
    'the app has no alarm shop-tea; it has',
  ],
  ['an alarm is awaited that nobody has', '- expect: { alarm: { shop-tea: OK } }', 'the app has no alarm shop-tea'],
  [
    'a function is broken that nobody has',
    '- push: { message: Bad tea, breaks: { shop-tea: errors } }',
    'the app has no function shop-tea; it has',
  ],
  [
    'an alias moves that nobody has',
    "- expect: { alias: { 'shop-tea:live': new } }",
    'the app has no alias shop-tea:live; it has shop-',
  ],
  [
    'a mailbox is closed that nobody has',
    '- mailbox: { address: na@example.com, state: missing }',
    'the app has no mail address na@example.com; it has',
  ],
  [
    'somebody gets mail whom the app does not name',
    '- expect: { mail: { to: eve@example.com } }',
    'the app has no mail address eve@example.com; it has',
  ],
  [
    'servers start that are none',
    '- servers: { of: shop-fleet, count: 3 }',
    'the app has no servers shop-fleet; it has none',
  ],
  [
    'servers have a version that are none',
    '- expect: { servers: { shop-fleet: old } }',
    'the app has no servers shop-fleet',
  ],
  [
    'servers were deployed to that are none',
    '- expect: { deployments: { shop-fleet: 1 } }',
    'the app has no servers shop-fleet',
  ],
  [
    'a deployment is stopped that is not under way',
    "- stopDeployment: { of: 'shop-prod:live' }",
    'the app has no deployment under way shop-prod:live; it has none',
  ],
  [
    'a deployment group gets another configuration whose alias CodeDeploy does not shift',
    "- deploymentConfig: { of: 'shop-tea:live' }",
    'the app has no alias that CodeDeploy shifts shop-tea:live; it has',
  ],
  ['a stage is retried that is none', '- retry: { stage: Tea }', 'the app has no stage Tea; it has Source'],
  ['an operation fails that is none', '- fail: { operation: sns:Shout }', 'the app has no operation sns:Shout; it has'],
  [
    'an operation is counted that is none',
    "- expect: { callsAtMost: { 'sns:Shout': 1 } }",
    'the app has no operation sns:Shout; it has',
  ],
  [
    'a function fails that is none',
    '- fail: { operation: lambda:Invoke, of: tea }',
    'no deployed function is called tea: there are',
  ],
  [
    'a parameter is missing that nobody has',
    '- parameter: { name: /tea, missing: 10m }',
    'the app has no parameter /tea; it has',
  ],
  [
    'a gate is answered that is none',
    '- approve: { gate: Prod/Yes, as: ana@example.com }',
    'the pipeline has no action Prod/Yes; it has',
  ],
])('%s', async (_title, step, why) => {
  const { failure } = await run(step);

  expect(failure).toMatchObject({ step: 2, why: expect.stringContaining(why) });
});

test('more calls than expected, or more dollars, fail with what was found', async () => {
  await rehearsal.world.call('sns', 'Publish', { TopicArn: 'arn:nowhere', Message: 'x' }).catch(() => undefined);

  expect((await run("- expect: { callsAtMost: { 'sns:Publish': 0 } }")).failure?.why).toMatch(
    /sns:Publish was called \d+ times, more than 0/,
  );
  expect((await run('- expect: { costAtMost: 0 }')).failure?.why).toMatch(/it cost \$\d+\.\d{4}, more than \$0/);
});

test('a name that only a deployed parameter mentions is known', async () => {
  expect(await run('- mailbox: { address: ana@example.com, state: pending }')).toMatchObject({ passed: true });
});
