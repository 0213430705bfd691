/** Asks CodePipeline what serves in the stages of every pipeline of the workflow, because somebody looks at the dashboard. */
import type { OverviewTarget } from '../../contract/messages';
import type { GatePolicy } from '../../contract/policy';
import { errorName, log } from '../aws/log';
import { OVERVIEW_PATIENCE } from '../domain/limits';
import type { PipelineOverview } from '../domain/overview';
import { elapsed } from '../domain/time';
import type { Turn } from './action-event';
import type { Ports } from './ports';

/** So many pipelines are asked about at once. */
const AT_ONCE = 5;

/** Done after one look: whoever still looks then asks again. */
export async function lookAround(ports: Ports, target: OverviewTarget, now: string): Promise<Turn | undefined> {
  if (elapsed(target.overviewOf, now) > OVERVIEW_PATIENCE) {
    return undefined;
  }
  const before = new Map((await ports.overviews.all()).map((overview) => [overview.pipeline, overview]));
  const gates = oneOfEach(await ports.policies.all());
  for (let first = 0; first < gates.length; first += AT_ONCE) {
    await Promise.all(
      gates.slice(first, first + AT_ONCE).map((gate) => look(ports, gate, before.get(gate.gate.pipeline), now)),
    );
  }
  return undefined;
}

/** Any gate of a pipeline has a role that may read all of it. */
function oneOfEach(policies: readonly GatePolicy[]): readonly GatePolicy[] {
  return [...new Map(policies.map((policy) => [policy.gate.pipeline, policy])).values()];
}

/** A pipeline that cannot be read keeps the overview that it had, with its time. */
async function look(
  ports: Ports,
  { gate, answerRole }: GatePolicy,
  before: PipelineOverview | undefined,
  now: string,
): Promise<void> {
  try {
    const view = await ports.pipeline(gate, answerRole, 'overview');
    const stages = await view.overview(before?.stages ?? []);
    await ports.overviews.keep({ pipeline: gate.pipeline, asOf: now, stages });
  } catch (error) {
    log('WARN', 'a pipeline could not be looked at', { pipeline: gate.pipeline, error: errorName(error) });
  }
}
