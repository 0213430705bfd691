/**
 * Each permission of our roles is needed: with any statement taken away, some rehearsal is red, because the call that needs it is
 * refused. It takes some minutes, so it runs where CI is set, with a part of the statements, and with WIDE=1 with all of them.
 */
import { loadAssembly } from '../../rehearsal/template/assembly';
import type { StackArtifact, Template } from '../../rehearsal/template/model';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import { runScenario } from '../../rehearsal/scenario/run';
import { World } from '../../rehearsal/world';
import { someOf, thoroughly } from '../../rehearsal/test/support/thorough';
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';
import { OF_OTHER_APPS, OF_REFERENCE_APP, scenarioOf } from '../../rehearsal/test/support/scenarios';

/** What no scenario of the reference app asks for, and why. */
const EXCEPTIONS: readonly { readonly statement: RegExp; readonly why: string }[] = [
  { statement: /"Sid":"Logs"|"logs:CreateLogDelivery"/, why: 'AWS writes logs past everything that is rehearsed' },
  { statement: /"dynamodb:ListStreams"/, why: 'Lambda lists streams past everything that is rehearsed' },
  {
    statement: /"sqs:SendMessage".*DeadLetters.*\}\}$/,
    why: 'a decision goes there after a day in which decide could not run',
  },
  {
    statement: /"cloudwatch:DescribeAlarmHistory".*:alarm:shop-5xx"/,
    why: 'checks read the same without links, and the reference app shows that this is needed',
  },
  { statement: /"sqs:SendMessage".*RunStarted/, why: 'its source names no author; a push by a connection does' },
  {
    statement: /"states:StartExecution".*"Ref":"ApprovalsTimer/,
    why: 'a run starts its successor after months; scenarios.test.ts does',
  },
];

const isException = (what: string): boolean => EXCEPTIONS.some(({ statement }) => statement.test(what));

/** Scenarios that use most permissions first, so that most are found in one run. */
const FIRST = ['approved-by-link', 'alarm-in-minute-7', 'mailbox-pending', 'codepipeline-down'];
const rank = (file: string): number =>
  (FIRST.findIndex((name) => file.includes(name)) + FIRST.length + 1) % (FIRST.length + 1);
const SCENARIOS = [...OF_REFERENCE_APP].sort((a, b) => rank(a) - rank(b));

/** The reference app has no fields. */
const FIELDS_APP = 'examples/decision-fields.ts';

/** Its checks are an action. */
const HEALTH_ACTION_APP = 'examples/health-check-action.ts';

/** It rolls out a REST API. */
const STAGE_APP = 'examples/stage-rollout.ts';

/** The reference app has no list. */
const LIST_APP = 'rehearsal/test/fixtures/list.ts';

/** Checks on what the build made. */
const CHECKS_APPS = [
  'rehearsal/test/fixtures/image-scan.ts',
  'rehearsal/test/fixtures/licenses.ts',
  'rehearsal/test/fixtures/security-findings.ts',
];

/** CodePipeline itself asks alarms and a function. */
const CONDITIONS_APP = 'examples/stage-conditions.ts';

/** People answer in the AWS console. */
const CONSOLE_APP = 'rehearsal/test/fixtures/console.ts';

/** It has no links and gathers emails. */
const DIGEST_APP = 'rehearsal/test/fixtures/three-gates-in-console.ts';

/** Where a statement stands. */
interface Place {
  readonly stack: string;
  readonly logicalId: string;
  readonly what: string;
  /** The same template without it. */
  readonly without: Template;
}

const DOCUMENTS = ['PolicyDocument', 'Policies'] as const;

const OURS = /^Approvals|Gates.*(Answer|Check)Role|^ReaderRole|HealthyChecksRole|^HealthyInvoke/;

