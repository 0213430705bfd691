/** Bugs of measuring and of what is made of it, as somebody might write them. */
import type { CheckPlan } from '../../contract/checks';
import type { CheckCommand, Measurement } from '../../contract/messages';
import type { Ports } from '../../lambda/decide/ports';
import type { Outside } from './calls';
import type { PlantedBug } from './planted';
import { REQUEST } from './world';

type Measure = Ports['checks']['measure'];

function withMeasure(change: (measure: Measure, ports: Ports) => Measure) {
  return (outside: Outside): Outside => {
    const { ports } = outside;
    return {
      ...outside,
      ports: { ...ports, checks: { measure: change((command) => ports.checks.measure(command), ports) } },
    };
  };
}

/** Each check is asked as if its plan said something else. */
function withPlan(change: (plan: CheckPlan) => CheckPlan) {
  return withMeasure((measure) => (command) => measure({ ...command, check: change(command.check) }));
}

/** What is not bad counts as good. */
function takenForGood(verdict: Measurement['verdict']) {
  return withMeasure((measure) => async (command) => {
    const found = await measure(command);
    return found.verdict === verdict ? { ...found, verdict: 'PASS' } : found;
  });
}

async function lastGood({ store }: Ports, { check: { id } }: CheckCommand): Promise<Measurement | undefined> {
  const tallies = (await store.load(REQUEST))?.tallies ?? [];
  const last = tallies.find(({ checkId }) => checkId === id)?.last;
  return last?.verdict === 'PASS' ? last : undefined;
}

const PROVEN = 'no gate opens by a measurement that is missing, stale, unfinished, erroneous or too small';

export const PLANTED_CHECKS: readonly PlantedBug[] = [
  {
    name: 'a calendar that is closed counts as passed',
    plant: takenForGood('IN_PROGRESS'),
    configuration: 'automated, and its calendar opens later, or is closed for longer',
    budget: {},
    breaks: PROVEN,
  },
  {
    name: 'nobody wakes when a calendar opens',
    plant: withMeasure((measure) => async (command) => {
      const found = await measure(command);
      return found.waitsUntil === undefined ? found : { ...found, callBackDelay: 24 * 60 * 60 };
    }),
    configuration: 'automated, and its calendar opens later, or is closed for longer',
    budget: {},
    breaks: 'everything ends well once all is well',
  },
  {
    name: 'a check that begins later is left out',
    plant: (outside) => {
      const { policies } = outside.ports;
      const gate: typeof policies.gate = async (of) => {
        const { policy, plans } = await policies.gate(of);
        return { policy, plans: plans.ok ? { ok: true, value: plans.value.slice(0, 1) } : plans };
      };
      const { people, directory, all } = policies;
      return { ...outside, ports: { ...outside.ports, policies: { gate, people, directory, all } } };
    },
    configuration: 'automated, and two checks begin one after the other',
    budget: {},
    breaks: PROVEN,
  },
  {
    name: 'what was good a moment ago is good now',
    plant: withMeasure((measure, ports) => async (command) => {
      const last = await lastGood(ports, command);
      return last === undefined ? measure(command) : { ...last, at: command.now };
    }),
    configuration: 'automated, and people are asked once the change set is risky',
    budget: {},
    breaks: 'nothing is approved while its health is red',
  },
  {
    name: 'a metric is looked at from the measurement on',
    plant: withMeasure((measure) => (command) => measure({ ...command, lastFinding: command.now })),
    configuration: 'automated, and a metric is bad between two measurements',
    budget: {},
    breaks: PROVEN,
  },
  {
    name: 'however few requests are enough',
    plant: withPlan((plan) => (plan.kind === 'errorRatio' ? { ...plan, minRequests: 1 } : plan)),
    configuration: 'automated, and hardly anybody uses it',
    budget: {},
    breaks: PROVEN,
  },
  {
    name: 'the first look at a canary is its last',
    plant: withPlan((plan) => (plan.kind === 'canary' ? { ...plan, points: plan.minPoints } : plan)),
    configuration: 'automated, and the last look at a canary comes after its bake',
    budget: {},
    breaks: PROVEN,
  },
  {
    name: 'a check that may not be read any more is as it was',
    plant: takenForGood('ERROR'),
    configuration: 'automated, and its reader disappears',
    budget: {},
    breaks: PROVEN,
  },
  {
    name: 'a waiver never ends',
    plant: withPlan((plan) =>
      plan.kind === 'securityFindings'
        ? { ...plan, waivers: plan.waivers.map((waiver) => ({ ...waiver, until: '2099-12-31' })) }
        : plan,
    ),
    configuration: 'guarded, and a waiver ends while people answer',
    budget: {},
    alone: true,
    deep: true,
    breaks: 'nothing is approved while its health is red',
  },
];
