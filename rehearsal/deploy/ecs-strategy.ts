/** How a deployment of ECS moves the traffic of a service, by its `DeploymentConfiguration`. */
import { ALL_AT_ONCE, type ShiftStep } from './shift';

/** Minutes in which some tasks take the place of others. */
const REPLACEMENT = 2;

/**
 * Undefined where ECS leaves the deployment to CodeDeploy, or where nothing says how. In a rolling deployment, tasks get traffic as they take the place
 * of others: as many at a time as may run beyond those that have to stay healthy.
 */
export function ecsShift({ DeploymentController, DeploymentConfiguration }: any): readonly ShiftStep[] | undefined {
  if ((DeploymentController?.Type ?? 'ECS') !== 'ECS') return undefined;
  switch (DeploymentConfiguration?.Strategy) {
    case 'BLUE_GREEN':
      return ALL_AT_ONCE;
    case 'CANARY': {
      const { CanaryPercent = 5, CanaryBakeTimeInMinutes = 10 } = DeploymentConfiguration.CanaryConfiguration ?? {};
      return [{ percent: Number(CanaryPercent), minutes: Number(CanaryBakeTimeInMinutes) }, ...ALL_AT_ONCE];
    }
    case 'LINEAR': {
      const { StepPercent = 10, StepBakeTimeInMinutes = 6 } = DeploymentConfiguration.LinearConfiguration ?? {};
      return inSteps(Number(StepPercent), Number(StepBakeTimeInMinutes));
    }
    case 'ROLLING':
      return rolling(DeploymentConfiguration);
    default:
      return undefined;
  }
}

function rolling({ MinimumHealthyPercent, MaximumPercent }: any): readonly ShiftStep[] | undefined {
  if (MinimumHealthyPercent === undefined || MaximumPercent === undefined) return undefined;
  return inSteps(Math.min(Number(MaximumPercent) - Number(MinimumHealthyPercent), 100), REPLACEMENT);
}

function inSteps(percent: number, minutes: number): readonly ShiftStep[] {
  const count = Math.ceil(100 / percent) - 1;
  const steps = Array.from({ length: count }, (_, index) => ({ percent: percent * (index + 1), minutes }));
  return [...steps, ...ALL_AT_ONCE];
}
