import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { cfnPipelineOf, stagesSoFar } from '../private/pipeline-stages';
import { orderOf } from '../private/run-order';
import type { Step } from './step';
import { HEALTH_GATE, MANUAL_GATE } from './validate';

/**
 * What a pipeline would run in these stages and waves without their gates, because it was added when they were there already: as it
 * stands in the template, whatever added it. A gate that does not stand there by its name is told, too: what it guards cannot be seen.
 *
 * @param fix where such an action has to be given, so that it stands between the gates
 */
export function outsideGates(
  pipeline: codepipeline.Pipeline,
  steps: ReadonlyArray<Pick<Step, 'name' | 'what' | 'gates' | 'checks'>>,
  fix: string,
): string[] {
  const resource = cfnPipelineOf(pipeline);
  const stages = (resource && stagesSoFar(resource)) ?? [];
  return steps.flatMap(({ name, what, gates, checks }) => {
    const actions = stages.find((stage) => stage.name === name)?.actions ?? [];
    const approve = actions.find((action) => action.name === MANUAL_GATE);
    const healthy = actions.find((action) => action.name === HEALTH_GATE);
    const missing = [
      ...(gates.manualApproval === true && approve === undefined ? [MANUAL_GATE] : []),
      ...(checks.length > 0 && healthy === undefined ? [HEALTH_GATE] : []),
    ];
    if (missing.length > 0) {
      return missing.map(
        (gate) =>
          `gate '${gate}' of ${what} '${name}' does not stand in a stage of that name, so it does not hold what is deployed there: ` +
          'add stages that are deployed at the same time by `addWave`, which puts its gates around all of them',
      );
    }
    return actions
      .filter((action) => action !== approve && action !== healthy)
      .flatMap((action) => {
        const which = `action '${action.name}' of ${what} '${name}' does not run`;
        return [
          ...(approve !== undefined && orderOf(action) <= orderOf(approve)
            ? [`${which} behind its gate '${MANUAL_GATE}', so nobody approves it: ${fix}`]
            : []),
          ...(healthy !== undefined && orderOf(action) >= orderOf(healthy)
            ? [`${which} in front of its gate '${HEALTH_GATE}', so the checks do not judge it: ${fix}`]
            : []),
        ];
      });
  });
}