function placesIn({ stackName, template }: StackArtifact, ours = OURS): readonly Place[] {
  return Object.entries(template.Resources ?? {}).flatMap(([logicalId, resource]) => {
    if (
      !ours.test(logicalId) ||
      !/^AWS::IAM::(Policy|Role)$|^AWS::SQS::QueuePolicy$|^AWS::Lambda::Permission$/.test(resource.Type)
    ) {
      return [];
    }
    if (resource.Type === 'AWS::Lambda::Permission') {
      const without = structuredClone(template) as { Resources: Record<string, unknown> };
      delete without.Resources[logicalId];
      return [{ stack: stackName, logicalId, what: 'permission', without: without as unknown as Template }];
    }
    return pathsOf(resource.Properties).map((path) => {
      const without = structuredClone(template) as { Resources: Record<string, { Properties: unknown }> };
      const list = path.slice(0, -1).reduce<any>((value, key) => value[key], without.Resources[logicalId]!.Properties);
      const [statement] = list.splice(Number(path.at(-1)), 1);
      return { stack: stackName, logicalId, what: JSON.stringify(statement), without: without as unknown as Template };
    });
  });
}

/** Paths to the statements of a resource that allow something. */
function pathsOf(properties: any): readonly (readonly string[])[] {
  const documents: readonly string[][] = DOCUMENTS.flatMap((name) =>
    Array.isArray(properties?.[name])
      ? properties[name].map((_: unknown, index: number) => [name, `${index}`, 'PolicyDocument'])
      : properties?.[name] === undefined
        ? []
        : [[name]],
  );
  return documents.flatMap((document) => {
    const { Statement } = document.reduce<any>((value, key) => value[key], properties);
    return (Statement as any[]).flatMap(({ Effect }, index) =>
      Effect === 'Allow' ? [[...document, 'Statement', `${index}`]] : [],
    );
  });
}

/** In CI the first statement of each policy and every third one after it; WIDE=1 takes all away. */
const some = (places: readonly Place[]): readonly Place[] =>
  someOf('statements', places, 3, 3, ({ stack, logicalId }) => `${stack}/${logicalId}`);

/** Why a rehearsal without a statement goes wrong; undefined when all of them go well. */
async function firstRed({ stack, without }: Place, scenarios: readonly string[]): Promise<string | undefined> {
  for (const file of scenarios) {
    const scenario = scenarioOf(file);
    const assembly = await sharedAssembly(scenario.app, scenario.context);
    const world = await World.create(assembly, { start: scenario.start, deployed: () => false });
    try {
      for (const { stackName } of world.stacks) {
        await world.deploy(stackName, stackName === stack ? without : undefined);
      }
      const { failure } = await runScenario(new Rehearsal(world, scenario.pipeline), scenario);
      if (failure !== undefined && world.refusals.length > 0) return `${file}: ${failure.why}`;
    } catch (error) {
      return `${file} does not deploy: ${(error as Error).message}`;
    } finally {
      await world.close();
    }
  }
  return undefined;
}

/** Without links people answer in the console: decide may do less, and needs all of that. */
const WITHOUT_LINKS = OF_OTHER_APPS.filter((file) => scenarioOf(file).app === CONSOLE_APP);

