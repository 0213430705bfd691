/** The stage of a `StageRollout` gets other settings while, and after, a rollout has moved it past CloudFormation. */
import { join } from 'node:path';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import { Course } from '../../rehearsal/pipeline/course';
import type { Template } from '../../rehearsal/template/model';
import { World } from '../../rehearsal/world';
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';

const STACK = 'ShopApi';
const STAGE = 'shop/prod';
const MINUTE = 60_000;
const LIMITS = { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 60 };

let rehearsal: Rehearsal;
beforeEach(async () => {
  rehearsal = new Rehearsal(
    await World.create(await sharedAssembly(join(__dirname, '../../examples/stage-rollout.ts'))),
  );
  rehearsal.stageTraffic.set(STAGE, { perMinute: 500, canary: 0 });
});
afterEach(() => rehearsal.close());

const stage = () => rehearsal.world.restApis.all.get(STAGE)!;
const revision = () => rehearsal.latest!.execution.change!.id;
const isOver = (): boolean => rehearsal.latest!.execution.status !== 'InProgress';

async function rolledOut(): Promise<void> {
  rehearsal.push({ message: 'Sell tea' });
  await rehearsal.world.clock.runUntil(isOver);
  expect(rehearsal.latest!.execution.status).toBe('Succeeded');
}

/** The template with another throttling, as the library renders it: in the stage, and in what its custom resource is asked with. */
function throttled(): Template {
  const template = structuredClone(rehearsal.world.templateOf(STACK)) as any;
  const resources: readonly any[] = Object.values(template.Resources);
  const { Properties: settings } = resources.find(({ Type }) => Type === 'AWS::ApiGateway::Stage');
  const { Properties: asked } = resources.find(({ Type }) => Type === 'Custom::ApprovalGatesLiveDeployment');
  Object.assign(settings.MethodSettings[0], LIMITS);
  Object.assign(asked.Settings.MethodSettings[0], LIMITS);
  return template as Template;
}

async function deployed(template: Template): Promise<string> {
  const { clock } = rehearsal.world;
  let how = '';
  Course.run(clock, 'deployment', async (course) => {
    how = await rehearsal.world.deploy(STACK, template, undefined, course).then(
      () => 'deployed',
      (error: Error) => error.message,
    );
  });
  await clock.runUntil(() => how !== '');
  return how;
}

test('after a rollout, the stage keeps the deployment that it has', async () => {
  await rolledOut();

  expect(await deployed(throttled())).toBe('deployed');

  expect(stage()).toMatchObject({ production: { revision: revision() } });
  expect(stage().canary).toBeUndefined();
  expect(rehearsal.world.resources('AWS::ApiGateway::Stage')[0]!.properties).toMatchObject({
    DeploymentId: stage().production.id,
    MethodSettings: [LIMITS],
  });
});

test('while a canary has its share, the stage keeps it, and the deployment before; the rollout goes on', async () => {
  await rolledOut();
  const { production } = stage();
  rehearsal.push({ message: 'Sell more tea' });
  await rehearsal.world.clock.runUntil(() => stage().canary?.percent === 10);
  await rehearsal.world.clock.advanceBy(5 * MINUTE);

  expect(await deployed(throttled())).toBe('deployed');

  expect(stage()).toMatchObject({ production, canary: { percent: 10, snapshot: { revision: revision() } } });
  await rehearsal.world.clock.runUntil(isOver);
  expect(rehearsal.latest!.execution.status).toBe('Succeeded');
  expect(stage()).toMatchObject({ production: { revision: revision() } });
});

test('without the custom resource, the stage would get the deployment that it was made with', async () => {
  await rolledOut();
  const template = throttled() as any;
  const resources = Object.entries<any>(template.Resources);
  const [first] = resources.find(([, { Type }]) => Type === 'AWS::ApiGateway::Deployment')!;
  resources.find(([, { Type }]) => Type === 'AWS::ApiGateway::Stage')![1].Properties.DeploymentId = { Ref: first };

  expect(await deployed(template as Template)).toBe('deployed');

  expect(stage()).toMatchObject({ production: { revision: 'first' } });
});

test('when the stage cannot be read, the deployment fails, and the stage is as it was', async () => {
  await rolledOut();
  const before = stage();
  rehearsal.world.faults.add({ operation: 'apigateway:GetStage', times: 6 });

  expect(await deployed(throttled())).toMatch(/LiveDeployment.*FAILED.*The stage cannot be read/);

  expect(stage()).toBe(before);
});
