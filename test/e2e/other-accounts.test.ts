/** Who may read in another account: exactly the pipelines whose own checks are there, and of exactly that workflow. */
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import { runScenario } from '../../rehearsal/scenario/run';
import type { Template } from '../../rehearsal/template/model';
import { World } from '../../rehearsal/world';
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';
import { scenarioOf } from '../../rehearsal/test/support/scenarios';

const APP = 'rehearsal/test/fixtures/other-account.ts';
const GREEN = scenarioOf('rehearsal/test/fixtures/other-account.yaml');
const READER = 'arn:aws:iam::222222222222:role/approval-gates/shop/shop.reader.eu-west-1';

/** The first measurements of the scenario, where a stack is deployed with another template. */
async function measured(stack: string, change: (template: Template) => Template) {
  const world = await World.create(await sharedAssembly(APP), { deployed: () => false });
  try {
    for (const { stackName, template } of world.stacks) {
      await world.deploy(stackName, stackName === stack ? change(structuredClone(template)) : undefined);
    }
    const steps = GREEN.steps.slice(0, 4);
    const { passed } = await runScenario(new Rehearsal(world, GREEN.pipeline), { ...GREEN, steps });
    return { passed, refusals: world.refusals };
  } finally {
    await world.close();
  }
}

/** Replaces a text in one role of a template, which has to hold it. */
function inRole(id: RegExp, from: string, to: string) {
  return (template: Template): Template => {
    const [logicalId, role] = Object.entries(template.Resources ?? {}).find(([key]) => id.test(key)) ?? [];
    const before = JSON.stringify(role);
    expect(before).toContain(from);
    return {
      ...template,
      Resources: { ...template.Resources, [logicalId ?? '']: JSON.parse(before.replaceAll(from, to)) },
    };
  };
}

test('the gates of the workflow that a reader is for may read', async () => {
  expect(await measured('Shop', (template) => template)).toEqual({ passed: true, refusals: [] });
});

test.each([
  ['of another workflow', inRole(/^ReaderRole/, 'role/approval-gates/shop/checks/', 'role/approval-gates/tea/checks/')],
  ['of the same workflow in another account', inRole(/^ReaderRole/, ':iam::111111111111:', ':iam::444444444444:')],
])('a reader for the gates %s is refused to them, although their own account allows it', async (_, change) => {
  const { passed, refusals } = await measured('Shop', change);

  expect(passed).toBe(false);
  expect(refusals).toEqual([expect.stringContaining(`sts:AssumeRole on resource: ${READER} `)]);
});

test('a gate that names a reader which the checks of its pipeline do not need is refused, although the reader would let it in', async () => {
  const { passed, refusals } = await measured(
    'OtherAccount',
    inRole(/^Pipeline.*CheckRole/, '/shop.reader.eu-west-1', '/shop.tea.eu-west-1'),
  );

  expect(passed).toBe(false);
  expect(refusals).toEqual([expect.stringMatching(/CheckRole.* is not authorized to perform: sts:AssumeRole/)]);
});
