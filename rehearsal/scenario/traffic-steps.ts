/** Steps that send requests to what the app serves. */
import { callEndpoint } from './endpoint-calls';
import { known } from './names';
import type { Rehearsal } from './rehearsal';
import type { SomeSteps } from './schema';

export function trafficSteps(rehearsal: Rehearsal) {
  const { world } = rehearsal;
  return {
    requests: ({ alias, ...requests }) => {
      known('alias', alias, [...rehearsal.versions().keys()]);
      const [functionName = '', name = ''] = alias.split(':');
      rehearsal.traffic.set(functionName, name, requests);
    },
    apiRequests: ({ stage, ...requests }) => {
      known('stage of a REST API', stage, [...world.restApis.all.keys()]);
      rehearsal.stageTraffic.set(stage, requests);
    },
    calls: (step) => callEndpoint(world, step),
  } satisfies SomeSteps;
}