thoroughly('permissions taken away one by one')('without a statement of our roles', () => {
  test.each([
    ['the reference app', undefined, SCENARIOS, { least: 20, exceptions: 9 }],
    ['a workflow without links', CONSOLE_APP, WITHOUT_LINKS, { least: 14, exceptions: 7 }],
  ])(
    'some rehearsal of %s is red',
    async (_, app, scenarios, expected) => {
      const assembly = await sharedAssembly(app);
      const { stacks } = loadAssembly(assembly, { account: '111111111111', region: 'eu-west-1' });
      const all = stacks.flatMap((stack) => placesIn(stack));
      const places = all.filter(({ what }) => !isException(what));
      expect(places.length).toBeGreaterThan(expected.least);
      expect(all.length - places.length).toBe(expected.exceptions);

      const green: string[] = [];
      for (const place of some(places)) {
        const red = await firstRed(place, scenarios);
        if (process.env.SHOW_RED !== undefined)
          process.stderr.write(`${place.logicalId} ${place.what.slice(0, 100)}\n    ${red}\n`);
        if (red === undefined) green.push(`${place.stack}/${place.logicalId}: ${place.what}`);
      }

      expect(green).toEqual([]);
    },
    1_200_000,
  );

  /** Apps with kinds of checks that the reference app has not. */
  const CHECK_APPS = [
    'examples/canary-analysis.ts',
    'examples/error-ratio.ts',
    'examples/metrics.ts',
    'examples/private-service.ts',
    'examples/risky-changes.ts',
    'examples/service-states.ts',
    'examples/synthetics-canary.ts',
    'examples/unit-tests.ts',
    'rehearsal/test/fixtures/other-account.ts',
  ];

  test.each(CHECK_APPS)(
    'of the roles that measure in %s, some rehearsal is red',
    async (app) => {
      const scenarios = OF_OTHER_APPS.filter((file) => scenarioOf(file).app === app && !scenarioOf(file).context);
      const { stacks } = loadAssembly(await sharedAssembly(app), { account: '111111111111', region: 'eu-west-1' });
      const places = stacks
        .flatMap((stack) => placesIn(stack))
        .filter(({ logicalId }) => /Gates.*CheckRole|^ReaderRole/.test(logicalId));
      expect(places.length).toBeGreaterThan(0);

      for (const place of some(places)) {
        expect([place.what, await firstRed(place, scenarios)]).toEqual([place.what, expect.any(String)]);
      }
    },
    240_000,
  );

  test('of the function that gives out fields, some rehearsal of an app that has it is red', async () => {
    const scenarios = OF_OTHER_APPS.filter((file) => scenarioOf(file).app === FIELDS_APP);
    const { stacks } = loadAssembly(await sharedAssembly(FIELDS_APP), { account: '111111111111', region: 'eu-west-1' });
    const places = stacks
      .flatMap((stack) => placesIn(stack))
      .filter(({ logicalId, what }) => /^ApprovalsFields/.test(logicalId) && !isException(what));
    expect(places).toHaveLength(2);

    for (const place of some(places)) {
      expect(await firstRed(place, scenarios)).toBeDefined();
    }
  }, 240_000);

  test('of the function of a health check action, some rehearsal of an app that has it is red', async () => {
    const scenarios = OF_OTHER_APPS.filter((file) => scenarioOf(file).app === HEALTH_ACTION_APP);
    const { stacks } = loadAssembly(await sharedAssembly(HEALTH_ACTION_APP), {
      account: '111111111111',
      region: 'eu-west-1',
    });
    const places = stacks
      .flatMap((stack) => placesIn(stack))
      .filter(({ logicalId, what }) => /HealthyChecksRole/.test(logicalId) && !/"Sid":"Logs"/.test(what));
    expect(places).toHaveLength(4);

    for (const place of some(places)) {
      expect([place.what, await firstRed(place, scenarios)]).toEqual([place.what, expect.any(String)]);
    }
  }, 240_000);

  test('of the function that rolls out a stage, and of the rule that calls it, some rehearsal is red', async () => {
    const scenarios = OF_OTHER_APPS.filter((file) => scenarioOf(file).app === STAGE_APP);
    const { stacks } = loadAssembly(await sharedAssembly(STAGE_APP), { account: '111111111111', region: 'eu-west-1' });
    const places = stacks
      .flatMap((stack) => placesIn(stack, /^PipelineProdRelease(Role|Ended)/))
      .filter(({ what }) => !/"Sid":"Logs"/.test(what));
    expect(places).toHaveLength(7);

    for (const place of places) {
      expect([place.what, await firstRed(place, scenarios)]).toEqual([place.what, expect.any(String)]);
    }
  }, 240_000);

  test('of the function that tells which deployment a stage serves, some rehearsal is red', async () => {
    const scenarios = OF_OTHER_APPS.filter((file) => scenarioOf(file).app === STAGE_APP);
    const { stacks } = loadAssembly(await sharedAssembly(STAGE_APP), { account: '111111111111', region: 'eu-west-1' });
    const places = stacks
      .flatMap((stack) => placesIn(stack, /^RolloutLiveRole/))
      .filter(({ what }) => !/"Sid":"Logs"/.test(what));
    expect(places.map(({ what }) => /"Action":"([^"]+)"/.exec(what)?.[1])).toEqual(['apigateway:GET']);

    expect(await firstRed(places[0]!, scenarios)).toContain('does not deploy');
  }, 240_000);

  test('that lets a workflow without links start the run of a digest, a rehearsal of one that gathers emails is red', async () => {
    const { stacks } = loadAssembly(await sharedAssembly(DIGEST_APP), { account: '111111111111', region: 'eu-west-1' });
    const places = stacks
      .flatMap((stack) => placesIn(stack))
      .filter(({ logicalId, what }) => /^ApprovalsDecide/.test(logicalId) && what.includes('states:StartExecution'));
    expect(places).toHaveLength(1);

    const scenarios = OF_OTHER_APPS.filter((file) => scenarioOf(file).app === DIGEST_APP);
    expect(await firstRed(places[0]!, scenarios)).toBeDefined();
  }, 120_000);

  test('that lets a function read a list of approvers, some rehearsal of an app that has one is red', async () => {
    const scenarios = OF_OTHER_APPS.filter((file) => scenarioOf(file).app === LIST_APP);
    const { stacks } = loadAssembly(await sharedAssembly(LIST_APP), { account: '111111111111', region: 'eu-west-1' });
    const places = stacks
      .flatMap((stack) => placesIn(stack))
      .filter(({ what }) => what.includes(':parameter/shop/releasers'));
    expect(places.map(({ logicalId }) => /^Approvals(\w+?)Role/.exec(logicalId)?.[1]).sort()).toEqual([
      'Decide',
      'Review',
    ]);

    for (const place of some(places)) {
      expect(await firstRed(place, scenarios)).toBeDefined();
    }
  }, 240_000);

  test('of a hook of ECS and of whoever invokes it, some rehearsal of a deployment is red', async () => {
    // Deployed as an image: a deployment of the stack would bring the statement back.
    const file = 'rehearsal/test/fixtures/ecs-image.yaml';
    const { app, context } = scenarioOf(file);
    const assembly = await sharedAssembly(app, context);
    const { stacks } = loadAssembly(assembly, { account: '111111111111', region: 'eu-west-1' });
    const places = stacks.flatMap((stack) => placesIn(stack)).filter(({ what }) => !isException(what));
    expect(places.map(({ what }) => /"Action":"?\[?"?([\w:]+)/.exec(what)?.[1]).sort()).toEqual([
      'cloudwatch:DescribeAlarmHistory',
      'cloudwatch:DescribeAlarms',
      'cloudwatch:GetMetricData',
      'lambda:InvokeFunction',
    ]);

    for (const place of some(places)) {
      expect([place.what, await firstRed(place, [file])]).toEqual([place.what, expect.any(String)]);
    }
  }, 240_000);

  test('that rules of stage conditions need, some rehearsal is red', async () => {
    const scenarios = OF_OTHER_APPS.filter((file) => scenarioOf(file).app === CONDITIONS_APP);
    const { stacks } = loadAssembly(await sharedAssembly(CONDITIONS_APP), {
      account: '111111111111',
      region: 'eu-west-1',
    });
    const places = stacks
      .flatMap((stack) => placesIn(stack, /^PipelineRoleDefaultPolicy|^Readiness/))
      .filter(({ what }) => /"cloudwatch:|"lambda:|"codepipeline:/.test(what));
    expect(places).toHaveLength(3);

    for (const place of some(places)) {
      expect([place.what, await firstRed(place, scenarios)]).toEqual([place.what, expect.any(String)]);
    }
  }, 240_000);

  test.each(CHECKS_APPS)(
    'that lets a check read what it measures, some rehearsal of %s is red',
    async (app) => {
      const scenarios = OF_OTHER_APPS.filter((file) => scenarioOf(file).app === app);
      const { stacks } = loadAssembly(await sharedAssembly(app), { account: '111111111111', region: 'eu-west-1' });
      const places = stacks
        .flatMap((stack) => placesIn(stack))
        .filter(({ logicalId }) => /Gates.*CheckRole/.test(logicalId));
      expect(places).not.toEqual([]);

      for (const place of some(places)) {
        expect(await firstRed(place, scenarios)).toBeDefined();
      }
    },
    240_000,
  );
});
